"""Add and rename the agencies that cases can be referred to. As the web process's own role, for administrators."""

from __future__ import annotations

import re

from sqlalchemy import Connection, text

from geo.actions.case_history import StepRefused, audit, needed, written

__all__ = ["put_agency"]


def put_agency(connection: Connection, code: str, name_th: str, name_en: str, abbrev_th: str | None = None) -> bool:
    """Add an agency, or give one that is there new names; whether it is new. Codes stay for ever: cases name them.

    Raises
    ------
    StepRefused
        ``agency.code``: not 2 to 40 of a-z, 0-9 and _, beginning with a letter; ``agency.needs_names``.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", code):
        raise StepRefused("agency.code")
    new = connection.execute(
        text(
            "insert into agency (code, name_th, name_en, abbrev_th) values (:code, :th, :en, :abbrev) on conflict (code)"
            " do update set (name_th, name_en, abbrev_th) = (excluded.name_th, excluded.name_en, excluded.abbrev_th)"
            " returning xmax = 0"
        ),
        {
            "code": code,
            "th": needed(name_th, "agency.needs_names"),
            "en": needed(name_en, "agency.needs_names"),
            "abbrev": written(abbrev_th),
        },
    ).scalar_one()
    audit(connection, "agency.put", f"agency:{code}", new=bool(new))
    return bool(new)
