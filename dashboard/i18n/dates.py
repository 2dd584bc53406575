"""Days, times, durations, distances and numbers as an officer writes them. Always the time of Bangkok.

Thai counts years in the Buddhist Era; other languages in the common one. Digits are Arabic in every language.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.i18n import t
from geo.crs import TIMEZONE

__all__ = [
    "ago", "change", "clock", "day", "distance", "duration", "fiscal_year", "local", "moment", "month",
    "number", "percent", "period", "today", "year",
]  # fmt: skip

_ZONE = ZoneInfo(TIMEZONE)
_BUDDHIST = frozenset({"th"})
_MINUS = "\N{MINUS SIGN}"
_DASH = "\N{EN DASH}"

SMALL = 5
"""Under this many incidents before, a percentage says nothing and is not given."""


def local(when: datetime) -> datetime:
    """The same moment on a clock in Bangkok.

    Raises
    ------
    ValueError
        The time has no zone, so nobody knows which moment is meant.
    """
    if when.tzinfo is None:
        raise ValueError("a time without a zone")
    return when.astimezone(_ZONE)


def today(now: datetime | None = None) -> date:
    """The day it is in Bangkok."""
    return datetime.now(_ZONE).date() if now is None else local(now).date()


def year(value: int, lang: str) -> str:
    """A year of the common era as the language counts it."""
    return str(value + 543 if lang in _BUDDHIST else value)


def fiscal_year(of: date, lang: str) -> str:
    """The Thai government's fiscal year of a day, from 1 October, named for the year it ends in."""
    return year(of.year + (of.month >= 10), lang)


def month(value: date, lang: str, short: bool = True) -> str:
    """The month of a day with its year: ``ก.ค. 2569``, ``กรกฎาคม 2569``."""
    return f"{_month(value, lang, short)} {year(value.year, lang)}"


def _month(value: date, lang: str, short: bool = True) -> str:
    return t("dates.months_short" if short else "dates.months", lang).strip("⟦⟧").split()[value.month - 1]


def day(value: date, lang: str) -> str:
    """A day: ``14 ก.ค. 2569``."""
    return f"{value.day} {month(value, lang)}"


def clock(when: datetime, lang: str) -> str:
    """The time of day: ``21:05 น.``."""
    return t("dates.clock", lang, time=f"{local(when):%H:%M}")


def moment(when: datetime, lang: str) -> str:
    """Day and time: ``14 ก.ค. 2569 เวลา 21:05 น.``."""
    return t("dates.moment", lang, day=day(local(when).date(), lang), time=f"{local(when):%H:%M}")


def period(first: date, last: date, lang: str) -> str:
    """From one day to another, saying nothing twice: ``1–28 ก.ค. 2569``, ``27 ต.ค. – 23 พ.ย. 2569``."""
    if first == last:
        return day(last, lang)
    if first.year != last.year:
        start = day(first, lang)
    elif first.month != last.month:
        start = f"{first.day} {_month(first, lang)}"
    else:
        return f"{first.day}{_DASH}{day(last, lang)}"
    return f"{start} {_DASH} {day(last, lang)}"


def duration(length: timedelta, lang: str) -> str:
    """A length of time in its two largest units: ``2 ชั่วโมง 5 นาที``. Seconds are left out."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    counts = {"day": days, "hour": rest // 60, "minute": rest % 60}
    said = [_unit(unit, n, lang) for unit, n in counts.items() if n]
    if days and not counts["hour"]:
        said = said[:1]
    return " ".join(said[:2]) or _unit("minute", 0, lang)


def _unit(unit: str, n: int, lang: str) -> str:
    return t(f"dates.{unit}" if n == 1 else f"dates.{unit}s", lang, n=n)


def ago(when: datetime, now: datetime, lang: str) -> str:
    """How long ago a moment was: ``5 นาทีที่แล้ว``; from a week on its day and time."""
    length = now - when
    if abs(length) < timedelta(minutes=1):
        return t("dates.now", lang)
    if length < timedelta(0):
        return t("dates.ahead", lang, time=duration(-length, lang))
    if length >= timedelta(days=7):
        return moment(when, lang)
    unit = timedelta(days=1) if length >= timedelta(days=1) else timedelta(hours=1)
    return t("dates.ago", lang, time=duration(length - length % unit if length >= unit else length, lang))


def distance(metres: float, lang: str) -> str:
    """A distance as it is said: ``850 ม.``, ``1.2 กม.``, ``1,234 กม.``."""
    if metres < 999.5:
        return t("dates.metres", lang, n=f"{metres:.0f}")
    km = metres / 1000
    return t("dates.kilometres", lang, n=f"{km:.1f}" if km < 99.95 else f"{km:,.0f}")


def number(value: int) -> str:
    """A count with thousands separators."""
    return f"{value:,}".replace("-", _MINUS)


def percent(share: float) -> str:
    """A relative change with its sign: 0.12 is ``+12%``, −0.5 is ``−50%``, nothing is ``0%``."""
    rounded = round(share * 100)
    return "0%" if rounded == 0 else f"{rounded:+,}%".replace("-", _MINUS)


def change(now: int, before: int, lang: str) -> str:
    """How a count changed: in per cent, or by how many where there were under `SMALL` before."""
    if now == before:
        return t("dates.unchanged", lang)
    return percent(now / before - 1) if before >= SMALL else f"{now - before:+,}".replace("-", _MINUS)
