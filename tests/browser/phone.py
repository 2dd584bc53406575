"""A citizen's telephone: small, in Lao, and with the form that opens without a line."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

from dashboard.i18n.form import words
from tests.browser.conftest import PATIENCE_MS

__all__ = ["LAO", "PHONE", "phone", "photo", "ready", "waited"]

PHONE = {"width": 360, "height": 740}
LAO = words("lo")


@contextmanager
def phone(browser: Browser, lang: str = "lo", **more: Any) -> Iterator[Page]:
    """A telephone with that language; what goes wrong in its scripts ends the test."""
    context = browser.new_context(viewport=PHONE, locale=lang, timezone_id="Asia/Bangkok", has_touch=True, **more)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda m: faults.append(m.text) if "Content Security Policy" in m.text else None)
    try:
        yield page
        assert not faults
    finally:
        context.close()


def waited(page: Page, ready: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something holds."""
    for _ in range(round(seconds * 10)):
        if ready():
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.inner_text("body")[:1500])


def photo() -> dict[str, Any]:
    """A large photo with the make of a telephone in it."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SomchaiPhone"
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(out, "JPEG", exif=exif)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def ready(page: Page) -> None:
    """The worker has the form: it opens without a line from now on."""
    page.evaluate("navigator.serviceWorker.ready")
    waited(page, lambda: bool(page.evaluate("!!navigator.serviceWorker.controller")))
