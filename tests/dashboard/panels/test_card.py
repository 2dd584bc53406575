"""What a card says of how sure a place is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from dashboard.panels import card
from dashboard.panels.card import incident_lines, location_words
from geo.errors import DatabaseUnavailable, NotFound, WatchError
from geo.model import CrimeType, District, Reach, Scope

DISTRICTS = {
    "4901": District("4901", "เมืองมุกดาหาร", "Mueang Mukdahan", "มุกดาหาร", "Mukdahan"),
    "4805": District("4805", "ธาตุพนม", "That Phanom", "นครพนม", "Nakhon Phanom"),
}
TYPES = {"drug_trafficking": CrimeType("drug_trafficking", 1, "ยาเสพติด", "Drugs")}


COMMANDER = Scope(None, Reach.WIDE)


def found(**more: Any) -> dict[str, Any]:
    """An incident as ``geo.queries.incidents.card`` gives it."""
    now = datetime.fromisoformat("2026-11-23T20:00:00+07:00")
    return {
        "crime_type": "drug_trafficking", "other_crime_types": [], "occurred_at": now, "occurred_day_only": False,
        "reported_at": now, "status": "received", "channel": "online", "district_code": "4901", "location_check": "inside",
        "district_conflict": False, "point_district_code": "4901", "snap_distance_m": None, "lat": 16.5, "lon": 104.7,
        "location_note": None, "rough": False,
    } | more  # fmt: skip


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("check", ["inside", "snapped", "outside", "no_point"])
def test_every_location_check_is_said(check: str, lang: str) -> None:
    said = location_words(
        found(location_check=check, snap_distance_m=412.0 if check == "snapped" else None), DISTRICTS, lang
    )
    assert said
    assert ("412" in said) == (check == "snapped")


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_rough_place_says_why_and_has_neither_coordinates_nor_time(lang: str) -> None:
    rough = found(rough=True, occurred_day_only=True)
    lines = dict(incident_lines(rough, TYPES, DISTRICTS, lang))
    assert "coordinates" not in lines
    assert ":" not in lines["reported"]
    assert lines["location"] == location_words(rough, DISTRICTS, lang) != location_words(found(), DISTRICTS, lang)


def test_a_conflict_names_both_districts() -> None:
    said = location_words(found(district_conflict=True, point_district_code="4805"), DISTRICTS, "th")
    assert "เมืองมุกดาหาร" in said
    assert "ธาตุพนม" in said


def test_a_conflict_with_no_district_at_all_is_said() -> None:
    said = location_words(
        found(district_conflict=True, point_district_code=None, location_check="outside"), DISTRICTS, "en"
    )
    assert "Mueang Mukdahan" in said
    assert "not known" in said


def test_a_day_without_a_time_has_none() -> None:
    lines = dict(incident_lines(found(occurred_day_only=True), TYPES, DISTRICTS, "th"))
    assert lines["when"] == "23 พ.ย. 2569"
    assert ":" in lines["reported"]


def test_a_type_that_is_gone_stands_as_its_code() -> None:
    lines = dict(incident_lines(found(other_crime_types=["retired_type"]), TYPES, DISTRICTS, "th"))
    assert lines["type"] == "ยาเสพติด, retired_type"


def test_no_point_has_no_coordinates() -> None:
    lines = dict(incident_lines(found(lat=None, lon=None, location_check="no_point"), TYPES, DISTRICTS, "th"))
    assert "coordinates" not in lines


@pytest.mark.parametrize("error", [NotFound("incident.not_found"), DatabaseUnavailable("database.slow")])
def test_what_cannot_be_read_waits_until_the_card_is_drawn(monkeypatch: pytest.MonkeyPatch, error: WatchError) -> None:
    def fail(*_asked: object) -> None:
        raise error

    monkeypatch.setattr(card.store, "card", fail)
    monkeypatch.setattr(card.session, "picked", lambda: ("incident", "NTS69-0000001"))
    drawn: list[object] = []
    monkeypatch.setattr(card, "_draw", lambda *shown: drawn.append(shown))
    now = datetime.fromisoformat("2026-11-23T20:00:00+07:00")
    found = card.read(COMMANDER, now)
    assert found is error
    if isinstance(error, DatabaseUnavailable):
        with pytest.raises(DatabaseUnavailable):
            card.show(found, TYPES, DISTRICTS, DISTRICTS, "th", now)
        assert drawn == []
    else:
        card.show(found, TYPES, DISTRICTS, DISTRICTS, "th", now)
        assert len(drawn) == 1


def test_a_districts_card_asks_the_database_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card.store, "card", None)
    monkeypatch.setattr(card.session, "picked", lambda: ("district", "4901"))
    assert card.read(COMMANDER, datetime.fromisoformat("2026-11-23T20:00:00+07:00")) is None
