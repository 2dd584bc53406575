"""Labels, messages, viewer and menu."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dashboard.access import Role, Viewer, everyone
from dashboard.i18n import words
from dashboard.labels import plain
from dashboard.messages import sentence
from dashboard.navigation import PAGES, SPECS, visible
from geo.errors import DatabaseUnavailable, WatchError
from geo.model import Scope


@given(st.text())
def test_a_plain_label_is_shown_as_it_is(text: str) -> None:
    tokens = MarkdownIt("commonmark").parseInline(plain(text))[0].children or []
    assert {token.type for token in tokens} <= {"text", "text_special"}
    assert "".join(token.content for token in tokens) == " ".join(text.replace("\x00", "\ufffd").split())


def test_an_error_is_said_with_its_values() -> None:
    assert "ฐานข้อมูล" in sentence(DatabaseUnavailable("database.unavailable"), "th")


@pytest.mark.parametrize("error", [WatchError("never.heard.of"), RuntimeError("select phone from reporter")])
def test_what_nobody_foresaw_is_said_without_its_text(error: Exception) -> None:
    assert sentence(error, "en") == words("en")["errors.unexpected"]


def test_every_page_of_the_menu_has_a_file_a_title_and_a_section() -> None:
    for spec in SPECS:
        assert (PAGES / spec.file).is_file()
        assert {spec.title_key, spec.group_key} <= set(words("th"))


def test_each_sees_only_the_pages_of_their_roles() -> None:
    assert visible(everyone()) == SPECS
    assert visible(Viewer("", Scope(()), frozenset())) == ()


def test_everyone_sees_everything_for_now() -> None:
    assert everyone().scope == Scope.everything()
    assert everyone().may(Role.WATCH)
