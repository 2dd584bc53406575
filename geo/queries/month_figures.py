"""The figures of a centre's month, by the same functions as the screens: map, meetings, patrols, cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from geo.crs import TIMEZONE
from geo.model import IncidentFilter, Scope
from geo.model.activity import ActivityKind
from geo.model.case import Outcome
from geo.model.clock import ClockName, Targets
from geo.model.incident import Channel, Status
from geo.model.meeting import MeetingFilter
from geo.model.meeting_material import CaseFigures, Reporting
from geo.model.month_report import FigureRow, Group, OpenDecision, last_day
from geo.queries.activity_figures import activity_totals
from geo.queries.case_settings import targets
from geo.queries.checkpoints import checkpoint_list
from geo.queries.figures import Figures, figures
from geo.queries.meeting_material import case_figures, reporting
from geo.queries.meetings import open_before
from geo.queries.patrol_runs import patrol_work

__all__ = ["GROUPS", "centre_counts", "month_figures", "open_decisions"]

REFERRED = ("sent", "accepted", "done", "returned", "waiting", "lapsed", "withdrawn")
OVERDUE_AFTER = timedelta(0)
"""A run that was to have started counts as not started from the next minute on: the month is over."""


def centre_counts(
    connection: Connection, districts: Sequence[str], first: date, last: date, as_of: datetime, spans: Targets
) -> dict[str, dict[str, float]]:
    """What centres did in a period, as it was known at a moment: by district, then by figure (``states.closed``, ``times.verify_n``).

    Only of districts that the reader may count.
    """
    rows = connection.execute(
        text(
            "select * from centre_figures(cast(:districts as text[]), :first, :last, :as_of, :verification, :closure)"
        ),
        {
            "districts": list(districts),
            "first": first,
            "last": last,
            "as_of": as_of,
            "verification": spans.span(ClockName.VERIFICATION),
            "closure": spans.span(ClockName.CLOSURE),
        },
    )
    found: dict[str, dict[str, float]] = {}
    for code, figure, value in rows:
        found.setdefault(code, {})[figure] = float(value)
    return found


@dataclass(frozen=True, eq=False)
class _Month:
    """What the groups are made of, each read once and only when a group asks for it."""

    connection: Connection
    scope: Scope
    district: str
    first: date
    as_of: datetime

    @cached_property
    def last(self) -> date:
        return last_day(self.first)

    @cached_property
    def spans(self) -> Targets:
        return targets(self.connection)

    def chosen(self, channels: tuple[str, ...] = ()) -> IncidentFilter:
        return IncidentFilter(self.first, self.last, districts=(self.district,), channels=channels)

    @cached_property
    def map(self) -> Figures:
        """As beside the live map."""
        return figures(self.connection, self.scope, self.chosen())

    @cached_property
    def counts(self) -> dict[str, float]:
        """Of the centre's own work."""
        found = centre_counts(self.connection, (self.district,), self.first, self.last, self.as_of, self.spans)
        return found.get(self.district, {})

    @cached_property
    def cases(self) -> CaseFigures:
        """As in a meeting."""
        chosen = MeetingFilter(self.first, self.last, verified_only=False)
        found = case_figures(self.connection, chosen, (self.district,), self.as_of, self.spans, (self.first, self.last))
        return found.get(self.district, CaseFigures())

    @cached_property
    def heard(self) -> Reporting:
        """As in a meeting."""
        found = reporting(self.connection, (self.district,), self.as_of, (self.first, self.last))
        return found.get(self.district, Reporting())

    @cached_property
    def patrols(self) -> dict[str, float]:
        """As on the page of patrols."""
        zone = ZoneInfo(TIMEZONE)
        begins = datetime.combine(self.first, time(), zone)
        ends = datetime.combine(self.last + timedelta(days=1), time(), zone) - timedelta(microseconds=1)
        work = patrol_work(self.connection, "district", begins, ends, self.as_of, OVERDUE_AFTER)
        mine = work[work.code == self.district]
        return {} if mine.empty else {str(name): float(value) for name, value in mine.iloc[0].drop("code").items()}


Rows = list[tuple[str, float | None]]


def _totals(month: _Month) -> Rows:
    return [
        ("incidents", month.map.total),
        ("verified", month.cases.verified),
        ("open", month.cases.open),
        ("overdue", month.cases.overdue),
    ]


def _types(month: _Month) -> Rows:
    return [(code, n) for code, n in month.map.by_type.items()]


def _channels(month: _Month) -> Rows:
    return [
        (str(channel), figures(month.connection, month.scope, month.chosen((str(channel),))).total)
        for channel in Channel
    ]


def _counted(month: _Month, group: Group, codes: Sequence[str]) -> Rows:
    return [(code, month.counts.get(f"{group}.{code}", 0)) for code in codes]


def _named(month: _Month, group: Group) -> Rows:
    """Codes of a group that occur, the largest first."""
    found = [(key.partition(".")[2], n) for key, n in month.counts.items() if key.startswith(f"{group}.")]
    return [(code, n) for code, n in sorted(found, key=lambda one: (-one[1], one[0]))]


