"""Accounts in words: where somebody works, when they were here last, and what is the matter with their account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dashboard.i18n import name, t
from dashboard.i18n.dates import ago
from dashboard.panels.case_words import agency_name
from geo.model import District
from geo.model.person import Person, Role
from geo.queries.accounts import Account

__all__ = ["account_flags", "place_words", "seen_words"]

MOST_DISTRICTS = 3
"""Districts that are named; of more is said how many there are."""
Names = Mapping[str, tuple[str | None, str | None]]


def place_words(
    person: Person, districts: Mapping[str, District], areas: Names, lang: str, *, whole: bool = False
) -> str:
    """Districts, agency or village of somebody; empty where the role has none. Holds words of others."""
    if person.agency:
        return agency_name(person.agency, lang)
    if person.role is Role.COORDINATOR:
        thai, english = areas.get(person.area_code or "", (None, None))
        place = name({"name_th": thai, "name_en": english}, lang)
        parts = [
            person.village or "",
            t("case.subdistrict", lang, name=place) if place and len(person.area_code or "") == 6 else place,
            *(_district(code, districts, lang) for code in person.districts),
        ]
        return " ".join(part for part in parts if part)
    named = [_district(code, districts, lang) for code in person.districts]
    if whole or len(named) <= MOST_DISTRICTS:
        return ", ".join(named)
    return t("people.and_more", lang, places=", ".join(named[:MOST_DISTRICTS]), n=len(named) - MOST_DISTRICTS)


def _district(code: str, districts: Mapping[str, District], lang: str) -> str:
    return t("case.district", lang, name=name(districts[code], lang)) if code in districts else code


def seen_words(account: Account, now: datetime, lang: str) -> str:
    """When somebody signed in last."""
    if account.last_sign_in_at is None:
        return t("people.never", lang)
    return t("people.seen", lang, ago=ago(account.last_sign_in_at, now, lang))


def account_flags(account: Account, lang: str) -> list[tuple[str, bool]]:
    """What is the matter with an account, and whether somebody should do something about it."""
    person = account.person
    told = [
        ("off", not person.active, False),
        ("locked", account.locked, True),
        ("no_way", person.active and not (person.has_password or person.linked or person.is_demo), True),
        ("must_change", person.active and person.must_change_password, False),
        ("codes", person.has_totp, False),
        ("demo", person.is_demo, False),
    ]
    return [(t(f"people.flag.{code}", lang), urgent) for code, holds, urgent in told if holds]
