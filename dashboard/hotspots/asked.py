"""What is asked of a hotspot statistic: its parameters, and whose incidents it looks at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from geo.model import Channel, IncidentFilter, Status
from geo.model.filter import VISIBLE_STATUSES

__all__ = ["Asked", "Base", "based_on"]


class Base(StrEnum):
    """Whose incidents are looked at. What patrols found themselves says where patrols went: it stands apart."""

    PUBLIC = "public"
    PATROLS = "patrols"
    ALL = "all"


def based_on(chosen: IncidentFilter, base: Base = Base.PUBLIC, *, unverified: bool = False) -> IncidentFilter:
    """The same choice of what the base holds, verified only unless told otherwise.

    Channels that were chosen are kept to where the base has them; a base that has none of them keeps its own.
    """
    match base:
        case Base.PUBLIC:
            channels = set(Channel) - {Channel.PATROL}
        case Base.PATROLS:
            channels = {Channel.PATROL}
        case Base.ALL:
            channels = set(Channel)
    kept = (channels & set(map(Channel, chosen.channels))) or channels
    states = VISIBLE_STATUSES if unverified else (Status.VERIFIED, Status.REFERRED, Status.CLOSED)
    return replace(
        chosen,
        channels=() if kept == set(Channel) else tuple(str(c) for c in Channel if c in kept),
        statuses=tuple(map(str, states)),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Parameters of all methods, metres and days; nothing: the method's own choice, which its summary tells.

    Attributes
    ----------
    split
        pai: days since 1970 (Asia/Bangkok), first of the later period.
    earlier
        compare, rates: first and last day of the period to compare with; the equally long one just before where not given.
    share
        places: the list ends where it holds this share of the incidents.
    """

    bandwidth: float | None = None
    adaptive: bool = False
    cell: float | None = None
    distance: float | None = None
    uncorrected: bool = False
    eps: float = 1000.0
    min_points: int = 5
    radius: float | None = None
    days: int = 30
    space: tuple[float, ...] = (1000.0,)
    time: tuple[float, ...] = (7.0,)
    permutations: int = 999
    seed: int = 1
    slice_days: float | None = None
    split: float | None = None
    earlier: tuple[date, date] | None = None
    share: float = 0.8
