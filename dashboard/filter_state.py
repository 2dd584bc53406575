"""What the page shows, as one plain value: read from an address, written to one, made into a database filter.

The address is the page's memory: equal filters give equal addresses, and a copied link shows the same picture.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum

import pandas as pd

from dashboard.i18n import LANGUAGES
from geo.model import Channel, IncidentFilter, Status

__all__ = [
    "CHOROPLETHS", "DEFAULT_LAYERS", "LAYERS", "NEIGHBOURS", "NOWHERE", "Known", "MapFilter", "Period",
    "from_query", "incident_filter", "period_days", "to_query", "weeks_of", "without",
]  # fmt: skip


class Period(StrEnum):
    """How far back the page looks. A number of days counts today."""

    TODAY = "today"
    DAYS_7 = "7"
    DAYS_28 = "28"
    DAYS_90 = "90"
    FISCAL = "fiscal"
    CUSTOM = "custom"


LAYERS = ("incidents", "districts", "border", "crossings", "checkpoints", "routes", "patrols")
DEFAULT_LAYERS = ("incidents", "districts", "border", "crossings", "checkpoints", "patrols")
CHOROPLETHS = ("none", "count", "change")
NEIGHBOURS = ("LA", "KH")
NOWHERE = ("0000",)
"""District codes of a choice that no district meets. No tuple at all would mean every district."""

_EARLIEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)
_NONE = "none"


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
    picked
        District that the reader looks at.
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

    def __post_init__(self) -> None:
        for name in ("crime_types", "districts", "statuses", "channels"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        object.__setattr__(self, "layers", tuple(layer for layer in LAYERS if layer in self.layers))
        if self.period == Period.CUSTOM:
            if self.first is None or self.last is None or not _EARLIEST <= self.first <= self.last <= _LATEST:
                raise ValueError(f"a custom period from {self.first} to {self.last}")
        elif self.first or self.last:
            raise ValueError("days are given, but the period is not a custom one")
        if self.week is not None and self.week.weekday() != 0:
            raise ValueError(f"{self.week} is not a Monday")


@dataclass(frozen=True, slots=True)
class Known:
    """Codes that exist. ``None``: not known yet, then every well-formed code is believed."""

    crime_types: Collection[str] | None = None
    districts: Collection[str] | None = None
    provinces: Collection[str] | None = None
    basemaps: Collection[str] | None = None

    @classmethod
    def of(cls, crime_types: pd.DataFrame, places: pd.DataFrame, basemaps: Collection[str]) -> Known:
        """The codes of ``geo.queries.places.crime_types`` and ``border_districts``, and of the base maps."""
        return cls(
            frozenset(crime_types["code"]),
            frozenset(places["code"]),
            frozenset(places["province_code"]),
            frozenset(basemaps),
        )


# ------------------------------------------------------------------------------------------------ address -> filter


class _Reader:
    """Takes what is good out of an address and notes the keys of the rest."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self.params = params
        self.dropped: dict[str, None] = {}

    def many(self, key: str, pattern: str, known: Collection[str] | None) -> tuple[str, ...]:
        """The good codes of a list written with dots."""
        if not (text := self.params.get(key, "")):
            return ()
        codes = text.split(".")
        good = [c for c in codes if re.fullmatch(pattern, c, re.ASCII) and (known is None or c in known)]
        if len(good) < len(codes):
            self.dropped[key] = None
        return tuple(good)

    def one(self, key: str, pattern: str, known: Collection[str] | None = None) -> str | None:
        """The code, where there is one and it is good."""
        text = self.params.get(key, "")
        if text and re.fullmatch(pattern, text, re.ASCII) and (known is None or text in known):
            return text
        if text:
            self.dropped[key] = None
        return None

    def day(self, key: str) -> date | None:
        """The day, where there is one and it is in this century."""
        text = self.one(key, r"\d{4}-\d{2}-\d{2}")
        try:
            found = date.fromisoformat(text) if text else None
        except ValueError:
            found = None
        if found and _EARLIEST <= found <= _LATEST:
            return found
        if text:
            self.dropped[key] = None
        return None

    def monday(self, key: str) -> date | None:
        """The Monday of an ISO week, ``2026-W47``."""
        text = self.one(key, r"20\d{2}-W\d{2}")
        try:
            return date.fromisocalendar(int(text[:4]), int(text[6:]), 1) if text else None
        except ValueError:
            self.dropped[key] = None
            return None


