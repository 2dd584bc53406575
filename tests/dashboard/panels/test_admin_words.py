"""Accounts and the audit log in words."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.i18n import has, t
from dashboard.panels.admin_audit import action_words, detail_words
from dashboard.panels.admin_words import account_flags, place_words
from geo.actions.programme import TARGETS
from geo.model import District
from geo.model.person import Person, Role
from geo.model.reference import CRIME_COLOURS
from geo.model.setting import SETTINGS
from geo.queries.accounts import STATES, Account

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 7, 14, tzinfo=UTC)
DISTRICTS = {
    code: District(code, f"อำเภอ{code}", f"District {code}") for code in ("4301", "4302", "4303", "4304", "4305")
}


def _written() -> set[str]:
    """Every action that the code writes into the audit log."""
    found: set[str] = set()
    for folder in ("geo", "dashboard"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix == ".py":
                said = file.read_text("utf-8")
                found |= set(re.findall(r"\baudit\(\s*(?:\w+,\s*)?\"([a-z_]+\.[a-z_]+)\"", said))
                found |= set(re.findall(r"\"([a-z_]+\.[a-z_]+)\" if \w+ else \"", said)) & {"person.totp_on"}
            elif file.suffix == ".sql":
                found |= set(re.findall(r"\baudit\('([a-z_]+\.[a-z_]+)'", file.read_text("utf-8")))
    return found


def test_every_action_has_words() -> None:
    written = _written()
    assert {"case.verify", "report.receive", "person.create", "crime_type.put"} <= written
    assert [code for code in sorted(written) if not has(f"audit.did.{code}")] == []


def _details() -> set[str]:
    """Every key of a detail that the code writes into the audit log."""
    found: set[str] = set()
    for folder in ("geo", "dashboard"):
        for file in (ROOT / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "audit":
                    found |= {said.arg for said in call.keywords if said.arg}
        for file in (ROOT / folder).rglob("*.sql"):
            for built in re.findall(r"audit\('[^;]*?jsonb_build_object\(([^;]*)\);", file.read_text("utf-8")):
                found |= set(re.findall(r"'([a-z_]+)',", built))
    return found


def test_every_detail_has_words() -> None:
    written = _details()
    assert {"grade", "photos", "channel", "from"} <= written
    assert [key for key in sorted(written) if not has(f"audit.about.{key}")] == []


@pytest.mark.parametrize("lang", ["th", "en"])
def test_everything_that_can_be_chosen_has_words(lang: str) -> None:
    keys = [
        *(f"people.role_help.{role}" for role in Role),
        *(f"people.state.{state}" for state in STATES),
        *(f"settings.number.{key}" for key in SETTINGS),
        *(f"settings.colour.c{colour[1:]}" for colour in CRIME_COLOURS),
        *(f"target.{target}" for target in TARGETS),
    ]
    assert all(t(key, lang) for key in keys)


def test_an_action_that_nobody_gave_words_is_told_by_its_code() -> None:
    assert action_words("no.such", "th") == "no.such"
    assert action_words("case.verify", "en") == "Case verified"


def test_details_are_codes_in_words() -> None:
    said = detail_words({"role": "chief", "active": False, "n": 3, "districts": "", "unknown": "<b>"}, "en")
    assert said == f"role {t('role.chief', 'en')} · active no · n 3 · unknown <b>"
    told = detail_words({"channel": "online", "photos": 2, "from": "closed", "answered": "email"}, "th")
    assert told == "ช่องทาง แจ้งออนไลน์ · รูปถ่าย 2 · สถานะเดิม ยุติเรื่อง · ผู้แจ้งตอบคำถามแล้ว อีเมล"


def test_many_districts_are_counted_and_a_village_is_named_whole() -> None:
    chief = Person(1, "chief", "ก", Role.CHIEF, tuple(DISTRICTS))
    assert place_words(chief, DISTRICTS, {}, "en").endswith("and 2 more districts")
    assert "4305" in place_words(chief, DISTRICTS, {}, "en", whole=True)
    headman = Person(2, "h", "ก", Role.COORDINATOR, ("4301",), area_code="430105", village="หมู่ 3")
    assert place_words(headman, DISTRICTS, {"430105": ("มีชัย", "Mi Chai")}, "th") == "หมู่ 3 ต.มีชัย อ.อำเภอ4301"
    assert place_words(Person(3, "p", "ก", Role.PLANNER), DISTRICTS, {}, "th") == ""


def test_what_keeps_somebody_out_is_urgent() -> None:
    flags = account_flags(Account(Person(1, "x", "ก", Role.PLANNER), NOW, None, 0, True), "en")
    assert [urgent for _, urgent in flags] == [True, True]
    fine = Account(Person(1, "x", "ก", Role.PLANNER, has_password=True), NOW, NOW, 1, False)
    assert account_flags(fine, "en") == []
