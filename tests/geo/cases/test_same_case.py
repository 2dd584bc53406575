"""Suggestions out of the store: which cases are the same, and which grade."""

from __future__ import annotations

from typing import Any

import pytest

from geo.actions import cases, fact_checks
from geo.actions.case_merge import merge
from geo.errors import NotFound
from geo.model import Reach, Scope
from geo.model.case import Finding, Grade, UnitKind
from geo.queries.corroboration import suggested_grade
from geo.queries.same_case import same_case

HERE = Scope(("4301",), Reach.CENTRE)


def found(office: Any, case: str, who: str = "officer", scope: Scope = HERE) -> list[tuple[str, tuple[str, ...]]]:
    with office.acting(who) as connection:
        return [(one.public_id, one.likeness.reasons) for one in same_case(connection, scope, case)]


def test_near_cases_of_the_same_days_are_suggested_the_likeliest_first(office: Any) -> None:
    this = office.case()
    near = office.case(lon=102.7405)
    related = office.case(lon=102.745, crime_type="arms_trafficking", hours_ago=30)
    office.case(lon=102.78)
    office.case(hours_ago=100)
    office.case(crime_type="online_scam")
    office.case(status="closed")
    assert found(office, this) == [
        (near, ("near", "same_hours", "same_type")),
        (related, ("near", "same_days", "related_type")),
    ]
    with office.acting("officer") as connection:
        merge(connection, office.ids["officer"], near, this)
    assert [name for name, _ in found(office, this)] == [related]


def test_where_there_is_no_point_the_sub_district_is_what_they_share(office: Any) -> None:
    this = office.case(lon=None, lat=None, area_code="430101")
    pointless = office.case(lon=None, lat=None, area_code="430101")
    pointed = office.case(area_code="430101")
    office.case(lon=None, lat=None, area_code="430102")
    both = [("same_subdistrict", "same_hours", "same_type")] * 2
    assert found(office, this) == list(zip((pointless, pointed), both, strict=True))
    assert {name for name, _ in found(office, pointed)} == {this, pointless}
    nowhere = office.case(lon=None, lat=None)
    assert found(office, nowhere) == []


def test_cases_of_other_districts_are_neither_asked_about_nor_suggested(office: Any) -> None:
    this = office.case()
    # The same place, but stated to be in the next district: its own officers alone see it.
    other = office.case(district="4901")
    assert found(office, this) == []
    for who, scope in (
        ("neighbour", Scope(("4901",), Reach.CENTRE)),
        ("police", Scope(None, Reach.AGENCY, "local_police")),
    ):
        with pytest.raises(NotFound), office.acting(who) as connection:
            same_case(connection, scope, this)
    assert found(office, other, "neighbour", Scope(("4901",), Reach.CENTRE)) == []


def test_the_grade_is_suggested_from_what_stands_in_the_store(office: Any) -> None:
    officer = office.ids["officer"]
    for number in range(6):
        former = office.case(entered_by="headman", channel="coordinator", hours_ago=500 + 100 * number)
        with office.acting("officer") as connection:
            cases.start_verifying(connection, officer, former)
        with office.acting("officer") as connection:
            if number:
                cases.verify(connection, officer, former, Grade("B", 2))
            else:
                cases.unfounded(connection, officer, former, "ไม่พบ")
    this = office.case(entered_by="headman", channel="coordinator")
    second, third = office.case(), office.case(entered_by="headman", channel="coordinator")

    def suggested() -> tuple[str, tuple[str, str]]:
        with office.acting("officer") as connection:
            one = suggested_grade(connection, this)
        return str(one.grade), one.reasons

    assert suggested() == ("B6", ("source_history", "single_source"))
    with office.acting("officer") as connection:
        merge(connection, officer, third, this)
    assert suggested() == ("B6", ("source_history", "single_source"))  # the same person twice is one source
    with office.acting("officer") as connection:
        number = fact_checks.ask_unit(connection, officer, second, UnitKind.PATROL, "ชุดที่ 1")
    with office.acting("officer") as connection:
        merge(connection, officer, second, this)
    assert suggested() == ("B2", ("source_history", "sources_agree"))
    with office.acting("officer") as connection:
        fact_checks.record_finding(connection, officer, number, Finding.CONFIRMED)
    assert suggested() == ("B1", ("source_history", "confirmed_on_spot"))  # a check of a merged case counts
    with pytest.raises(NotFound), office.acting("neighbour") as connection:
        suggested_grade(connection, this)
