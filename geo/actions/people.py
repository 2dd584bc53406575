"""Make and change accounts."""

from __future__ import annotations

import re

from sqlalchemy import Connection, text

from geo.actions.administration import administers
from geo.actions.audit import act_as, audit
from geo.credentials.passwords import hash_password, refuse_weak
from geo.errors import WatchError
from geo.ingest.text import clean
from geo.model.person import DISTRICT_ROLES, Person, Role
from geo.queries.people import person

__all__ = ["change_person", "create_person", "link_account", "may_change", "set_name", "set_password", "set_totp"]

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")
LONGEST_NAME = 100
LONGEST_VILLAGE = 200


def create_person(
    connection: Connection,
    login: str,
    name: str,
    role: Role,
    *,
    districts: tuple[str, ...] = (),
    agency: str | None = None,
    area_code: str | None = None,
    village: str | None = None,
    language: str = "th",
    password: str | None = None,
    password_hash: str | None = None,
    is_demo: bool = False,
    by: Person | None = None,
) -> Person:
    """Make an account. A given password is a first one, to be changed at the first sign-in.

    Parameters
    ----------
    password_hash
        In place of a password: of a random one that was hashed before.
    by
        Who makes it; nobody for a command. What a demonstration person makes is a demonstration too.

    Raises
    ------
    geo.errors.WatchError
        ``people.…``: login, name, district, sub-district or agency is missing, unknown or taken, or who makes it is no
        administrator; ``password.…``.
    """
    administers(connection, by)
    login, name = login.strip().lower(), clean(name)[:LONGEST_NAME]
    if not _LOGIN.fullmatch(login):
        raise WatchError("people.login_form")
    if not name:
        raise WatchError("people.name_missing")
    area_code, districts = area_code or None, _districts_of(role, districts, area_code)
    _check_places(connection, role, districts, agency, area_code)
    if password is not None:
        refuse_weak(password, (login, name))
        password_hash = hash_password(password)
    number = connection.execute(
        text(
            "insert into person (login, name, role, agency, area_code, village, language, is_demo, password_hash,"
            " must_change_password) values (:login, :name, :role, :agency, :area, :village, :language, :demo, :hash, :first)"
            " on conflict (login) do nothing returning id"
        ),
        {
            "login": login, "name": name, "role": role.value, "agency": agency or None, "area": area_code,
            "village": clean(village or "")[:LONGEST_VILLAGE] or None, "language": language, "demo": is_demo or bool(by and by.is_demo),
            "hash": password_hash, "first": password_hash is not None,
        },
    ).scalar()  # fmt: skip
    if number is None:
        raise WatchError("people.login_taken", login=login)
    _write_districts(connection, number, districts)
    made = person(connection, number)
    audit(connection, "person.create", f"person:{number}", role=role.value, districts=",".join(districts))
    return made


def change_person(
    connection: Connection,
    number: int,
    *,
    role: Role | None = None,
    districts: tuple[str, ...] | None = None,
    agency: str | None = None,
    area_code: str | None = None,
    village: str | None = None,
    language: str | None = None,
    active: bool | None = None,
    by: Person | None = None,
) -> Person:
    """Change what somebody does, where, or whether at all. Open pages follow at their next rerun.

    What is not given stays as it is; an empty sub-district or village is taken away. Who is switched off is signed out
    everywhere.

    Raises
    ------
    geo.errors.WatchError
        ``people.…``: unknown, a district or agency is missing or unknown, the last administrator would be gone, or a
        demonstration person tries to change a real one.
    """
    administers(connection, by)
    connection.execute(text("lock table person in share row exclusive mode"))  # of two, each the other's last,
    administers(connection, by)  # the second is none any more
    old = person(connection, number)
    may_change(by, old)
    role = role or old.role
    if area_code is None and role is Role.COORDINATOR and districts is None:
        area_code = old.area_code
    area_code = (area_code or None) if role is Role.COORDINATOR else None
    wanted = districts if districts is not None else old.districts
    agency = (agency or old.agency) if role is Role.AGENCY else None
    active = old.active if active is None else active
    wanted = _districts_of(role, wanted, area_code)
    _check_places(connection, role, wanted, agency, area_code)
    if old.role is Role.ADMINISTRATOR and not (active and role is Role.ADMINISTRATOR):
        _refuse_last(connection, old)
    connection.execute(
        text(
            "update person set role = :role, agency = :agency, area_code = :area, village = :village, language = :language,"
            " active = :active where id = :id"
        ),
        {
            "id": number, "role": role.value, "agency": agency, "area": area_code, "active": active,
            "village": (old.village if village is None else clean(village)[:LONGEST_VILLAGE] or None) if role is Role.COORDINATOR else None,
            "language": language or old.language,
        },
    )  # fmt: skip
    connection.execute(text("delete from person_district where person_id = :id"), {"id": number})
    _write_districts(connection, number, wanted)
    if not active:
        connection.execute(text("delete from sign_in where person_id = :id"), {"id": number})
    new = person(connection, number)
    audit(connection, "person.change", f"person:{number}", role=role.value, districts=",".join(wanted), active=active)
    return new


