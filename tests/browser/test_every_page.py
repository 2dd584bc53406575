"""Every page, for every role, by a link: who gets it, and that nobody is shown a word, place or number that is not theirs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser
from sqlalchemy import text
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest
from websockets.sync.client import connect

from dashboard import navigation, session
from dashboard.access import Viewer
from dashboard.i18n import t
from dashboard.navigation import SPECS, PageSpec, visible
from dashboard.web.visitors import PLAIN
from geo.actions.people import create_person
from geo.actions.sign_in import close_sessions
from geo.model.person import Role
from tests.browser.conftest import ROOT, Watched, opened
from tests.browser.town import PERIOD, Town, town
from tests.everybody import CASES, HERE, MAY_SEE, cookie_of, sign_in

__all__ = ["town"]

pytestmark = pytest.mark.browser

PAGES = sorted(path.name for path in (ROOT / "pages").glob("*.py"))
FOREIGN = ("there, unverified", "there, verified", "here, verified")
"""Cases that links ask for; each is foreign to somebody."""
OF_CASES = {"live_map.py", "inbox.py", "referrals.py"}
"""Pages whose address may name a case."""
OF_MAPS = {"live_map.py", "hotspots.py", "patrols.py", "checkpoints.py"}
"""Pages with a map, whose tiles need a token."""
OWN = {
    Role.COORDINATOR: ("coordinator", "", "here, entered"),
    Role.OFFICER: ("inbox", "case={}", "here, unverified"),
    Role.CHIEF: ("inbox", "case={}", "here, verified"),
    Role.COMMANDER: ("live_map", "incident={}", "there, verified"),
    Role.NATIONAL: ("live_map", "incident={}", "here, referred"),
}
"""A page of each role that shows words of a case, what is asked of it, and of which."""


def test_every_page_is_in_the_menu_or_is_none() -> None:
    assert sorted(spec.file for spec in SPECS) == PAGES, "state in navigation.SPECS who sees a page"
    assert all(spec.roles for spec in SPECS)
    assert {role for spec in SPECS for role in spec.roles} == set(Role), "a role without a page cannot begin anywhere"


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page said over its websocket from the first word to the end of its run."""

    said: tuple[ForwardMsg, ...]
    frames: bytes

    @property
    def is_missing(self) -> bool:
        """Whether "page not found" was said."""
        return any(message.WhichOneof("type") == "page_not_found" for message in self.said)

    @property
    def menu(self) -> list[str]:
        """Titles of the pages that were offered."""
        offered = [message.navigation for message in self.said if message.WhichOneof("type") == "navigation"]
        return [page.page_name for page in offered[-1].app_pages] if offered else []

    @property
    def tokens(self) -> list[str]:
        """Tokens of maps that were handed out."""
        return [t.decode() for t in dict.fromkeys(re.findall(rb'token\\*": ?\\*"([\w.-]{40,})', self.frames))]


def _visit(town: Town, who: str, page: str, query: str = "") -> Visit:
    """Open a page as a browser does: a new session, and one run to its end."""
    with connect(
        f"{town.address.replace('http', 'ws')}/_stcore/stream", subprotocols=["streamlit"], max_size=None,  # type: ignore[list-item]
        additional_headers={"Cookie": f"{PLAIN}={cookie_of(who)}", "Origin": town.address},
    ) as socket:  # fmt: skip
        asked = BackMsg()
        asked.rerun_script.query_string, asked.rerun_script.page_name = query, page
        asked.rerun_script.context_info.timezone = "Asia/Bangkok"
        socket.send(asked.SerializeToString())
        said, frames = [], []
        while not (said and said[-1].WhichOneof("type") == "script_finished"):
            frame = socket.recv(60)
            assert isinstance(frame, bytes)
            frames.append(frame)
            said.append(ForwardMsg.FromString(frame))
    return Visit(tuple(said), b"\n".join(frames))


def _visible(town: Town, role: Role) -> tuple[PageSpec, ...]:
    return visible(Viewer(town.all.people[role]))


def _address(spec: PageSpec, mine: tuple[PageSpec, ...]) -> str:
    """A page's name in its address; the first one has none."""
    return "" if mine and spec == mine[0] else Path(spec.file).stem


