"""The public form as a browser without JavaScript meets it, on a real PostGIS."""

from __future__ import annotations

import hashlib
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import Engine, text

from dashboard.i18n.form import LANGUAGES, accepted, words
from dashboard.web import report_body, report_form, report_guard, report_status
from geo.errors import DatabaseUnavailable
from tests.dashboard.web.report_site import Site, code_of, site, token_of

BUDGET = 60_000
"""Bytes of a first visit, in all."""


@pytest.fixture
def form(border_store: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    """The public form with roomy limits."""
    with site(
        border_store, monkeypatch, tmp_path, WATCH_REPORTS_PER_HOUR="100000", WATCH_REPORTS_PER_SECOND="100000"
    ) as browser:
        yield browser


def one(store: Engine, statement: str) -> Any:
    with store.connect() as connection:
        return connection.execute(text(statement)).mappings().one()


def count(store: Engine) -> int:
    return int(one(store, "select count(*) as n from report")["n"])


def photo(size: tuple[int, int] = (60, 40), kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SomchaiPhone"
    Image.new("RGB", size, "green").save(out, kind, exif=exif)
    return out.getvalue()


# ---------------------------------------------------------------- the page
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_first_visit_is_light_and_asks_no_other_host(form: Site, lang: str) -> None:
    page = form.get(f"/report?lang={lang}")
    links = set(re.findall(r'(?:src|href|data-[a-z]+)="([^"]+)"', page.text))
    assert all(link.startswith(("/", "#")) for link in links)
    style = form.get(next(link for link in links if link.endswith(".css") or ".css?" in link))
    assert re.findall(r"https?:", style.text) == []
    font = {"th": "sarabun-thai-400", "lo": "noto-sans-lao-lao-400", "km": "noto-sans-khmer-khmer-400", "en": ""}[lang]
    fonts = [u for u in re.findall(r"url\((/[^)]+)\)", style.text) if (font and font in u) or "/name-" in u]
    assert len(fonts) == (4 if font else 3)
    first = [*fonts, *(link for link in links if re.search(r"/report(-queue)?\.(js|css)\?|icon\.svg", link))]
    sizes = {"page": int(page.headers["content-length"])}
    for url in first:
        with form.stream("GET", url) as answer:
            assert answer.status_code == 200, url
            sizes[url] = len(b"".join(answer.iter_raw()))
    assert sum(sizes.values()) < BUDGET, sizes
    # once the page stands, the worker keeps the form for a time without a line: what the page has is not fetched again
    for url in ("/report/worker.js", next(link for link in links if "report-proof" in link)):
        sizes[url] = int(form.get(url).headers.get("content-length", BUDGET))
    assert sum(sizes.values()) + sizes["page"] < BUDGET, sizes


@pytest.mark.parametrize("path", ["/report", "/report/status", "/report/places", "/report/token"])
def test_nothing_written_into_a_page_may_run_and_no_cookie_is_set(form: Site, path: str) -> None:
    answer = form.get(path)
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "set-cookie" not in answer.headers
    assert "style=" not in answer.text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", answer.text)


def test_the_language_is_the_browsers_unless_another_is_chosen(form: Site) -> None:
    for wished, lang in [
        ("lo-LA,lo;q=0.9,en;q=0.8", "lo"),
        ("fr, km;q=0.5", "km"),
        ("de", "th"),
        ("en;q=0.3,th;q=0.9", "th"),
    ]:
        assert f'<html lang="{lang}">' in form.get("/report", headers={"accept-language": wished}).text
    assert '<html lang="km">' in form.get("/report?lang=km", headers={"accept-language": "lo"}).text
    assert accepted("x" * 10_000 + ";q=nan,,;;lo;q=2") == "th"


def test_every_language_says_the_same_things() -> None:
    def flat(table: Any, prefix: str = "") -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in table.items():
            found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
        return found

    thai = flat(words("th"))
    for lang in LANGUAGES:
        said = flat(words(lang))
        assert set(said) == set(thai)
        for key, value in said.items():
            assert value.strip() == value != "", key
            assert sorted(re.findall(r"{\w+}", value)) == sorted(re.findall(r"{\w+}", thai[key])), (lang, key)
            assert "<" not in value


def test_every_field_has_its_label_and_every_group_its_legend(form: Site) -> None:
    html = form.get("/report?lang=en&district=5703").text
    for box in re.findall(r"<(?:input|select|textarea)[^>]*>", html):
        if 'type="hidden"' in box or 'type="radio"' in box or 'name="website"' in box:
            continue
        found = re.search(r'id="([^"]+)"', box)
        assert found, box
        assert f'for="{found[1]}"' in html, box
    assert html.count("<fieldset") == html.count("<legend>") == 4


# ---------------------------------------------------------------- handing in
def test_a_report_is_received_and_its_code_shown_once(form: Site, border_store: Engine) -> None:
    page = form.report(
        "lo", crime_type="drug_trafficking", subdistrict="570301", village="ບ້ານ", ongoing="yes", when="today",
        contact="0812345678", files=[("photos", ("a.jpg", photo()))],
    )  # fmt: skip
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    code = code_of(page.text)
    row = one(border_store, "select * from report")
    assert (row["language"], row["area_code"], row["village"], row["when_said"]) == ("lo", "570301", "ບ້ານ", "today")
    assert (row["crime_type"], row["channel"], row["ongoing"]) == ("drug_trafficking", "online", True)
    kept = bytes(one(border_store, "select content from evidence")["content"])
    assert b"SomchaiPhone" not in kept
    assert Image.open(io.BytesIO(kept)).size == (60, 40)
    everything = str(dict(row)) + str(dict(one(border_store, "select sealed from report_contact")))
    assert "0812345678" not in everything
    assert code.replace(" ", "") not in everything
    assert "testclient" not in everything  # neither an address nor a browser's name
    looked = form.post("/report/status?lang=en", data={"code": code})
    assert "has not begun to check" in looked.text


def test_the_same_words_within_a_day_are_kept_with_a_hint_and_nothing_is_told_of_what_others_said(
    form: Site, border_store: Engine
) -> None:
    hint, near = words("en")["done"]["same"], {"crime_type": "drug_trafficking", "lon": "100.4", "lat": "20.26"}
    pages = [
        form.report("en", description=said, **near)
        for said in ("Boats at the old pier", "Boats  at the OLD pier\r\n", "Another boat at the pier", "", "")
    ]
    assert [hint in page.text for page in pages] == [False, True, False, False, False]
    assert form.report("en", json=True, description="boats at the old pier", **near).json()["same"] is True
    assert count(border_store) == 6
    again = {"district": "5703", "description": "Sent twice"} | form.form("en")
    assert [hint in form.post("/report?lang=en", data=again).text for _ in range(2)] == [False, False]


@pytest.mark.parametrize(
    "fields",
    [
        {"crime_type": "online_scam", "description": ""},
        {"description": "only words", "crime_type": ""},
        {"district": "", "lon": "100.4", "lat": "20.26"},
        {"crime_type": "not_sure", "when": "date", "day": "2026-03-04", "clock": "21:05"},
        {"when": "date", "day": "4/3/2569"},
        {"subdistrict": "570801"},  # of another district than the one chosen since
    ],
)
def test_a_kind_or_words_and_a_place_are_enough(form: Site, border_store: Engine, fields: dict[str, str]) -> None:
    assert form.report(**fields).status_code == 200
    assert one(border_store, "select district_code from incident")["district_code"] == "5703"


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"description": "", "district": ""}, {"description", "place"}),
        ({"description": "x" * 4001}, {"description"}),
        ({"lon": "2.3", "lat": "48.8"}, {"place"}),
        ({"lon": "nonsense", "lat": "1"}, {"place"}),
        ({"district": "9999"}, {"place"}),
        ({"crime_type": "no_such"}, {"crime_type"}),
        ({"when": "date"}, {"day"}),
        ({"day": "31/02/2568"}, {"day"}),
        ({"day": "2999-01-01"}, {"day"}),
        ({"day": "1999-01-01"}, {"day"}),
        ({"when": "perhaps"}, {"when"}),
        ({"contact": "x" * 201}, {"contact"}),
        ({"village": "x" * 121, "contact": "x" * 201}, {"village", "contact"}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    form: Site, border_store: Engine, fields: dict[str, str], beside: set[str]
) -> None:
    typed = {"village": "ท่าเรือเก่า", "contact": "LINE abc", "ongoing": "no"} | fields
    page = form.report("en", **typed)
    assert page.status_code == 422
    assert set(re.findall(r'class="error" id="wrong-(\w+)"', page.text)) == beside
    for name in ("village", "contact"):
        assert f'value="{typed[name]}"' in page.text
    assert re.search(r'name="ongoing" value="no" checked', page.text)
    assert "Photos have to be chosen again" in page.text
    assert count(border_store) == 0
    again = (
        typed
        | dict.fromkeys(fields, "")
        | {"token": token_of(page.text), "district": "5703", "description": "now it is right"}
    )
    assert form.post("/report?lang=en", data=again, files=[("nothing", b"")]).status_code == 200


