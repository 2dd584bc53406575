"""Add, rename, colour and retire kinds of crime. Codes stay for ever: incidents, reports and filters name them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace

from sqlalchemy import Connection, text

from geo.actions.administration import administers, code_from, named
from geo.actions.audit import audit
from geo.errors import NotFound, WatchError
from geo.ingest.text import ascii_digits, clean
from geo.model.person import Person
from geo.model.reference import CRIME_COLOURS

__all__ = ["LAST", "NOT_SURE", "CrimeTypeEntry", "put_crime_type"]

NOT_SURE = "suspicious_activity"
"""What a report is kept as whose sender does not know: it cannot be retired."""
LAST = 9_999
_COLUMNS = "name_th, name_en, name_lo, name_km, iccs_code, colour, is_crime, sort, is_public, active"
_VALUES = ", ".join(f":{name}" for name in _COLUMNS.split(", "))


@dataclass(frozen=True, slots=True)
class CrimeTypeEntry:
    """What an administrator says of a kind of crime; as in `geo.model.CrimeType`."""

    name_th: str
    name_en: str
    name_lo: str | None = None
    name_km: str | None = None
    iccs_code: str | None = None
    colour: str | None = None
    is_crime: bool = True
    sort: int = 100
    is_public: bool = True
    active: bool = True


def put_crime_type(connection: Connection, code: str | None, entry: CrimeTypeEntry, by: Person | None = None) -> str:
    """Write a kind of crime, a new one where ``code`` is nothing; its code. What is retired gives its colour back.

    Raises
    ------
    geo.errors.WatchError
        ``crime_type.needs_names``, ``admin.name_long``, ``crime_type.iccs``, ``crime_type.sort``, ``crime_type.colour``,
        ``crime_type.colour_taken`` with ``types``: the eight colours are each one type's; ``crime_type.needed``: reports
        whose sender is not sure need it; ``crime_type.unknown``; ``people.not_administrator``.
    """
    administers(connection, by)
    connection.execute(text("lock table crime_type in share row exclusive mode"))  # a colour is one type's
    known = {row.code: row for row in connection.execute(text("select code, colour from crime_type"))}
    if code is not None and code not in known:
        raise NotFound("crime_type.unknown", type=code)
    entry = _checked(entry)
    if code == NOT_SURE and not entry.active:
        raise WatchError("crime_type.needed")
    holder = next((row.code for row in known.values() if entry.colour and row.colour == entry.colour), None)
    if holder not in (None, code):
        raise WatchError("crime_type.colour_taken", type=holder)
    number = code or code_from(entry.name_en, known, "type")
    if code is None:
        statement = f"insert into crime_type (code, {_COLUMNS}) values (:code, {_VALUES})"
    else:
        statement = f"update crime_type set ({_COLUMNS}) = ({_VALUES}) where code = :code"
    connection.execute(text(statement), asdict(entry) | {"code": number})
    audit(
        connection, "crime_type.put", f"crime_type:{number}", new=code is None, colour=entry.colour,
        public=entry.is_public, active=entry.active,
    )  # fmt: skip
    return number


def _checked(entry: CrimeTypeEntry) -> CrimeTypeEntry:
    iccs = ascii_digits(clean(entry.iccs_code or ""))
    if iccs and not re.fullmatch(r"\d{2,8}", iccs):
        raise WatchError("crime_type.iccs")
    if not 0 <= entry.sort <= LAST:
        raise WatchError("crime_type.sort", most=LAST)
    colour = (entry.colour or None) if entry.active else None
    if colour is not None and colour not in CRIME_COLOURS:
        raise WatchError("crime_type.colour")
    return replace(
        entry,
        name_th=named(entry.name_th, "crime_type.needs_names"),
        name_en=named(entry.name_en, "crime_type.needs_names"),
        name_lo=_if_said(entry.name_lo),
        name_km=_if_said(entry.name_km),
        iccs_code=iccs or None,
        colour=colour,
        is_public=entry.is_public and entry.active,
    )


def _if_said(name: str | None) -> str | None:
    return named(name, "crime_type.needs_names") if name and clean(name) else None
