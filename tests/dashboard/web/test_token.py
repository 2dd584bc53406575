"""Tokens of tiles and layers."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.web.token import Pass, TokenRefused, make_token, read_token
from geo.model import Reach, Scope

KEY = "k" * 32
SCOPES = st.builds(
    Scope,
    st.one_of(st.none(), st.lists(st.text("0123456789", min_size=4, max_size=4), max_size=67).map(tuple)),
    st.one_of(st.none(), st.sampled_from(Reach)),
    st.one_of(st.none(), st.sampled_from(["customs", "local_police"])),
)


@given(session=st.text(max_size=40), scope=SCOPES)
def test_a_token_says_for_whom_it_was_made(session: str, scope: Scope) -> None:
    token, expires = make_token(KEY, session, scope, 15)
    assert read_token(KEY, token) == Pass(session, scope, expires)


def test_a_token_ends() -> None:
    token, expires = make_token(KEY, "a", Scope.everything(), 15)
    assert expires == pytest.approx(time.time() + 900, abs=2)
    with pytest.raises(TokenRefused):
        read_token(KEY, token, now=expires + 1)


def test_another_key_opens_nothing() -> None:
    token, _ = make_token("x" * 32, "a", Scope.everything(), 15)
    with pytest.raises(TokenRefused):
        read_token(KEY, token)


@given(st.text(max_size=200))
def test_whatever_is_not_a_token_is_refused(text: str) -> None:
    with pytest.raises(TokenRefused):
        read_token(KEY, text)


def test_a_scope_cannot_be_widened_by_hand() -> None:
    narrow, _ = make_token(KEY, "a", Scope(("4901",)), 15)
    wide, _ = make_token("x" * 32, "a", Scope.everything(), 15)
    with pytest.raises(TokenRefused):
        read_token(KEY, wide.rsplit(".", 1)[0] + "." + narrow.rsplit(".", 1)[1])
