"""A centre's month: counted as on the screens, corrected with both values kept, signed, and then as it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.actions import month_reports as acts
from geo.actions.case_history import StepRefused
from geo.actions.demo_data import clear_demo
from geo.crs import TIMEZONE
from geo.db.engine import libpq_url
from geo.errors import NotFound, WatchError
from geo.model import IncidentFilter
from geo.model.json_form import from_json, to_json
from geo.model.meeting import MeetingFilter
from geo.model.month_report import MonthContent, MonthReport, ReportState, Sent, due_day, last_day, month_of
from geo.model.person import scope_of
from geo.queries.audit import verify
from geo.queries.case_settings import targets
from geo.queries.figures import figures
from geo.queries.meeting_material import case_figures, reporting
from geo.queries.month_reports import month_report, newest, stands, versions
from geo.queries.notifications import month_asked, notifications
from tests.apart import run_apart
from tests.geo.meetings.conftest import MUKDAHAN, NONG_KHAI, Hall

ZONE = ZoneInfo(TIMEZONE)
CASES = """
    insert into case_file (incident_id, first_look_at, verified_at, closed_at, closed_by, closing_by, closing_at, outcome)
    select i.id, i.reported_at + interval '1 hour', i.reported_at + k.n * interval '10 hours',
           case when k.n % 2 = 0 then i.reported_at + k.n * interval '50 hours' end, p.id, q.id,
           case when k.n % 2 = 0 then i.reported_at + k.n * interval '49 hours' end, case when k.n % 2 = 0 then 'arrest' end
    from (select id, reported_at, row_number() over (order by id) as n from incident where district_code = :code) k
    join incident i using (id), (select min(id) as id from person where role = 'chief') p,
         (select min(id) as id from person where role = 'officer') q
