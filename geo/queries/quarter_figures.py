"""The figures of a quarter over all centres, by the same functions as their months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from geo.analysis.shares import change_of_counts, wilson
from geo.crs import TIMEZONE
from geo.model import IncidentFilter, Scope
from geo.model.clock import Targets
from geo.model.meeting import MeetingFilter
from geo.model.meeting_material import Reporting
from geo.model.month_report import Narrative, Sent
from geo.model.quarter_report import (
    TARGETS,
    CentreRow,
    Corrected,
    Indicator,
    QuarterContent,
    QuarterCount,
    Said,
    Share,
    months_of,
    quarter_back,
    quarter_end,
    target_key,
)
from geo.queries import audit as chain
from geo.queries.case_settings import targets
from geo.queries.figures import Figures, figures
from geo.queries.meeting_material import case_figures, patrolled, reporting
from geo.queries.month_figures import centre_counts
from geo.queries.month_reports import Stand, stands

__all__ = ["indicator_targets", "programme_districts", "quarter_content"]

TREND = 6
"""Quarters of the trend, this one among them."""
Counts = Mapping[str, Mapping[str, float]]


def programme_districts(connection: Connection) -> tuple[str, ...]:
    """Codes of the districts of the programme, as far as is known which they are, and of all that have sent a report."""
    rows = connection.execute(
        text(
            "select a.code from area a where a.level = 'district' and a.country = 'TH' and (a.target in ('named', 'likely')"
            " or exists (select from month_report r where r.district_code = a.code and r.state = 'signed')) order by a.code"
        )
    )
    return tuple(rows.scalars())


def indicator_targets(connection: Connection) -> dict[str, float]:
    """Share wanted of each `Indicator`: as an administrator set it."""
    rows = connection.execute(text("select key, value from setting where key like 'indicator.%'"))
    kept = {row.key: row.value for row in rows}
    found = {}
    for indicator, usual in TARGETS.items():
        value = kept.get(target_key(indicator))
        fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
        found[str(indicator)] = float(value) if fits and value is not None else usual
    return found


def quarter_content(connection: Connection, scope: Scope, quarter: date, as_of: datetime) -> QuarterContent:
    """Count a quarter of all centres, with the rights of the transaction: of a national centre, or the owner's."""
    codes, spans = programme_districts(connection), targets(connection)
    end, earlier = quarter_end(quarter), quarter_back(quarter, 1)
    counts = centre_counts(connection, codes, quarter, end, as_of, spans)
    now = figures(connection, scope, IncidentFilter(quarter, end, districts=codes))
    before = figures(connection, scope, IncidentFilter(earlier, quarter_end(earlier), districts=codes))
    sent = stands(connection, codes, months_of(quarter), as_of)
    heard = reporting(connection, codes, as_of, (quarter, end))
    shares = {
        code: _shares(counts.get(code, {}), heard.get(code), [sent[code, m] for m in months_of(quarter)])
        for code in codes
    }
    head = chain.head(connection)
    return QuarterContent(
        quarter=quarter,
        as_of=as_of,
        targets=indicator_targets(connection),
        shares={str(one): _together([of[str(one)] for of in shares.values()]) for one in Indicator},
        centres=_centres(connection, codes, quarter, as_of, spans, now, before, sent, shares),
        types=_types(now, before),
        trend=_trend(connection, scope, codes, quarter, as_of, spans),
        said=_said(connection, quarter),
        corrected=_corrected(connection, quarter),
        decisions=_decisions(connection, quarter, as_of),
        chain_entries=head.entries,
        chain_head=head.head,
    )


def _shares(counts: Mapping[str, float], heard: Reporting | None, sent: Sequence[Stand]) -> dict[str, Share]:
    def whole(figure: str) -> int:
        return int(counts.get(figure, 0))

    due = [one for one in sent if one.sent is not Sent.NOT_DUE]
    watched, silent = (heard.watched, heard.silent) if heard else (0, 0)
    answered = sum(whole(f"referrals.{state}") for state in ("accepted", "done", "returned"))
    found = {
        Indicator.SENT_IN_TIME: (sum(one.sent is Sent.IN_TIME for one in due), len(due)),
        Indicator.VERIFIED_IN_TIME: (whole("times.verify_in_time"), whole("times.verify_n")),
        Indicator.CLOSED_IN_TIME: (whole("times.close_in_time"), whole("times.close_n")),
        Indicator.ANSWERED: (answered, whole("referrals.sent") - whole("referrals.withdrawn")),
        Indicator.HEARD: (watched - silent, watched),
    }
    return {str(one): _share(n, of) for one, (n, of) in found.items()}


