"""Synthetic incidents: places, near-repeat bursts, rhythms, channels, states. Arrays, nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geo.ingest.demo.border import Border, shifted
from geo.ingest.demo.hotspots import Hotspots, make_hotspots
from geo.ingest.demo.patterns import (
    CHANNELS,
    DAY_HOURS,
    DAYTIME_TYPES,
    MONTHS,
    NIGHT_HOURS,
    STATUS_BY_AGE,
    STATUSES,
    WEEKDAYS,
)

__all__ = ["Incidents", "make_incidents"]

DAY_S = 86_400
BANGKOK_S = 7 * 3600
"""Thailand has had one offset from UTC, without summer time, since 1920."""
REPEATS = 0.32
"""Share of incidents that follow another one nearby within days."""
REPEAT_DAYS, REPEAT_M = 3.5, 600.0
ON_THE_LINE, ACROSS, NO_POINT, OTHER_TYPE = 0.12, 0.05, 0.025, 0.06
LAG_HOURS = {"coordinator": 14.0, "online": 3.0, "patrol": 0.4, "agency": 40.0}
"""Median time from the incident to the report."""
STATED = {"coordinator": 0.35, "online": 0.08, "patrol": 0.02, "agency": 0.25}
"""Share of reports that name the district."""
STATED_WRONGLY = 0.02
DAY_ONLY = {"coordinator": 0.15, "online": 0.08, "patrol": 0.0, "agency": 0.1}

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Incidents:
    """Columns of equal length, in the order of their reports.

    Attributes
    ----------
    crime_type, other_type
        Indices into the types; -1: no other.
    occurred, reported
        Seconds since 1970 UTC.
    day_only
        Only the day is known; ``occurred`` is midnight in Bangkok.
    status, channel
        Indices into `STATUSES` and `CHANNELS`.
    section
        Index of the border section.
    stated
        Index of the section whose district was stated; -1: none.
    lon, lat
        Degrees, WGS 84; NaN: no point.
    note
        Number of a note on the place.
    """

    crime_type: Ints
    other_type: Ints
    occurred: Ints
    reported: Ints
    day_only: Bools
    status: Ints
    channel: Ints
    section: Ints
    stated: Ints
    lon: Floats
    lat: Floats
    note: Ints


def make_incidents(
    border: Border, types: tuple[str, ...], count: int, years: int, moment: datetime, seed: int
) -> Incidents:
    """Draw ``count`` incidents of the ``years`` before ``moment``; same arguments, same incidents."""
    rng = np.random.default_rng([seed, 1])
    now = int(moment.timestamp())
    today = (now + BANGKOK_S) // DAY_S
    first = today - round(years * 365.25) + 1
    days = int(today - first + 1)
    sources = make_hotspots(border, types, days, rng)
    parents = count - round(count * REPEATS)
    source = rng.choice(sources.strength.size, parents, p=sources.strength)
    source.sort()
    weights = _day_weights(int(first), days)
    day = _days(source, sources.life * weights, rng)
    lon, lat, section = _places(border, sources, source, rng)
    crime = _drawn(sources.types, source, rng)
    parent = rng.integers(0, max(parents, 1), count - parents)
    crime = np.concatenate([crime, _repeated_types(crime[parent], sources.types, source[parent], rng)])
    day = np.concatenate([day, _following_days(day[parent], weights, rng)])
    east, north = rng.normal(0, REPEAT_M, (2, parent.size))
    near_lon, near_lat = shifted(lon[parent], lat[parent], east, north)
    lon, lat = np.concatenate([lon, near_lon]), np.concatenate([lat, near_lat])
    section = np.concatenate([section, section[parent]])
    return _reports(types, crime, first + day, lon, lat, section, len(border.sections), days, now, rng)


def _day_weights(first: int, days: int) -> Floats:
    day = first + np.arange(days)
    weekday = (day + 3) % 7  # 1 January 1970 was a Thursday
    month = np.array([(datetime(1970, 1, 1) + timedelta(days=int(d))).month for d in day])
    growth = np.linspace(0.7, 1.3, days)
    return np.asarray(WEEKDAYS[weekday] * MONTHS[month - 1] * growth, dtype=np.float64)


def _days(source: Ints, weights: Floats, rng: np.random.Generator) -> Ints:
    """A day for each incident; ``source`` is in order, so that each source is one slice."""
    found = np.empty(source.size, dtype=np.int64)
    bounds = np.searchsorted(source, np.arange(weights.shape[0] + 1))
    for index, (start, end) in enumerate(pairwise(bounds)):
        edges = np.cumsum(weights[index])
        found[start:end] = np.searchsorted(edges / edges[-1], rng.random(end - start), side="right")
    return np.asarray(np.minimum(found, weights.shape[1] - 1), dtype=np.int64)


def _following_days(day: Ints, weights: Floats, rng: np.random.Generator) -> Ints:
    """Days soon after the parents', before them where that would be later than now; rather weekends."""
    last = weights.size - 1
    later = day + rng.exponential(REPEAT_DAYS, (6, day.size)).astype(np.int64)
    later = np.clip(np.where(later > last, 2 * day - later, later), 0, last)
    liked = weights[later] * rng.exponential(1.0, later.shape)
    return np.asarray(np.take_along_axis(later, liked.argmax(axis=0)[None], axis=0)[0], dtype=np.int64)


