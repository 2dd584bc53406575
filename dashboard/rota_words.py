"""A rota in words: why somebody is where so often, how well it can be guessed, and which habits it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from dashboard.i18n import t
from dashboard.i18n.dates import day, period
from geo.analysis.patrolling.drawn import as_array, probability_of
from geo.analysis.patrolling.guessable import Guess, guessed
from geo.analysis.patrolling.habits import Kind, Pattern, patterns
from geo.model.rota import NewRota, Rota

__all__ = [
    "Judged",
    "judged",
    "pattern_words",
    "score_words",
    "warnings",
    "weekday_words",
    "weeks",
    "when_words",
    "why",
]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rota gives away."""

    guess: Guess
    patterns: tuple[Pattern, ...]

    @property
    def guessable(self) -> bool:
        """Whether somebody should change it."""
        return self.guess.guessable or bool(self.patterns)


def judged(one: Rota) -> Judged:
    """Judge a rota as it stands now, with what was changed by hand."""
    here, hand = as_array(one)
    p = probability_of(one.what)
    return Judged(guessed(here, p), tuple(patterns(here, p, hand)))


def why(what: NewRota, lang: str) -> list[str]:
    """Plain sentences: where most often and why, how little elsewhere, and what it is good for."""
    p, value = probability_of(what), np.array([post.value for post in what.posts])
    place, slot = np.unravel_index(int(p.argmax()), p.shape)
    share = value[place].sum() / value.sum() if value.sum() else 0.0
    weights = value.sum(axis=0)
    said = [
        t("rota.why.most", lang, place=what.posts[place].name, window=str(what.windows[slot]), p=float(p[place, slot]), share=float(share)),
        t("rota.why.floor", lang, floor=what.floor),
    ]  # fmt: skip
    if weights.sum():
        worst, even = (value * (1 - p)).max(axis=0), value.max(axis=0) * (1 - np.array(what.teams) / len(what.posts))
        if even.sum() > worst.sum():
            said.append(t("rota.why.gain", lang, gain=float(1 - worst.sum() / even.sum())))
    if what.asked.get("weights"):
        said.append(t("rota.why.weighed", lang))
    return [*said, t("rota.why.honest", lang)]


def when_words(one: Rota, lang: str) -> str:
    """The days of a rota."""
    return period(one.what.first_day, one.last_day, lang)


def weekday_words(of: date, lang: str) -> str:
    """A day with its weekday."""
    return t("rota.day", lang, weekday=t(f"rota.weekday.{of.weekday()}", lang), day=day(of, lang))


def score_words(guess: Guess, lang: str) -> str:
    """How well somebody who watches guesses, beside the best that can be."""
    if guess.score is None:
        return t("rota.score.none", lang)
    if guess.guessable:
        habit = t(f"rota.habit.{guess.habit}", lang, days=guess.days)
        return t("rota.score.guessable", lang, right=guess.right, drawn=guess.drawn, habit=habit)
    return t("rota.score.fine", lang, right=guess.right, drawn=guess.drawn)


def pattern_words(one: Rota, found: Pattern, lang: str) -> str:
    """Which place is watched, or not, as anybody would expect."""
    what = one.what
    first = what.first_day + timedelta(days=found.first)
    values = {
        "place": what.posts[found.place].name,
        "window": str(what.windows[found.window]),
        "n": found.times,
        "day": day(first, lang),
    }
    if found.kind is Kind.WEEKDAY:
        values["weekday"] = t(f"rota.weekday.{first.weekday()}", lang)
    words = t(f"rota.pattern.{found.kind}", lang, **values)
    return t("rota.pattern.by_hand", lang, what=words) if found.by_hand else words


def warnings(one: Rota, found: Judged, lang: str, most: int = 5) -> list[str]:
    """What to change back, the most striking first."""
    said = [score_words(found.guess, lang)] if found.guess.guessable else []
    return said + [pattern_words(one, pattern, lang) for pattern in found.patterns[:most]]


def weeks(what: NewRota) -> list[tuple[date, date]]:
    """First and last day of each week of a rota, Monday to Sunday, cut to its days."""
    last = what.first_day + timedelta(days=what.days - 1)
    found, begins = [], what.first_day
    while begins <= last:
        ends = min(last, begins + timedelta(days=6 - begins.weekday()))
        found.append((begins, ends))
        begins = ends + timedelta(days=1)
    return found
