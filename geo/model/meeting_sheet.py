"""What a meeting looks at, frozen: one sheet a district and one over all, complete, so that nothing is computed again.

A sheet holds codes, counts, names of places and shapes, never words of a person. Of what is not verified it holds counts
and the middles of cells of some 9 km. Degrees are WGS 84 (longitude, latitude).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

__all__ = [
    "FIGURES",
    "SAYS",
    "BorderLine",
    "CountRow",
    "DecisionSoFar",
    "Detail",
    "Figure",
    "FigureName",
    "Finding",
    "HexagonCell",
    "MapCheckpoint",
    "MapCrossing",
    "MapPoint",
    "MeetingSheet",
    "Method",
    "Outline",
    "OverviewRow",
    "OverviewSheet",
    "PlaceName",
    "SheetMap",
    "TopPlace",
    "UnverifiedCell",
    "WeekCount",
    "small_hidden",
]

Detail = Mapping[str, int | float | str | None]
"""Values of a coded sentence's placeholders."""


class FigureName(StrEnum):
    """The five figures of a district, in the order in which they stand on the screen."""

    INCIDENTS = "incidents"
    """Count of what the meeting's filter keeps."""
    CHANGE = "change"
    """Against the period before, in percent; nothing where either count is under 5."""
    VERIFIED = "verified"
    """Share (0 to 1) of what was reported in the period that is verified; the detail has the median hours it took."""
    OPEN = "open"
    """Cases that nobody has ended, at the moment of the snapshot; the detail has how many are overdue."""
    EFFORT = "effort"
    """Hours of patrols in the period; the detail has the sub-districts that reported and the channels."""


FIGURES = tuple(FigureName)

SAYS: dict[str, tuple[str, ...]] = {
    "incidents.some": ("now", "before"),
    "incidents.none": ("before",),
    "incidents.unverified_too": ("now", "before", "unverified"),
    "change.rose": ("now", "before", "percent"),
    "change.fell": ("now", "before", "percent"),
    "change.same": ("now", "before", "percent"),
    "change.few": ("now", "before"),
    "change.rose_with_effort": ("now", "before", "percent", "hours", "hours_before"),
    "verified.share": ("verified", "of", "median_hours"),
    "verified.share_no_time": ("verified", "of"),
    "verified.none_reported": (),
    "open.some": ("open", "overdue"),
    "open.none_overdue": ("open",),
    "open.none": (),
    "effort.patrols": ("hours", "hours_before", "patrols", "villages"),
    "effort.no_patrols": ("hours_before", "villages"),
}
"""Codes of the sentences under the figures, each with the names in its detail. The words are ``meeting.says.<code>``."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the five figures.

    Attributes
    ----------
    value, before
        In the period, and in the period of equal length before it: a count, percent, a share or hours, by its name. Nothing
        where it cannot be told; ``before`` of what is counted at a moment (open) is nothing too.
    change
        One of `geo.analysis.change.CLASSES` for counts and hours.
    says
        One of `SAYS`.
    detail
        The values that the sentence names, and others of the same figure.
    """

    name: FigureName
    value: float | None
    before: float | None
    change: str | None
    says: str
    detail: Detail


@dataclass(frozen=True, slots=True)
class CountRow:
    """Incidents of one crime type or channel, now and in the period before.

    Attributes
    ----------
    change
        One of `geo.analysis.change.CLASSES`.
    percent
        Nothing where either count is under 5.
    """

    code: str
    now: int
    before: int
    change: str
    percent: float | None


@dataclass(frozen=True, slots=True)
class WeekCount:
    """Incidents of the week that begins on this Monday; ``days`` of it lie in the period."""

    monday: date
    n: int
    days: int = 7


