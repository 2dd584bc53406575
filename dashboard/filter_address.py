"""A page's filter as the query part of its address, and back.

The address is the page's memory: equal filters give equal addresses, a copied link shows the same picture.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from dashboard.filter_state import (
    CHOROPLETHS,
    EARLIEST,
    LATEST,
    LAYERS,
    NEIGHBOURS,
    MapFilter,
    Period,
    weeks_of,
)
from dashboard.i18n import LANGUAGES
from geo.model import Channel, District, Status

__all__ = ["KEYS", "Known", "from_query", "to_query"]

KEYS = (
    "type", "period", "from", "to", "week", "province", "district", "near", "status", "channel", "layers",
    "colour", "base", "lang", "wall", "at", "incident",
)  # fmt: skip
"""The query keys that belong to the filter."""

_NONE = "none"


@dataclass(frozen=True, slots=True)
class Known:
    """Codes that exist. ``None``: not known yet, then every well-formed code is believed."""

    crime_types: Collection[str] | None = None
    districts: Collection[str] | None = None
    provinces: Collection[str] | None = None
    basemaps: Collection[str] | None = None

    @classmethod
    def of(cls, crime_types: Collection[str], places: Mapping[str, District], basemaps: Collection[str]) -> Known:
        """The codes of crime types and base maps, and those of border districts and their provinces."""
        return cls(crime_types, places.keys(), {place.province_code for place in places.values()}, basemaps)


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
        if found and EARLIEST <= found <= LATEST:
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
    """The filter that an address asks for. Never fails: what it does not understand it drops and reports.

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
        incident=read.one("incident", r"[A-Za-z0-9-]{1,40}"),
    )
    if found.week is not None and found.week not in weeks_of(found, today):
        found = replace(found, week=None)
        read.dropped["week"] = None
    return found, tuple(read.dropped)


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
        "incident": chosen.incident or "",
    }
    return {key: text for key, text in said.items() if text}
