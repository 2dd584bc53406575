"""Who looks and what they may see. Pure rules; who they are is found out elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from geo.model import Scope
from geo.model.person import Person, Role, scope_of

__all__ = ["CENTRE", "MEETERS", "REPORTERS", "WATCHERS", "Role", "Viewer"]

CENTRE = frozenset({Role.OFFICER, Role.CHIEF})
"""Those who work on a district's cases."""
WATCHERS = CENTRE | {Role.COMMANDER, Role.PLANNER, Role.NATIONAL, Role.ADMINISTRATOR}
"""Those who watch the border."""
MEETERS = CENTRE | {Role.COMMANDER, Role.PLANNER, Role.NATIONAL}
"""Those who take part in meetings; `geo.model.meeting.PREPARES` are those of them who lead one."""

REPORTERS = CENTRE | {Role.COMMANDER, Role.NATIONAL}
"""Those who make the reports of centres, and those who read them all."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person at a page."""

    person: Person

    @property
    def scope(self) -> Scope:
        """What the database shows them."""
        return scope_of(self.person)

    def may(self, roles: Collection[Role]) -> bool:
        """Whether theirs is one of the roles."""
        return self.person.role in roles
