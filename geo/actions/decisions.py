"""What a meeting decides: write it down, change it, and say how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.actions.case_history import StepRefused
from geo.actions.case_steps import own_rows
from geo.errors import NotFound
from geo.ingest.text import clean
from geo.model.meeting import LONGEST_WORDS, PREPARES, DecisionState, MeetingState
from geo.model.person import Person

__all__ = ["NewDecision", "change_decision", "decide", "end_decision"]

OFF_M = 2000
"""Metres that a place may lie off its district: the far bank of the river, and boundaries that are simplified."""


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision as it is typed.

    Attributes
    ----------
    words
        Text of a person.
    owner_id, agency
        Who does it, one of the two: a person with an account, or the code of an agency.
    lon, lat
        Degrees, WGS 84; or both nothing.
    area_code
        A sub-district or village of the district, in place of a point.
    checkpoint
        Code of the planned checkpoint that it is about.
    plan
        Number of the plan of checkpoints that it is about.
    client_id
        Made by the screen: the same decision sent again is the same decision.
    """

    district: str
    words: str
    due: date
    owner_id: int | None = None
    agency: str | None = None
    lon: float | None = None
    lat: float | None = None
    area_code: str | None = None
    checkpoint: str | None = None
    plan: int | None = None
    client_id: UUID | None = None


def decide(connection: Connection, person: Person, meeting: int, new: NewDecision) -> int:
    """Write a decision down; its number. The owner is told, unless it is who decides.

    One that was sent before, by the same person to the same meeting, is changed where it differs: the answer was lost.
    Decisions can be written as long as the meeting is not held.

    Raises
    ------
    NotFound
        ``meeting.not_found``.
    StepRefused
        ``meeting.not_allowed``, ``meeting.held``, ``decision.…``: ``not_in_meeting``, ``no_words``, ``long_words``,
        ``needs_owner``, ``one_owner``, ``unknown_owner``, ``unknown_agency``, ``due_past``, ``half_place``, ``one_place``,
        ``elsewhere``, ``unknown_area``, ``unknown_checkpoint``, ``unknown_plan``, ``sent_elsewhere``; ``case.not_yours``.
    """
    if person.role not in PREPARES:
        raise StepRefused("meeting.not_allowed")
    row = connection.execute(text("select state, districts from meeting where id = :id"), {"id": meeting}).first()
    if row is None:
        raise NotFound("meeting.not_found", number=meeting)
    if row.state == MeetingState.HELD:
        raise StepRefused("meeting.held")
    if new.district not in row.districts:
        raise StepRefused("decision.not_in_meeting")
    values = _checked(connection, new)
    with own_rows():
        number = connection.execute(
            text(
                "insert into decision (meeting_id, district_code, words, owner_id, agency, due, geom, area_code,"
                " checkpoint_id, plan_id, decided_by, is_demo, client_id) values (:meeting, :district, :words, :owner,"
                " :agency, :due, st_setsrid(st_makepoint(:lon, :lat), 4326), :area, :checkpoint, :plan, :by, :demo, :client)"
                " on conflict (client_id) do nothing returning id"
            ),
            values | {"meeting": meeting, "by": person.id, "demo": person.is_demo, "client": new.client_id},
        ).scalar()
    if number is None:
        return _again(connection, person, meeting, new, values)
    audit(
        connection, "decision.decide", f"decision:{number}", meeting=meeting, district=new.district, owner=new.owner_id,
        agency=new.agency, due=str(new.due),
    )  # fmt: skip
    return int(number)


def _again(connection: Connection, person: Person, meeting: int, new: NewDecision, values: dict[str, Any]) -> int:
    """The number of a decision that is there already, as it is typed now."""
    number = connection.execute(
        text("select id from decision where client_id = :client and meeting_id = :meeting and decided_by = :by"),
        {"client": new.client_id, "meeting": meeting, "by": person.id},
    ).scalar()
    if number is None:
        raise StepRefused("decision.sent_elsewhere")
    kept = _open(connection, number)
    before = {
        "district": kept.district_code,
        "words": kept.words,
        "owner": kept.owner_id,
        "agency": kept.agency,
        "due": kept.due,
        "lon": kept.lon,
        "lat": kept.lat,
        "area": kept.area_code,
        "checkpoint": kept.checkpoint_id,
        "plan": kept.plan_id,
    }
    if before != values:
        change_decision(connection, person, int(number), new)
    return int(number)


def change_decision(connection: Connection, person: Person, decision: int, new: NewDecision) -> None:
    """Change what is open: who does it and until when; its words and place only until the meeting is held.

    Raises
    ------
    NotFound
        ``decision.not_found``.
    StepRefused
        As `decide`; ``decision.ended``, ``decision.words_stand``, ``decision.other_district``.
    """
    if person.role not in PREPARES:
        raise StepRefused("meeting.not_allowed")
    kept = _open(connection, decision)
    if new.district != kept.district_code:
        raise StepRefused("decision.other_district")
    values = _checked(connection, new, due_before=kept.due)
    now = {
        "words": kept.words,
        "lon": kept.lon,
        "lat": kept.lat,
        "area": kept.area_code,
        "checkpoint": kept.checkpoint_id,
        "plan": kept.plan_id,
    }
    if kept.meeting_state == MeetingState.HELD and any(values[name] != value for name, value in now.items()):
        raise StepRefused("decision.words_stand")
    _update(
        connection,
        decision,
        "words = :words, owner_id = :owner, agency = :agency, due = :due, area_code = :area, checkpoint_id = :checkpoint,"
        " plan_id = :plan,"
        " geom = st_setsrid(st_makepoint(:lon, :lat), 4326)",
        values,
    )
    audit(
        connection, "decision.change", f"decision:{decision}", owner=new.owner_id, agency=new.agency, due=str(new.due),
        words=values["words"] != kept.words,
    )  # fmt: skip