def _times(month: _Month) -> Rows:
    found = month.counts
    return [
        (f"{what}_{of}", found.get(f"times.{what}_{of}", None if of == "hours" else 0))
        for what in ("verify", "close")
        for of in ("n", "hours", "in_time")
    ]


def _work(month: _Month) -> Rows:
    checks = _counted(month, Group.WORK, ("checks_asked", "checks_done"))
    points = checkpoint_list(month.connection, month.scope, month.last)
    standing = int(((points.district_code == month.district) & (points.status == "active")).sum())
    runs: Rows = [
        (name, round(month.patrols.get(name, 0), 1)) for name in ("planned", "made", "cancelled", "hours", "km")
    ]
    return [*checks, ("checkpoints", standing), *runs]


def _heard(month: _Month) -> Rows:
    return [("reported", month.heard.reported), ("silent", month.heard.silent), ("watched", month.heard.watched)]


def _activities(month: _Month) -> Rows:
    """As on the page of activities."""
    held = activity_totals(month.connection, (month.district,), month.first, month.last)
    kinds: Rows = [(str(kind), held.by_kind.get(kind, 0)) for kind in ActivityKind]
    people = held.heads
    return [
        *kinds,
        ("people", people.men + people.women + people.unstated),
        ("women", people.women),
        ("reach", held.reach),
        ("trained", held.trained),
        ("coordinators", held.watched),
        ("baht", held.baht),
    ]


def _decisions(month: _Month) -> Rows:
    open_ = open_decisions(month.connection, month.district, month.as_of)
    ended = month.connection.execute(
        text(
            "select count(*) filter (where state = 'done'), count(*) filter (where state = 'dropped') from decision"
            " where district_code = :code and (ended_at at time zone 'Asia/Bangkok')::date between :first and :last"
        ),
        {"code": month.district, "first": month.first, "last": month.last},
    ).one()
    return [
        ("open", len(open_)),
        ("late", sum(one.late for one in open_)),
        ("done", int(ended[0])),
        ("dropped", int(ended[1])),
    ]


GROUPS: dict[Group, Callable[[_Month], Rows]] = {
    Group.TOTALS: _totals,
    Group.TYPES: _types,
    Group.CHANNELS: _channels,
    Group.STATES: lambda month: _counted(month, Group.STATES, [str(one) for one in Status]),
    Group.PLACES: lambda month: _named(month, Group.PLACES),
    Group.TIMES: _times,
    Group.OUTCOMES: lambda month: _counted(month, Group.OUTCOMES, [str(one) for one in Outcome]),
    Group.REFERRALS: lambda month: _counted(month, Group.REFERRALS, REFERRED),
    Group.AGENCIES: lambda month: _named(month, Group.AGENCIES),
    Group.WORK: _work,
    Group.HEARD: _heard,
    Group.ACTIVITIES: _activities,
    Group.DECISIONS: _decisions,
}
"""Who counts each group. What is true at a moment (open cases, decisions, checkpoints) is told of that moment alone."""
OF_A_MOMENT = frozenset({"totals.open", "totals.overdue", "work.checkpoints", "decisions.open", "decisions.late"})


def month_figures(
    connection: Connection, scope: Scope, district: str, month: date, as_of: datetime
) -> tuple[FigureRow, ...]:
    """Every figure of a centre for a month, beside the month before it. With the reader's rights (`geo.db.scope.enter`).

    Parameters
    ----------
    month
        Its first day.
    as_of
        Aware moment: what was reported later is not counted among cases.
    """
    now = _Month(connection, scope, district, month, as_of)
    then = _Month(connection, scope, district, (month - timedelta(days=1)).replace(day=1), as_of)
    found: list[FigureRow] = []
    for group, count in GROUPS.items():
        before = dict(count(then))
        rows = count(now)
        rows += [(code, 0.0) for code, n in before.items() if n and code not in dict(rows)]
        names = _places(connection, [code for code, _ in rows]) if group is Group.PLACES else {}
        for code, value in rows:
            row = FigureRow(group, code, _float(value), _float(before.get(code, 0)), *names.get(code, (None, None)))
            found.append(replace(row, before=None) if row.key in OF_A_MOMENT else row)
    return tuple(found)


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def open_decisions(connection: Connection, district: str, as_of: datetime) -> tuple[OpenDecision, ...]:
    """Decisions about a district that are not done, the one that is due first before."""
    today = as_of.astimezone(ZoneInfo(TIMEZONE)).date()
    return tuple(
        OpenDecision(one.words, one.owner_name, one.agency, one.due, one.late(today))
        for one in open_before(connection, (district,))
    )


def _places(connection: Connection, codes: Sequence[str]) -> dict[str, tuple[str | None, str | None]]:
    rows = connection.execute(
        text("select code, name_th, name_en from area where code = any(:codes)"), {"codes": list(codes)}
    )
    return {code: (name_th, name_en) for code, name_th, name_en in rows}
