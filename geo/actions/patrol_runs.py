"""Plan runs of a route, once or again and again, and move one from state to state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from geo.actions.case_history import StepRefused, audit
from geo.actions.case_steps import own_rows
from geo.crs import TIMEZONE
from geo.errors import NotFound
from geo.ingest.text import clean
from geo.model.patrol import (
    FOLLOWS,
    LONGEST_CONTACT,
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_RUNS,
    PLANS,
    PatrolStatus,
    RunPlan,
)
from geo.model.person import Person

__all__ = ["LONGEST_MINUTES", "cancel_series", "move_run", "plan_runs", "starts"]

LONGEST_MINUTES = 3 * 24 * 60
FARTHEST = timedelta(days=366)
"""Nobody plans a patrol for later than in a year."""
BUDDHIST_ERA = 543


def starts(plan: RunPlan) -> list[datetime]:
    """When the runs of a plan begin, in their order: the first, then those of the days that repeat it, each once."""
    found = {plan.start}
    if plan.repeat is not None:
        zone = ZoneInfo(TIMEZONE)
        first = plan.start.astimezone(zone).date()
        for ahead in range((plan.repeat.until - first).days + 1):
            day = first + timedelta(days=ahead)
            if day.weekday() in plan.repeat.weekdays:
                found |= {datetime.combine(day, at, zone) for at in plan.repeat.times}
    return sorted(at for at in found if at >= plan.start)


def plan_runs(connection: Connection, person: Person, plan: RunPlan, now: datetime) -> list[str]:
    """Keep the runs of a plan, in the caller's transaction with the person's rights; their codes.

    Raises
    ------
    NotFound
        ``route.not_found``: there is none, or it is another district's.
    StepRefused
        ``patrol.not_allowed``, ``patrol.route_retired``, ``patrol.minutes``, ``patrol.past``, ``patrol.too_far``,
        ``patrol.many_runs``, ``patrol.words_long``, ``case.not_yours``.
    """
    if person.role not in PLANS:
        raise StepRefused("patrol.not_allowed")
    unit, contact, note = clean(plan.unit), clean(plan.contact), clean(plan.note, lines=True)
    if len(unit) > LONGEST_NAME or len(contact) > LONGEST_CONTACT or len(note) > LONGEST_NOTE:
        raise StepRefused("patrol.words_long", name=LONGEST_NAME, note=LONGEST_NOTE)
    if not 0 < plan.minutes <= LONGEST_MINUTES:
        raise StepRefused("patrol.minutes", most=LONGEST_MINUTES // 60)
    if plan.start < now - timedelta(hours=1):
        raise StepRefused("patrol.past")
    last = plan.start.date() if plan.repeat is None else plan.repeat.until
    if last > (now + FARTHEST).date():
        raise StepRefused("patrol.too_far", days=FARTHEST.days)
    moments = starts(plan)
    if len(moments) > MOST_RUNS:
        raise StepRefused("patrol.many_runs", n=len(moments), most=MOST_RUNS)
    route = connection.execute(
        text("select id, active from patrol_route where code = :code"), {"code": plan.route}
    ).first()
    if route is None:
        raise NotFound("route.not_found", reference=plan.route)
    if not route.active:
        raise StepRefused("patrol.route_retired", route=plan.route)
    codes = _kept(connection, person, plan, int(route.id), moments, (unit, contact, note))
    audit(connection, "patrol.plan", f"route:{plan.route}", runs=len(codes))
    return codes


def _kept(
    connection: Connection,
    person: Person,
    plan: RunPlan,
    route: int,
    moments: Sequence[datetime],
    words: tuple[str, str, str],
) -> list[str]:
    zone = ZoneInfo(TIMEZONE)
    with own_rows():
        rows = connection.execute(
            text(
                "with n as (select t, y, nextval(pg_get_serial_sequence('patrol', 'id')) as id"
                "  from unnest(cast(:starts as timestamptz[]), cast(:years as text[])) as s (t, y))"
                " insert into patrol (id, code, route_id, agency, unit, contact, note, status, scheduled_start,"
                " scheduled_end, series, made_by, is_demo) overriding system value select id, 'PT' || y || '-' ||"
                " lpad(id::text, 6, '0'), :route, :agency, :unit, :contact, :note, 'scheduled', t,"
                " t + make_interval(mins => :minutes), cast(:series as uuid), :who, :demo from n returning code"
            ),
            {
                "starts": list(moments), "years": [f"{(at.astimezone(zone).year + BUDDHIST_ERA) % 100:02}" for at in moments],
                "route": route, "agency": plan.agency, "unit": words[0] or None, "contact": words[1] or None,
                "note": words[2] or None, "minutes": plan.minutes, "series": str(uuid4()) if len(moments) > 1 else None,
                "who": person.id, "demo": person.is_demo,
            },
        )  # fmt: skip
        return [str(code) for code in rows.scalars()]


def move_run(
    connection: Connection, person: Person, code: str, to: PatrolStatus, *, at: datetime, reason: str = ""
) -> None:
    """Move a run to its next state, in the caller's transaction with the person's rights.

    Parameters
    ----------
    at
        Aware moment at which it set out or came back, where that is the step.
    reason
        Needed for calling it off.

    Raises
    ------
    NotFound
        ``patrol.not_found``.
    StepRefused
        ``patrol.not_allowed``, ``patrol.moved`` (somebody was quicker, or the step does not follow),
        ``patrol.no_reason``, ``patrol.words_long``, ``patrol.ends_first``, ``case.not_yours``.
    """
    if person.role not in PLANS:
        raise StepRefused("patrol.not_allowed")
    words = clean(reason, lines=True)
    if to is PatrolStatus.CANCELLED and not words:
        raise StepRefused("patrol.no_reason")
    if len(words) > LONGEST_NOTE:
        raise StepRefused("patrol.words_long", name=LONGEST_NAME, note=LONGEST_NOTE)
    row = connection.execute(text("select status, started_at from patrol where code = :code"), {"code": code}).first()
    if row is None:
        raise NotFound("patrol.not_found", reference=code)
    before = PatrolStatus(row.status)
    if to not in FOLLOWS[before]:
        raise StepRefused("patrol.moved", reference=code)
    if to is PatrolStatus.DONE and row.started_at is not None and at < row.started_at:
        raise StepRefused("patrol.ends_first")
    with own_rows():
        moved = connection.execute(
            text(
                "update patrol set status = :to, reason = :reason,"
                " started_at = case when :to in ('active', 'done') then coalesce(started_at, :at) else started_at end,"
                " ended_at = case when :to = 'done' then :at else ended_at end"
                " where code = :code and status = :before"
            ),
            {"to": str(to), "reason": words or None, "at": at, "code": code, "before": str(before)},
        ).rowcount
    if not moved:
        now = connection.execute(text("select status from patrol where code = :code"), {"code": code}).scalar_one()
        raise StepRefused("case.not_yours") if now == before else StepRefused("patrol.moved", reference=code)
    audit(connection, "patrol.move", f"patrol:{code}", before=str(before), to=str(to))


def cancel_series(connection: Connection, person: Person, code: str, *, reason: str) -> int:
    """Call off a run and those planned with it that have not set out; how many that were.

    Raises
    ------
    NotFound, StepRefused
        As `move_run`.
    """
    if person.role not in PLANS:
        raise StepRefused("patrol.not_allowed")
    words = clean(reason, lines=True)
    if not words:
        raise StepRefused("patrol.no_reason")
    if connection.execute(text("select 1 from patrol where code = :code"), {"code": code}).first() is None:
        raise NotFound("patrol.not_found", reference=code)
    with own_rows():
        moved = connection.execute(
            text(
                "update patrol p set status = 'cancelled', reason = :reason from patrol of where of.code = :code"
                " and p.status in ('scheduled', 'ready', 'start_overdue') and p.started_at is null"
                " and (p.id = of.id or p.series = of.series and p.scheduled_start >= of.scheduled_start)"
            ),
            {"code": code, "reason": words},
        ).rowcount
    if not moved:
        raise StepRefused("patrol.moved", reference=code)
    audit(connection, "patrol.move_all", f"patrol:{code}", runs=moved, to="cancelled")
    return int(moved)
