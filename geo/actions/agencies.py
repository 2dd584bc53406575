"""Add, rename and retire the agencies that cases can be referred to. As the web process's own role, for administrators."""

from __future__ import annotations

import re

from sqlalchemy import Connection, text

from geo.actions.administration import LONGEST_NAME, administers, code_from
from geo.actions.case_history import StepRefused, audit
from geo.errors import WatchError
from geo.ingest.text import clean
from geo.model.person import Person

__all__ = ["add_agency", "put_agency"]


def add_agency(
    connection: Connection, name_th: str, name_en: str, abbrev_th: str | None = None, *, by: Person | None = None
) -> str:
    """Add an agency; the code that it was given. Raises as `put_agency` does."""
    administers(connection, by)
    connection.execute(text("lock table agency in share row exclusive mode"))
    taken = set(connection.execute(text("select code from agency")).scalars())
    code = code_from(name_en, taken, "agency")
    put_agency(connection, code, name_th, name_en, abbrev_th, by=by)
    return code


def put_agency(
    connection: Connection,
    code: str,
    name_th: str,
    name_en: str,
    abbrev_th: str | None = None,
    *,
    active: bool = True,
    by: Person | None = None,
) -> bool:
    """Add an agency, or give one that is there new names; whether it is new. Codes stay for ever: cases name them.

    Parameters
    ----------
    active
        Whether it is offered for new referrals. Its people and what they were sent stay.

    Raises
    ------
    geo.errors.WatchError
        ``agency.code``: not 2 to 40 of a-z, 0-9 and _, beginning with a letter; ``agency.needs_names``;
        ``admin.name_long``; ``people.not_administrator``.
    """
    administers(connection, by)
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", code):
        raise StepRefused("agency.code")
    names = {key: clean(said or "") for key, said in (("th", name_th), ("en", name_en), ("abbrev", abbrev_th))}
    if not names["th"] or not names["en"]:
        raise StepRefused("agency.needs_names")
    if any(len(said) > LONGEST_NAME for said in names.values()):
        raise WatchError("admin.name_long", most=LONGEST_NAME)
    new = connection.execute(
        text(
            "insert into agency (code, name_th, name_en, abbrev_th, active) values (:code, :th, :en, nullif(:abbrev, ''),"
            " :active) on conflict (code) do update set (name_th, name_en, abbrev_th, active)"
            " = (excluded.name_th, excluded.name_en, excluded.abbrev_th, excluded.active) returning xmax = 0"
        ),
        {"code": code, "active": active, **names},
    ).scalar_one()
    audit(connection, "agency.put", f"agency:{code}", new=bool(new), active=active)
    return bool(new)
