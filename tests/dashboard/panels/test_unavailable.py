"""A page whose database is away comes back by itself; one that fails again each time is not brought back for ever."""

from __future__ import annotations

import re
import time

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import session, store
from dashboard.i18n import t


def _page() -> None:
    from dashboard.panels import unavailable
    from geo.errors import DatabaseUnavailable

    unavailable.show(DatabaseUnavailable("database.slow"), "en")


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(store, "answers", lambda: True)
    return AppTest.from_function(_page, default_timeout=20)


def _texts(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.text, *app.error, *app.caption))


def test_the_run_that_failed_does_not_bring_itself_back(app: AppTest) -> None:
    said = _texts(app.run())
    assert t("unavailable.title", "en") in said
    assert t("unavailable.failing", "en") not in said
    assert session._RETURNS not in app.session_state


def test_after_some_returns_in_vain_the_error_has_a_number_and_a_button_begins_anew(app: AppTest) -> None:
    app.session_state[session._RETURNS] = [time.monotonic()] * session.RETURNS
    said = _texts(app.run())
    assert t("unavailable.failing", "en") in said
    assert t("errors.database.slow", "en") in said
    assert re.search("number [0-9A-F]{6}", said)
    assert t("unavailable.title", "en") not in said
    assert t("unavailable.title", "en") in _texts(app.button[0].click().run())


def test_returns_of_long_ago_do_not_count(app: AppTest) -> None:
    app.session_state[session._RETURNS] = [time.monotonic() - session.RETURNS_S - 1] * session.RETURNS
    assert t("unavailable.title", "en") in _texts(app.run())
