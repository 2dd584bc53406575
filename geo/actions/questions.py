"""Ask the reporter, who reads it with the receipt code; and read the answers. Steps as in `geo.actions.cases`."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.actions.case_history import StepRefused, audit, needed, record
from geo.actions.case_steps import hold
from geo.errors import NotFound
from geo.model.case import Event

__all__ = ["MOST_OPEN", "ask_reporter", "read_answers"]

MOST_OPEN = 5
"""Questions without an answer on one report: more is no longer a question."""


def ask_reporter(connection: Connection, who: int, report: int, question: str, *, seen: int | None = None) -> int:
    """Put a question on the reporter's status page; its number.

    Raises
    ------
    NotFound
        ``case.report_not_found``.
    StepRefused
        ``case.no_receipt``: nobody could read it; ``case.questions_open``; ``case.needs_text``.
    """
    row = connection.execute(
        text(
            "select i.public_id, r.receipt_hash is not null as reachable from report r join incident i on i.id = r.incident_id"
            " where r.id = :report"
        ),
        {"report": report},
    ).first()
    if row is None:
        raise NotFound("case.report_not_found", public_id=str(report))
    case = hold(connection, row.public_id, seen=seen)
    if not row.reachable:
        raise StepRefused("case.no_receipt")
    waiting = connection.execute(
        text("select count(*) from report_question where report_id = :report and answered_at is null"),
        {"report": report},
    ).scalar_one()
    if waiting >= MOST_OPEN:
        raise StepRefused("case.questions_open", most=MOST_OPEN)
    asked = connection.execute(
        text(
            "insert into report_question (report_id, asked_by, question) values (:report, :who, :question) returning id"
        ),
        {"report": report, "who": who, "question": needed(question, "case.needs_text")},
    ).scalar_one()
    record(connection, who, case.id, Event.ASKED, report=report, question=asked)
    audit(connection, "report.ask", f"incident:{case.public_id}", report=report, question=asked)
    return int(asked)


def read_answers(connection: Connection, who: int, public_id: str) -> int:
    """Mark the answers to a case's questions as read, so that they no longer call for somebody; how many were unread."""
    case = hold(connection, public_id)
    read = connection.execute(
        text(
            "update report_question q set read_at = now() from report r where r.id = q.report_id and r.incident_id = :case"
            " and q.answered_at is not null and q.read_at is null"
        ),
        {"case": case.id},
    ).rowcount
    if read:
        audit(connection, "report.read_answers", f"incident:{case.public_id}", answers=read)
    return int(read)
