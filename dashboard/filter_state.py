"""What the page shows, as one plain value, and what the database is asked for to show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum

from dashboard.i18n import LANGUAGES
from geo.model import District, IncidentFilter

__all__ = [
    "CHOROPLETHS", "DEFAULT_LAYERS", "EARLIEST", "LATEST", "LAYERS", "NEIGHBOURS", "NOWHERE", "MapFilter",
    "Period", "incident_filter", "period_days", "weeks_of", "without",
]  # fmt: skip


class Period(StrEnum):
    """How far back the page looks. A number of days counts today."""

    TODAY = "today"
    DAYS_7 = "7"
    DAYS_28 = "28"
    DAYS_90 = "90"
    DAYS_365 = "365"
    FISCAL = "fiscal"
    CUSTOM = "custom"


LAYERS = ("incidents", "districts", "border", "crossings", "checkpoints", "routes", "patrols", "silence")
DEFAULT_LAYERS = ("incidents", "districts", "border", "crossings", "checkpoints", "patrols")
CHOROPLETHS = ("none", "count", "change")
NEIGHBOURS = ("LA", "KH")
NOWHERE = ("0000",)
"""District codes of a choice that no district meets. No tuple at all would mean every district."""

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
"""Days outside are typing errors."""


@dataclass(frozen=True, slots=True)
class MapFilter:
    """Everything that a reader can choose on the page.

    Attributes
    ----------
    crime_types, districts, statuses, channels
        Codes; none means all, for statuses all but unfounded and duplicate. Order does not matter.
    period, first, last
        The period; days (Asia/Bangkok, both included) are given exactly where it is a custom one.
    week
        Monday of the one week of the period that the player shows.
    province
        Two-digit code.
    neighbour
        ``LA`` or ``KH``: only districts that touch it.
    layers
        Layers switched on.
    choropleth
        What colours the districts: ``none``, ``count`` or ``change``.
    basemap
        ``own``, ``offline`` or the code of a tile host.
    lang
        Language of the page.
    wall
        Full screen without controls.
    picked, incident
        District, and public id of the incident, that the reader looks at.
    """

    crime_types: tuple[str, ...] = ()
    period: Period = Period.DAYS_28
    first: date | None = None
    last: date | None = None
    week: date | None = None
    province: str | None = None
    districts: tuple[str, ...] = ()
    neighbour: str | None = None
    statuses: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    layers: tuple[str, ...] = DEFAULT_LAYERS
    choropleth: str = "none"
    basemap: str = "own"
    lang: str = LANGUAGES[0]
    wall: bool = False
    picked: str | None = None
    incident: str | None = None

    def __post_init__(self) -> None:
        for name in ("crime_types", "districts", "statuses", "channels"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        object.__setattr__(self, "layers", tuple(layer for layer in LAYERS if layer in self.layers))
        if self.period == Period.CUSTOM:
            if self.first is None or self.last is None or not EARLIEST <= self.first <= self.last <= LATEST:
                raise ValueError(f"a custom period from {self.first} to {self.last}")
        elif self.first or self.last:
            raise ValueError("days are given, but the period is not a custom one")
        if self.week is not None and self.week.weekday() != 0:
            raise ValueError(f"{self.week} is not a Monday")


_FIELDS = {
    "type": ("crime_types",),
    "period": ("period", "first", "last", "week"),
    "week": ("week",),
    "province": ("province",),
    "district": ("districts",),
    "near": ("neighbour",),
    "status": ("statuses",),
    "channel": ("channels",),
    "at": ("picked",),
    "incident": ("incident",),
}


def without(chosen: MapFilter, key: str, period: Period = Period.DAYS_28) -> MapFilter:
    """The filter with one part of the sentence taken off: back to the usual, which is ``period`` for the time."""
    usual = {field.name: field.default for field in fields(MapFilter)} | {"period": period}
    return replace(chosen, **{name: usual[name] for name in _FIELDS[key]})  # type: ignore[arg-type]


def period_days(chosen: MapFilter, today: date) -> tuple[date, date]:
    """First and last day of the period, both included, whatever week the player shows."""
    match chosen.period:
        case Period.CUSTOM:
            assert chosen.first is not None
            assert chosen.last is not None
            return chosen.first, chosen.last
        case Period.FISCAL:
            return date(today.year - (today.month < 10), 10, 1), today
        case Period.TODAY:
            return today, today
        case _:
            return today - timedelta(days=int(chosen.period) - 1), today


def weeks_of(chosen: MapFilter, today: date) -> list[date]:
    """Mondays of the ISO weeks that the period touches, earliest first."""
    first, last = period_days(chosen, today)
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(days=n) for n in range(0, (last - monday).days + 1, 7)]


def _districts(chosen: MapFilter, places: Mapping[str, District]) -> tuple[str, ...]:
    if not (chosen.province or chosen.neighbour or chosen.districts):
        return ()
    met = (
        code
        for code, place in places.items()
        if (not chosen.districts or code in chosen.districts)
        and (not chosen.province or place.province_code == chosen.province)
        and (not chosen.neighbour or chosen.neighbour in place.neighbours)
    )
    return tuple(sorted(met)) or NOWHERE


def incident_filter(chosen: MapFilter, today: date, places: Mapping[str, District]) -> IncidentFilter:
    """What the database is asked for.

    Parameters
    ----------
    today
        The day in Bangkok.
    places
        Border districts by code.
    """
    first, last = period_days(chosen, today)
    if chosen.week is not None:
        first, last = max(first, chosen.week), min(last, chosen.week + timedelta(days=6))
        if last < first:  # the day has moved on and the week with it: better the whole period than none
            first, last = period_days(chosen, today)
    found = IncidentFilter(
        first=first,
        last=last,
        crime_types=chosen.crime_types,
        districts=_districts(chosen, places),
        channels=chosen.channels,
    )
    return replace(found, statuses=chosen.statuses) if chosen.statuses else found
