"""The joint log: messages and missions with agencies and with offices across the border, on a case or on a district."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, text

from geo.actions.case_history import StepRefused, audit, needed, record, written
from geo.actions.case_steps import hold, own_rows
from geo.model.case import Event
from geo.queries.pairs import pair as read_pair

__all__ = ["LogKind", "add_log_entry"]


class LogKind(StrEnum):
    """What was exchanged or done together."""

    MESSAGE_SENT = "message_sent"
    MESSAGE_RECEIVED = "message_received"
    CALL = "call"
    MEETING = "meeting"
    MISSION = "mission"


def add_log_entry(
    connection: Connection,
    who: int,
    district: str,
    kind: LogKind,
    said: str,
    *,
    at: datetime | None = None,
    agency: str | None = None,
    counterpart: str | None = None,
    public_id: str | None = None,
    pair: int | None = None,
) -> int:
    """Write an entry; its number. Entries are not changed: a correction is another entry.

    Parameters
    ----------
    at
        Aware moment, not in the future; now by default.
    agency, counterpart
        Code of the agency, or the office across the border in words; one of them is needed.
    public_id
        The case, if it is about one; the entry then stands in that case's district.
    pair
        Number of the pair with whose counterpart it was; the entry stands in its district, and it need not be named again.

    Raises
    ------
    StepRefused
        ``log.needs_partner``, ``log.needs_text``, ``log.in_future``, ``log.unknown_agency``, ``case.not_yours``.
    NotFound
        ``pair.not_found``.
    """
    office = written(counterpart)
    if pair is not None:
        with_whom = read_pair(connection, pair)
        district, office = with_whom.district_code, office or with_whom.words.name_th or with_whom.words.name_en
    if agency is None and office is None:
        raise StepRefused("log.needs_partner")
    words = needed(said, "log.needs_text")
    known, now = connection.execute(
        text("select cast(:a as text) is null or exists (select from agency where code = :a), now()"), {"a": agency}
    ).one()
    if not known:
        raise StepRefused("log.unknown_agency")
    if at is not None and at > now:
        raise StepRefused("log.in_future")
    case = hold(connection, public_id) if public_id else None
    with own_rows():
        entry = connection.execute(
            text(
                "insert into log_entry (incident_id, district_code, at, kind, agency, counterpart, said, person_id, pair_id)"
                " values (:case, :district, :at, :kind, :agency, :office, :said, :who, :pair) returning id"
            ),
            {
                "case": case and case.id,
                "district": (case and case.district) or district,
                "at": at or now,
                "kind": kind.value,
                "agency": agency,
                "office": office,
                "said": words,
                "who": who,
                "pair": pair,
            },
        ).scalar_one()
    if case:
        record(connection, who, case.id, Event.LOGGED, entry=entry)
    connection.execute(text("select pg_notify('watch_office', 'log_entry')"))
    subject = f"incident:{case.public_id}" if case else f"district:{district}"
    audit(connection, "log.add", subject, entry=entry, kind=kind.value)
    return int(entry)
