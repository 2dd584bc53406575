"""The public form as an application of its own, on a test's database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from dashboard.web.assets import asset_mounts
from dashboard.web.headers import SafeHeaders
from dashboard.web.report_routes import routes

__all__ = ["Site", "site"]


class Site(TestClient):
    """A browser without JavaScript."""

    def form(self, lang: str = "th", **where: str) -> dict[str, str]:
        """A form that is old enough to be sent: its hidden fields."""
        page = self.get("/report", params={"lang": lang, **where})
        assert page.status_code == 200, page.text
        return {"token": token_of(page.text)}

    def report(self, lang: str = "th", *, json: bool = False, files: Any = None, **fields: str) -> Any:
        """Fill a form and send it."""
        given = {"district": "5703", "description": "เห็นเรือสามลำ"} | self.form(lang) | fields
        headers = {"accept": "application/json" if json else "text/html"}
        return self.post(f"/report?lang={lang}", data=given, files=files or [("nothing", b"")], headers=headers)


def token_of(html: str) -> str:
    """The form's token."""
    found = re.search(r'name="token" value="([^"]+)"', html)
    assert found, html[:2000]
    return found[1]


def code_of(html: str) -> str:
    """The receipt code that a page shows."""
    found = re.search(r"data-code[^>]*>\s*([0-9 ]{19})\s*<", html)
    assert found, html[:3000]
    return found[1]


@contextmanager
def site(store_engine: Any, monkeypatch: Any, tmp_path: Any, **settings: str) -> Iterator[Site]:
    """The form on a database; every test has limits and a key of its own."""
    from dashboard import store
    from dashboard.web import report_form, report_guard, report_routes, report_status
    from dashboard.web.live import hub
    from geo.db.engine import libpq_url

    monkeypatch.setenv("WATCH_DB_URL", libpq_url(store_engine.url))
    monkeypatch.setenv("WATCH_VAR_DIR", str(tmp_path))
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    kept = (store.settings, store.signing_key, store.engine, report_form.receipts, report_form._proofs)
    for one in kept:
        one.cache_clear()
    report_routes._worker.cache_clear()
    hub.tell("area:*")  # what was kept of another test's places is out of date
    monkeypatch.setattr(report_form, "_senders", report_guard.Places(report_form.HOUR))
    monkeypatch.setattr(report_form, "_told", report_guard.Places(report_guard.DAY))
    monkeypatch.setattr(report_form, "_load", report_guard.Load())
    monkeypatch.setattr(report_status, "_wrong", report_guard.Places(report_status.WINDOW))
    monkeypatch.setattr(report_status, "TAKES", 0.0)
    monkeypatch.setattr(report_guard, "YOUNGEST", -1.0)
    with Site(Starlette(routes=[*routes, *asset_mounts()], middleware=[Middleware(SafeHeaders)])) as browser:
        yield browser
    store.engine().dispose()
    for one in kept:
        one.cache_clear()
