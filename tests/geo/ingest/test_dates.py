"""Dates in every way that offices write them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ingest.dates import BANGKOK, EXCEL_EPOCH, EXCEL_EPOCH_1904, date_order, parse_time, parse_when
from geo.ingest.problems import CellRefused

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=BANGKOK)
THAI = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
THAI_FULL = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]
ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")

SPELLINGS = {
    "ISO": lambda d: f"{d:%Y-%m-%d %H:%M:%S}",
    "ISO with a T": lambda d: f"{d:%Y-%m-%dT%H:%M:%S}",
    "ISO with a zone": lambda d: d.astimezone(BANGKOK).isoformat(),
    "ISO in UTC": lambda d: f"{d - timedelta(hours=7):%Y-%m-%dT%H:%M:%SZ}",
    "compact": lambda d: f"{d:%Y%m%dT%H%M%S}",
    "slashes": lambda d: f"{d:%d/%m/%Y %H:%M:%S}",
    "dots": lambda d: f"{d:%d.%m.%Y} {d:%H.%M.%S} น.",
    "dashes, Buddhist": lambda d: f"{d:%d-%m-}{d.year + 543} {d:%H:%M:%S}",
    "ISO, Buddhist": lambda d: f"{d.year + 543}{d:-%m-%d %H:%M:%S}",
    "short Buddhist year": lambda d: f"{d.day}/{d.month}/{(d.year + 543) % 100:02d} {d:%H:%M:%S}",
    "Thai month": lambda d: f"{d.day} {THAI[d.month - 1]} {d.year + 543} เวลา {d:%H:%M:%S} น.",
    "Thai month without dots": lambda d: f"{d.day} {THAI[d.month - 1].replace('.', '')} {d.year + 543} {d:%H:%M:%S}",
    "Thai month in full": lambda d: f"วันที่ {d.day} {THAI_FULL[d.month - 1]} พ.ศ. {d.year + 543} เวลา {d:%H.%M.%S} น.",
    "Thai digits": lambda d: f"{d.day} {THAI[d.month - 1]} {d.year + 543} {d:%H:%M:%S}".translate(TO_THAI),
    "English month": lambda d: f"{d.day} {ENGLISH[d.month - 1]} {d.year} {d:%H:%M:%S}",
    "English, month first": lambda d: f"{ENGLISH[d.month - 1][:3]} {d.day}, {d.year} {d:%I:%M:%S %p}",
    "Excel serial": lambda d: (d.replace(tzinfo=None) - datetime(1899, 12, 30)) / timedelta(days=1),
    "Excel serial as text": lambda d: repr((d.replace(tzinfo=None) - datetime(1899, 12, 30)) / timedelta(days=1)),
    "a spreadsheet's date": lambda d: d.replace(tzinfo=None),
}
MOMENTS = st.datetimes(datetime(1991, 1, 1), datetime(2026, 11, 20)).map(
    lambda d: d.replace(microsecond=0, second=d.second or 1, tzinfo=BANGKOK)
)


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(moment=MOMENTS)
def test_every_spelling_of_a_moment_gives_that_moment(spelling: str, moment: datetime) -> None:
    when = parse_when(SPELLINGS[spelling](moment), now=NOW)
    assert when.at == moment
    assert not when.day_only
    assert when.at.utcoffset() == timedelta(hours=7)


DAYS = {
    "ISO": lambda d: f"{d:%Y-%m-%d}",
    "slashes": lambda d: f"{d:%d/%m/%Y}",
    "Buddhist": lambda d: f"{d.day}/{d.month}/{d.year + 543}",
    "short": lambda d: f"{d.day}-{d.month}-{(d.year + 543) % 100:02d}",
    "Thai": lambda d: f"{d.day} {THAI[d.month - 1]} {(d.year + 543) % 100:02d}",
    "compact, Buddhist": lambda d: f"{d.year + 543}{d:%m%d}",
    "compact, taken for a number": lambda d: int(f"{d:%Y%m%d}"),
    "serial": lambda d: (d - EXCEL_EPOCH).days,
    "serial of 1904": lambda d: (d - EXCEL_EPOCH_1904).days,
    "a spreadsheet's day": lambda d: datetime.combine(d, time()),
    "a date": lambda d: d,
}


@pytest.mark.parametrize("spelling", DAYS)
@given(day=st.dates(date(1991, 1, 1), date(2026, 11, 20)))
def test_every_spelling_of_a_day_gives_its_midnight_in_bangkok(spelling: str, day: date) -> None:
    epoch = EXCEL_EPOCH_1904 if "1904" in spelling else EXCEL_EPOCH
    when = parse_when(DAYS[spelling](day), now=NOW, epoch=epoch)
    assert when.day_only
    assert when.at == datetime(day.year, day.month, day.day, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14 ก.ค. 2569 เวลา 21:05 น.", "2026-07-14 21:05"),
        ("๑๔ ก.ค. ๖๙ ๒๑.๐๕ น.", "2026-07-14 21:05"),
        ("วันอังคารที่ 14 กรกฎาคม พ.ศ. 2569 เวลาประมาณ 21.05 น.", "2026-07-14 21:05"),
        ("14/07/2569 24.00 น.", "2026-07-15 00:00"),
        ("14/07/2569 2105 น.", "2026-07-14 21:05"),
        ("14/07/26 9:05 pm", "2026-07-14 21:05"),
        ("29/02/2567", "2024-02-29 00:00"),
        ("Tue, 14 Jul 2026 21:05:00 +0700", "2026-07-14 21:05"),
        ("2026-07-14T21:05:00-05:00", "2026-07-15 09:05"),
        ("05/07/2010 17:26", "2010-07-05 17:26"),
    ],
)
def test_real_spellings(text: str, expected: str) -> None:
    assert f"{parse_when(text, now=NOW).at:%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "row.date_missing"),
        ("-", "row.date_missing"),
        ("เมื่อวาน", "row.date_unreadable"),
        ("14-15 ก.ค. 2569", "row.date_unreadable"),
        ("14/7/2569 กลางคืน", "row.date_unreadable"),
        ("14 ก.ค. 21:05", "row.date_unreadable"),
        ("31/02/2569", "row.date_impossible"),
        ("29/02/2569", "row.date_impossible"),
        ("14/07/2569 25.00 น.", "row.date_impossible"),
        ("32/13/2569", "row.date_impossible"),
        ("07/14/2026", "row.date_month_first"),
        ("2567", "row.date_year_only"),
        (2567, "row.date_year_only"),
        ("25/11/2569", "row.date_future"),
        ("14/07/9999", "row.date_future"),
        ("01/01/2532", "row.date_too_old"),
        ("0000-00-00", "row.date_too_old"),
        ("0001-01-01T00:00:00+14:00", "row.date_too_old"),
        (float("nan"), "row.date_unreadable"),
        (float("inf"), "row.date_unreadable"),
        (-1, "row.date_unreadable"),
        (1e308, "row.date_unreadable"),
        (True, "row.date_unreadable"),
    ],
)
def test_what_is_no_date_is_refused_with_a_code(cell: object, code: str) -> None:
    with pytest.raises(CellRefused) as refused:
        parse_when(cell, now=NOW)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_day_ahead_is_allowed_for_clocks_that_are_fast() -> None:
    assert parse_when("24/11/2569 11:00", now=NOW).at > NOW


def test_month_first_is_read_only_when_it_is_asked_for() -> None:
    assert parse_when("07/14/2026", now=NOW, month_first=True).at.date() == date(2026, 7, 14)
    assert parse_when("07/05/2026", now=NOW).at.date() == date(2026, 5, 7)


@pytest.mark.parametrize(
    ("text", "order"),
    [("14/07/2026", "day"), ("07/14/2026", "month"), ("07/05/2026", "either"), ("2026-07-05", "")],
)
def test_a_text_tells_what_may_come_first(text: str, order: str) -> None:
    assert date_order(text) == order


@pytest.mark.parametrize(
    "clock", ["21:05", "21.05 น.", "2105", 21.05, 2105, time(21, 5), "๒๑.๐๕ น.", "9:05 PM", 1265 / 1440]
)
def test_the_time_may_stand_in_its_own_cell(clock: object) -> None:
    when = parse_when("14/07/2569", clock, now=NOW)  # type: ignore[arg-type]
    assert when.at == datetime(2026, 7, 14, 21, 5, tzinfo=BANGKOK)
    assert not when.day_only


def test_the_time_in_the_date_outranks_the_other_cell() -> None:
    assert parse_when("14/07/2569 08:00", "21:05", now=NOW).at.hour == 8


@pytest.mark.parametrize("clock", ["กลางคืน", "25:00", "21:60", "24:01", -3, 99.99, float("nan"), True])
def test_what_is_no_time_is_refused(clock: object) -> None:
    with pytest.raises(CellRefused) as refused:
        parse_time(clock)  # type: ignore[arg-type]
    assert refused.value.code == "row.time_unreadable"


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.datetimes(), st.dates(), st.booleans()))
def test_any_cell_gives_a_plausible_moment_or_is_refused(cell: object) -> None:
    code = "row.date_"
    try:
        when = parse_when(cell, now=NOW)  # type: ignore[arg-type]
    except CellRefused as refused:
        code = refused.code
    else:
        assert datetime(1990, 1, 1, tzinfo=BANGKOK) <= when.at <= NOW + timedelta(days=1)
    assert code.startswith("row.date_")


@given(st.text(alphabet="0123456789/-.: TZ+ก.คพศนAPM๑๒", max_size=30))
def test_texts_that_look_like_dates_never_break_anything(text: str) -> None:
    code = "row.date_"
    try:
        parse_when(text, now=NOW)
    except CellRefused as refused:
        code = refused.code
    assert code.startswith("row.date_")
