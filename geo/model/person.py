"""Who works with the store, in which role, and what that lets them see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geo.model.filter import Reach, Scope

__all__ = ["DISTRICT_ROLES", "Person", "Role", "scope_of"]


class Role(StrEnum):
    """What a person does; the public has no account and no role."""

    COORDINATOR = "coordinator"
    OFFICER = "officer"
    CHIEF = "chief"
    COMMANDER = "commander"
    PLANNER = "planner"
    AGENCY = "agency"
    NATIONAL = "national"
    ADMINISTRATOR = "administrator"


DISTRICT_ROLES = frozenset({Role.COORDINATOR, Role.OFFICER, Role.CHIEF})
"""Roles that mean nothing without a district."""

_REACH = {
    Role.COORDINATOR: Reach.COORDINATOR,
    Role.OFFICER: Reach.CENTRE,
    Role.CHIEF: Reach.CENTRE,
    Role.COMMANDER: Reach.WIDE,
    Role.NATIONAL: Reach.WIDE,
    Role.PLANNER: Reach.PLANNER,
    Role.ADMINISTRATOR: Reach.PLANNER,
    Role.AGENCY: Reach.AGENCY,
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account.

    Attributes
    ----------
    login
        What they type to sign in, in small letters.
    name
        How others see them.
    districts
        Codes of their districts; for a coordinator the one of the sub-district.
    agency
        Code of their agency; only for the role ``agency``.
    area_code, village
        A coordinator's sub-district or village.
    has_password, has_totp, linked
        Ways in that are set up: a password, codes of an authenticator, an OpenID Connect account.
    must_change_password
        The password was given by somebody else.
    is_demo
        One of the demonstration people, who have no password.
    """

    id: int
    login: str
    name: str
    role: Role
    districts: tuple[str, ...] = ()
    agency: str | None = None
    area_code: str | None = None
    village: str | None = None
    language: str = "th"
    has_password: bool = False
    has_totp: bool = False
    linked: bool = False
    must_change_password: bool = False
    active: bool = True
    is_demo: bool = False


def scope_of(person: Person) -> Scope:
    """What a person may read. Whoever has no district of their own where their role needs one reads nothing."""
    reach = _REACH[person.role]
    districts = person.districts if reach is Reach.CENTRE else None
    return Scope(districts, reach, person.agency if reach is Reach.AGENCY else None)