def set_name(connection: Connection, number: int, name: str, by: Person | None = None) -> None:
    """Change how others see somebody; without ``by`` their own doing.

    Raises
    ------
    geo.errors.WatchError
        ``people.name_missing``, ``people.demo_only``, ``people.not_administrator``.
    """
    if not (name := clean(name)[:LONGEST_NAME]):
        raise WatchError("people.name_missing")
    if by is None:
        act_as(connection, number)
    else:
        administers(connection, by)
        may_change(by, person(connection, number))
    connection.execute(text("update person set name = :name where id = :id"), {"id": number, "name": name})
    audit(connection, "person.name", f"person:{number}")


def set_password(
    connection: Connection,
    number: int,
    password: str,
    *,
    own: bool = False,
    keep: bytes | None = None,
    by: Person | None = None,
) -> None:
    """Set a password and sign the person out everywhere.

    Parameters
    ----------
    own
        The person chose it; else it was given to them, is to be changed at the next sign-in, and takes the one-time
        codes away, for this is how somebody who lost their telephone comes back.
    keep
        Hash of the session that stays open.

    Raises
    ------
    geo.errors.WatchError
        ``password.…``: too weak; ``people.…``: unknown, a demonstration person, or a real one changed by such.
    """
    if own:
        act_as(connection, number)
    else:
        administers(connection, by)
    of = person(connection, number)
    may_change(by, of)
    if of.is_demo:
        raise WatchError("people.demo_password")
    refuse_weak(password, (of.login, of.name))
    connection.execute(
        text(
            "update person set password_hash = :hash, must_change_password = not :own,"
            " totp_sealed = case when :own then totp_sealed end, totp_last_step = case when :own then totp_last_step end"
            " where id = :id"
        ),
        {"id": number, "hash": hash_password(password), "own": own},
    )
    connection.execute(
        text("delete from sign_in where person_id = :id and token_hash is distinct from :keep"),
        {"id": number, "keep": keep},
    )
    audit(connection, "person.password", f"person:{number}", own=own)


def set_totp(connection: Connection, number: int, sealed: bytes | None, step: int | None = None) -> None:
    """Ask for one-time codes from now on, or no longer.

    Parameters
    ----------
    sealed
        The secret as `geo.credentials.totp.seal_secret` made it; nothing to stop asking.
    step
        Time step of the code that proved that the authenticator has it.
    """
    act_as(connection, number)
    connection.execute(
        text("update person set totp_sealed = :sealed, totp_last_step = :step where id = :id"),
        {"id": number, "sealed": sealed, "step": step},
    )
    audit(connection, "person.totp_on" if sealed else "person.totp_off", f"person:{number}")


def link_account(connection: Connection, number: int, subject: str | None, by: Person | None = None) -> None:
    """Let an OpenID Connect account (issuer, space, subject) sign in as this person; nothing takes it away.

    Raises
    ------
    geo.errors.WatchError
        ``people.subject_taken``: it is another person's; ``people.unknown``; ``people.demo_only``;
        ``people.not_administrator``.
    """
    administers(connection, by)
    of = person(connection, number)
    may_change(by, of)
    taken = connection.execute(
        text("select login from person where subject = :subject and id <> :id"), {"subject": subject, "id": number}
    ).scalar()
    if taken is not None:
        raise WatchError("people.subject_taken", login=taken)
    connection.execute(text("update person set subject = :subject where id = :id"), {"id": number, "subject": subject})
    audit(connection, "person.link", f"person:{number}", linked=subject is not None)


def may_change(by: Person | None, of: Person) -> None:
    """Refuse a demonstration person who would change somebody real (``people.demo_only``)."""
    if by is not None and by.is_demo and not of.is_demo:
        raise WatchError("people.demo_only")


def _districts_of(role: Role, districts: tuple[str, ...], area_code: str | None) -> tuple[str, ...]:
    """Districts that a role has: a coordinator's is where the sub-district lies, agencies and centres have none."""
    if role is Role.COORDINATOR and area_code:
        return (area_code[:4],)
    return tuple(sorted(set(districts))) if role in DISTRICT_ROLES else ()


def _check_places(
    connection: Connection, role: Role, districts: tuple[str, ...], agency: str | None, area_code: str | None
) -> None:
    if (
        area_code
        and not connection.execute(text("select 1 from area where code = :code"), {"code": area_code}).scalar()
    ):
        raise WatchError("people.area_unknown", place=area_code)
    if role in DISTRICT_ROLES and not districts:
        raise WatchError("people.district_needed")
    known = set(
        connection.execute(
            text("select code from area where level = 'district' and country = 'TH' and code = any(:codes)"),
            {"codes": list(districts)},
        ).scalars()
    )
    if unknown := [code for code in districts if code not in known]:
        raise WatchError("people.district_unknown", place=unknown[0])
    if (role is Role.AGENCY) != bool(agency):
        raise WatchError("people.agency_needed")
    if agency and not connection.execute(text("select 1 from agency where code = :code"), {"code": agency}).scalar():
        raise WatchError("people.agency_unknown", agency=agency)


def _write_districts(connection: Connection, number: int, districts: tuple[str, ...]) -> None:
    for code in districts:
        connection.execute(
            text("insert into person_district (person_id, district_code) values (:id, :code)"),
            {"id": number, "code": code},
        )


def _refuse_last(connection: Connection, old: Person) -> None:
    others = connection.execute(
        text(
            "select exists (select from person where role = 'administrator' and active and is_demo = :demo and id <> :id)"
        ),
        {"id": old.id, "demo": old.is_demo},
    ).scalar_one()
    if not others:
        raise WatchError("people.last_administrator")
