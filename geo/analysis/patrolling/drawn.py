"""A rota as it is kept, and as the statistics take it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from geo.analysis.arrays import Bools, Floats
from geo.analysis.patrolling.comb import draw
from geo.model.rota import NewRota, Rota, RotaShift

__all__ = ["as_array", "drawn_shifts", "probability_of"]


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


def as_array(rota: Rota) -> tuple[Bools, Bools]:
    """Who is where, and which of it somebody changed by hand: shape (days, windows, places) each."""
    shape = (rota.what.days, len(rota.what.windows), len(rota.what.posts))
    here, hand = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    for shift in rota.shifts:
        day = (shift.day - rota.what.first_day).days
        here[day, shift.slot, shift.place] = True
        if shift.place != shift.drawn:
            hand[day, shift.slot, [shift.place, shift.drawn]] = True
    return here, hand


def _day(what: NewRota, number: int) -> date:
    return what.first_day + timedelta(days=number)
