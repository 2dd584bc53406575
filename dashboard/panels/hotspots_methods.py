"""Which part of the page draws which method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboard import session
from dashboard.hotspots.answer import Answer
from dashboard.hotspots.question import Question
from dashboard.kept import Kept
from dashboard.panels import hotspots_compare, hotspots_measures, hotspots_new, hotspots_rates, hotspots_where
from dashboard.panels.hotspots_view import Picture, View

__all__ = ["charts", "controls", "picture", "question", "side"]


def _nothing(view: View, answer: Answer) -> None:
    """No chart in place of the map."""


@dataclass(frozen=True, slots=True)
class Part:
    """How a method is shown: on the map, in the column beside it, and where there is no map in its place."""

    picture: Callable[[View, Answer], Picture]
    side: Callable[[View, Answer, Picture], None]
    charts: Callable[[View, Answer], None] = _nothing
    kept: bool = True
    """Whether its picture follows from its answer alone."""


_PARTS: dict[str, Part] = {
    "kde": Part(hotspots_where.density, hotspots_where.beside_density),
    "gi": Part(hotspots_where.hot_and_cold, hotspots_where.beside_hot_and_cold),
    "gi_districts": Part(hotspots_where.districts, hotspots_where.beside_districts),
    "dbscan": Part(hotspots_where.clusters, hotspots_where.beside_clusters),
    "places": Part(hotspots_where.places, hotspots_where.beside_places),
    "emerging": Part(hotspots_new.emerging, hotspots_new.beside_emerging),
    "scan": Part(hotspots_new.recent, hotspots_new.beside_recent),
    "knox": Part(hotspots_new.repeats, hotspots_new.beside_repeats, hotspots_new.repeats_chart),
    "concentration": Part(hotspots_measures.concentrated, hotspots_measures.beside_concentration, kept=False),
    "when": Part(hotspots_measures.nothing, hotspots_measures.beside_when, hotspots_measures.when_charts),
    "pai": Part(hotspots_measures.nothing, hotspots_measures.beside_score, hotspots_measures.score_chart),
    "rates": Part(hotspots_rates.rates, hotspots_rates.beside_rates),
    "compare": Part(hotspots_compare.comparison, hotspots_compare.beside_comparison),
    "compare_districts": Part(hotspots_compare.comparison, hotspots_compare.beside_comparison),
}


KM_BANDS = (1000.0, 2000.0, 3000.0, 4000.0, 5000.0)
DAY_BANDS = (7.0, 14.0, 21.0, 28.0)
"""Bands of near repeats, metres and days."""


_pictures: Kept[Picture] = Kept(64, 3600)


def question(view: View) -> Question:
    """What is asked for the method that was chosen."""
    match view.choice.question, view.choice.method:
        case "compare", _:
            return hotspots_compare.question(view)
        case _, "knox":
            return view.question(space=KM_BANDS, time=DAY_BANDS)
    return view.question()


def controls(view: View) -> None:
    """What must be chosen before there is an answer."""
    if view.choice.question == "compare":
        hotspots_compare.controls(view)


def picture(view: View, answer: Answer) -> Picture:
    """What the map shows of an answer; made once for all who look at the same in the same way."""
    part = _PARTS[view.choice.method]
    if not part.kept:
        return part.picture(view, answer)
    way = view.lang, view.night, view.choice.side_by_side, session.asked_box()[1]
    return _pictures.get((question(view), *way), lambda: part.picture(view, answer))


def charts(view: View, answer: Answer) -> None:
    """What stands in place of the map, where a map says nothing."""
    _PARTS[view.choice.method].charts(view, answer)


def side(view: View, answer: Answer, drawn: Picture) -> None:
    """What was found, in words and in a table."""
    _PARTS[view.choice.method].side(view, answer, drawn)
    if view.choice.question == "where":
        hotspots_measures.scores_here(view)
