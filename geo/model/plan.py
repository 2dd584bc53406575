"""A plan of checkpoints: what was asked and found, its sites, and who took it how far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from geo.model.person import Role

__all__ = [
    "APPROVES",
    "LONGEST_REASON",
    "LONGEST_TITLE",
    "MAKES",
    "MOST_SITES",
    "NEXT",
    "USUAL_WEIGHTS",
    "Plan",
    "PlanSite",
    "PlanState",
    "PlanStep",
    "SiteRole",
]

LONGEST_TITLE, LONGEST_REASON = 200, 2000
"""Characters."""
MOST_SITES = 500
"""Sites of one plan; more than the border has checkpoints."""

MAKES = frozenset({Role.PLANNER, Role.CHIEF})
"""Who makes plans and proposes them; a chief for the districts that are theirs. The database's function plan_maker says the same."""
APPROVES = frozenset({Role.COMMANDER, Role.NATIONAL})
"""Who approves and rejects them, unless they had a hand in it. The database's function plan_approver says the same."""

USUAL_WEIGHTS: Mapping[str, float] = {
    "trafficking_in_persons": 5.0,
    "arms_trafficking": 4.0,
    "smuggling_of_migrants": 3.0,
    "drug_trafficking": 3.0,
    "precursor_smuggling": 3.0,
    "online_scam": 2.0,
    "forged_documents": 2.0,
    "money_laundering": 2.0,
    "vehicle_smuggling": 2.0,
    "wildlife_trafficking": 1.5,
}
"""What an incident counts until a planner says otherwise, by crime type; any other one, such as contraband, counts 1. What harms
people comes first. This is a judgement, no measurement: every answer says that types are weighed, and the planner changes them."""


class PlanState(StrEnum):
    """How far a plan is."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


NEXT: Mapping[PlanState, tuple[PlanState, ...]] = {
    PlanState.DRAFT: (PlanState.PROPOSED, PlanState.WITHDRAWN),
    PlanState.PROPOSED: (PlanState.APPROVED, PlanState.REJECTED, PlanState.WITHDRAWN),
    PlanState.APPROVED: (PlanState.IN_FORCE, PlanState.WITHDRAWN),
    PlanState.IN_FORCE: (PlanState.ENDED,),
}
"""The steps that there are; the database's trigger plan_moves says the same."""


class SiteRole(StrEnum):
    """Why a site is in a plan."""

    EXISTING = "existing"
    CHOSEN = "chosen"
    FORCED = "forced"


@dataclass(frozen=True, slots=True)
class PlanSite:
    """One site.

    Attributes
    ----------
    name
        Text of a person or of a list.
    district
        Code; nothing outside all of them.
    lon, lat
        Degrees, WGS 84.
    kind
        ``checkpoint``, ``interception`` or ``river``.
    checkpoint
        Code of the checkpoint that is kept, that was planned there already, or that the plan made.
    cost, staff
        Money, and officers; nothing where nobody said.
    moved
        Whether a person put it elsewhere than the method did.
    figures
        ``covers``, ``adds``, ``lost`` and more, as `geo.analysis.siting.explain` says them.
    """

    name: str
    district: str | None
    lon: float
    lat: float
    role: SiteRole = SiteRole.CHOSEN
    kind: str = "checkpoint"
    checkpoint: str | None = None
    cost: float | None = None
    staff: float | None = None
    moved: bool = False
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanStep:
    """That somebody took a plan to a state; their name is missing where the store's owner did."""

    state: PlanState
    person: int | None
    name: str | None
    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan.

    Attributes
    ----------
    districts
        Codes of those that it is for.
    question, answer
        As `dashboard.planning.question` writes and reads them; both empty where sites were only typed or read from a file.
    as_of
        Moment of the demand that its figures count, aware.
    revision
        Grows with every change.
    made_by, changed_by
        Persons; nothing where the store's owner wrote it.
    copy_of
        Number of the plan that it began as.
    sites
        Those that the reader may see, in their order; empty in a list of plans.
    """

    id: int
    title: str
    districts: tuple[str, ...]
    state: PlanState
    reason: str | None
    question: Mapping[str, Any]
    answer: Mapping[str, Any]
    as_of: datetime
    revision: int
    made_by: int | None
    made_name: str | None
    made_at: datetime
    changed_by: int | None
    changed_at: datetime
    copy_of: int | None
    is_demo: bool
    new_sites: int
    sites: tuple[PlanSite, ...] = ()
    steps: tuple[PlanStep, ...] = ()

    @property
    def hands(self) -> frozenset[int]:
        """Persons who had a hand in it, and so do not approve it."""
        took = {step.person for step in self.steps} | {self.made_by, self.changed_by}
        return frozenset(one for one in took if one is not None)
