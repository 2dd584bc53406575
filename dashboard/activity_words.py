"""Activities in words: when, where, who came, and what is known of what it did. Titles and places are text of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from dashboard.i18n import name, t
from dashboard.i18n.dates import number, period
from geo.model import Agency, District
from geo.model.activity import Activity, AttendeeRole, Heads, NewActivity
from geo.model.person import Person, scope_of

__all__ = ["ICONS", "Known", "agency_words", "district_choices", "district_words", "heads_words", "money_words", "when_words", "where_words"]  # fmt: skip

ICONS: Mapping[str, str] = {
    "training": "school", "news_tower": "campaign", "local_radio": "radio", "school": "backpack", "online_post": "thumb_up",
    "publicity": "newspaper", "agency_meeting": "groups", "visit_to": "arrow_outward", "visit_from": "call_received",
}  # fmt: skip
"""Material symbol of each kind."""


@dataclass(frozen=True, slots=True)
class Known:
    """What codes are called now, the language, and the day in Bangkok."""

    places: Mapping[str, District]
    agencies: Mapping[str, Agency]
    lang: str
    today: date


def district_words(code: str, known: Known) -> str:
    """Name of a district."""
    said = name(known.places[code], known.lang) if code in known.places else code
    return t("meeting.place.district", known.lang, name=said)


def district_choices(person: Person, known: Known) -> dict[str, str]:
    """Districts that a person may look at, by name; of those who see all, the border's."""
    own = scope_of(person).districts
    codes = list(own) if own is not None else [code for code, one in known.places.items() if one.neighbours]
    names = {code: name(known.places[code], known.lang) if code in known.places else code for code in codes}
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


def agency_words(code: str | None, known: Known) -> str:
    """Who organises it; the centre itself where no agency is named."""
    if code is None:
        return t("activities.centre", known.lang)
    return name(known.agencies[code], known.lang) if code in known.agencies else code


def when_words(first: date, last: date, begins: time | None, ends: time | None, lang: str) -> str:
    """Day or days, and the hours of a day."""
    said = period(first, last, lang)
    if begins is None:
        return said
    hours = f"{begins:%H:%M}" if ends is None else f"{begins:%H:%M}\N{EN DASH}{ends:%H:%M}"
    return f"{said} {t('dates.clock', lang, time=hours)}"


def where_words(one: Activity, known: Known) -> str:
    """Place, village, sub-district and district, and the partner across the border."""
    what, lang = one.what, known.lang
    area = name({"name_th": one.area_th, "name_en": one.area_en}, lang)
    partner = name({"name_th": one.partner_th, "name_en": one.partner_en}, lang)
    parts = [
        what.place or "", what.village or "", t("case.subdistrict", lang, name=area) if area else "",
        district_words(what.district, known),
        t("activities.with_partner", lang, partner=what.partner or partner) if what.partner or partner else "",
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def heads_words(heads: Mapping[AttendeeRole, Heads], lang: str) -> str:
    """How many came and, where it was noted, of which sex; nothing where nobody was counted."""
    men, women, unstated = (sum(getattr(one, sex) for one in heads.values()) for sex in ("men", "women", "unstated"))
    total = men + women + unstated
    if not total:
        return ""
    said = t("activities.people", lang, n=number(total))
    sexes = {"men": men, "women": women, "unstated": unstated}
    parts = [t(f"activities.{sex}_n", lang, n=number(n)) for sex, n in sexes.items() if n]
    return said if unstated == total else f"{said} ({', '.join(parts)})"


def money_words(what: NewActivity, lang: str) -> str:
    """Money spent and where it came from."""
    if what.baht is None:
        return ""
    said = t("activities.baht", lang, n=f"{what.baht:,.0f}" if what.baht == round(what.baht) else f"{what.baht:,.2f}")
    return f"{said} ({what.baht_source})" if what.baht_source else said
