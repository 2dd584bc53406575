"""Which cases may be the same: rules that hold for any two."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.analysis.same_case import NEAR_M, RELATED, WITHIN, Sighting, hours_apart, likeness, metres_apart

WHEN = datetime(2026, 7, 14, 14, 5, tzinfo=UTC)
NIGHT = Sighting(102.74, 17.87, WHEN, False, "drug_trafficking", frozenset(), frozenset({"430101"}))
TYPES = [*sorted(frozenset().union(*RELATED)), "suspicious_activity", "something_new"]

points = st.tuples(st.floats(102.725, 102.755), st.floats(17.855, 17.885)) | st.just((None, None))
sightings = st.builds(
    lambda at, minutes, day, kind, others, places: Sighting(
        at[0],
        at[1],
        (WHEN.replace(hour=17, minute=0) if day else WHEN)
        + timedelta(days=minutes // 1440 if day else 0, minutes=0 if day else minutes),
        day,
        kind,
        frozenset(others),
        frozenset(places),
    ),
    points,
    st.integers(-2500, 2500),
    st.booleans(),
    st.sampled_from(TYPES),
    st.sets(st.sampled_from(TYPES), max_size=2),
    st.sets(st.sampled_from(["430101", "430102", "430503"]), max_size=2),
)


@given(sightings, sightings)
def test_it_is_the_same_either_way_round(one: Sighting, other: Sighting) -> None:
    there, back = likeness(one, other), likeness(other, one)
    assert (there is None) == (back is None)
    if there and back:
        assert there.reasons == back.reasons
        assert there.score == pytest.approx(back.score)


@given(sightings, sightings)
def test_what_is_suggested_is_near_in_space_and_time(one: Sighting, other: Sighting) -> None:
    alike = likeness(one, replace(other, crime_type="suspicious_activity"))
    if alike is None:
        return
    assert 0 < alike.score <= 1
    assert alike.hours <= WITHIN.total_seconds() / 3600
    if alike.metres is None:
        assert alike.reasons[0] == "same_subdistrict"
        assert one.subdistricts & other.subdistricts
    else:
        assert alike.metres <= NEAR_M
        assert alike.reasons[0] == "near"
    assert (alike.reasons[2] == "same_type") == (one.crime_type == "suspicious_activity")


@given(sightings)
def test_every_case_that_has_a_place_is_most_like_itself(one: Sighting) -> None:
    assume(one.lon is not None)
    alike = likeness(one, one)
    assert alike is not None
    assert alike.score == pytest.approx(1)
    assert alike.reasons == ("near", "same_hours", "same_type")


@given(st.floats(0, 0.01), st.floats(0, 0.01), st.floats(0, 30), st.floats(0, 30))
def test_nearer_and_sooner_never_scores_less(east: float, more: float, hours: float, later: float) -> None:
    near = replace(NIGHT, lon=102.74 + east, occurred_at=WHEN + timedelta(hours=hours))
    far = replace(NIGHT, lon=102.74 + east + more, occurred_at=WHEN + timedelta(hours=hours + later))
    one, other = likeness(NIGHT, near), likeness(NIGHT, far)
    assert one is not None
    if other is not None:
        assert other.score <= one.score + 1e-9


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, ("near", "same_hours", "same_type")),
        ({"lat": 17.8871}, ("near", "same_hours", "same_type")),
        ({"lat": 17.8890}, None),
        ({"occurred_at": WHEN + timedelta(hours=7)}, ("near", "same_days", "same_type")),
        ({"occurred_at": WHEN - timedelta(hours=49)}, None),
        ({"crime_type": "arms_trafficking"}, ("near", "same_hours", "related_type")),
        ({"crime_type": "suspicious_activity"}, ("near", "same_hours", "related_type")),
        ({"crime_type": "online_scam"}, None),
        (
            {"crime_type": "online_scam", "types": frozenset({"drug_trafficking"})},
            ("near", "same_hours", "shared_type"),
        ),
        ({"lon": None, "lat": None}, ("same_subdistrict", "same_hours", "same_type")),
        ({"lon": None, "lat": None, "subdistricts": frozenset()}, None),
        ({"lon": None, "lat": None, "subdistricts": frozenset({"430102"})}, None),
    ],
)
def test_the_reasons_are_told(change: dict[str, object], reasons: tuple[str, str, str] | None) -> None:
    alike = likeness(NIGHT, replace(NIGHT, **change))  # type: ignore[arg-type]
    assert (alike and alike.reasons) == reasons


def test_a_day_without_an_hour_is_any_hour_of_it() -> None:
    midnight = datetime(2026, 7, 13, 17, tzinfo=UTC)
    day = replace(NIGHT, occurred_at=midnight, day_only=True)
    assert hours_apart(day, NIGHT) == 0
    assert hours_apart(day, replace(NIGHT, occurred_at=midnight + timedelta(hours=30))) == 6
    assert hours_apart(day, replace(NIGHT, occurred_at=midnight - timedelta(hours=2))) == 2
    assert hours_apart(day, replace(day, occurred_at=midnight + timedelta(days=2))) == 24


def test_metres_are_those_of_the_ellipsoid_to_half_a_percent() -> None:
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    for lon, lat in ((102.75, 17.87), (102.74, 17.885), (102.76, 17.89)):
        exact = geod.inv(102.74, 17.87, lon, lat)[2]
        assert metres_apart(NIGHT, replace(NIGHT, lon=lon, lat=lat)) == pytest.approx(exact, rel=0.005)
