"""Who looks and what they may see. Pure rules; who they are is found out elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geo.model import Scope

__all__ = ["Role", "Viewer", "everyone"]


class Role(StrEnum):
    """What a person does here."""

    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person, or everybody, at a page.

    Attributes
    ----------
    name
        How the page calls them; empty for everybody.
    scope
        Districts whose incidents they may see.
    roles
        What they may do.
    """

    name: str
    scope: Scope
    roles: frozenset[Role]

    def may(self, role: Role) -> bool:
        """Whether this is one of the viewer's roles."""
        return role in self.roles


def everyone() -> Viewer:
    """Whoever can open the pages: on a machine of one's own, the one who started it."""
    return Viewer("", Scope.everything(), frozenset({Role.WATCH}))