def end_decision(
    connection: Connection, person: Person, decision: int, state: DecisionState, reason: str | None = None
) -> None:
    """Say that it was done, or dropped and why. Who decides may, and whose task it is.

    Raises
    ------
    NotFound
        ``decision.not_found``.
    StepRefused
        ``decision.ended``, ``decision.needs_reason``, ``decision.long_words``, ``case.not_yours``.
    """
    kept = _open(connection, decision)
    if person.role not in PREPARES and kept.owner_id != person.id:
        raise StepRefused("case.not_yours")
    said = clean(reason or "", lines=True).strip() or None
    if state is DecisionState.OPEN:
        raise ValueError("an end is done or dropped")
    if state is DecisionState.DROPPED and said is None:
        raise StepRefused("decision.needs_reason")
    if said is not None and len(said) > LONGEST_WORDS:
        raise StepRefused("decision.long_words", most=LONGEST_WORDS)
    _update(
        connection,
        decision,
        "state = :state, reason = :reason, ended_by = :by, ended_at = now()",
        {"state": str(state), "reason": said, "by": person.id},
    )
    audit(connection, f"decision.{state}", f"decision:{decision}", late=bool(kept.late))


def _open(connection: Connection, decision: int) -> Any:
    """The decision as it is now."""
    row = connection.execute(
        text(
            "select d.district_code, d.words, d.state, d.owner_id, d.agency, d.due, st_x(d.geom) as lon, st_y(d.geom) as lat,"
            " d.area_code, d.checkpoint_id, d.plan_id, m.state as meeting_state,"
            " d.due < timezone('Asia/Bangkok', now())::date as late"
            " from decision d join meeting m on m.id = d.meeting_id where d.id = :id"
        ),
        {"id": decision},
    ).first()
    if row is None:
        raise NotFound("decision.not_found", number=decision)
    if row.state != DecisionState.OPEN:
        raise StepRefused("decision.ended")
    return row


def _update(connection: Connection, decision: int, change: str, values: dict[str, Any]) -> None:
    with own_rows():
        changed = connection.execute(
            text(f"update decision set {change} where id = :id and state = 'open'"), values | {"id": decision}
        ).rowcount
    if not changed:
        state = connection.execute(text("select state from decision where id = :id"), {"id": decision}).scalar()
        raise StepRefused("case.not_yours" if state == DecisionState.OPEN else "decision.ended")


def _checked(connection: Connection, new: NewDecision, due_before: date | None = None) -> dict[str, Any]:
    """Values of the columns, or the first thing that does not fit. A day that has passed is kept, not set."""
    words = clean(new.words, lines=True).strip()
    if not words:
        raise StepRefused("decision.no_words")
    if len(words) > LONGEST_WORDS:
        raise StepRefused("decision.long_words", most=LONGEST_WORDS)
    if new.owner_id is None and new.agency is None:
        raise StepRefused("decision.needs_owner")
    if new.owner_id is not None and new.agency is not None:
        raise StepRefused("decision.one_owner")
    if (new.lon is None) != (new.lat is None):
        raise StepRefused("decision.half_place")
    if new.lon is not None and new.area_code is not None:
        raise StepRefused("decision.one_place")
    known = connection.execute(
        text(
            "select timezone('Asia/Bangkok', now())::date as today,"
            " exists (select from person where id = :owner and active) as owner,"
            " exists (select from agency where code = :agency and active) as agency,"
            " exists (select from area where code = :area and left(code, 4) = :district"
            "  and level in ('subdistrict', 'village')) as area,"
            " (select id from checkpoint where code = :checkpoint and district_code = :district) as checkpoint,"
            " (select id from plan where id = :plan and :district = any (districts)) as plan,"
            " exists (select from area where code = :district and (geom is null or st_dwithin(geom::geography,"
            "  st_setsrid(st_makepoint(:lon, :lat), 4326)::geography, :off))) as here"
        ),
        {
            "owner": new.owner_id,
            "agency": new.agency,
            "area": new.area_code,
            "district": new.district,
            "checkpoint": new.checkpoint,
            "plan": new.plan,
            "lon": new.lon,
            "lat": new.lat,
            "off": OFF_M,
        },
    ).one()
    for refused, why in (
        (new.owner_id is not None and not known.owner, "decision.unknown_owner"),
        (new.agency is not None and not known.agency, "decision.unknown_agency"),
        (new.due < known.today and new.due != due_before, "decision.due_past"),
        (new.area_code is not None and not known.area, "decision.unknown_area"),
        (new.checkpoint is not None and known.checkpoint is None, "decision.unknown_checkpoint"),
        (new.plan is not None and known.plan is None, "decision.unknown_plan"),
        (new.lon is not None and not known.here, "decision.elsewhere"),
    ):
        if refused:
            raise StepRefused(why)
    return {
        "district": new.district,
        "words": words,
        "owner": new.owner_id,
        "agency": new.agency,
        "due": new.due,
        "lon": new.lon,
        "lat": new.lat,
        "area": new.area_code,
        "checkpoint": known.checkpoint,
        "plan": known.plan,
    }
