"""The sheet for the other side of the border: it can hold nothing but what may cross."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import ProgrammingError

from dashboard.documents.counterpart_sheet import counterpart_pdf, sheet_data
from dashboard.documents.referral_pack import Names
from dashboard.i18n.sheet import LANGUAGES, words
from geo.actions import cases
from geo.actions.case_history import StepRefused
from geo.errors import NotFound, WatchError
from geo.model import Status
from geo.queries.counterpart import CounterpartSheet, counterpart_sheet
from tests import hostile
from tests.dashboard.documents.conftest import NOW, Referred, acts, missing_glyphs, text_of
from tests.geo.cases.conftest import Office


def read(office: Office, public_id: str, who: str = "chief") -> CounterpartSheet:
    with office.acting(who) as connection:
        return counterpart_sheet(connection, public_id)


secret = st.text("ABCDEFGHJKMNPQRSTVWXYZ", min_size=6, max_size=12).map(lambda text: f"zq{text}")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    secrets=st.lists(secret, min_size=16, max_size=16, unique=True),
    lon=st.floats(102.61, 102.89).map(lambda n: round(n, 5)),
    lat=st.floats(17.71, 17.89).map(lambda n: round(n, 5)),
    minute=st.integers(0, 1439),
    to=st.sampled_from(["LA", "KH"]),
    status=st.sampled_from(["verified", "referred", "closed"]),
    text=st.one_of(st.none(), st.just("ขอความร่วมมือเฝ้าระวัง")),
)
def test_whatever_a_case_holds_nothing_hidden_crosses(
    office: Office, referred: Referred, names: Names, secrets: list[str], lon: float, lat: float, minute: int, to: str,
    status: str, text: str | None,
) -> None:  # fmt: skip
    s = iter(secrets)
    at = f"2026-11-20 {minute // 60:02d}:{minute % 60:02d}:37+07"
    number = office.one("select id from incident where public_id = :p", p=referred.public_id)
    office.put(
        "update incident set location_note = :a, source = :b, occurred_at = :t, reported_at = :t, status = :s,"
        " geom = st_point(:x, :y, 4326) where id = :i",
        a=next(s), b=next(s), t=at, x=lon, y=lat, i=number, s=status,
    )  # fmt: skip
    office.put(
        "update report set description = :a, village = :b, location_note = :c, dispute_note = :d, received_at = :t,"
        " geom = st_point(:x, :y, 4326) where incident_id = :i",
        a=next(s), b=next(s), c=next(s), d=next(s), t=at, x=lon, y=lat, i=number,
    )  # fmt: skip
    office.put(
        "update case_file set outcome = 'seizure', outcome_note = :a, open_draft = :b, open_text = :t where incident_id = :i",
        a=next(s), b=next(s), t=text, i=number,
    )  # fmt: skip
    office.put("update fact_check set unit = :a, instruction = :b, found = :c", a=next(s), b=next(s), c=next(s))
    office.put("update evidence set note = :a", a=next(s))
    office.put("update referral set note = :a, accepted_name = :b", a=next(s), b=next(s))
    office.put("update person set name = :a where id = :p", a=next(s), p=office.ids["officer"])
    office.put("update area set neighbours = array['LA', 'KH'] where code = '4301'")
    sheet = read(office, referred.public_id)
    data = sheet_data(sheet, to, names, NOW)
    held = str(data) + str(dataclasses.asdict(sheet))
    said = text_of(counterpart_pdf(sheet, to, names, NOW))
    for one in [
        *secrets,
        f"{lon:.5f}",
        f"{lat:.5f}",
        f"{lon:.3f}",
        f"{lat:.3f}",
        f"{minute // 60:02d}:{minute % 60:02d}:",
    ]:
        assert one not in held
        assert one not in said
    assert sheet.day == date(2026, 11, 20)
    assert data["text"] == (text or "")
    assert (sheet.outcome == "seizure") == (status == "closed")
    assert referred.public_id in said


def test_its_shape_has_no_place_for_more() -> None:
    assert {field.name for field in dataclasses.fields(CounterpartSheet)} == {
        "public_id", "crime_types", "day", "status", "outcome", "district_code", "subdistrict_th", "subdistrict_en",
        "neighbours", "open_text", "is_demo",
    }  # fmt: skip


@pytest.mark.parametrize("to", ["LA", "KH"])
def test_it_is_set_in_three_languages_without_an_empty_box(names: Names, to: str) -> None:
    for status in (Status.VERIFIED, Status.REFERRED, Status.CLOSED):
        for outcome in (None, *words("th")["outcome"]):
            sheet = CounterpartSheet(
                "NTS69-0000001", tuple(names.types), date(2026, 11, 20), status, outcome, "4301", "เวียงคุก", "Wiang Khuk",
                ("LA", "KH"), "ขอความร่วมมือ", True,
            )  # fmt: skip
            if outcome in (None, "seizure"):
                made = counterpart_pdf(sheet, to, names, NOW)
                assert missing_glyphs(made) == 0
                assert acts(made) == []
            else:
                assert len(sheet_data(sheet, to, names, NOW)["rows"]) == 6


def test_the_four_languages_say_the_same_things() -> None:
    assert len({str({table: sorted(said) for table, said in words(lang).items()}) for lang in LANGUAGES}) == 1


def test_what_is_not_verified_or_not_one_s_own_or_has_no_neighbour_has_no_sheet(office: Office) -> None:
    case = office.case(status="verifying")
    with pytest.raises(WatchError) as refused:
        read(office, case)
    assert refused.value.code == "documents.not_verified"
    office.put("update incident set status = 'verified'")
    assert read(office, case).open_text is None
    with pytest.raises(NotFound):
        read(office, case, "neighbour")
    with pytest.raises(WatchError) as refused:
        sheet_data(read(office, case), "KH", Names({}, {}, {}), NOW)
    assert refused.value.code == "documents.no_neighbour"
    office.put("update area set neighbours = '{}' where code = '4301'")
    with pytest.raises(WatchError) as refused:
        read(office, case)
    assert refused.value.code == "documents.no_neighbour"


def test_an_officer_drafts_the_text_and_only_a_chief_approves_it(office: Office) -> None:
    case = office.case(status="verified")
    with office.acting("officer") as connection:
        cases.draft_text(connection, office.ids["officer"], case, "ขอความร่วมมือ")
    assert read(office, case).open_text is None
    with pytest.raises(StepRefused) as refused, office.acting("officer") as connection:
        cases.approve_text(connection, office.ids["officer"], case, "ขอความร่วมมือ")
    assert refused.value.code == "case.needs_chief"
    with pytest.raises(ProgrammingError, match="only a chief"), office.acting("officer") as connection:
        connection.exec_driver_sql("update case_file set open_text = 'x'")
    with office.acting("chief") as connection:
        cases.approve_text(connection, office.ids["chief"], case, "ขอความร่วมมือเฝ้าระวัง")
    assert read(office, case, "officer").open_text == "ขอความร่วมมือเฝ้าระวัง"
    assert office.one("select open_draft from case_file") is None
    assert office.one("select open_text_by from case_file") == office.ids["chief"]
    with office.acting("officer") as connection:  # what does not touch the text is the officer's as before
        cases.take(connection, office.ids["officer"], case)
    with office.acting("chief") as connection:
        cases.approve_text(connection, office.ids["chief"], case, None)
    assert read(office, case).open_text is None


def test_hostile_approved_text_is_only_text(names: Names) -> None:
    words_of_others = [
        one for one in hostile.corpus(hostile.ROOT / "never-made", "http://beacon.test/x") if hostile.storable(one)
    ]
    for start in range(0, len(words_of_others), 15):
        sheet = CounterpartSheet(
            "NTS69-0000001", ("drug_trafficking",), date(2026, 1, 1) + timedelta(start), Status.VERIFIED, None, "4301",
            words_of_others[start][:200], None, ("LA",), "\n".join(words_of_others[start : start + 15]), False,
        )  # fmt: skip
        made = counterpart_pdf(sheet, "LA", names, NOW)
        assert hostile.COMPUTED not in text_of(made)
        assert acts(made) == []
    assert not (hostile.ROOT / "never-made").exists()