@dataclass(frozen=True, slots=True)
class PlaceName:
    """The known place nearest to a spot.

    Attributes
    ----------
    kind
        ``crossing``, ``village``, ``subdistrict``, ``district``.
    metres
        Away from it, whole hundreds; 0 inside.
    """

    kind: str
    code: str
    name_th: str | None
    name_en: str | None
    metres: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that changed.

    Attributes
    ----------
    code
        ``new_hotspot``, ``intensifying_hotspot``, ``faded_hotspot``, ``type_rose``, ``type_fell``, ``type_new``,
        ``quiet_days``, ``silent_villages``, ``effort_rose``, ``effort_fell``, ``nothing``. The words are
        ``meeting.found.<code>``.
    detail
        ``n`` (hexagons, incidents now, days, sub-districts), ``before``, ``crime_type``, ``percent``, ``of``, as it applies.
    place
        The nearest known place of what has one, with its spot in degrees.
    """

    code: str
    detail: Detail
    place: PlaceName | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class TopPlace:
    """Where most happened: a cluster of verified incidents, or a hexagon where there is no cluster.

    Attributes
    ----------
    kind
        ``cluster`` or ``hexagon``.
    lon, lat
        Middle, degrees to three places (some 100 m).
    gi
        Gi* of the hexagon that the middle lies in: 3, 2, 1 hot with 99, 95, 90 % confidence, negative cold, 0 neither.
    emerging
        Its class of `geo.analysis.emerging`, without which it is ``no_pattern``.
    """

    rank: int
    kind: str
    place: PlaceName | None
    lon: float
    lat: float
    n: int
    last: date
    main_type: str
    main_share: float
    gi: int
    emerging: str


@dataclass(frozen=True, slots=True)
class Outline:
    """A district, neighbour or not; ``geometry`` is GeoJSON, ``lon`` and ``lat`` the place of its label."""

    code: str
    country: str
    name_th: str | None
    name_en: str | None
    lon: float | None
    lat: float | None
    geometry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BorderLine:
    """A stretch of the national border; ``geometry`` is GeoJSON."""

    undetermined: bool
    geometry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MapCrossing:
    """A border crossing."""

    code: str
    kind: str
    name_th: str
    name_en: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class MapCheckpoint:
    """A checkpoint as it stood; ``status`` is planned, active or closed."""

    code: str
    kind: str
    status: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class MapPoint:
    """Verified incidents of one type at one spot (degrees to three places)."""

    lon: float
    lat: float
    crime_type: str
    n: int


@dataclass(frozen=True, slots=True)
class UnverifiedCell:
    """How many are not verified yet in a cell of some 9 km, at its middle."""

    lon: float
    lat: float
    n: int


@dataclass(frozen=True, slots=True)
class HexagonCell:
    """A hexagon that has incidents or a class.

    Attributes
    ----------
    ring
        Its six corners, degrees, not closed.
    n
        Verified incidents in the period.
    gi, z
        As `TopPlace.gi`, and the standard score behind it.
    emerging
        Class of `geo.analysis.emerging`.
    """

    ring: tuple[tuple[float, float], ...]
    n: int
    gi: int
    z: float
    emerging: str


@dataclass(frozen=True, slots=True)
class SheetMap:
    """Everything on the map.

    Attributes
    ----------
    box
        West, south, east, north, degrees.
    districts
        Of a district's sheet the one district; of the overview all of the meeting's.
    around
        Neighbouring districts, on both sides where their shapes are known, else the country (``KH``); of the overview the
        three countries.
    hexagon_m
        Metres from middle to middle of the hexagons.
    """

    box: tuple[float, float, float, float]
    districts: tuple[Outline, ...]
    around: tuple[Outline, ...]
    border: tuple[BorderLine, ...]
    crossings: tuple[MapCrossing, ...]
    checkpoints: tuple[MapCheckpoint, ...]
    points: tuple[MapPoint, ...]
    unverified: tuple[UnverifiedCell, ...]
    hexagons: tuple[HexagonCell, ...]
    hexagon_m: float


@dataclass(frozen=True, slots=True)
class Method:
    """How something on a sheet was computed.

    Attributes
    ----------
    name
        ``gi``, ``emerging``, ``dbscan`` or ``change``.
    parameters
        Metres, days and numbers by name.
    n
        Incidents that went in.
    seed
        Of what is drawn at random; nothing here is.
    """

    name: str
    parameters: Detail
    n: int
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionSoFar:
    """Before and after a decision of an earlier meeting, as `geo.queries.decision_since` counted it for the snapshot.

    Attributes
    ----------
    decision
        Its number; its words stand nowhere on a sheet.
    radius_m
        Metres around its place; nothing where its whole district is counted.
    split, days
        The day of the decision, with which the second window begins, and the length of each.
    direction
        One of `geo.analysis.before_after.Direction`.
    beside, beside_th, beside_en
        Code and names of the district that it is compared with; nothing where none is like it.
    hours_before, hours_after
        Of patrols in its district.
    """

    decision: int
    radius_m: float | None
    split: date
    days: int
    before: int
    after: int
    direction: str
    beside: str | None
    beside_th: str | None
    beside_en: str | None
    beside_before: int | None
    beside_after: int | None
    hours_before: float
    hours_after: float


@dataclass(frozen=True, slots=True)
class MeetingSheet:
    """One district as it stood at the moment of the snapshot.

    Attributes
    ----------
    first, last, before_first, before_last
        Days of the period and of the one before, in Asia/Bangkok, both included.
    as_of
        Moment of the snapshot, aware.
    figures
        The five of `FIGURES`, in that order.
    few
        Whether fewer than 30 incidents went into the hotspots, so that they say little.
    methods
        With ``versions`` of the application and of the libraries.
    so_far
        Of decisions that earlier meetings left undone, where a week has passed; sheets of old have none.
    """

    district: str
    name_th: str | None
    name_en: str | None
    province_th: str | None
    province_en: str | None
    neighbours: tuple[str, ...]
    first: date
    last: date
    before_first: date
    before_last: date
    as_of: datetime
    figures: tuple[Figure, ...]
    by_type: tuple[CountRow, ...]
    by_channel: tuple[CountRow, ...]
    by_week: tuple[WeekCount, ...]
    found: tuple[Finding, ...]
    top: tuple[TopPlace, ...]
    map: SheetMap
    few: bool
    methods: tuple[Method, ...]
    versions: Mapping[str, str]
    so_far: tuple[DecisionSoFar, ...] = ()


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A district in the overview, with its five figures."""

    district: str
    name_th: str | None
    name_en: str | None
    province_th: str | None
    province_en: str | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class OverviewSheet:
    """All districts of the meeting together, in the meeting's order; the rest as `MeetingSheet`."""

    first: date
    last: date
    before_first: date
    before_last: date
    as_of: datetime
    rows: tuple[OverviewRow, ...]
    figures: tuple[Figure, ...]
    by_type: tuple[CountRow, ...]
    by_channel: tuple[CountRow, ...]
    by_week: tuple[WeekCount, ...]
    found: tuple[Finding, ...]
    top: tuple[TopPlace, ...]
    map: SheetMap
    few: bool
    methods: tuple[Method, ...]
    versions: Mapping[str, str]


SMALL = range(1, 5)
"""Counts that could point at a person."""


def small_hidden(counts: Sequence[int]) -> tuple[bool, ...]:
    """Which counts of one breakdown are written "1–4", in its order.

    Those from 1 to 4; and where that is one alone, which the total would give away, the next smallest beside it.
    """
    hidden = [n in SMALL for n in counts]
    if sum(hidden) == 1:
        others = [(n, at) for at, n in enumerate(counts) if n > 0 and not hidden[at]]
        if others:
            hidden[min(others)[1]] = True
    return tuple(hidden)
