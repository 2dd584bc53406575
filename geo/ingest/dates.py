"""When something happened, in every way that offices write it.

Thai usage decides: the day comes before the month, years from 2400 are Buddhist Era, and a two-digit
year is Buddhist Era (69 is 2569, 2026) unless only a Christian year is possible (26 is 2026, because 2526 is
before `EARLIEST`). A date that could only be read month first is refused, not turned round: other rows of
the same column would then be wrong without anyone seeing it. ``month_first=True`` reads the whole column so.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from geo.crs import TIMEZONE
from geo.ingest.problems import CellRefused, quoted
from geo.ingest.text import Cell, ascii_digits, cell_text, clean, is_blank

__all__ = [
    "BANGKOK",
    "EARLIEST",
    "EXCEL_EPOCH",
    "EXCEL_EPOCH_1904",
    "When",
    "date_order",
    "parse_time",
    "parse_when",
]

BANGKOK = ZoneInfo(TIMEZONE)
EARLIEST = date(1990, 1, 1)
"""Nothing before it is an incident of this programme; such a date is a slip."""
LATEST_AHEAD = timedelta(days=1)
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_EPOCH_1904 = date(1904, 1, 1)
BUDDHIST = 543
_BUDDHIST_FROM = 2400

_MONTHS = (
    "มกราคม มกรา ม.ค. มค january jan",
    "กุมภาพันธ์ กุมภา ก.พ. กพ february feb",
    "มีนาคม มีนา มี.ค. มีค march mar",
    "เมษายน เมษา เม.ย. เมย april apr",
    "พฤษภาคม พฤษภา พ.ค. พค may",
    "มิถุนายน มิถุนา มิ.ย. มิย june jun",
    "กรกฎาคม กรกฏาคม กรกฎา ก.ค. กค july jul",
    "สิงหาคม สิงหา ส.ค. สค august aug",
    "กันยายน กันยา ก.ย. กย september sept sep",
    "ตุลาคม ตุลา ต.ค. ตค october oct",
    "พฤศจิกายน พฤศจิกา พ.ย. พย november nov",
    "ธันวาคม ธันวา ธ.ค. ธค december dec",
)
_MONTH_OF = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH_OF |= {name.rstrip("."): n for name, n in _MONTH_OF.items()}
_SPELLINGS = (name.rstrip(".").split(".") for name in sorted(_MONTH_OF, key=len, reverse=True))
_MONTH = "(?P<month>" + "|".join(r"\.\s?".join(map(re.escape, parts)) for parts in _SPELLINGS) + r")\.?"
_YEAR = r"(?P<y>\d{4}|\d{2})(?!\d|[:.]\d)"

_NOISE = re.compile(
    r"^(?:เมื่อ)?\s*(?:วันที่|(?:วัน)?(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัสฯ?|ศุกร์|เสาร์|อาทิตย์)(?:\s*ที่)?)\s*"
    r"|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+"
    r"|\b[bc]\.?e\.?\b|\ba\.?d\.?\b|พ\.\s?ศ\.|พศ\.?|ค\.\s?ศ\.|เดือน",
)
_DATES = (
    re.compile(r"(?P<y>\d{4})\s?(?P<sep>[-/.])\s?(?P<m>\d{1,2})\s?(?P=sep)\s?(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?P<a>\d{1,2})\s?(?P<sep>[-/.])\s?(?P<b>\d{1,2})\s?(?P=sep)\s?" + _YEAR),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)"),
    re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?\s?[-/.,]?\s?" + _MONTH + r"\s?[-/,]?\s?" + _YEAR),
    re.compile(_MONTH + r"\s?(?P<d>\d{1,2})(?:st|nd|rd|th)?\s?,?\s(?P<y>\d{4})(?!\d)"),
)
_CLOCK = re.compile(
    r"(?:[\s,t]|-(?=\s))*(?:เวลา|at)?\s*(?:ประมาณ|ราว|ราวๆ)?\s*"
    r"(?:(?P<h>\d{1,2})\s?[:.]\s?(?P<min>\d{2})(?:\s?[:.]\s?(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"|(?P<hm>\d{4})(?P<hms>\d{2})?(?=\s?(?:น|h|z|$))|(?P<only>\d{1,2})(?=\s?(?:น|h|[ap]\.?m)))"
    r"\s?(?P<half>[ap]\.?m\.?)?\s?(?:น\.?|นาฬิกา|hours|hrs?\.?|h)?\s?"
    r"(?:(?P<zone>z|utc|gmt)|(?P<sign>[+-])(?P<zh>\d{2}):?(?P<zm>\d{2})?)?\s*"
)
_SERIAL = re.compile(r"\d{5,6}(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class When:
    """A moment in Asia/Bangkok; ``day_only`` where only the day is known (``at`` is then its midnight)."""

    at: datetime
    day_only: bool


def parse_when(
    value: Cell,
    clock: Cell = None,
    *,
    now: datetime | None = None,
    month_first: bool = False,
    epoch: date = EXCEL_EPOCH,
) -> When:
    """The moment that a cell (and perhaps a second cell with the time of day) names.

    Parameters
    ----------
    value
        ISO with or without a zone, day/month/year with ``/ - .``, Thai or English month names, Buddhist or
        Christian years, Thai digits, an Excel serial, or a spreadsheet's own date.
    clock
        Cell of a separate time column; used where ``value`` holds no time.
    now
        Moment against which "in the future" is judged; the clock's by default.
    month_first
        Read 07/14/2026 as 14 July. Only for a column known to be written so.
    epoch
        Day 0 of the workbook, `EXCEL_EPOCH` or `EXCEL_EPOCH_1904`.

    Returns
    -------
    When
        Aware, in Asia/Bangkok; a time without a zone is Bangkok's.

    Raises
    ------
    CellRefused
        ``row.date_missing``, ``row.date_unreadable``, ``row.date_impossible``, ``row.date_month_first``,
        ``row.date_year_only``, ``row.date_future``, ``row.date_too_old``;
        ``row.time_unreadable`` for ``clock``.
    """
    now = now or datetime.now(BANGKOK)
    if is_blank(value):
        raise CellRefused("row.date_missing")
    when = _read(value, now, month_first, epoch)
    if when.day_only and not is_blank(clock):
        # Added as wall time: 24.00 is the midnight at the end of the day.
        when = When(when.at + parse_time(clock), False)
    if when.at > now + LATEST_AHEAD:
        raise CellRefused("row.date_future", value=quoted(cell_text(value)))
    if when.at.date() < EARLIEST:
        raise CellRefused("row.date_too_old", value=quoted(cell_text(value)), year=EARLIEST.year)
    return when


def parse_time(value: Cell) -> timedelta:
    """Time since midnight that a cell of a time column names.

    Understood are 21:05, 21.05 น., 2105 and a spreadsheet's part of a day.

    Raises
    ------
    CellRefused
        ``row.time_unreadable``.
    """
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, float) and 0 <= value < 1:
        return timedelta(seconds=round(value * 86400))
    if isinstance(value, int | float) and not isinstance(value, bool):
        # A spreadsheet turns the typed 21.05 into a number, and 2105 too.
        value = f"{value:.2f}" if isinstance(value, float) and not value.is_integer() else f"{int(value):04d}"
    match = _CLOCK.fullmatch(_prepare(cell_text(value)))
    moment = _clock(match) if match and not (match["zone"] or match["sign"]) else None
    if moment is None:
        raise CellRefused("row.time_unreadable", value=quoted(cell_text(value)))
    return moment


def date_order(value: Cell) -> str:
    """What may come first in a day/month/year text: ``day``, ``month``, ``either``; "" for other dates."""
    if not isinstance(value, str):
        return ""
    match = _DATES[1].match(_prepare(value))
    if match is None:
        return ""
    first, second = int(match["a"]), int(match["b"])
    if first > 12 >= second:
        return "day"
    if second > 12 >= first:
        return "month"
    return "either" if max(first, second) <= 12 and first != second else ""


def _prepare(text: str) -> str:
    text = ascii_digits(clean(text)).casefold()
    for _ in range(2):  # "Friday", then "the 14th"
        text = _NOISE.sub(" ", text).strip()
    return " ".join(text.split())


def _read(value: Cell, now: datetime, month_first: bool, epoch: date) -> When:
    shown = quoted(cell_text(value))
    if isinstance(value, datetime):
        moved = _in_year(value, _christian(value.year), shown)
        if moved.tzinfo is not None:
            return When(moved.astimezone(BANGKOK), False)
        # A spreadsheet keeps a day as its midnight.
        return When(moved.replace(tzinfo=BANGKOK, microsecond=0), moved.time() == time())
    if isinstance(value, date):
        return When(_midnight(_christian(value.year), value.month, value.day, shown), True)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _serial(float(value), now, epoch, shown)
    text = _prepare(cell_text(value))
    if _SERIAL.fullmatch(text):
        return _serial(float(text), now, epoch, shown)
    for pattern in _DATES:
        match = pattern.match(text)
        if match:
            return _written(match, text[match.end() :], now, month_first, shown)
    if re.fullmatch(r"\d{4}", text):
        raise CellRefused("row.date_year_only", value=shown)
    raise CellRefused("row.date_unreadable", value=shown)


def _written(match: re.Match[str], rest: str, now: datetime, month_first: bool, shown: str) -> When:
    found = match.groupdict()
    year = _christian(int(found["y"])) if len(found["y"]) == 4 else _two_digits(int(found["y"]), now)
    if found.get("month"):
        month, day = _MONTH_OF[found["month"].replace(" ", "").rstrip(".")], int(found["d"])
    elif found.get("a"):
        day, month = int(found["a"]), int(found["b"])
        if month_first:
            day, month = month, day
        elif month > 12 >= day and month <= 31:
            raise CellRefused("row.date_month_first", value=shown)
    else:
        month, day = int(found["m"]), int(found["d"])
    midnight = _midnight(year, month, day, shown)
    if not rest.strip(" ,.;"):
        return When(midnight, True)
    clock = _CLOCK.fullmatch(rest)
    if clock is None:
        raise CellRefused("row.date_unreadable", value=shown)
    moment = _clock(clock)
    if moment is None:
        raise CellRefused("row.date_impossible", value=shown)
    if clock["zone"] or clock["sign"]:
        ahead = timedelta(hours=int(clock["zh"] or 0), minutes=int(clock["zm"] or 0))
        if ahead >= timedelta(hours=15):
            raise CellRefused("row.date_impossible", value=shown)
        zone = timezone(-ahead if clock["sign"] == "-" else ahead)
        return When((midnight.replace(tzinfo=zone) + moment).astimezone(BANGKOK), False)
    return When(midnight + moment, False)


def _clock(match: re.Match[str]) -> timedelta | None:
    if match["hm"]:
        hour, minute, second = int(match["hm"][:2]), int(match["hm"][2:]), int(match["hms"] or 0)
    else:
        hour, minute, second = int(match["h"] or match["only"]), int(match["min"] or 0), int(match["s"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].startswith("p") else 0)
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second)):
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _serial(days: float, now: datetime, epoch: date, shown: str) -> When:
    if not math.isfinite(days):
        raise CellRefused("row.date_unreadable", value=shown)
    if 1990 <= days <= 2700 and days.is_integer():
        raise CellRefused("row.date_year_only", value=shown)
    if 19_000_101 <= days <= 27_001_231 and days.is_integer():
        return _read(str(int(days)), now, False, epoch)  # 20260714, which the spreadsheet took for a number
    if not 0 < days < 400_000:
        raise CellRefused("row.date_unreadable", value=shown)
    moment = datetime.combine(epoch, time()) + timedelta(seconds=round(days * 86400))
    moved = _in_year(moment, _christian(moment.year), shown)
    return When(moved.replace(tzinfo=BANGKOK), days.is_integer())


def _in_year(moment: datetime, year: int, shown: str) -> datetime:
    """``moment`` in another year; refused where that year has no such day."""
    try:
        return moment.replace(year=year)
    except ValueError as wrong:
        raise CellRefused("row.date_impossible", value=shown) from wrong


def _midnight(year: int, month: int, day: int, shown: str) -> datetime:
    if year < 1900:  # also keeps the arithmetic of zones inside what a datetime can hold
        raise CellRefused("row.date_too_old", value=shown, year=EARLIEST.year)
    try:
        return datetime(year, month, day, tzinfo=BANGKOK)
    except ValueError as wrong:
        raise CellRefused("row.date_impossible", value=shown) from wrong


def _christian(year: int) -> int:
    return year - BUDDHIST if year >= _BUDDHIST_FROM else year


def _two_digits(year: int, now: datetime) -> int:
    for century in (2500 - BUDDHIST, 2000):
        if EARLIEST.year <= century + year <= now.year + 1:
            return century + year
    return 2500 - BUDDHIST + year
