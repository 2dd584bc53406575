"""A rota as it is kept, and as the statistics take it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from geo.analysis.arrays import Bools, Floats
from geo.analysis.patrolling.comb import draw
from geo.model.rota import NewRota, Rota, RotaShift

__all__ = ["as_array", "drawn_shifts", "probability_of", "shifts_as_array"]


def probability_of(what: NewRota) -> Floats:
    """Shape (places, windows)."""
    return np.array([post.probability for post in what.posts], dtype=np.float64)


def drawn_shifts(what: NewRota, seed: int) -> tuple[RotaShift, ...]:
    """The shifts that a seed draws, by day, window and team; teams go to places in their order."""
    drawn = draw(probability_of(what), what.days, seed=seed)
    shifts = []
    for day, slot, place in np.argwhere(drawn).tolist():
        team = int(drawn[day, slot, : place + 1].sum())
        shifts.append(RotaShift(_day(what, day), slot, team, place, place))
    return tuple(shifts)


def shifts_as_array(what: NewRota, shifts: Sequence[RotaShift]) -> tuple[Bools, Bools]:
    """Who is where, and which of it somebody changed by hand: shape (days, windows, places) each."""
    shape = (what.days, len(what.windows), len(what.posts))
    here, hand = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    for shift in shifts:
        day = (shift.day - what.first_day).days
        here[day, shift.slot, shift.place] = True
        if shift.place != shift.drawn:
            hand[day, shift.slot, [shift.place, shift.drawn]] = True
    return here, hand


def as_array(rota: Rota) -> tuple[Bools, Bools]:
    """`shifts_as_array` of a rota as it is kept."""
    return shifts_as_array(rota.what, rota.shifts)


def _day(what: NewRota, number: int) -> date:
    return what.first_day + timedelta(days=number)
