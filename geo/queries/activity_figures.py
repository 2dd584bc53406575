"""What activities add up to, and the indicators of districts in a quarter, from the same functions as meetings' sheets."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from geo.crs import TIMEZONE
from geo.model.activity import ActivityKind, AttendeeRole, Heads
from geo.model.activity_figures import ActivityTotals, Figure, Indicator, Target, target_of
from geo.model.meeting import MeetingFilter
from geo.queries.case_settings import targets as clock_targets
from geo.queries.meeting_material import case_figures, reporting

__all__ = ["activity_targets", "activity_totals", "indicators"]

_HELD = (
    "a.state = 'held' and a.first_day between :first and :last"
    " and (cast(:codes as text[]) is null or a.district_code = any(:codes))"
)


def activity_totals(connection: Connection, codes: tuple[str, ...] | None, since: date, until: date) -> ActivityTotals:
    """What was held from one day to another, both included, by the day on which it began. With the reader's rights.

    Parameters
    ----------
    codes
        Districts; nothing means all that the reader may see (then without villages trained, which are of named districts).
    """
    values = {"first": since, "last": until, "codes": None if codes is None else list(codes)}
    kinds = connection.execute(text(f"select a.kind, count(*) from activity a where {_HELD} group by 1"), values)
    by_kind = {ActivityKind(kind): int(n) for kind, n in kinds}
    roles = connection.execute(
        text(
            "select t.role, sum(t.men), sum(t.women), sum(t.unstated) from activity_attendance t"
            f" join activity a on a.id = t.activity_id where {_HELD} group by 1"
        ),
        values,
    )
    by_role = {AttendeeRole(role): Heads(int(men), int(women), int(unstated)) for role, men, women, unstated in roles}
    row = connection.execute(
        text(
            "select coalesce(sum(a.reach), 0) as reach, coalesce(sum(a.baht), 0)::float8 as baht,"
            " sum(a.score_before * a.scored) / nullif(sum(a.scored), 0) as before,"
            " sum(a.score_after * a.scored) / nullif(sum(a.scored), 0) as after, coalesce(sum(a.scored), 0) as scored,"
            " sum(a.satisfaction * a.answered) / nullif(sum(a.answered), 0) as stars, coalesce(sum(a.answered), 0) as answered"
            f" from activity a where {_HELD}"
        ),
        values,
    ).one()
    after = connection.execute(
        text(
            "select count(*), count(f.done_at) from activity_follow_up f join activity a on a.id = f.activity_id"
            f" where {_HELD}"
        ),
        values,
    ).one()
    places = _trained(connection, codes or (), until)
    return ActivityTotals(
        by_kind=by_kind,
        heads=Heads(*(sum(getattr(one, sex) for one in by_role.values()) for sex in ("men", "women", "unstated"))),
        by_role=by_role,
        reach=int(row.reach),
        baht=float(row.baht),
        score_before=row.before,
        score_after=row.after,
        scored=int(row.scored),
        satisfaction=row.stars,
        answered=int(row.answered),
        watched=sum(watched for watched, _ in places.values()),
        trained=sum(trained for _, trained in places.values()),
        follow_ups=int(after[0]),
        follow_ups_done=int(after[1]),
    )


def _trained(connection: Connection, codes: tuple[str, ...], until: date) -> dict[str, tuple[int, int]]:
    rows = connection.execute(
        text("select * from trained_places(cast(:codes as text[]), :until)"), {"codes": list(codes), "until": until}
    )
    return {code: (int(watched), int(trained)) for code, watched, trained in rows}


def activity_targets(connection: Connection) -> tuple[Target, ...]:
    """Everything that is aimed at, the latest first."""
    rows = connection.execute(
        text(
            "select indicator, district_code, since, value from activity_target"
            " order by since desc, indicator, district_code nulls first"
        )
    )
    return tuple(Target(Indicator(indicator), district, since, value) for indicator, district, since, value in rows)


def indicators(
    connection: Connection, codes: tuple[str, ...], first: date, last: date
) -> dict[str, dict[Indicator, Figure]]:
    """The indicators of districts in a quarter, beside what is aimed at; only of districts that the reader may count.

    Parameters
    ----------
    first, last
        Days of the quarter in Asia/Bangkok. Of one that goes on, what is known by now.
    """
    as_of = min(
        connection.execute(text("select now()")).scalar_one(),
        datetime.combine(last + timedelta(days=1), datetime.min.time(), ZoneInfo(TIMEZONE)),
    )
    aims = activity_targets(connection)
    rows = connection.execute(
        text(
            "select a.district_code, sum(t.men + t.women + t.unstated) from activity_attendance t"
            f" join activity a on a.id = t.activity_id where {_HELD} group by 1"
        ),
        {"first": first, "last": last, "codes": list(codes)},
    )
    came = {str(code): int(n) for code, n in rows}
    heard = reporting(connection, codes, as_of, (first, last))
    cases = case_figures(
        connection,
        MeetingFilter(first, last, verified_only=False),
        codes,
        as_of,
        clock_targets(connection),
        (first, last),
    )
    found: dict[str, dict[Indicator, Figure]] = {}
    for code, (watched, trained) in _trained(connection, codes, last).items():
        told, case = heard.get(code), cases.get(code)
        known: dict[Indicator, tuple[float | None, int | None, int | None]] = {
            Indicator.TRAINED_VILLAGES: _share(trained, watched),
            Indicator.PEOPLE_REACHED: (float(came.get(code, 0)), came.get(code, 0), None),
            Indicator.PLACES_HEARD: _share(told.watched - told.silent, told.watched) if told else (None, None, None),
            Indicator.HOURS_TO_VERIFY: (case.median_hours, None, case.verified) if case else (None, None, None),
        }
        found[code] = {one: Figure(*three, target_of(aims, one, code, first)) for one, three in known.items()}
    return found


def _share(part: int, whole: int) -> tuple[float | None, int, int]:
    return (100.0 * part / whole if whole else None), part, whole
