"""What the page shows, said in one sentence whose parts can be taken off one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.filter_state import MapFilter, Period, period_days
from dashboard.i18n import dates as say
from dashboard.i18n import name, t
from geo.model import CrimeType, District

__all__ = ["NAMED", "Part", "describe", "sentence"]

NAMED = 3
"""So many names are said; of more only how many."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the sentence.

    Attributes
    ----------
    key
        Query key that takes it off (`dashboard.filter_state.without`); empty: nothing to take off.
    text
        Words in the reader's language, plain text.
    """

    key: str
    text: str


def _list(names: Iterable[str], more: str, lang: str) -> str:
    found = list(names)
    return ", ".join(found) if len(found) <= NAMED else t(more, lang, n=len(found))


def _named(rows: Mapping[str, CrimeType] | Mapping[str, District], codes: Collection[str], lang: str) -> list[str]:
    """Names in the order of ``rows``; a code without a row stands for itself."""
    names = [name(row, lang) or code for code, row in rows.items() if code in codes]
    return names + sorted(set(codes) - rows.keys())


def _period(chosen: MapFilter, lang: str, today: date) -> str:
    first, last = period_days(chosen, today)
    days = say.period(first, last, lang)
    if chosen.period == Period.CUSTOM:
        return days
    label = t(f"period.said_{chosen.period}", lang, year=say.fiscal_year(today, lang))
    return f"{label} ({days})"


def _province(code: str, places: Mapping[str, District], lang: str) -> str:
    row = next((row for row in places.values() if row.province_code == code), None)
    return name(row, lang, "province") or code


def describe(
    chosen: MapFilter,
    lang: str,
    today: date,
    crime_types: Mapping[str, CrimeType],
    places: Mapping[str, District],
    usual: Period = Period.DAYS_28,
) -> list[Part]:
    """The parts of the sentence above the map, in a fixed order.

    Parameters
    ----------
    crime_types
        By code, in display order.
    places
        Border districts by code.
    usual
        The period of the page where none was chosen.
    """
    parts = [Part("", t("filter.all_types", lang))]
    if chosen.crime_types:
        parts = [Part("type", _list(_named(crime_types, chosen.crime_types, lang), "filter.n_types", lang))]
    parts.append(Part("" if chosen.period == usual else "period", _period(chosen, lang, today)))
    if chosen.week:
        week = say.period(chosen.week, chosen.week + timedelta(days=6), lang)
        parts.append(Part("week", t("filter.week_said", lang, days=week)))
    if chosen.province:
        said = t("filter.province_said", lang, name=_province(chosen.province, places, lang))
        parts.append(Part("province", said))
    if chosen.districts:
        names = [t("filter.district_said", lang, name=n) for n in _named(places, chosen.districts, lang)]
        parts.append(Part("district", _list(names, "filter.n_districts", lang)))
    if chosen.neighbour:
        parts.append(Part("near", t(f"neighbour.border_{chosen.neighbour}", lang)))
    if not (chosen.province or chosen.districts or chosen.neighbour):
        parts.append(Part("", t("filter.whole_border", lang)))
    if chosen.statuses:
        names = [t(f"status.{code}", lang) for code in chosen.statuses]
        parts.append(Part("status", t("filter.status_said", lang, names=", ".join(names))))
    if chosen.channels:
        names = [t(f"channel.{code}", lang) for code in chosen.channels]
        parts.append(Part("channel", t("filter.channel_said", lang, names=", ".join(names))))
    return parts


def sentence(parts: Iterable[Part]) -> str:
    """The parts as one line, for titles and exports."""
    return " · ".join(part.text for part in parts)
