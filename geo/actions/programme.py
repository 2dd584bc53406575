"""What the department says of the border: districts that its operation targets, their people, undetermined stretches."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.actions.administration import LONGEST_NAME, administers
from geo.actions.audit import audit
from geo.actions.boundaries import mark_section
from geo.errors import NotFound, WatchError
from geo.ingest.text import clean
from geo.model.person import Person

__all__ = ["LONGEST_SOURCE", "MOST_PEOPLE", "TARGETS", "put_population", "put_section", "put_target"]

TARGETS = ("named", "likely", "unknown", "no")
"""How sure it is that a district is one of the operation's."""
LONGEST_SOURCE = 5 * LONGEST_NAME
MOST_PEOPLE = 10_000_000
"""More do not live in a district."""


def put_target(
    connection: Connection, district: str, target: str, source: str | None = None, by: Person | None = None
) -> None:
    """Say whether the operation targets a border district, and where that is written.

    Raises
    ------
    geo.errors.WatchError
        ``programme.target``: none of `TARGETS`; ``programme.district``: no border district; ``admin.name_long``;
        ``people.not_administrator``.
    """
    administers(connection, by)
    if target not in TARGETS:
        raise WatchError("programme.target")
    said = _short(source) or None
    _of_border_district(connection, district, "target = :value, target_source = :source", target, source=said)
    audit(connection, "district.target", f"area:{district}", target=target)


def put_population(connection: Connection, district: str, population: int | None, by: Person | None = None) -> None:
    """Say how many people live in a border district, for rates; nothing where it is not known.

    Raises
    ------
    geo.errors.WatchError
        ``programme.population``: not between 1 and `MOST_PEOPLE`; ``programme.district``: no border district;
        ``people.not_administrator``.
    """
    administers(connection, by)
    if population is not None and not 1 <= population <= MOST_PEOPLE:
        raise WatchError("programme.population", most=MOST_PEOPLE)
    _of_border_district(connection, district, "population = :value", population)
    audit(connection, "district.population", f"area:{district}", population=population)


def put_section(
    connection: Connection, code: str, undetermined: bool, note: str | None = None, by: Person | None = None
) -> None:
    """Mark a border section as undetermined, drawn dashed with no side taken, or as agreed; with a note where there is one.

    Raises
    ------
    geo.errors.WatchError
        ``section.unknown``, ``admin.name_long``, ``people.not_administrator``.
    """
    administers(connection, by)
    mark_section(connection, code, undetermined, _short(note))
    audit(connection, "section.mark", f"section:{code}", undetermined=undetermined)


def _of_border_district(connection: Connection, district: str, changed: str, value: object, **more: object) -> None:
    where = "code = :code and level = 'district' and country = 'TH' and is_border"
    found = connection.execute(
        text(f"update area set {changed}, updated_at = now() where {where}"), {"code": district, "value": value} | more
    )
    if not found.rowcount:
        raise NotFound("programme.district", place=district)


def _short(said: str | None) -> str:
    text_ = clean(said or "")
    if len(text_) > LONGEST_SOURCE:
        raise WatchError("admin.name_long", most=LONGEST_SOURCE)
    return text_
