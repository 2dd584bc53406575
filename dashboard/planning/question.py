"""One question of the planning page: what is to be covered, where sites may stand, how many, and by which method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dashboard.planning.candidates import Own, Sources
from dashboard.planning.demand import DemandAsked
from dashboard.planning.reach import Reach
from geo.model.json_form import from_json, to_json
from geo.model.plan import PlanSite, SiteRole

__all__ = ["METHODS", "Chosen", "PlanQuestion", "question_from", "question_json"]

METHODS = ("mclp", "lscp", "pmedian", "backup")
"""Most covered; fewest sites for a share; shortest ways; most covered twice."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A site that a person keeps as it is: its figures are worked out, not its place."""

    code: str
    name: str
    lon: float
    lat: float
    kind: str = "checkpoint"
    cost: float | None = None
    staff: float | None = None
    role: str = "chosen"
    moved: bool = False
    checkpoint: str | None = None


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """Equal questions have one answer.

    Attributes
    ----------
    demand
        What is to be covered, and in which districts sites stand; no district: all in scope.
    reach
        How far a site reaches.
    method, number, share
        One of `METHODS`; number of new sites (not for ``lscp``); share of the demand to cover (``lscp``).
    budget, staff
        What the new sites may cost, and need of officers, in all; nothing: no limit.
    cost_each, staff_each
        Of a site that says none of its own.
    capacity_each
        Weight that a site can look after at most where it says none of its own (``mclp``); nothing: no limit.
    least_each
        At least so many sites in each district that has a candidate, existing ones too.
    forced, forbidden
        Codes of candidates.
    given
        Sites that a person settled on: then nothing is chosen, and their figures are worked out.
    """

    demand: DemandAsked
    reach: Reach
    method: str = "mclp"
    number: int | None = 5
    share: float = 1.0
    budget: float | None = None
    staff: float | None = None
    cost_each: float = 1.0
    staff_each: float = 6.0
    capacity_each: float | None = None
    least_each: int = 0
    sources: Sources = field(default_factory=Sources)
    forced: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    given: tuple[Chosen, ...] | None = None
    time_limit: float | None = None

    def with_own(self, *more: Own) -> PlanQuestion:
        """With a person's own places added to the candidates."""
        return replace(self, sources=replace(self.sources, own=(*self.sources.own, *more)))


def question_json(question: PlanQuestion) -> dict[str, Any]:
    """As a plan keeps it."""
    plain: dict[str, Any] = to_json(question)
    return plain


def question_from(kept: Mapping[str, Any], sites: tuple[PlanSite, ...]) -> PlanQuestion | None:
    """The question of a plan with its sites as they are now; nothing where it has none that can be read."""
    if not kept:
        return None
    try:
        asked = from_json(PlanQuestion, kept)
    except (KeyError, TypeError, ValueError):  # of an earlier form: its sites are still there
        return None
    given = tuple(
        Chosen(
            f"site:{at}",
            one.name,
            one.lon,
            one.lat,
            one.kind,
            one.cost,
            one.staff,
            str(one.role),
            one.moved,
            one.checkpoint,
        )
        for at, one in enumerate(sites, 1)
        if one.role is not SiteRole.EXISTING
    )
    return replace(asked, given=given)