"""


def _month(hall: Hall, back: int = 1) -> date:
    found = hall.today.replace(day=1)
    for _ in range(back):
        found = (found - timedelta(days=1)).replace(day=1)
    return found


def _ago(hall: Hall, day: date) -> int:
    return (hall.today - day).days


def _begin(hall: Hall, who: str = "officer", district: str = NONG_KHAI, back: int = 1, reason: str = "") -> int:
    with hall.acting(who) as connection:
        return acts.begin_report(connection, hall.people[who], district, _month(hall, back), reason)


def _read(hall: Hall, number: int, who: str = "chief") -> MonthReport:
    with hall.acting(who) as connection:
        return month_report(connection, number)


def _signed(hall: Hall, who: str = "chief", district: str = NONG_KHAI, back: int = 1) -> int:
    number = _begin(hall, who, district, back)
    with hall.acting(who) as connection:
        acts.write(connection, hall.people[who], number, {"situation": "ปกติ"})
        acts.sign(connection, hall.people[who], number)
    return number


def _values(report: MonthReport) -> dict[str, float | None]:
    return {row.key: row.value for row in report.content.figures}


def test_a_month_is_counted_as_on_the_screens(hall: Hall) -> None:
    month = _month(hall)
    inside, before = _ago(hall, month + timedelta(days=9)), _ago(hall, month - timedelta(days=3))
    hall.report(days_ago=inside, n=7)
    hall.report(days_ago=inside, n=3, crime_type="drug_trafficking", channel="coordinator", status="closed")
    hall.report(days_ago=inside, n=2, status="unfounded")
    hall.report(days_ago=before, n=4)
    hall.report(MUKDAHAN, days_ago=inside, n=9)
    hall.put(CASES, code=NONG_KHAI)
    report = _read(hall, _begin(hall))
    values = _values(report)
    with hall.acting("chief") as connection:
        scope = scope_of(hall.people["chief"])
        chosen = IncidentFilter(month, last_day(month), districts=(NONG_KHAI,))
        shown = figures(connection, scope, chosen)
        assert values["totals.incidents"] == shown.total == 10
        types = {key.removeprefix("types."): n for key, n in values.items() if key.startswith("types.")}
        assert types == {"contraband": 7, "drug_trafficking": 3} == dict(shown.by_type)
        for channel in ("online", "coordinator", "patrol", "agency"):
            alone = IncidentFilter(month, last_day(month), districts=(NONG_KHAI,), channels=(channel,))
            assert values[f"channels.{channel}"] == figures(connection, scope, alone).total
        period = (month, last_day(month))
        told = MeetingFilter(*period, verified_only=False)
        now = report.content.as_of
        cases = case_figures(connection, told, (NONG_KHAI,), now, targets(connection), period)[NONG_KHAI]
        assert (values["totals.verified"], values["totals.open"], values["totals.overdue"]) == (
            cases.verified, cases.open, cases.overdue,
        )  # fmt: skip
        heard = reporting(connection, (NONG_KHAI,), now, period)[NONG_KHAI]
        assert (values["heard.silent"], values["heard.watched"]) == (heard.silent, heard.watched) == (1, 1)
    assert values["states.unfounded"] == 2
    assert values["states.closed"] == 3
    by_hand = (
        "select {} from case_file f join incident i on i.id = f.incident_id where i.district_code = :code"
        " and (f.{} at time zone 'Asia/Bangkok')::date between :first and :last"
    )
    within = {"code": NONG_KHAI, "first": month, "last": last_day(month)}
    assert values["times.verify_n"] == hall.one(by_hand.format("count(*)", "verified_at"), **within)
    median = "percentile_cont(0.5) within group (order by extract(epoch from f.verified_at - i.reported_at) / 3600)"
    assert values["times.verify_hours"] == pytest.approx(
        float(hall.one(by_hand.format(median, "verified_at"), **within))
    )
    assert values["outcomes.arrest"] == hall.one(by_hand.format("count(*)", "closed_at"), **within)
    assert next(row.before for row in report.content.figures if row.key == "totals.incidents") == 4
    assert report.content.sheet.district == NONG_KHAI
    assert report.content.sheet.map.districts
    with hall.owner.connect() as connection:
        chain = verify(connection)
    assert report.content.chain_entries < chain.entries
    assert len(report.content.chain_head) == 64
    assert from_json(MonthContent, to_json(report.content)) == report.content


def test_a_report_is_corrected_signed_locked_and_made_anew(hall: Hall) -> None:
    hall.report(days_ago=_ago(hall, _month(hall) + timedelta(days=5)), n=6)
    number = _begin(hall)
    assert _begin(hall) == number  # one goes on with the draft that is there
    officer, chief = hall.people["officer"], hall.people["chief"]
    with hall.acting("officer") as connection:
        acts.correct(connection, officer, number, "totals.incidents", 5, "นับซ้ำ 1 เรื่อง")
        acts.write(connection, officer, number, {"situation": " สถานการณ์ปกติ \n", "problem": "", "junk": "x"})
    report = _read(hall, number)
    assert report.narrative == {"situation": "สถานการณ์ปกติ"}
    correction = report.corrections["totals.incidents"]
    assert (correction.counted, correction.corrected, correction.reason) == (6, 5, "นับซ้ำ 1 เรื่อง")
    row = next(row for row in report.content.figures if row.key == "totals.incidents")
    assert (row.value, report.value(row)) == (6, 5)

    hall.report(days_ago=_ago(hall, _month(hall) + timedelta(days=6)), n=2)
    assert _values(_read(hall, number))["totals.incidents"] == 6  # frozen until it is counted anew
    with hall.acting("officer") as connection:
        acts.count_anew(connection, officer, number)
    report = _read(hall, number)
    assert (_values(report)["totals.incidents"], report.corrections["totals.incidents"].counted) == (8, 8)
    with hall.acting("chief") as connection:
        acts.count_anew(connection, chief, number)
    assert (
        _read(hall, number).corrections["totals.incidents"].by == officer.name
    )  # whoever counts again corrected nothing

    for who, code in (("officer", "reports.chief_signs"), ("neighbour", "reports.not_found")):
        with pytest.raises(WatchError, match=code), hall.acting(who) as connection:
            acts.sign(connection, hall.people[who], number)
    with hall.acting("chief") as connection:
        acts.sign(connection, chief, number)
    assert _read(hall, number).signed_by == chief.name
    for act in (
        lambda connection: acts.count_anew(connection, chief, number),
        lambda connection: acts.write(connection, chief, number, {"situation": "อื่น"}),
        lambda connection: acts.correct(connection, chief, number, "totals.incidents", 1, "x"),
        lambda connection: acts.take_back(connection, chief, number, "totals.incidents"),
        lambda connection: acts.sign(connection, chief, number),
    ):
        with pytest.raises(StepRefused, match="is_signed"), hall.acting("chief") as connection:
            act(connection)
    for statement in (
        "update month_report set narrative = '{}'",
        "update month_report set state = 'draft', signed_at = null",
        "update month_correction set corrected = 1",
        "delete from month_correction",
        "delete from month_report",
        "truncate month_report cascade",
    ):
        with pytest.raises(DBAPIError, match=r"not changed|is kept"):
            hall.put(statement)

    with pytest.raises(StepRefused, match="why_anew"):
        _begin(hall)
    later = _begin(hall, reason="รับแจ้งย้อนหลัง 2 เรื่อง")
    anew = _read(hall, later)
    assert (anew.version, anew.reason, anew.narrative) == (2, "รับแจ้งย้อนหลัง 2 เรื่อง", {"situation": "สถานการณ์ปกติ"})
    assert _values(_read(hall, number))["totals.incidents"] == 8  # the old one stays readable
    with hall.acting("national") as connection:
        assert [one.version for one in versions(connection, NONG_KHAI, _month(hall))] == [
            1
        ]  # no draft leaves the centre
        assert newest(connection, NONG_KHAI, _month(hall)).id == number


def test_bad_input_is_refused_in_words_and_nothing_is_kept(hall: Hall) -> None:
    number = _begin(hall)
    officer, chief = hall.people["officer"], hall.people["chief"]
    refused = {
        "reports.no_figure": lambda c: acts.correct(c, officer, number, "nothing", 1, "x"),
        "reports.no_value": lambda c: acts.correct(c, officer, number, "totals.incidents", float("nan"), "x"),
        "reports.no_reason": lambda c: acts.correct(c, officer, number, "totals.incidents", 1, " \u200b "),
        "reports.reason_long": lambda c: acts.correct(c, officer, number, "totals.incidents", 1, "x" * 1001),
        "reports.long": lambda c: acts.write(c, officer, number, {"situation": "ก" * 4001}),
        "reports.not_yours": lambda c: acts.begin_report(c, officer, MUKDAHAN, _month(hall)),
        "reports.future": lambda c: acts.begin_report(c, officer, NONG_KHAI, hall.today + timedelta(days=40)),
        "reports.chief_signs": lambda c: acts.sign(c, officer, number),
        "reports.national_reminds": lambda c: acts.remind(c, officer, NONG_KHAI, _month(hall)),
    }
    for code, act in refused.items():
        with pytest.raises(StepRefused) as caught, hall.acting("officer") as connection:
            act(connection)
        assert caught.value.code == code
    with pytest.raises(StepRefused, match="no_words"), hall.acting("chief") as connection:
        acts.sign(connection, chief, number)
    running = _begin(hall, back=0)
    with hall.acting("chief") as connection:
        acts.write(connection, chief, running, {"situation": "ยังไม่จบเดือน"})
    with pytest.raises(StepRefused, match="not_over"), hall.acting("chief") as connection:
        acts.sign(connection, chief, running)
    assert hall.one("select count(*) from month_correction") == 0
    for who in ("headman", "agency", "planner", "administrator"):
        with pytest.raises((NotFound, DBAPIError)), hall.acting(who) as connection:
            month_report(connection, number)
    with pytest.raises(NotFound), hall.acting("neighbour") as connection:
        month_report(connection, number)
    with pytest.raises(DBAPIError), hall.acting("officer") as connection:  # the database itself knows who signs
        connection.execute(
            text("update month_report set state = 'signed', signed_by = :by, signed_at = now()"), {"by": officer.id}
        )


def test_who_has_sent_in_time_who_late_and_who_is_asked(hall: Hall) -> None:
    now = datetime.now(ZONE)
    in_time, late = _month(hall, 3), _month(hall, 2)
    for back, days in ((3, 4), (2, 9)):
        number = _signed(hall, back=back)
        at = datetime.combine(last_day(_month(hall, back)) + timedelta(days=days), datetime.min.time(), ZONE)
        hall.put("alter table month_report disable trigger report_stays")
        hall.put("update month_report set signed_at = :at where id = :id", at=at, id=number)
        hall.put("alter table month_report enable trigger report_stays")
    months = [in_time, late, hall.today.replace(day=1)]
    with hall.acting("national") as connection:
        found = stands(connection, (NONG_KHAI, MUKDAHAN), months, now)
        assert [found[NONG_KHAI, of].sent for of in months] == [Sent.IN_TIME, Sent.LATE, Sent.NOT_DUE]
        assert [found[MUKDAHAN, of].sent for of in months] == [Sent.MISSING, Sent.MISSING, Sent.NOT_DUE]
        assert found[NONG_KHAI, late].due == due_day(late, 5) == last_day(late) + timedelta(days=5)
        acts.remind(connection, hall.people["national"], MUKDAHAN, late)
        assert stands(connection, (MUKDAHAN,), [late], now)[MUKDAHAN, late].reminded_at is not None
    with hall.acting("neighbour") as connection:
        told = notifications(connection, hall.people["neighbour"].id)
        assert [(one.kind, one.month) for one in told] == [("report_due", late)]
        assert month_asked(connection, hall.people["neighbour"].id, told[0].id) == late
    hall.put("insert into setting (key, value) values ('report.due_day', '12')")
    with hall.acting("national") as connection:
        assert stands(connection, (NONG_KHAI,), [late], now)[NONG_KHAI, late].sent is Sent.IN_TIME


def test_the_clock_asks_each_late_centre_once_a_month(hall: Hall) -> None:
    hall.put("update area set target = 'named' where code in ('4301', '4901')")
    hall.put(
        "insert into setting (key, value) values ('report.due_day', '0')"
    )  # whatever day it is, the report is late
    _signed(hall)
    url = libpq_url(hall.owner.url.update_query_dict({"user": "watch_app"}))
    assert run_apart(acts.remind_late(url)) == 1
    assert run_apart(acts.remind_late(url)) == 0
    assert hall.one("select string_agg(district_code, ',') from month_reminder where person_id is null") == MUKDAHAN
    assert hall.one("select count(*) from notification where kind = 'report_due'") == 1
    with pytest.raises(WatchError, match="unavailable"):
        run_apart(acts.remind_late("postgresql://nobody@127.0.0.1:1/none"))


def test_a_demonstration_leaves_no_report_behind(hall: Hall) -> None:
    number = _signed(hall)
    hall.put("alter table month_report disable trigger report_stays")
    hall.put("update month_report set is_demo = true where id = :id", id=number)
    hall.put("alter table month_report enable trigger report_stays")
    kept = _begin(hall, back=2)
    with hall.owner.begin() as connection:
        assert clear_demo(connection)["month_report"] == 1
    assert hall.one("select array_agg(id) from month_report") == [kept]
    assert _read(hall, kept).state is ReportState.DRAFT


@pytest.mark.parametrize("said", ["2026", "2026-13", "2026-1x", "26-01", "๒๕๖๙-๐๑", "2026-00", "", "1989-12"])
def test_a_month_that_cannot_be_read_is_refused(said: str) -> None:
    with pytest.raises(WatchError, match="no_month"):
        month_of(said, date(2026, 11, 27))


def test_months_are_read_and_end_where_they_end() -> None:
    assert month_of("2026-02", date(2026, 11, 27)) == date(2026, 2, 1)
    assert last_day(date(2024, 2, 1)) == date(2024, 2, 29)
    with pytest.raises(WatchError, match="future"):
        month_of("2026-12", date(2026, 11, 27))