def from_query(
    params: Mapping[str, str], today: date, known: Known | None = None, default: MapFilter | None = None
) -> tuple[MapFilter, tuple[str, ...]]:
    """The filter that an address asks for. Never fails: what it does not understand it leaves out and reports.

    Parameters
    ----------
    params
        The address's query; keys that are not the filter's are passed over.
    today
        The day in Bangkok.
    known
        Codes that exist.
    default
        What an address without a key means; another default only for the language makes sense.

    Returns
    -------
    tuple
        The filter, and the query keys of which something was left out.
    """
    known, default, read = known or Known(), default or MapFilter(), _Reader(params)
    period = Period(read.one("period", "|".join(Period)) or default.period)
    first, last = read.day("from"), read.day("to")
    if period == Period.CUSTOM and (first is None or last is None or last < first):
        period = default.period
        read.dropped["period"] = None
    if period != Period.CUSTOM:
        first = last = None
    layers = read.many("layers", "|".join((*LAYERS, _NONE)), None)
    found = MapFilter(
        crime_types=read.many("type", r"[a-z0-9_]{1,40}", known.crime_types),
        period=period,
        first=first,
        last=last,
        week=read.monday("week"),
        province=read.one("province", r"\d{2}", known.provinces),
        districts=read.many("district", r"\d{4}", known.districts),
        neighbour=read.one("near", "|".join(NEIGHBOURS)),
        statuses=read.many("status", "|".join(Status), None),
        channels=read.many("channel", "|".join(Channel), None),
        layers=layers or default.layers,
        choropleth=read.one("colour", "|".join(CHOROPLETHS)) or default.choropleth,
        basemap=read.one("base", r"[a-z0-9]{1,20}", known.basemaps) or default.basemap,
        lang=read.one("lang", r"[a-z]{2,8}", LANGUAGES) or default.lang,
        wall=read.one("wall", "1") == "1",
        picked=read.one("at", r"\d{4}"),
    )
    if found.week is not None and found.week not in weeks_of(found, today):
        found = replace(found, week=None)
        read.dropped["week"] = None
    return found, tuple(read.dropped)


# ------------------------------------------------------------------------------------------------ filter -> address


def to_query(chosen: MapFilter, default: MapFilter | None = None) -> dict[str, str]:
    """The shortest address of a filter: what is as usual is left out."""
    default = default or MapFilter()
    week = chosen.week.isocalendar() if chosen.week else None
    said = {
        "type": ".".join(chosen.crime_types),
        "period": "" if chosen.period == default.period else chosen.period.value,
        "from": chosen.first.isoformat() if chosen.first else "",
        "to": chosen.last.isoformat() if chosen.last else "",
        "week": f"{week.year}-W{week.week:02d}" if week else "",
        "province": chosen.province or "",
        "district": ".".join(chosen.districts),
        "near": chosen.neighbour or "",
        "status": ".".join(chosen.statuses),
        "channel": ".".join(chosen.channels),
        "layers": "" if chosen.layers == default.layers else ".".join(chosen.layers) or _NONE,
        "colour": "" if chosen.choropleth == default.choropleth else chosen.choropleth,
        "base": "" if chosen.basemap == default.basemap else chosen.basemap,
        "lang": "" if chosen.lang == default.lang else chosen.lang,
        "wall": "1" if chosen.wall else "",
        "at": chosen.picked or "",
    }
    return {key: text for key, text in said.items() if text}


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
}


def without(chosen: MapFilter, key: str) -> MapFilter:
    """The filter with one part of the sentence taken off: back to the usual."""
    usual = {field.name: field.default for field in fields(MapFilter)}
    return replace(chosen, **{name: usual[name] for name in _FIELDS[key]})  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------ filter -> database


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


def _districts(chosen: MapFilter, places: pd.DataFrame) -> tuple[str, ...]:
    if not (chosen.province or chosen.neighbour or chosen.districts):
        return ()
    rows = places
    if chosen.districts:
        rows = rows[rows["code"].isin(chosen.districts)]
    if chosen.province:
        rows = rows[rows["province_code"] == chosen.province]
    if chosen.neighbour:
        rows = rows[[chosen.neighbour in touched for touched in rows["neighbours"]]]
    return tuple(sorted(rows["code"])) or NOWHERE


def incident_filter(chosen: MapFilter, today: date, places: pd.DataFrame) -> IncidentFilter:
    """What the database is asked for.

    Parameters
    ----------
    today
        The day in Bangkok.
    places
        Border districts: columns ``code``, ``province_code``, ``neighbours`` (list of LA, KH).
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
