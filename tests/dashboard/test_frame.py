"""Labels, messages, viewer and menu."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dashboard.access import Role, Viewer
from dashboard.i18n import words
from dashboard.labels import plain
from dashboard.messages import sentence
from dashboard.navigation import PAGES, SPECS, visible
from geo.errors import DatabaseUnavailable, WatchError
from geo.model import Reach
from geo.model.person import Person


@given(st.text())
def test_a_plain_label_is_shown_as_it_is(text: str) -> None:
    tokens = MarkdownIt("commonmark").parseInline(plain(text))[0].children or []
    assert {token.type for token in tokens} <= {"text", "text_special"}
    shown, told = "".join(token.content for token in tokens), " ".join(text.replace("\x00", "\ufffd").split())
    assert shown.replace("\N{WORD JOINER}", "") == told.replace("\N{WORD JOINER}", "")


@pytest.mark.parametrize("text", ["http://a.example", "HTTPS://a.example/x?y", "see www.a.example", "nok@a.example"])
def test_no_address_in_a_label_becomes_a_link(text: str) -> None:
    tokens = MarkdownIt("commonmark").parseInline(plain(text))[0].children or []
    shown = "".join(token.content for token in tokens)
    assert not re.search(r"https?://|www\.|[-.\w+]@", shown, re.IGNORECASE)  # what GitHub's Markdown takes for one


def test_an_error_is_said_with_its_values() -> None:
    assert "ฐานข้อมูล" in sentence(DatabaseUnavailable("database.unavailable"), "th")


@pytest.mark.parametrize("error", [WatchError("never.heard.of"), RuntimeError("select phone from reporter")])
def test_what_nobody_foresaw_is_said_without_its_text(error: Exception) -> None:
    assert sentence(error, "en") == words("en")["errors.unexpected"]


def test_every_page_of_the_menu_has_a_file_a_title_and_a_section() -> None:
    for spec in SPECS:
        assert (PAGES / spec.file).is_file()
        assert {spec.title_key, spec.group_key} <= set(words("th"))


def _viewer(role: Role, **more: Any) -> Viewer:
    return Viewer(Person(1, "nok", "นก", role, **more))


def test_each_sees_only_the_pages_of_their_roles() -> None:
    seen = {role: {spec.file for spec in visible(_viewer(role))} for role in Role}
    assert all("live_map.py" in seen[role] for role in set(Role) - {Role.COORDINATOR, Role.AGENCY})
    assert "live_map.py" not in seen[Role.COORDINATOR] | seen[Role.AGENCY]


def test_a_viewer_reads_with_the_rights_of_their_role() -> None:
    assert _viewer(Role.COMMANDER).scope.role is Reach.WIDE
    assert _viewer(Role.OFFICER, districts=("4301",)).scope.districts == ("4301",)
    assert _viewer(Role.AGENCY, agency="customs").scope.agency == "customs"