def _share(n: int, of: int) -> Share:
    limits = wilson(n, of) or (None, None)
    return Share(n, of, *limits)


def _together(shares: Sequence[Share]) -> Share:
    return _share(sum(one.n for one in shares), sum(one.of for one in shares))


def _centres(
    connection: Connection,
    codes: tuple[str, ...],
    quarter: date,
    as_of: datetime,
    spans: Targets,
    now: Figures,
    before: Figures,
    sent: Mapping[tuple[str, date], Stand],
    shares: Mapping[str, Mapping[str, Share]],
) -> tuple[CentreRow, ...]:
    period = (quarter, quarter_end(quarter))
    cases = case_figures(connection, MeetingFilter(*period, verified_only=False), codes, as_of, spans, period)
    hours = patrolled(connection, codes, as_of, period)
    counted = {one.code: one.n for one in now.by_district}
    earlier = {one.code: one.n for one in before.by_district}
    rows = []
    for code in codes:
        of = [sent[code, month].sent for month in months_of(quarter)]
        n, was = counted.get(code, 0), earlier.get(code, 0)
        rows.append(
            CentreRow(
                code,
                of.count(Sent.LATE),
                of.count(Sent.MISSING),
                n,
                was,
                change_of_counts(n, was),
                cases[code].verified if code in cases else 0,
                hours[code].hours if code in hours else 0.0,
                shares[code],
            )
        )
    return tuple(rows)


def _types(now: Figures, before: Figures) -> tuple[tuple[str, int, int], ...]:
    codes = sorted(now.by_type.keys() | before.by_type.keys(), key=lambda code: (-now.by_type.get(code, 0), code))
    return tuple((code, now.by_type.get(code, 0), before.by_type.get(code, 0)) for code in codes)


def _trend(
    connection: Connection, scope: Scope, codes: tuple[str, ...], quarter: date, as_of: datetime, spans: Targets
) -> tuple[QuarterCount, ...]:
    found = []
    for back in reversed(range(TREND)):
        first = quarter_back(quarter, back)
        last = quarter_end(first)
        total = figures(connection, scope, IncidentFilter(first, last, districts=codes)).total
        counts = centre_counts(connection, codes, first, last, as_of, spans)
        found.append(
            QuarterCount(
                first,
                total,
                *(_over(counts, figure) for figure in ("times.verify_n", "times.close_n", "referrals.sent")),
            )
        )
    return tuple(found)


def _over(counts: Counts, figure: str) -> int:
    return int(sum(of.get(figure, 0) for of in counts.values()))


_NEWEST = (
    "select distinct on (district_code, month) id, district_code, month, narrative, content from month_report"
    " where state = 'signed' and month between :first and :last order by district_code, month, version desc"
)


def _said(connection: Connection, quarter: date) -> tuple[Said, ...]:
    rows = connection.execute(text(_NEWEST), {"first": quarter, "last": quarter_end(quarter)}).all()
    return tuple(
        Said(row.district_code, row.month, part, row.narrative[part])
        for part in (Narrative.PRACTICE, Narrative.PROBLEM, Narrative.PROPOSAL)
        for row in rows
        if row.narrative.get(part)
    )


def _corrected(connection: Connection, quarter: date) -> tuple[Corrected, ...]:
    rows = connection.execute(
        text(
            f"select r.district_code, r.month, c.figure, (f.value ->> 'value')::float8, c.corrected, c.reason from ({_NEWEST}) r"
            " join month_correction c on c.month_report_id = r.id left join lateral jsonb_array_elements(r.content -> 'figures') f"
            " on (f.value ->> 'group') || '.' || (f.value ->> 'code') = c.figure order by 1, 2, 3"
        ),
        {"first": quarter, "last": quarter_end(quarter)},
    )
    return tuple(Corrected(*row) for row in rows)


def _decisions(connection: Connection, quarter: date, as_of: datetime) -> dict[str, int]:
    zone = ZoneInfo(TIMEZONE)
    begins = datetime(quarter.year, quarter.month, 1, tzinfo=zone)
    ends = datetime.combine(quarter_end(quarter) + timedelta(days=1), datetime.min.time(), zone)
    row = connection.execute(
        text(
            "select count(*) filter (where state = 'open') as open,"
            " count(*) filter (where state = 'open' and due < (cast(:as_of as timestamptz) at time zone 'Asia/Bangkok')::date) as late,"
            " count(*) filter (where state = 'done' and ended_at >= :begins and ended_at < :ends) as done,"
            " count(*) filter (where state = 'dropped' and ended_at >= :begins and ended_at < :ends) as dropped from decision"
        ),
        {"as_of": as_of, "begins": begins, "ends": ends},
    ).one()
    return {key: int(value) for key, value in row._mapping.items()}
