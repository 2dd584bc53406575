"""The sentence above the map."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.filter_state import MapFilter, Period, without
from dashboard.filter_words import describe, sentence
from dashboard.i18n import LANGUAGES
from geo.model import CrimeType, District

TODAY = date(2026, 11, 23)
TYPES = {
    "trafficking": CrimeType("trafficking", 1, "การค้ามนุษย์", "Human trafficking"),
    "drugs": CrimeType("drugs", 2, "ยาเสพติด", "Drugs"),
    "smuggling": CrimeType("smuggling", 3, "ลักลอบขนคน", "Migrant smuggling"),
    "scams": CrimeType("scams", 4, "หลอกลวงออนไลน์", "Online scams"),
}
PLACES = {
    "4301": District("4301", "เมืองหนองคาย", "Mueang Nong Khai", "หนองคาย", "Nong Khai", ("LA",)),
    "4302": District("4302", "ท่าบ่อ", "Tha Bo", "หนองคาย", "Nong Khai", ("LA",)),
}


def said(chosen: MapFilter, lang: str = "th") -> str:
    return sentence(describe(chosen, lang, TODAY, TYPES, PLACES))


def test_the_usual_picture_is_said_too() -> None:
    assert said(MapFilter()) == "ทุกประเภท · 28 วันล่าสุด (27 ต.ค. – 23 พ.ย. 2569) · ทุกพื้นที่"
    assert said(MapFilter(), "en") == "All types · Last 28 days (27 Oct – 23 Nov 2026) · Everywhere"


def test_a_choice_is_said_as_an_officer_would() -> None:
    chosen = MapFilter(
        crime_types=("drugs", "trafficking"),
        province="43",
        statuses=("verified",),
        channels=("patrol",),
    )
    assert said(chosen) == (
        "การค้ามนุษย์, ยาเสพติด · 28 วันล่าสุด (27 ต.ค. – 23 พ.ย. 2569) · จ.หนองคาย · สถานะ ยืนยันแล้ว · แจ้งทาง ชุดลาดตระเวน"
    )


def test_the_fiscal_year_is_named_in_the_readers_era() -> None:
    chosen = MapFilter(period=Period.FISCAL)
    assert "ปีงบประมาณ 2570 (1 ต.ค. – 23 พ.ย. 2569)" in said(chosen)
    assert "Fiscal year 2027" in said(chosen, "en")


def test_days_of_ones_own_are_said_without_a_name() -> None:
    chosen = MapFilter(period=Period.CUSTOM, first=date(2026, 7, 1), last=date(2026, 7, 28), week=date(2026, 7, 6))
    assert said(chosen) == "ทุกประเภท · 1–28 ก.ค. 2569 · สัปดาห์ 6–12 ก.ค. 2569 · ทุกพื้นที่"


def test_many_types_are_counted_and_not_listed() -> None:
    assert said(MapFilter(crime_types=tuple(TYPES))).startswith("4 ประเภท · ")


def test_a_code_without_a_name_is_said_as_it_is() -> None:
    assert said(MapFilter(crime_types=("unheard",), province="99")).startswith("unheard · ")
    assert "จ.99" in said(MapFilter(province="99"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_part_takes_off_just_itself(lang: str) -> None:
    chosen = MapFilter(
        crime_types=("drugs",), period=Period.DAYS_90, week=date(2026, 11, 16), province="43",
        districts=("4301",), neighbour="LA", statuses=("closed",), channels=("online",),
    )  # fmt: skip
    keys = [part.key for part in describe(chosen, lang, TODAY, TYPES, PLACES)]
    assert keys == ["type", "period", "week", "province", "district", "near", "status", "channel"]
    for key in keys:
        fewer = [part.key for part in describe(without(chosen, key), lang, TODAY, TYPES, PLACES)]
        gone = {"period", "week"} if key == "period" else {key}
        assert [k for k in fewer if k] == [k for k in keys if k not in gone]


def test_nothing_is_left_to_take_off_when_all_is_taken_off() -> None:
    assert not any(part.key for part in describe(MapFilter(), "th", TODAY, TYPES, PLACES))