@pytest.mark.parametrize("role", Role)
def test_a_link_shows_a_page_to_those_who_have_it_and_betrays_nothing(town: Town, role: Role) -> None:
    mine, may, betrayed = _visible(town, role), MAY_SEE[role], []
    assert mine == tuple(spec for spec in SPECS if role in spec.roles)
    for spec in sorted(SPECS, key=lambda spec: spec in mine):  # the first visit of all is to a page of others
        for name in CASES if spec in mine and spec.file in OF_CASES else FOREIGN[:1]:
            number = town.all.numbers[name]
            visit = _visit(town, str(role), _address(spec, mine), f"case={number}&incident={number}&period=year")
            assert visit.is_missing == (spec not in mine), f"{role} at {spec.file}"
            assert len(visit.menu) == len(mine), f"{role} is offered {visit.menu}"
            told = visit.frames
            for token in visit.tokens:
                layers = (
                    "crossings",
                    "checkpoints",
                    "routes",
                    "patrols",
                    f"new?{urlencode(PERIOD | {'ids': '1.2.3.4.5.6.7'})}",
                )
                told += b"".join(
                    town.ask("GET", f"/layers/{one}{'&' if '?' in one else '?'}token={token}").content for one in layers
                )
                told += b"".join(town.tile(token, at).content for at in ("6/50/28", "9/401/229", "9/404/232"))
            assert bool(visit.tokens) == (
                (spec.file in OF_MAPS and spec in mine) or (mine[0].file == "live_map.py" and spec not in mine)
            )
            found = town.all.betrayed(role, told)
            if name not in may["number"]:  # it stands in the address that was asked for
                found = [one for one in found if one != f"number of {name}"]
            betrayed += [f"{role} at {spec.file} asking for '{name}': {one}" for one in found]
    assert not betrayed, "\n".join(betrayed)
    if role in OWN:  # what may be known is found by the same search
        page, query, name = OWN[role]
        own = _visit(
            town, str(role), "" if page == Path(mine[0].file).stem else page, query.format(town.all.numbers[name])
        )
        assert not own.is_missing
        assert CASES[name].text.encode() in own.frames, f"{role} at {page}"


def test_a_map_begins_at_ones_own_districts_and_at_the_whole_border_for_who_sees_it(town: Town) -> None:
    def begins(role: Role, query: str = "") -> list[list[float]] | None:
        found = re.search(rb'view\\*": ?(null|\{[^{}]*\})', _visit(town, str(role), "", query).frames)
        assert found
        view = json.loads(found[1].replace(b"\\", b""))
        return None if view is None else list(view["bounds"])

    for role in (Role.OFFICER, Role.CHIEF):
        box = begins(role)
        assert box is not None
        (south, west), (north, east) = box
        assert all(
            (south < case.lat < north and west < case.lon < east) == (case.district == HERE) for case in CASES.values()
        )
        assert 0.3 < east - west < 2.5
    assert begins(Role.OFFICER, f"incident={town.all.numbers['here, verified']}") != begins(Role.OFFICER)
    assert begins(Role.COMMANDER) is None
    assert begins(Role.PLANNER) is None


def test_a_page_whose_question_is_refused_says_so_once_with_a_number(town: Town) -> None:
    """The database answers; to ask it again and again would mend nothing."""
    with town.store.begin() as connection:
        connection.execute(text("revoke select on incident_count from watch_centre"))
    try:
        visit = _visit(town, "chief", "", "period=7d&type=contraband")
    finally:
        with town.store.begin() as connection:
            connection.execute(text("grant select on incident_count to watch_centre"))
    said = visit.frames.decode(errors="replace")
    assert re.search(t("unavailable.number", "th", number="X").replace("X", "[0-9A-F]{6}"), said)
    assert "permission denied" not in said
    assert t("unavailable.waiting", "th", time="")[:12] not in said
    assert not any(message.WhichOneof("type") == "auto_rerun" for message in visit.said)
    assert t("unavailable.failing", "th") not in said
    assert not re.search(
        "[0-9A-F]{6} กรุณาแจ้ง", _visit(town, "chief", "", "period=7d&type=contraband").frames.decode(errors="replace")
    )


