"""What a quarter says in words: shares against targets, and centres with what their small numbers are worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.documents.referral_pack import Names
from dashboard.i18n import name, t
from dashboard.i18n.dates import month, number, percent, year
from dashboard.meeting_words import written
from geo.analysis.shares import FEW
from geo.model.quarter_report import CentreRow, Indicator, QuarterContent, Share

__all__ = ["CentreLine", "centre_lines", "judged", "quarter_name", "said_by", "share_words", "type_lines"]


@dataclass(frozen=True, slots=True)
class CentreLine:
    """One centre as it is read; ``shares`` in the order of `Indicator`, ``under`` says which are clearly under their target."""

    district: str
    name: str
    reports: str
    incidents: str
    before: str
    change: str
    shares: tuple[str, ...]
    under: tuple[bool, ...]
    hours: str


def quarter_name(quarter: date, lang: str) -> str:
    """``4/2569``, ``Q4 2026``: quarters of the calendar year."""
    return t("quarter.name", lang, n=(quarter.month + 2) // 3, year=year(quarter.year, lang))


def judged(share: Share, target: float) -> str:
    """``under`` or ``reached`` where it can be told, ``unclear`` where not, ``none`` where there is nothing."""
    if share.of == 0 or share.low is None or share.high is None:
        return "none"
    if share.high < target:
        return "under"
    return "reached" if share.n >= target * share.of else "unclear"


def share_words(share: Share, lang: str) -> str:
    """A share; nothing is told of under five."""
    if share.of == 0:
        return "–"
    if share.of < FEW:
        return t("quarter.too_few", lang)
    return percent(share.n / share.of).removeprefix("+")


def centre_lines(content: QuarterContent, names: Names, lang: str) -> list[CentreLine]:
    """The centres in the order of their codes; counts under five are hidden, and what they could be worked out from."""
    now = written([one.incidents for one in content.centres], True)
    before = written([one.before for one in content.centres], True)
    return [_line(content, one, n, was, names, lang) for one, n, was in zip(content.centres, now, before, strict=True)]


def _line(content: QuarterContent, one: CentreRow, now: str, before: str, names: Names, lang: str) -> CentreLine:
    shares = [one.shares[str(indicator)] for indicator in Indicator]
    months = one.shares[str(Indicator.SENT_IN_TIME)]
    place = names.districts.get(one.district)
    return CentreLine(
        one.district,
        name(place, lang) if place else one.district,
        t("quarter.reports_cell", lang, in_time=months.n, late=one.late, missing=one.missing),
        now,
        before,
        t(f"quarter.changed.{one.change}", lang),
        tuple(share_words(share, lang) for share in shares),
        tuple(
            share.of >= FEW and judged(share, content.targets[str(of)]) == "under"
            for of, share in zip(Indicator, shares, strict=True)
        ),
        number(round(one.hours)),
    )


def type_lines(content: QuarterContent, names: Names, lang: str) -> list[tuple[str, str, str]]:
    """Name of each type with its incidents now and before, small ones hidden."""
    now = written([n for _, n, _ in content.types], True)
    before = written([n for _, _, n in content.types], True)
    called = [name(names.types[code], lang) if code in names.types else code for code, _, _ in content.types]
    return list(zip(called, now, before, strict=True))


def said_by(district: str, of: date, names: Names, lang: str) -> str:
    """Which centre wrote it, in the report of which month."""
    place = names.districts.get(district)
    return t("quarter.said_by", lang, district=name(place, lang) if place else district, month=month(of, lang))
