"""A quarter over all centres: the sums of their work, judged by no more than it is worth."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from geo.actions import month_reports
from geo.actions import quarter_reports as acts
from geo.actions.case_history import StepRefused
from geo.analysis.shares import change_of_counts, wilson
from geo.crs import TIMEZONE
from geo.errors import WatchError
from geo.model.json_form import from_json, to_json
from geo.model.month_report import last_day
from geo.model.quarter_report import (
    Indicator,
    QuarterContent,
    QuarterReport,
    months_of,
    quarter_back,
    quarter_end,
    quarter_of,
)
from geo.queries.quarter_reports import quarter_report, quarter_versions
from tests.geo.meetings.conftest import MUKDAHAN, NONG_KHAI, Hall

TODAY = date(2026, 11, 27)


def test_wilsons_interval_is_his() -> None:
    # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
    for n, of, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = wilson(n, of)
        assert found is not None
        assert found == pytest.approx((low, high), abs=5e-5)
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


@given(of=st.integers(1, 500), share=st.floats(0, 1))
@settings(max_examples=50)
def test_the_interval_holds_the_share_and_narrows_with_more(of: int, share: float) -> None:
    n = round(share * of)
    found, more = wilson(n, of), wilson(10 * n, 10 * of)
    assert found is not None
    assert more is not None
    assert 0 <= found[0] <= n / of + 1e-12
    assert n / of - 1e-12 <= found[1] <= 1
    assert more[1] - more[0] < found[1] - found[0]


@given(now=st.integers(0, 300), before=st.integers(0, 300))
@settings(max_examples=50)
def test_a_change_is_told_alike_in_both_directions(now: int, before: int) -> None:
    other = {"more": "fewer", "fewer": "more"}
    said = change_of_counts(now, before)
    assert change_of_counts(before, now) == other.get(said, said)
    if said == "more":
        assert now > before


def test_a_change_is_told_only_where_chance_seldom_makes_it() -> None:
    assert change_of_counts(4, 0) == "few"
    assert change_of_counts(7, 5) == "unclear"
    assert change_of_counts(20, 5) == "more"
    assert change_of_counts(0, 12) == "fewer"


@pytest.mark.parametrize("said", ["2026-4", "2026-Q5", "26-Q1", "2026Q1", "", "๒๕๖๙-Q1"])
def test_a_quarter_that_cannot_be_read_is_refused(said: str) -> None:
    with pytest.raises(WatchError, match=r"release\.quarter"):
        quarter_of(said, TODAY)


def test_quarters_are_those_of_the_calendar() -> None:
    assert quarter_of("2026-q3", TODAY) == date(2026, 7, 1)
    assert quarter_end(date(2026, 10, 1)) == date(2026, 12, 31)
    assert months_of(date(2026, 4, 1)) == (date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1))
    assert quarter_back(date(2026, 2, 10), 1) == date(2025, 10, 1)
    with pytest.raises(WatchError, match="future"):
        quarter_of("2027-Q1", TODAY)


@pytest.fixture
def told(hall: Hall) -> tuple[Hall, date]:
    """Two centres of the programme in the quarter before this one: one with much and a signed report, one with little."""
    hall.put(
        "update area set target = case when code in ('4301', '4901') then 'named' else 'no' end where level = 'district'"
    )
    quarter = quarter_back(hall.today, 1)
    inside = (hall.today - (quarter + timedelta(days=20))).days
    hall.report(days_ago=inside, n=30, status="closed")
    hall.report(days_ago=(hall.today - (quarter - timedelta(days=20))).days, n=10, status="closed")
    hall.report(MUKDAHAN, days_ago=inside, n=3)
    hall.put(
        "insert into case_file (incident_id, first_look_at, verified_at, closed_at, closed_by, closing_by, closing_at, outcome)"
        " select i.id, i.reported_at, i.reported_at + case when i.id % 3 = 0 then interval '100 hours' else interval '10 hours' end,"
        " i.reported_at + interval '200 hours', p.id, q.id, i.reported_at + interval '199 hours', 'arrest' from incident i,"
        " (select min(id) as id from person where role = 'chief') p, (select min(id) as id from person where role = 'officer') q"
        " where i.district_code = '4301'"
    )
    chief = hall.people["chief"]
    month = months_of(quarter)[0]
    with hall.acting("chief") as connection:
        number = month_reports.begin_report(connection, chief, NONG_KHAI, month)
        month_reports.write(
            connection, chief, number, {"situation": "ปกติ", "practice": "หอกระจายข่าว {{7*7}}", "proposal": "ขอวิทยุ"}
        )
        month_reports.correct(connection, chief, number, "totals.incidents", 29, "นับซ้ำ")
        month_reports.sign(connection, chief, number)
    at = datetime.combine(last_day(month) + timedelta(days=2), datetime.min.time(), ZoneInfo(TIMEZONE))
    hall.put("alter table month_report disable trigger report_stays")
    hall.put("update month_report set signed_at = :at", at=at)
    hall.put("alter table month_report enable trigger report_stays")
    return hall, quarter


def _begin(hall: Hall, quarter: date, reason: str = "") -> QuarterReport:
    with hall.acting("national") as connection:
        number = acts.begin_quarter(connection, hall.people["national"], quarter, reason)
        return quarter_report(connection, number)


def test_a_quarter_sums_what_centres_did_and_says_what_they_wrote(told: tuple[Hall, date]) -> None:
    hall, quarter = told
    content = _begin(hall, quarter).content
    rows = {row.district: row for row in content.centres}
    assert rows.keys() == {NONG_KHAI, MUKDAHAN}
    first, second = rows[NONG_KHAI], rows[MUKDAHAN]
    assert (first.incidents, first.before, first.change) == (30, 10, "more")
    assert (second.incidents, second.before, second.change) == (3, 0, "few")
    assert (first.late, first.missing, second.missing) == (0, 2, 3)
    n = hall.one(
        "select count(*) filter (where verified_at - reported_at <= interval '72 hours') from case_file f join incident i"
        " on i.id = f.incident_id where (verified_at at time zone 'Asia/Bangkok')::date between :first and :last",
        first=quarter, last=quarter_end(quarter),
    )  # fmt: skip
    share = first.shares[Indicator.VERIFIED_IN_TIME]
    assert share.n == n
    assert share.of == 30
    limits = wilson(share.n, share.of)
    assert limits is not None
    assert (share.low, share.high) == pytest.approx(limits)
    assert content.shares[Indicator.SENT_IN_TIME].n == 1
    assert content.shares[Indicator.SENT_IN_TIME].of == 6
    assert content.trend[-1].incidents == 33 == sum(now for _, now, _ in content.types)
    assert content.trend[-2].incidents == 10
    assert [(one.part, one.words) for one in content.said] == [
        ("practice", "หอกระจายข่าว {{7*7}}"),
        ("proposal", "ขอวิทยุ"),
    ]
    assert [(one.counted, one.corrected) for one in content.corrected] == [(30.0, 29.0)]
    assert content.targets[Indicator.VERIFIED_IN_TIME] == 0.8
    assert from_json(QuarterContent, to_json(content)) == content


def test_a_quarter_is_signed_by_the_national_centre_and_stays(told: tuple[Hall, date]) -> None:
    hall, quarter = told
    national = hall.people["national"]
    report = _begin(hall, quarter)
    for who in ("commander", "chief", "administrator"):
        with pytest.raises(StepRefused, match="national_signs"), hall.acting(who) as connection:
            acts.begin_quarter(connection, hall.people[who], quarter)
    with pytest.raises(StepRefused, match="no_words"), hall.acting("national") as connection:
        acts.sign_quarter(connection, national, report.id)
    hall.put("insert into setting (key, value) values ('indicator.verified_in_time', '0.5')")
    with hall.acting("national") as connection:
        acts.count_quarter(connection, national, report.id)
        acts.write_quarter(connection, national, report.id, {"summary": "ดีขึ้น"})
        acts.sign_quarter(connection, national, report.id)
        assert quarter_report(connection, report.id).content.targets[Indicator.VERIFIED_IN_TIME] == 0.5
    with pytest.raises(StepRefused, match="is_signed"), hall.acting("national") as connection:
        acts.write_quarter(connection, national, report.id, {"summary": "อื่น"})
    with pytest.raises(DBAPIError, match="not changed"):
        hall.put("update quarter_report set content = '{}'")
    with pytest.raises(StepRefused, match="why_anew"):
        _begin(hall, quarter)
    assert _begin(hall, quarter, "ข้อมูลเพิ่ม").version == 2
    running = _begin(hall, quarter_back(hall.today))
    with hall.acting("national") as connection:
        acts.write_quarter(connection, national, running.id, {"summary": "ยังไม่จบ"})
    with pytest.raises(StepRefused, match="not_over"), hall.acting("national") as connection:
        acts.sign_quarter(connection, national, running.id)
    with hall.acting("commander") as connection:
        assert [one.version for one in quarter_versions(connection, quarter)] == [2, 1]
    for who in ("chief", "planner", "headman", "agency"):
        with pytest.raises(DBAPIError, match="permission denied"), hall.acting(who) as connection:
            quarter_versions(connection, quarter)
