"""Pairs in the store: who keeps them, the border they share, what happened along it, and that nobody's name is told."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.actions.case_history import StepRefused
from geo.actions.joint_log import LogKind, add_log_entry
from geo.actions.pairs import (
    add_contact_point,
    change_pair,
    end_contact_point,
    end_pair,
    make_pair,
    open_pair_contact,
    withdraw_consent,
)
from geo.crs import TIMEZONE
from geo.errors import NotFound
from geo.model.pair import ContactWay, PairWords, Side
from geo.queries.case_parts import district_log, pair_log
from geo.queries.pair_sheet import pair_sheet
from geo.queries.pairs import along, contact_points, joint_work, pair, pairs, stretch, suggestions
from tests.geo.meetings.conftest import ARANYA, NONG_KHAI, Hall
from tests.geo.pairs.conftest import refused_by_the_database

LAO = "Hadxaifong"


def words(hall: Hall, name: str = LAO, codes: tuple[str, ...] = ()) -> PairWords:
    return PairWords(name, "หาดทรายฟอง", "ຫາດຊາຍຟອງ", codes, hall.today - timedelta(days=100), "บันทึกความเข้าใจ 2568")


@pytest.fixture(scope="module")
def number(hall: Hall) -> int:
    """Nong Khai and the Lao district across the river, made by its chief."""
    with hall.acting("chief") as connection:
        offered = suggestions(connection, NONG_KHAI)
        assert (offered[0].name_en, offered[0].neighbour) == (LAO, "LA")
        return make_pair(connection, hall.people["chief"], NONG_KHAI, "LA", words(hall, codes=(offered[0].code,)))


def test_chiefs_keep_the_pairs_of_their_districts_and_the_national_centre_all(hall: Hall, number: int) -> None:
    for who, code in (
        ("officer", "pair.not_allowed"),
        ("commander", "pair.not_allowed"),
        ("planner", "pair.not_allowed"),
    ):
        with hall.acting(who) as connection, pytest.raises(StepRefused) as refused:
            make_pair(connection, hall.people[who], NONG_KHAI, "LA", words(hall, "Other"))
        assert refused.value.code == code
    with hall.acting("chief") as connection:
        for wrong, code in (
            ((NONG_KHAI, "LA", words(hall, " ")), "pair.no_name"),
            ((NONG_KHAI, "LA", words(hall, "x" * 201)), "pair.name_long"),
            ((NONG_KHAI, "LA", words(hall, codes=("nowhere",))), "pair.unknown_area"),
            ((NONG_KHAI, "KH", words(hall)), "pair.not_a_neighbour"),
            ((NONG_KHAI, "LA", words(hall, LAO.upper())), "pair.already"),
            ((ARANYA, "KH", words(hall)), "case.not_yours"),
        ):
            with pytest.raises(StepRefused) as refused, connection.begin_nested():
                make_pair(connection, hall.people["chief"], *wrong)
            assert refused.value.code == code
    with hall.acting("national") as connection:
        far = make_pair(connection, hall.people["national"], ARANYA, "KH", words(hall, "Poipet"))
        change_pair(connection, hall.people["national"], far, words(hall, "Poipet City"))
        end_pair(connection, hall.people["national"], far, hall.today)
        with pytest.raises(StepRefused, match=r"pair\.ended"):
            change_pair(connection, hall.people["national"], far, words(hall))
        assert [(one.id, one.to_day) for one in pairs(connection)] == [(number, None), (far, hall.today)]
    with hall.acting("officer") as connection:
        assert [one.id for one in pairs(connection)] == [number]
        with pytest.raises(NotFound):
            pair(connection, far)
    statement = "update district_pair set name_en = 'x' where id = :n"
    for who in ("officer", "neighbour", "commander", "planner", "agency", "headman"):
        assert refused_by_the_database(hall, who, statement, n=number), who
    for owner in ("delete from district_pair", "update district_pair set district_code = '4901'"):
        with pytest.raises(DBAPIError):
            hall.put(owner)
    assert hall.one("select count(*) from audit_log where action like 'pair.%' and detail::text like '%Poipet%'") == 0


def test_what_happened_along_the_shared_border_is_counted_within_a_distance(hall: Hall, number: int) -> None:
    on = hall.today - timedelta(days=2)
    with hall.acting("chief") as connection:
        of = pair(connection, number)
        line = stretch(connection, of, 5000)
        everything = stretch(connection, type(of)(of.id, NONG_KHAI, "LA", words(hall), None, False), 5000)
    assert 30 < line.km < everything.km
    assert (line.whole, everything.whole) == (False, True)
    whole = hall.one("select length_km from border_section where district_code = :d", d=NONG_KHAI)
    assert everything.km == pytest.approx(whole, rel=0.01)

    # One on the line, one some four kilometres inland, one far off, one without a point, one unfounded.
    middle = "st_lineinterpolatepoint(st_geometryn(st_linemerge(st_geomfromgeojson(:line)), 1), 0.5)"
    for km, status in (
        (0.0, "verified"),
        (4.0, "received"),
        (12.0, "verified"),
        (None, "verified"),
        (0.5, "unfounded"),
    ):
        at = "null" if km is None else f"st_project({middle}::geography, {km * 1000}, pi())::geometry"
        hall.put(
            "insert into incident (crime_type, occurred_at, status, channel, district_code, geom) select 'contraband', :at, :status,"
            f" 'online', :d, {at}",
            at=datetime.combine(on, datetime.min.time(), ZoneInfo(TIMEZONE)), status=status, d=NONG_KHAI,
            **({} if km is None else {"line": json.dumps(dict(line.shape))}),
        )  # fmt: skip
    hall.put(
        "insert into report (incident_id, channel, area_code) select min(id), 'online', :a from incident",
        a=f"{NONG_KHAI}05",
    )
    states = ("received", "verifying", "verified", "referred", "closed")

    def counted(who: str, metres: float) -> dict[str | None, int]:
        with hall.acting(who) as connection:
            found = along(connection, of, metres, on, hall.today, states)
        assert set(found["month"]) <= {on.replace(day=1)}
        told = found["subdistrict"].astype(object).where(found["subdistrict"].notna(), None)
        return {place: int(n) for place, n in zip(told, found["n"], strict=True)}

    assert counted("chief", 2000) == {f"{NONG_KHAI}05": 1}
    assert counted("chief", 5000) == {f"{NONG_KHAI}05": 1, None: 1}
    assert counted("national", 5000) == {f"{NONG_KHAI}05": 1}  # what is not verified is not theirs to place
    assert counted("neighbour", 5000) == {}
    with hall.acting("chief") as connection:
        sheet = pair_sheet(connection, number, 5000, on, hall.today)
        assert int(sheet.counts["n"].sum()) == 1
        plan = connection.execute(
            text(
                "explain select count(*) from incident i where i.geom && (select st_buffer(st_point(102.7, 17.9, 4326), 0.01)) and"
                " st_intersects(i.geom, (select st_buffer(st_point(102.7, 17.9, 4326), 0.01)))"
            )
        ).scalars()
        assert "incident_geom" in "\n".join(plan)


def test_persons_of_contact_points_need_consent_and_are_opened_by_the_district_alone(hall: Hall, number: int) -> None:
    chief = hall.people["chief"]

    def add(who: str, office: str = "งานความมั่นคง", **more: object) -> int:
        with hall.acting(who) as connection:
            return add_contact_point(
                connection, hall.people[who], number, Side.TH, office, ContactWay.TELEPHONE, "24 ชม.", hall.today, **more,  # type: ignore[arg-type]
            )  # fmt: skip

    for who, more, code in (
        ("chief", {"sealed": b"x"}, "pair.no_consent"),
        ("chief", {"office": " "}, "pair.no_office"),
        ("officer", {}, "pair.not_allowed"),
    ):
        with pytest.raises(StepRefused) as refused:
            add(who, **more)  # type: ignore[arg-type]
        assert refused.value.code == code
    with pytest.raises(NotFound):
        add("neighbour")
    first, second = add("chief", sealed=b"sealed", consented=True), add("national")
    with hall.acting("officer") as connection:
        assert open_pair_contact(connection, first) == b"sealed"
    assert hall.one("select count(*) from audit_log where action = 'pair_contact.open'") == 1
    for who in ("national", "neighbour", "commander"):
        assert refused_by_the_database(hall, who, "select open_pair_contact(:n)", n=first), who
        assert refused_by_the_database(hall, who, "select sealed from pair_contact"), who
    assert refused_by_the_database(
        hall, "chief", "update pair_contact set sealed = 'y', consent_on = now() where id = :n", n=second
    )
    with hall.acting("chief") as connection:
        withdraw_consent(connection, chief, first)
        with pytest.raises(NotFound):
            withdraw_consent(connection, chief, first)
        end_contact_point(connection, chief, second)
        points = contact_points(connection, number)
    assert [(one.id, one.has_person, one.ended_on) for one in points] == [
        (first, False, None),
        (second, False, hall.today),
    ]
    with hall.acting("chief") as connection:
        assert [one.id for one in pair_sheet(connection, number, 5000, hall.today, hall.today).contacts] == [first]


def test_the_joint_log_of_a_pair_is_a_part_of_that_of_its_district(hall: Hall, number: int) -> None:
    with hall.acting("officer") as connection:
        add_log_entry(connection, hall.people["officer"].id, "4901", LogKind.MEETING, "พบกันที่ด่าน", pair=number)
        (entry,) = pair_log(connection, number)
        assert (entry.counterpart, entry.said) == ("หาดทรายฟอง", "พบกันที่ด่าน")
        assert entry in district_log(connection, NONG_KHAI)
        assert joint_work(connection, number, hall.today, hall.today) == {"meeting": 1}
    add = (
        "insert into activity (district_code, kind, title, state, first_day, last_day, partner_code)"
        " select '4301', :kind, 'x', :state, :day, :day, counterpart_codes[1] from district_pair where id = :n"
    )
    for kind, state in (("visit_to", "held"), ("visit_to", "planned"), ("training", "held")):
        hall.put(add, kind=kind, state=state, day=hall.today, n=number)
    hall.put(
        "insert into activity (district_code, kind, title, first_day, last_day) values ('4301', 'visit_from', 'another side', :day, :day)",
        day=hall.today,
    )
    with hall.acting("officer") as connection:
        found = joint_work(connection, number, hall.today, hall.today)
    assert found == {"meeting": 1, "visit_to": 1, "activity": 1}
    with hall.acting("neighbour") as connection:
        assert pair_log(connection, number) == ()
        with pytest.raises(NotFound):
            add_log_entry(connection, hall.people["neighbour"].id, "4901", LogKind.CALL, "x", pair=number)
