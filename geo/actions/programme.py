"""What the department says of the border: which districts its operation targets, and which stretches are undetermined."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.actions.administration import LONGEST_NAME, administers
from geo.actions.audit import audit
from geo.actions.boundaries import mark_section
from geo.errors import NotFound, WatchError
from geo.ingest.text import clean
from geo.model.person import Person

__all__ = ["LONGEST_SOURCE", "TARGETS", "put_section", "put_target"]

TARGETS = ("named", "likely", "unknown", "no")
"""How sure it is that a district is one of the operation's."""
LONGEST_SOURCE = 5 * LONGEST_NAME


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
    changed = connection.execute(
        text(
            "update area set target = :target, target_source = nullif(:source, ''), updated_at = now()"
            " where code = :code and level = 'district' and country = 'TH' and is_border"
        ),
        {"code": district, "target": target, "source": _short(source)},
    ).rowcount
    if not changed:
        raise NotFound("programme.district", place=district)
    audit(connection, "district.target", f"area:{district}", target=target)


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


def _short(said: str | None) -> str:
    text_ = clean(said or "")
    if len(text_) > LONGEST_SOURCE:
        raise WatchError("admin.name_long", most=LONGEST_SOURCE)
    return text_