def test_pressing_twice_makes_one_report_with_one_code(form: Site, border_store: Engine) -> None:
    fields = {"district": "5703", "description": "twice"} | form.form()
    codes = {code_of(form.post("/report", data=fields).text) for _ in range(3)}
    assert len(codes) == 1
    assert count(border_store) == 1


def test_a_telephone_that_sends_again_hears_the_same_code(form: Site, border_store: Engine) -> None:
    mine = str(uuid4())
    first, again = (form.report(json=True, client_id=mine) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json()["code"] == again.json()["code"]
    assert (first.json()["new"], again.json()["new"]) == (True, False)
    assert count(border_store) == 1


def test_sub_districts_are_offered_without_javascript_and_all_is_kept(form: Site, border_store: Engine) -> None:
    page = form.report("en", step="subdistricts", contact="me")
    assert page.status_code == 200
    assert "Wiang" in page.text
    assert 'value="me"' in page.text
    assert "เห็นเรือสามลำ" in page.text
    assert count(border_store) == 0
    assert {row[2] for row in form.get("/report/places?in=5703").json()["places"]} >= {"Wiang", "Sathan"}
    assert form.get("/report/places?in='; drop table area").json()["places"] == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        ("a.jpg", b"<script>alert(1)</script>", "not a JPEG, PNG or WebP"),
        ("a.svg", b"<svg onload=alert(1)>", "not a JPEG, PNG or WebP"),
        ("<img src=x onerror=alert(1)>.jpg", b"x", "&lt;img src=x"),
        ("big.jpg", b"\xff\xd8\xff" + b"x" * (10 * 2**20), "larger than 10 MB"),
    ],
)
def test_a_photo_that_cannot_be_taken_is_named(
    form: Site, border_store: Engine, name: str, content: bytes, said: str
) -> None:
    page = form.report("en", files=[("photos", (name, content))])
    assert page.status_code == 422
    assert said in page.text
    assert count(border_store) == 0