def _places(border: Border, sources: Hotspots, source: Ints, rng: np.random.Generator) -> tuple[Floats, Floats, Ints]:
    at = border.stations
    spread = np.where(np.isinf(sources.spread), 0, sources.spread)[source]
    middle = sources.station[source]
    station = np.clip(middle + np.rint(rng.normal(0, 1, source.size) * spread), at.first[middle], at.last[middle])
    station = station.astype(np.int64)
    bounds = np.searchsorted(source, np.arange(sources.station.size + 1))
    for index in np.flatnonzero(np.isinf(sources.spread)):
        here = slice(bounds[index], bounds[index + 1])
        choice = border.of_section[sources.section[index]]
        station[here] = choice[rng.integers(0, choice.size, bounds[index + 1] - bounds[index])]
    inland = rng.exponential(1.0, source.size) * sources.inland_m[source]
    inland = 150 + np.mod(inland, np.maximum(at.reach_m[station] - 150, 100))
    kind = rng.random(source.size)
    inland = np.where(kind < ON_THE_LINE + ACROSS, -rng.uniform(100, 1200, source.size), inland)
    inland = np.where(kind < ON_THE_LINE, rng.normal(0, 120, source.size), inland)
    along = rng.uniform(-125, 125, source.size)
    lon, lat = shifted(
        at.lon[station],
        at.lat[station],
        inland * at.east[station] - along * at.north[station],
        inland * at.north[station] + along * at.east[station],
    )
    return lon, lat, at.section[station]


def _drawn(shares: Floats, row: Ints, rng: np.random.Generator) -> Ints:
    """For each row number one column, drawn by the shares of that row."""
    edges = np.cumsum(shares, axis=1)
    edges[:, -1] = 1.0
    found = np.zeros(row.size, dtype=np.int64)
    draw = rng.random(row.size)
    for column in range(shares.shape[1] - 1):
        found += draw >= edges[row, column]
    return found


def _repeated_types(crime: Ints, shares: Floats, source: Ints, rng: np.random.Generator) -> Ints:
    return np.where(rng.random(crime.size) < 0.75, crime, _drawn(shares, source, rng))


def _reports(
    types: tuple[str, ...],
    crime: Ints,
    day: Ints,
    lon: Floats,
    lat: Floats,
    section: Ints,
    sections: int,
    days: int,
    now: int,
    rng: np.random.Generator,
) -> Incidents:
    """Everything about the incidents beside their place, day and type."""
    n = crime.size
    by_day = np.array([code in DAYTIME_TYPES for code in types])[crime]
    hours = np.stack([NIGHT_HOURS / NIGHT_HOURS.sum(), DAY_HOURS / DAY_HOURS.sum()])
    second = _drawn(hours, by_day.astype(np.int64), rng) * 3600 + rng.integers(0, 3600, n)
    age = (now + BANGKOK_S) // DAY_S - day
    online = np.clip(0.42 - 0.25 * age / days, 0.1, 0.5)
    draw = rng.random(n)
    channel = np.select([draw < online, draw < online + 0.11, draw < online + 0.18], [1, 2, 3], 0)

    def share(of: dict[str, float]) -> Floats:
        return np.asarray(np.array([of[name] for name in CHANNELS])[channel], dtype=np.float64)

    day_only = rng.random(n) < share(DAY_ONLY)
    occurred = day * DAY_S - BANGKOK_S + np.where(day_only, 0, second)
    occurred = np.where(occurred > now, occurred - DAY_S, occurred)
    lag = share(LAG_HOURS) * 3600 * rng.lognormal(0.0, 1.0, n)
    reported = occurred + np.where(day_only, second, 0) + np.minimum(lag, 60 * DAY_S).astype(np.int64)
    early = occurred + ((now - occurred) * rng.random(n)).astype(np.int64)
    reported = np.where(reported > now, early, reported)
    no_point = rng.random(n) < NO_POINT
    stated = np.where(rng.random(n) < np.where(no_point, 0.8, share(STATED)), section, -1)
    wrong = (stated >= 0) & (rng.random(n) < STATED_WRONGLY)
    stated = np.where(wrong, (section + 1) % sections, stated)
    other = np.where(rng.random(n) < OTHER_TYPE, rng.integers(0, len(types), n), -1)
    order = np.lexsort((occurred, reported))
    columns = Incidents(
        crime_type=crime,
        other_type=np.where(other == crime, -1, other),
        occurred=occurred,
        reported=reported,
        day_only=day_only,
        status=_states((now - reported) / DAY_S, rng),
        channel=channel,
        section=section,
        stated=stated,
        lon=np.where(no_point, np.nan, lon),
        lat=np.where(no_point, np.nan, lat),
        note=rng.integers(0, 1_000_000, n),
    )
    return Incidents(*(getattr(columns, name)[order] for name in Incidents.__slots__))


def _states(age_days: Floats, rng: np.random.Generator) -> Ints:
    shares = np.array([row for _, row in STATUS_BY_AGE])
    if shares.shape[1] != len(STATUSES):
        raise ValueError("a share for each status")
    band = np.searchsorted([limit for limit, _ in STATUS_BY_AGE], age_days)
    return _drawn(shares / shares.sum(axis=1, keepdims=True), np.minimum(band, len(STATUS_BY_AGE) - 1), rng)
