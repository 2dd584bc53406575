"""Send a case to an agency or take it back, and what the agency does with it: accept, return, let lapse, report the outcome.

The steps of the district are as in `geo.actions.cases`. Those of the agency are taken by its own people (role ``agency``),
or written down by the district for an agency without accounts, from its signed paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from geo.actions.case_history import StepRefused, append, audit, needed, record, written
from geo.actions.case_steps import hold, move, own_rows
from geo.errors import NotFound
from geo.model import Status
from geo.model.case import Event, Outcome
from geo.model.clock import ClockName
from geo.queries.case_settings import targets

__all__ = ["accept", "give_back", "lapse_overdue", "look", "refer", "report_outcome", "withdraw"]


@dataclass(frozen=True, slots=True)
class _Sent:
    id: int
    case: int
    public_id: str
    agency: str
    state: str
    sent_by: int


def refer(
    connection: Connection,
    who: int,
    public_id: str,
    agency: str,
    note: str | None = None,
    *,
    answer_due: datetime | None = None,
    seen: int | None = None,
) -> int:
    """Send a verified case to an agency, also one that others have already; the number of the referral.

    Raises
    ------
    StepRefused
        ``referral.unknown_agency``; ``referral.has_it_already``: this agency has not answered yet or works on it;
        ``referral.due_passed``; states as in `geo.actions.case_steps.move`.
    """
    case = hold(connection, public_id, seen=seen)
    move(connection, case, Status.REFERRED)
    if not connection.execute(
        text("select exists (select from agency where code = :a and active)"), {"a": agency}
    ).scalar():
        raise StepRefused("referral.unknown_agency")
    if connection.execute(
        text(
            "select exists (select from referral where incident_id = :case and agency = :a and state in ('sent', 'accepted'))"
        ),
        {"case": case.id, "a": agency},
    ).scalar():
        raise StepRefused("referral.has_it_already", public_id=case.public_id)
    now: datetime = connection.execute(text("select now()")).scalar_one()
    due = answer_due or now + targets(connection).span(ClockName.REFERRAL_ANSWER)
    if due <= now:
        raise StepRefused("referral.due_passed")
    said = written(note)
    made = connection.execute(
        text(
            "insert into referral (incident_id, agency, note, sent_by, answer_due)"
            " values (:case, :agency, :note, :who, :due) returning id"
        ),
        {"case": case.id, "agency": agency, "note": said, "who": who, "due": due},
    ).scalar_one()
    record(
        connection,
        who,
        case.id,
        Event.REFERRED,
        now=case.status,
        then=Status.REFERRED,
        note=said,
        referral=made,
        agency=agency,
    )
    audit(connection, "referral.send", f"incident:{case.public_id}", referral=made, agency=agency)
    return int(made)


def withdraw(
    connection: Connection, who: int, public_id: str, referral: int, reason: str, *, seen: int | None = None
) -> None:
    """Take back what was sent in error, before the agency accepted it: from now on it sees nothing of the case.

    Where no other agency was ever sent the case, it is verified again as it was before.

    Raises
    ------
    StepRefused
        ``referral.needs_reason``; ``referral.is_<state>``: it was answered meanwhile; as `geo.actions.case_steps.hold`.
    NotFound
        ``referral.not_found``: it is not one of this case.
    """
    case = hold(connection, public_id, seen=seen)
    sent = _answered(connection, referral, ["sent"])
    if sent.case != case.id:
        raise NotFound("referral.not_found")
    said = needed(reason, "referral.needs_reason")
    connection.execute(
        text("update referral set state = 'withdrawn', ended_by = :who, ended_at = now() where id = :id"),
        {"who": who, "id": sent.id},
    )
    others = connection.execute(
        text("select exists (select from referral where incident_id = :case and state <> 'withdrawn')"),
        {"case": case.id},
    ).scalar_one()
    then = case.status
    if not others and case.status is Status.REFERRED:
        then = Status.VERIFIED
        move(connection, case, then, of=[Status.REFERRED])
    changed = {"now": case.status, "then": then} if then is not case.status else {}
    record(
        connection,
        who,
        case.id,
        Event.REFERRAL_WITHDRAWN,
        note=said,
        referral=sent.id,
        agency=sent.agency,
        **changed,
    )
    audit(connection, "referral.withdraw", f"incident:{case.public_id}", referral=sent.id, agency=sent.agency)


def look(connection: Connection, referral: int, public_id: str) -> None:
    """Somebody reads what was referred, words and place of the reports too: it stands in the audit log."""
    audit(connection, "referral.open", f"incident:{public_id}", referral=referral)


def accept(
    connection: Connection,
    who: int,
    referral: int,
    *,
    on_paper: str | None = None,
    outcome_due: datetime | None = None,
) -> None:
    """The agency takes the case; from now on the clock of the outcome runs.

    Parameters
    ----------
    on_paper
        Who signed the acknowledgement, where the district writes it down (``referral.needs_signer``).
    outcome_due
        By default the administrator's target from now.
    """
    sent = _answered(connection, referral, ["sent"])
    signed = written(on_paper) if _is_agency(connection) else needed(on_paper, "referral.needs_signer")
    now: datetime = connection.execute(text("select now()")).scalar_one()
    due = outcome_due or now + targets(connection).span(ClockName.REFERRAL_OUTCOME)
    if due <= now:
        raise StepRefused("referral.due_passed")
    connection.execute(
        text(
            "update referral set state = 'accepted', accepted_by = :who, accepted_at = now(), accepted_name = :signed,"
            " outcome_due = :due where id = :id"
        ),
        {"who": who, "signed": signed, "due": due, "id": sent.id},
    )
    _tell(connection, who, sent, Event.REFERRAL_ACCEPTED)
    audit(connection, "referral.accept", f"incident:{sent.public_id}", referral=sent.id, paper=signed is not None)


def give_back(connection: Connection, who: int, referral: int, reason: str, *, on_paper: str | None = None) -> None:
    """The agency returns the case, accepted or not, with a reason (``referral.needs_reason``).

    Parameters
    ----------
    on_paper
        Who signed it, where the district writes it down.
    """
    sent = _answered(connection, referral, ["sent", "accepted"])
    connection.execute(
        text(
            "update referral set state = 'returned', return_reason = :reason, ended_by = :who, ended_at = now(),"
            " ended_name = :signed where id = :id"
        ),
        {
            "reason": needed(reason, "referral.needs_reason"),
            "who": who,
            "signed": written(on_paper),
            "id": sent.id,
        },
    )
    _tell(connection, who, sent, Event.REFERRAL_RETURNED)
    audit(connection, "referral.return", f"incident:{sent.public_id}", referral=sent.id)


def report_outcome(
    connection: Connection,
    who: int,
    referral: int,
    outcome: Outcome,
    note: str | None = None,
    *,
    on_paper: str | None = None,
) -> None:
    """The agency says what came of a case it had accepted; ``on_paper`` as in `give_back`."""
    sent = _answered(connection, referral, ["accepted"])
    connection.execute(
        text(
            "update referral set state = 'done', outcome = :outcome, outcome_note = :note, ended_by = :who, ended_at = now(),"
            " ended_name = :signed where id = :id"
        ),
        {
            "outcome": outcome.value,
            "note": written(note),
            "who": who,
            "signed": written(on_paper),
            "id": sent.id,
        },
    )
    _tell(connection, who, sent, Event.REFERRAL_DONE, outcome=outcome.value)
    audit(connection, "referral.outcome", f"incident:{sent.public_id}", referral=sent.id, outcome=outcome.value)


def lapse_overdue(connection: Connection) -> int:
    """Let lapse every referral that nobody answered in time: of one's districts, of all for the upkeep; how many.

    Nobody in person does it, and everybody concerned is told. Of two who do it at once the second leaves to the first what
    it holds. The last statement of its transaction, as it writes to the audit log.
    """
    with own_rows():
        return int(connection.execute(text("select referral_lapse()")).scalar_one())


def _answered(connection: Connection, referral: int, states: list[str]) -> _Sent:
    """Lock a referral that is in one of these states.

    Raises
    ------
    NotFound
        ``referral.not_found``.
    StepRefused
        ``referral.is_<state>``.
    """
    with own_rows():
        row = connection.execute(
            text(
                "select r.id, i.id, i.public_id, r.agency, r.state, r.sent_by from referral r"
                " join incident i on i.id = r.incident_id where r.id = :id for update of r"
            ),
            {"id": referral},
        ).first()
    if row is None:
        raise NotFound("referral.not_found")
    sent = _Sent(*row)
    if sent.state not in states:
        raise StepRefused(f"referral.is_{sent.state}", public_id=sent.public_id)
    return sent


def _is_agency(connection: Connection) -> bool:
    return bool(connection.execute(text("select watch_own_agency() is not null")).scalar())


def _tell(connection: Connection, who: int | None, sent: _Sent, kind: Event, **detail: object) -> None:
    # What is said stands in the referral; the history has codes, because agencies write it and do not read it.
    append(connection, who, sent.case, kind, {"referral": sent.id, "agency": sent.agency, "to": sent.sent_by} | detail)
