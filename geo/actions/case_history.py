"""Write what happens to a case into its history and the audit log; refuse in words what cannot be written."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection, text

from geo.errors import WatchError
from geo.ingest.text import clean
from geo.model import Status
from geo.model.case import Event

__all__ = ["StepRefused", "append", "audit", "needed", "record", "written"]

LONGEST = 10_000
"""Characters of a note: far more than anybody writes, far less than what would choke a page."""


class StepRefused(WatchError):
    """The case is not in a state for this step, or this person may not take it; nothing was changed."""


_EVENT = (
    "insert into case_event (incident_id, person_id, kind, from_status, to_status, note, detail)"
    " values (:case, :who, :kind, :now, :then, :note, cast(:detail as jsonb))"
)


def record(
    connection: Connection,
    who: int | None,
    case: int,
    kind: Event,
    *,
    now: Status | None = None,
    then: Status | None = None,
    note: str | None = None,
    **detail: object,
) -> int:
    """Write one event into the history of a case; its number. Those whom it concerns are told by the database."""
    values = _event(who, case, kind, detail) | {"now": now and now.value, "then": then and then.value, "note": note}
    return int(connection.execute(text(f"{_EVENT} returning id"), values).scalar_one())


def append(connection: Connection, who: int | None, case: int, kind: Event, detail: Mapping[str, object]) -> None:
    """The same for those who may add to the history but not read it: agencies."""
    connection.execute(
        text(
            "insert into case_event (incident_id, person_id, kind, detail)"
            " values (:case, :who, :kind, cast(:detail as jsonb))"
        ),
        _event(who, case, kind, detail),
    )


def _event(who: int | None, case: int, kind: Event, detail: Mapping[str, object]) -> dict[str, object]:
    known = {key: value for key, value in detail.items() if value is not None}
    return {
        "case": case,
        "who": who,
        "kind": kind.value,
        "detail": json.dumps(known, ensure_ascii=False, default=str),
    }


def audit(connection: Connection, action: str, subject: str, **detail: object) -> None:
    """Append to the audit log; the last statement of its transaction. Codes and numbers only, no names, no text."""
    connection.execute(
        text("select audit(:action, :subject, cast(:detail as jsonb))"),
        {"action": action, "subject": subject, "detail": json.dumps(detail, default=str)},
    )


def written(said: str | None) -> str | None:
    """Text as it is kept: clean, with its line breaks; nothing where nothing was said.

    Raises
    ------
    StepRefused
        ``case.text_too_long``.
    """
    kept = clean(said or "", lines=True)
    if len(kept) > LONGEST:
        raise StepRefused("case.text_too_long", limit=LONGEST)
    return kept or None


def needed(said: str | None, code: str) -> str:
    """The same where something must be said; refused with ``code`` where it is not."""
    kept = written(said)
    if kept is None:
        raise StepRefused(code)
    return kept