@contextmanager
def _as(browser: Browser, town: Town, who: str) -> Iterator[Watched]:
    with opened(browser) as watched:
        watched.page.context.clear_cookies()
        cookie = {"name": PLAIN, "value": cookie_of(who), "domain": "127.0.0.1", "path": "/"}
        watched.page.context.add_cookies([cookie])  # type: ignore[list-item]
        yield watched


def test_links_to_every_page_open_it_in_a_browser(town: Town, browser: Browser) -> None:
    """Also to the page with which a role begins, which lies at the root."""
    for role in (Role.OFFICER, Role.COORDINATOR, Role.AGENCY):
        with _as(browser, town, str(role)) as watched:
            for spec in _visible(town, role):
                watched.page.goto(f"{town.address}/{Path(spec.file).stem}?lang=en")
                watched.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
                watched.page.locator("[data-testid=stMain] [data-testid=stElementContainer]").first.wait_for(
                    state="attached"
                )
                assert watched.page.get_by_role("dialog").count() == 0, f"{role} at {spec.file}"
                assert f"/{_address(spec, _visible(town, role))}?lang=en" in watched.page.url


def test_an_open_map_says_by_itself_that_its_session_was_ended(town: Town, browser: Browser) -> None:
    with town.store.begin() as connection:
        person = create_person(connection, "leaves", "ลาไป", Role.OFFICER, districts=(HERE,))
        sign_in(connection, person, "leaves")
    with _as(browser, town, "leaves") as watched:
        watched.page.goto(town.address)
        watched.map_frame().wait_for_function("watch.live.up")
        with town.store.begin() as connection:
            close_sessions(connection, person.id)
        watched.page.get_by_text(t("access.signed_out", "th")).wait_for()
        assert watched.page.locator("iframe").count() == 0


def test_a_file_of_one_page_is_not_handed_to_another_person(town: Town, browser: Browser) -> None:
    name = "here, unverified"
    picture = BytesIO()
    Image.new("RGB", (64, 48), "olive").save(picture, "JPEG", comment=CASES[name].text.encode())
    with town.store.begin() as connection:
        for kind, content in (("image/jpeg", picture.getvalue()), ("application/pdf", CASES[name].text.encode())):
            connection.execute(
                text("insert into evidence (incident_id, media_type, content, sha256) values (:i, :k, :c, sha256(:c))"),
                {"i": town.all.ids[name], "k": kind, "c": content},
            )
    with _as(browser, town, "chief") as watched:
        files: list[str] = []
        watched.page.on("request", lambda r: files.append(urlsplit(r.url).path) if "/media/" in r.url else None)
        watched.page.goto(f"{town.address}/inbox?case={town.all.numbers[name]}")
        watched.page.locator("img[src*='/media/']").first.wait_for()
        with watched.page.expect_download() as download:  # made only when it is asked for
            watched.page.locator("[class*=st-key-file_] button").first.click()
        assert CASES[name].text in Path(download.value.path()).read_text()
        files.append(urlsplit(download.value.url).path)
        held = {file: town.ask("GET", file, "chief") for file in dict.fromkeys(files)}
        mine = [file for file, answer in held.items() if CASES[name].text.encode() in answer.content]
        assert len(mine) == 2, held
        for method in ("GET", "HEAD"):
            for file in mine:
                assert town.ask(method, file, "chief").status_code == 200
                assert town.ask(method, file).status_code == 401
                assert town.ask(method, file, "an expired session").status_code == 401
                for other in ("officer", "agency", "commander", "administrator"):
                    answer = town.ask(method, file, other)
                    assert (answer.status_code, answer.content) == (404, b""), other


@pytest.mark.parametrize("file", PAGES)
def test_a_page_refuses_by_itself_whoever_has_it_not(town: Town, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    """Should a page ever run outside the menu, it says that it is not theirs and ends there."""
    spec = next(spec for spec in SPECS if spec.file == file)
    for role in (*(role for role in Role if role not in spec.roles), None):
        viewer = None if role is None else Viewer(town.all.people[role])
        monkeypatch.setattr(session, "viewer", lambda viewer=viewer: viewer)
        app = AppTest.from_file(str(navigation.PAGES / file), default_timeout=20).run()
        assert not app.exception, (file, role)
        assert [warning.value for warning in app.warning] == [t("access.not_yours", session.language())], (file, role)
        assert len(app.main) == 1, (file, role)