def test_more_than_five_photos_are_refused(form: Site) -> None:
    page = form.report("en", files=[("photos", (f"{n}.jpg", photo())) for n in range(6)])
    assert page.status_code == 422
    assert "At most 5 photos" in page.text


def test_too_much_is_refused_in_words(form: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_body, "MOST", 100_000)
    monkeypatch.setattr(report_body, "PATIENCE", 400_000)
    page = form.report("en", files=[("photos", ("a.jpg", b"x" * 200_000))])
    assert page.status_code == 413
    assert "All together is too much" in page.text


@pytest.mark.parametrize("body", [b"", b"--x", b"\xff" * 2000, b"a=%ff&b=%00", b"a&" * 500])
@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data; boundary=x", "multipart/form-data", "application/x-www-form-urlencoded", "text/plain", ""],
)
def test_what_is_no_form_is_refused_in_words(form: Site, border_store: Engine, kind: str, body: bytes) -> None:
    for path in ("/report", "/report/status"):
        answer = form.post(path, content=body, headers={"content-type": kind})
        assert 400 <= answer.status_code < 500
        assert "</html>" in answer.text
    assert count(border_store) == 0


def test_without_the_database_nothing_is_lost_and_the_form_still_opens(
    form: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {"district": "5703", "description": "เรือ"} | form.form("en")

    def away(*_: object) -> None:
        raise DatabaseUnavailable("database.unavailable")

    monkeypatch.setattr(report_form.store, "intake", away)
    page = form.post("/report?lang=en", data=fields)
    assert page.status_code == 503
    assert "Nothing is lost" in page.text
    assert "เรือ" in page.text
    assert form.post("/report/status", data={"code": "7992 7398 7100 0004"}).status_code == 503


# ---------------------------------------------------------------- machines
def test_a_form_that_comes_back_at_once_or_much_later_is_asked_for_again(
    form: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {"district": "5703", "description": "เรือ"}
    monkeypatch.setattr(report_guard, "YOUNGEST", 60.0)
    quick = form.report("en", **fields)
    assert quick.status_code == 400
    assert "very quick" in quick.text
    monkeypatch.setattr(report_guard, "YOUNGEST", -1.0)
    assert form.post("/report", data=fields | {"token": token_of(quick.text)}).status_code == 200
    monkeypatch.setattr(report_guard, "OLDEST", -1.0)
    late = form.report("en", **fields)
    assert "open for long" in late.text
    monkeypatch.setattr(report_guard, "OLDEST", 60.0)
    assert form.post("/report", data=fields | {"token": token_of(late.text)}).status_code == 200


@pytest.mark.parametrize("token", ["", "forged", "W10.x", "WyJhIiwxLDBd.AAAA"])
def test_a_form_that_is_not_ours_is_refused_and_another_given(form: Site, border_store: Engine, token: str) -> None:
    fields = {"district": "5703", "description": "เรือ", "token": token}
    page = form.post("/report", data=fields)
    assert page.status_code == 400
    assert count(border_store) == 0
    assert form.post("/report", data=fields | {"token": token_of(page.text)}).status_code == 200


def test_who_fills_the_field_that_people_do_not_see_is_a_machine(form: Site, border_store: Engine) -> None:
    assert form.report(website="http://spam").status_code == 400
    assert count(border_store) == 0


def test_one_place_may_not_send_without_end(
    border_store: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with site(border_store, monkeypatch, tmp_path, WATCH_REPORTS_PER_HOUR="4", WATCH_REPORTS_PER_SECOND="1000") as form:
        monkeypatch.setattr(report_form, "_needs_proof", lambda *_: False)
        said = [form.report("en", description=f"number {n}") for n in range(6)]
    assert [answer.status_code for answer in said] == [200] * 4 + [429] * 2
    assert said[-1].headers["retry-after"] == "600"
    assert "Please wait 10 minutes" in said[-1].text
    assert "number 5" in said[-1].text
    assert count(border_store) == 4


def _solved(challenge: str) -> str:
    bits, n = int(challenge.split(".")[2]), 0
    while int.from_bytes(hashlib.sha256(f"{challenge}:{n}".encode()).digest(), "big") >> (256 - bits):
        n += 1
    return f"{challenge}:{n}"


def test_under_load_a_small_sum_is_asked_for_and_counts_once(
    border_store: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with site(border_store, monkeypatch, tmp_path, WATCH_REPORTS_PER_SECOND="0.0001") as form:
        asked = form.report(json=True)
        assert asked.status_code == 428
        proof = _solved(asked.json()["challenge"])
        assert form.report(json=True, proof=proof).status_code == 201
        assert form.report(json=True, proof=proof).status_code == 428  # used
        name, end, _, signature = proof.split(":")[0].split(".")
        assert form.report(json=True, proof=f"{name}.{end}.0.{signature}:1").status_code == 428  # made easy
        assert form.report(json=True, proof="x").status_code == 428
        # who has no script waits a little instead
        page = form.report("en", description="I wait")
        assert page.status_code == 503
        assert "wait 8 seconds" in page.text
        fields = {"district": "5703", "description": "I wait", "token": token_of(page.text)}
        assert form.post("/report", data=fields).status_code == 503
        later = time.time() + report_guard.WAIT + 1
        monkeypatch.setattr(report_guard.time, "time", lambda: later)
        assert form.post("/report", data=fields).status_code == 200


def test_counts_stand_under_keys_that_change(monkeypatch: pytest.MonkeyPatch) -> None:
    places = report_guard.Places(3600, places=3)
    for _ in range(2):
        places.add("203.0.113.7")
    assert places.count("203.0.113.7") == 2
    assert b"203.0.113.7" not in b"".join(places._times)
    for n in range(3):
        places.add(str(n))
    assert places.count("203.0.113.7") == 0  # forgotten
    assert len(places._times) == 3
    places.add("x")
    later = time.monotonic() + report_guard.DAY + 1
    monkeypatch.setattr(report_guard.time, "monotonic", lambda: later)
    assert places.count("x") == 0


# ---------------------------------------------------------------- what became of it
def _case(store: Engine, *statements: str) -> None:
    with store.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_the_status_page_tells_the_state_and_takes_answers_and_disputes(form: Site, border_store: Engine) -> None:
    code = code_of(form.report().text)

    def ask(**fields: str) -> Any:
        return form.post("/report/status?lang=en", data={"code": code} | fields)

    for status, said in words("en")["states"].items():
        _case(border_store, f"update incident set status = '{status}'")
        assert said in ask().text
    _case(
        border_store,
        "update incident set status = 'verifying'",
        "insert into report_question (report_id, question) select id, 'Which <b>boat</b>?' from report",
        "insert into case_file (incident_id, outcome, outcome_note) select id, 'arrest', 'internal' from incident",
    )
    page = ask()
    assert "Which &lt;b&gt;boat&lt;/b&gt;?" in page.text
    assert "internal" not in page.text
    assert words("en")["outcomes"]["arrest"] not in page.text
    number = re.search(r'name="question" value="(\d+)"', page.text)
    assert number
    assert "Write an answer" in ask(do="answer", question=number[1], answer="  ").text
    assert "Your answer has been received" in ask(do="answer", question=number[1], answer="the red one").text
    assert "You answered: the red one" in ask().text
    assert "answered, or was taken back" in ask(do="answer", question=number[1], answer="again").text
    assert "answered, or was taken back" in ask(do="answer", question="²", answer="x").text
    assert "not closed" in ask(do="dispute").text
    _case(border_store, "update incident set status = 'closed'")
    page = ask()
    assert words("en")["outcomes"]["arrest"] in page.text
    assert "This is not right" in page.text
    assert "The centre looks at it again" in ask(do="dispute", note="they are still there").text
    assert one(border_store, "select status from incident")["status"] == "verifying"


def test_wrong_codes_are_told_from_typing_errors_slowed_and_limited(
    form: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(report_status.anyio, "sleep", sleep)
    code = code_of(form.report().text)

    def ask(typed: str) -> Any:
        return form.post("/report/status?lang=en", data={"code": typed})

    assert "A digit is wrong" in ask("1234 5678").text
    assert ask(code).status_code == 200
    wrong = [ask("7992 7398 7100 0004") for _ in range(report_status.MOST_WRONG)]
    assert {answer.status_code for answer in wrong} == {404}
    assert "There is no report" in wrong[0].text
    waits = [seconds for seconds in slept if seconds > 0]
    assert waits == sorted(waits)
    assert waits[-1] == report_status.SLOWEST
    assert ask("7992 7398 7100 0004").status_code == 429
    refused = ask(code)  # also a right one: trying tells nothing any more
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "900"


def test_right_and_wrong_codes_take_the_same_time(form: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_status, "TAKES", 0.6)
    code = code_of(form.report().text)

    def takes(typed: str) -> float:
        began = time.monotonic()
        form.post("/report/status", data={"code": typed})
        return time.monotonic() - began

    assert takes(code) >= 0.6
    assert takes("7992 7398 7100 0004") >= 0.6
    assert takes("1") >= 0.6
