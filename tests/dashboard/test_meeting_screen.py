"""What the meeting's screen is told: complete, in the reader's words, the same numbers as the sheet, no more than may be told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pandas as pd
import pytest

from dashboard.i18n import t
from dashboard.meeting_decisions import Known, choices, decision_rows, leads, may_end, new_decision
from dashboard.meeting_follow import FollowUp, undone_cards
from dashboard.meeting_screen import screen_of
from geo.analysis.before_after import since
from geo.errors import WatchError
from geo.model.meeting import DecisionState, MeetingLayer
from geo.model.meeting_sheet import DecisionSoFar
from geo.model.person import Person, Role
from geo.queries.meeting_people import Assignee
from tests.dashboard.documents.meeting_town import AS_OF, NAMES, decision, meeting_pack

TODAY = date(2026, 11, 24)
CHIEF = Person(1, "chief", "นายอำเภอ", Role.CHIEF, ("4301", "4302"))
OFFICER = Person(5, "officer", "ปลัด", Role.OFFICER, ("4301",))


def _known(lang: str = "th") -> Known:
    return Known(NAMES.types, NAMES.agencies, NAMES.districts, lang, TODAY)


def _since(number: int, before: int, after: int, other: tuple[int, int] | None) -> DecisionSoFar:
    found = since(after, before, other and other[::-1])
    beside = ("4303", "ท่าบ่อ", "Tha Bo", *other) if other else (None,) * 5
    return DecisionSoFar(
        number, 5000.0, TODAY - timedelta(days=28), 28, before, after, str(found.direction), *beside, 96.0, 124.0
    )


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_screen_is_told_everything_in_words_and_as_plain_json(lang: str) -> None:
    pack = meeting_pack([(40, 20), (0, 3), (7, 12)], lang)
    told = screen_of(pack.meeting, pack.overview, pack.sheets, _known(lang), demo=True)
    assert json.loads(json.dumps(told)) == json.loads(json.dumps(told, ensure_ascii=False))
    assert "⟦" not in json.dumps(told, ensure_ascii=False)
    assert [sheet["code"] for sheet in told["sheets"]] == list(pack.meeting.districts)
    for shown, sheet in zip(told["sheets"], pack.sheets, strict=True):
        assert len(shown["figures"]) == 5
        assert shown["figures"][0]["value"] == str(int(sheet.figures[0].value or 0))
        assert all(figure["help"] and figure["label"] for figure in shown["figures"])
        assert shown["lines"]["districts"]
        assert shown["lines"]["border"]
        assert shown["lines"]["undetermined"]
        west, south, east, north = sheet.map.box
        assert shown["bounds"] == [[south, west], [north, east]]
    assert told["sheets"][1]["empty"], "silence is said, with what to ask"
    assert told["sheets"][0]["empty"] is None
    assert {jump["screen"] for jump in told["first"]["jumps"]} == {1, 2, 3}


def test_small_counts_are_hidden_where_the_meeting_hides_them() -> None:
    for hides in (True, False):
        pack = meeting_pack([(12, 6)], hides=hides)
        counts = [place["count"] for place in _shown(pack)["places"]]
        small = [n for n in (one.n for one in pack.sheets[0].top) if n < 5]
        assert small
        assert sum("1–4" in count for count in counts) == (len(small) if hides else 0)


def _shown(pack, layers: tuple[MeetingLayer, ...] = tuple(MeetingLayer)) -> dict:  # type: ignore[no-untyped-def, type-arg]
    meeting = replace(pack.meeting, layers=layers)
    return screen_of(meeting, pack.overview, pack.sheets, _known(), demo=False)["sheets"][0]


def test_only_layers_that_were_chosen_are_drawn_and_every_shape_has_its_class() -> None:
    pack = meeting_pack([(40, 20)])
    assert _shown(pack, ())["layers"] == []
    assert {one["kind"] for one in _shown(pack, (MeetingLayer.UNVERIFIED,))["layers"]} == {"rings"}
    signs = [one["sign"] for one in _shown(pack, (MeetingLayer.CROSSINGS, MeetingLayer.CHECKPOINTS))["layers"]]
    assert signs == ["crossing", "checkpoint"]
    for layer in _shown(pack)["layers"]:
        if layer["kind"] == "shapes":
            assert all(0 <= shape[0] < len(layer["classes"]) and len(shape[1]) == 6 for shape in layer["shapes"])
        if layer["kind"] == "points":
            assert all(0 <= point[2] < len(layer["classes"]) for point in layer["at"])
            assert len(layer["at"]) == len(pack.sheets[0].map.points)


def test_who_may_not_see_all_districts_is_told_no_sums() -> None:
    pack = meeting_pack([(40, 20), (9, 9)])
    told = screen_of(pack.meeting, None, pack.sheets[:1], _known(), demo=False)
    assert told["first"]["figures"] == told["first"]["jumps"] == told["first"]["most"] == []
    assert len(told["sheets"]) == 1


@pytest.mark.parametrize("lang", ["th", "en"])
def test_what_is_undone_stands_beside_what_happened_there_since_and_elsewhere(lang: str) -> None:
    undone = [
        FollowUp(decision(1, "4301", "ก"), _since(1, 40, 12, (38, 41)), False),
        FollowUp(decision(2, "4301", "ข"), None, True),
    ]
    first = undone_cards(undone, _known(lang), True)
    told, young = first["undone"]
    assert [row[1:3] for row in told["rows"]] == [["40", "12"], ["38", "41"]]
    assert told["late"]
    assert t("meeting_screen.verdict.fell", lang) in told["verdict"]
    assert "96" in told["verdict"]
    assert "124" in told["verdict"], "effort stands beside counts"
    assert young["rows"] == []
    assert first["note"] == t("meeting_screen.since.note", lang)
    assert undone_cards([], _known(lang), True)["none"] == t("meeting_screen.since.none", lang)
    few = FollowUp(decision(3, "4301", "ค"), _since(3, 2, 1, None), False)
    first = undone_cards([few], _known(lang), True)
    assert t("meeting_screen.verdict.too_few", lang) in first["undone"][0]["verdict"]
    assert first["undone"][0]["rows"][0][1:3] == ["1–4", "1–4"]
    assert undone_cards([few], _known(lang), False)["undone"][0]["rows"][0][1:3] == ["2", "1"]
    old = undone_cards([FollowUp(decision(4, "4301", "ง"), None, False)], _known(lang), True)["undone"][0]
    assert old["verdict"] != young["verdict"], "what was not counted is not called too young"


def test_decisions_are_passed_on_as_they_were_typed() -> None:
    words = "<img src=x onerror=alert(1)> {{7*7}} ${alert(1)}"
    one = decision(1, "4301", words, owner_name=words)
    done = decision(2, "4301", "ทำ", state=DecisionState.DONE, reason=words, ended_at=AS_OF, meeting_id=7)
    open_, ended = decision_rows((one, done), meeting_pack([(40, 20)]).meeting, CHIEF, _known())
    assert (open_["words"], open_["owner"], open_["late"], open_["here"]) == (words, words, True, False)
    assert ended["ended"].endswith(words)
    assert (open_["may"], ended["may"]) == (True, False)


def test_who_leads_and_who_may_end() -> None:
    meeting = meeting_pack([(40, 20), (9, 9), (3, 3)]).meeting
    assert not leads(CHIEF, meeting), "one of its districts is another's"
    assert leads(CHIEF, replace(meeting, districts=("4302", "4301")))
    assert leads(Person(2, "n", "n", Role.NATIONAL), meeting)
    assert not leads(OFFICER, replace(meeting, districts=("4301",)))
    task = decision(1, "4301", "ก", owner_id=5)
    assert may_end(OFFICER, task)
    assert not may_end(replace(OFFICER, id=6), task)
    assert may_end(CHIEF, task)
    assert not may_end(CHIEF, replace(task, state=DecisionState.DONE))


def test_the_form_offers_people_by_district_agencies_and_plans_of_the_district() -> None:
    posts = pd.DataFrame(
        [("K1", "จุดสกัด", "planned", "4301"), ("K2", "ด่าน", "active", "4301")],
        columns=["code", "name", "status", "district_code"],
    )
    offered = choices([Assignee(5, "สมชาย", "officer", "4301"), Assignee(9, "มาลี", "national", None)], posts, _known())
    assert [one["value"] for one in offered["owners"]["4301"]] == ["person:5"]
    assert [one["value"] for one in offered["owners"]["*"]] == ["person:9"]
    assert [one["value"] for one in offered["agencies"]] == ["agency:bpp"]
    assert offered["plans"] == {"4301": [{"value": "K1", "label": "จุดสกัด"}]}


def test_a_decision_is_read_from_the_form_or_refused_in_words() -> None:
    given = {"words": "ก", "owner": "person:5", "due": "2026-12-25", "code": "4301", "lon": "102.7", "lat": "17.9"}
    new = new_decision(given)
    assert (new.owner_id, new.agency, new.due, new.lon, new.lat) == (5, None, date(2026, 12, 25), 102.7, 17.9)
    assert new.client_id is None
    sent = "0123456789abcdef0123456789abcdef"
    assert new_decision(given | {"client_id": sent}).client_id == UUID(sent)
    assert new_decision(given | {"owner": "agency:bpp", "lon": "", "lat": ""}).agency == "bpp"
    for wrong, code in (
        ({"owner": ""}, "owner"), ({"owner": "person:"}, "owner"), ({"owner": "x:1"}, "owner"), ({"due": ""}, "due"),
        ({"due": "25/12/2026"}, "due"), ({"lon": "nan"}, "form"), ({"lat": "91"}, "form"), ({"lon": "1e400"}, "form"),
        ({"owner": "person:x"}, "form"), ({"owner": f"person:{1 << 40}"}, "form"),
    ):  # fmt: skip
        with pytest.raises(WatchError) as refused:
            new_decision(given | wrong)
        assert refused.value.code == f"meeting_screen.{code}", wrong
