"""What every part of the hotspot page is given, and what it gives back for the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dashboard.filter_state import MapFilter
from dashboard.hotspot_choice import PARAMETERS, Choice
from dashboard.hotspots.asked import Asked
from dashboard.hotspots.question import Method, Question
from geo.model import CrimeType, District, IncidentFilter, Scope
from geo.model.person import Person

__all__ = ["Box", "Picture", "View"]

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True)
class View:
    """Who looks, at what, and in which language.

    Attributes
    ----------
    chosen
        The shared filter.
    incidents
        What is asked of the store: that filter, of the chosen base.
    version
        State of the data that the page keeps to.
    types, districts, border
        Crime types, all Thai districts and those of the border, by code.
    demo
        Whether there is demonstration data among it.
    """

    person: Person
    scope: Scope
    chosen: MapFilter
    incidents: IncidentFilter
    choice: Choice
    version: str
    now: datetime
    night: bool
    types: Mapping[str, CrimeType]
    districts: Mapping[str, District]
    border: Mapping[str, District]
    demo: bool

    @property
    def lang(self) -> str:
        """Language of the page."""
        return self.chosen.lang

    @property
    def own(self) -> tuple[str, ...]:
        """Codes of the border districts that the viewer's rights are limited to; none where they are not."""
        return tuple(code for code in self.scope.districts or () if code in self.border)

    @property
    def today(self) -> date:
        """The day in Bangkok."""
        return self.now.date()

    def question(self, method: Method | None = None, **asked: Any) -> Question:
        """The question that the choice asks, or another of the same incidents."""
        method = method or self.choice.method
        of_method = {name: getattr(self.choice.asked, name) for name in PARAMETERS[method]}
        return Question(self.scope, self.incidents, method, Asked(**of_method | asked), self.version)

    @property
    def asked(self) -> Asked:
        """Parameters."""
        return self.choice.asked


@dataclass(frozen=True, slots=True)
class Picture:
    """What an answer is on the map.

    Attributes
    ----------
    computed
        For ``state["analysis"]`` (dashboard/maps/computed.py).
    classes
        For ``state["choropleth"]``: districts in classes.
    boxes
        Where the map goes for a row of the list beside it.
    beside
        What the second map shows, where there are two; then each has a title.
    """

    computed: Mapping[str, Any] | None = None
    classes: Mapping[str, Any] | None = None
    boxes: Sequence[Box | None] = field(default=())
    beside: Picture | None = None
    title: str = ""
