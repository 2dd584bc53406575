"""A meeting's papers are made for those who take part in it, with what each of them may see, and it is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import store
from dashboard.i18n import t
from dashboard.settings import DashboardSettings
from dashboard.web import meeting_papers
from dashboard.web.live import hub
from dashboard.web.meeting_papers import FORMS
from tests.came import Came
from tests.dashboard.documents.meeting_readers import layers_of, letters, pages_of, slides_of, tables_of
from tests.geo.meetings.conftest import ARANYA, MUKDAHAN, NONG_KHAI, Hall, hall

__all__ = ["hall"]

KEY = "a key for these tests alone, 32+"


class Taker:
    """Takes a meeting's papers for somebody."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def take(self, who: str, path: str, **headers: str) -> Any:
        return self.client.get(f"/papers/meeting/{path}", headers={"x-who": who, **headers})


@pytest.fixture
def taker(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> Iterator[Taker]:
    """Our routes for the people of the hall, on its store."""
    chosen = DashboardSettings(secret_key=KEY)
    monkeypatch.setattr(store, "settings", lambda: chosen)
    monkeypatch.setattr(store, "engine", lambda: hall.app)
    monkeypatch.setattr(type(hub), "version", property(lambda _: f"meeting-{id(hall)}"))
    with TestClient(Came(Starlette(routes=meeting_papers.routes), hall.people)) as client:
        client.headers["accept-language"] = "en"
        yield Taker(client)


@pytest.fixture
def meeting(hall: Hall) -> int:
    """Of two districts, with a decision in each."""
    hall.report(n=9)
    hall.report(n=6, crime_type="online_scam", days_ago=10, off=0.05)
    hall.report(MUKDAHAN, n=7, days_ago=5)
    hall.report(ARANYA, n=11)
    number = hall.prepare(title="ประชุมประจำเดือน พ.ย.", hides_small=False)
    for district, words in ((NONG_KHAI, "ตรวจท่าน้ำหนองคาย"), (MUKDAHAN, "ตรวจสะพานมุกดาหาร")):
        hall.put(
            "insert into decision (meeting_id, district_code, words, owner_id, due, decided_by) values (:m, :d, :w, :o, :due, :o)",
            m=number, d=district, w=words, o=hall.people["chief"].id, due=hall.today,
        )  # fmt: skip
    return number


def test_every_form_is_handed_over_to_be_saved_and_is_written_down(
    taker: Taker,
    hall: Hall,
    meeting: int,
    tmp_path: Path,
) -> None:
    for form, (media_type, _) in FORMS.items():
        answer = taker.take("commander", f"{meeting}.{form}?lang=th")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].split(";")[0] == media_type
        assert answer.headers["cache-control"] == "no-store"
        wanted = rf'attachment; filename="meeting-{meeting}-\d{{8}}-th\.{form}"'
        assert re.fullmatch(wanted, answer.headers["content-disposition"])
        assert (
            hall.one("select detail->>'form' from audit_log where action = 'paper.meeting' order by id desc limit 1")
            == form
        )
    rows = tables_of(taker.take("commander", f"{meeting}.xlsx?lang=th").content)[0]
    assert [row[:4] for row in rows[1:]] == [
        (None, "ทุกอำเภอรวมกัน", None, 22), (NONG_KHAI, "อ.เมืองหนองคาย", "หนองคาย", 15), (MUKDAHAN, "อ.เมืองมุกดาหาร", "มุกดาหาร", 7),
    ]  # fmt: skip
    layers = layers_of(taker.take("commander", f"{meeting}.gpkg?lang=th").content, tmp_path)
    assert list(layers["districts"]["incidents"]) == [15, 7]
    assert "LA" in set(layers["around"]["country"])
    assert sum(layers["incidents"]["n"]) == 22


def test_nothing_moves_when_more_is_reported_but_it_says_how_much_came(
    taker: Taker,
    hall: Hall,
    meeting: int,
) -> None:
    before = tables_of(taker.take("national", f"{meeting}.xlsx?lang=en").content)
    hall.report(n=5, days_ago=2)
    after = tables_of(taker.take("national", f"{meeting}.xlsx?lang=en").content)
    assert after[:8] == before[:8]
    assert t("meeting_screen.came", "en", n=5) in [row[1] for row in after[8]]


def test_a_reader_of_one_district_gets_that_district_and_never_the_other(
    taker: Taker,
    meeting: int,
    tmp_path: Path,
) -> None:
    for who, own, other in (("officer", "หนองคาย", "มุกดาหาร"), ("neighbour", "มุกดาหาร", "หนองคาย")):
        said = {form: taker.take(who, f"{meeting}.{form}?lang=th") for form in FORMS}
        assert {answer.status_code for answer in said.values()} == {200}
        layers = layers_of(said["gpkg"].content, tmp_path)
        texts = {
            "pdf": "".join(pages_of(said["pdf"].content)),
            "pptx": "".join(slides_of(said["pptx"].content)),
            "xlsx": str(tables_of(said["xlsx"].content)),
            "gpkg": str([layers[name].to_dict() for name in ("districts", "decisions", "top_places")]),
        }
        for form, text in texts.items():
            assert letters(own) in letters(text), (who, form)
            assert letters(other) not in letters(text), (who, form)
        assert len(layers["districts"]) == len(layers["decisions"]) == 1


def test_one_district_can_be_taken_alone(taker: Taker, meeting: int) -> None:
    answer = taker.take("planner", f"{meeting}.pdf?lang=en&district={MUKDAHAN}")
    pages = pages_of(answer.content)
    assert len(pages) == 1
    assert "Mukdahan" in pages[0]
    assert f"-{MUKDAHAN}-" in answer.headers["content-disposition"]
    rows = tables_of(taker.take("planner", f"{meeting}.xlsx?district={MUKDAHAN}").content)[0]
    assert [row[0] for row in rows[1:]] == [MUKDAHAN]


def test_whoever_takes_no_part_gets_a_sentence(taker: Taker, hall: Hall, meeting: int) -> None:
    for who in ("administrator", "agency", "headman"):
        assert taker.take(who, f"{meeting}.pdf").status_code == 403, who
    assert taker.take("far", f"{meeting}.pdf").status_code == 404
    assert taker.take("officer", f"{meeting}.pdf?district={MUKDAHAN}").status_code == 404
    assert taker.take("commander", f"{meeting}.pdf", **{"sec-fetch-site": "cross-site"}).status_code == 403
    for path in (
        "999999.pdf", "99999999999999999999.pdf", f"{meeting}.pdf?district={ARANYA}", f"{meeting}.pdf?district=%27%3B--",
        f"{meeting}.pdf?district=%00",
    ):  # fmt: skip
        answer = taker.take("commander", path)
        assert answer.status_code == 404, path
        assert "content-disposition" not in answer.headers
    assert taker.take("commander", f"{meeting}.docx").status_code == 409
    assert hall.one("select count(*) from audit_log where action = 'paper.meeting'") == 0


def test_an_unknown_language_is_the_usual_one(taker: Taker, meeting: int) -> None:
    answer = taker.take("chief", f"{meeting}.pdf?lang=../../etc")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith('-th.pdf"')
