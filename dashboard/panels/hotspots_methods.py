"""Which part of the page draws which method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.question import Question
from dashboard.panels import hotspots_where
from dashboard.panels.hotspots_view import Picture, View

__all__ = ["charts", "picture", "question", "side"]


def _nothing(view: View, answer: Answer) -> None:
    """No chart in place of the map."""


@dataclass(frozen=True, slots=True)
class Part:
    """How a method is shown: on the map, in the column beside it, and where there is no map in its place."""

    picture: Callable[[View, Answer], Picture]
    side: Callable[[View, Answer, Picture], None]
    charts: Callable[[View, Answer], None] = _nothing


_PARTS: dict[str, Part] = {
    "kde": Part(hotspots_where.density, hotspots_where.beside_density),
    "gi": Part(hotspots_where.hot_and_cold, hotspots_where.beside_hot_and_cold),
    "dbscan": Part(hotspots_where.clusters, hotspots_where.beside_clusters),
}


def question(view: View) -> Question:
    """What is asked for the method that was chosen."""
    return view.question()


def picture(view: View, answer: Answer) -> Picture:
    """What the map shows of an answer."""
    return _PARTS[view.choice.method].picture(view, answer)


def charts(view: View, answer: Answer) -> None:
    """What stands in place of the map, where a map says nothing."""
    _PARTS[view.choice.method].charts(view, answer)


def side(view: View, answer: Answer, drawn: Picture) -> None:
    """What was found, in words and in a table."""
    _PARTS[view.choice.method].side(view, answer, drawn)
