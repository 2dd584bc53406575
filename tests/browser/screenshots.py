"""Take the README's pictures of a running demonstration: ``python tests/browser/screenshots.py http://127.0.0.1:8501``."""

from __future__ import annotations

import shutil
import sys
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "screenshots"
COMMANDER, CHIEF, OFFICER, NOBODY = "ผู้บังคับบัญชา", "นายอำเภอประเสริฐ", "ปลัดสมชาย", ""
SIGNED = f"{(date.today().replace(day=1) - timedelta(days=40)):%Y-%m}"
"""A month whose report the demonstration's chief has signed."""
SHOTS = {
    "laptop_th": (COMMANDER, "/", (1366, 768), "light"),
    "laptop_en": (COMMANDER, "/?lang=en&colour=count&period=90", (1366, 768), "light"),
    "phone_th": (COMMANDER, "/", (390, 844), "light"),
    "wall_th": (COMMANDER, "/?wall=1", (1920, 1080), "dark"),
    "inbox_th": (OFFICER, "/inbox", (1366, 768), "light"),
    "meeting_th": (COMMANDER, "/meetings/1?lang=th#4", (1366, 768), "light"),
    "hotspots_th": (OFFICER, "/hotspots?method=gi", (1366, 768), "light"),
    "checkpoints_th": (COMMANDER, "/checkpoints", (1366, 768), "light"),
    "patrols_th": (COMMANDER, "/patrols", (1366, 768), "light"),
    "reports_th": (CHIEF, f"/reports?month={SIGNED}", (1366, 768), "light"),
    "silence_th": (CHIEF, "/silence", (1366, 768), "light"),
    "report_th": (NOBODY, "/report", (390, 844), "light"),
}
KEYS = {"inbox_th": "Alt+ArrowDown"}
"""Pressed before the picture is taken: the first case of the inbox is opened."""


def main(address: str) -> None:
    """One picture each, small enough for a repository (PNG, at most some 200 kB)."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as started:
        chromium = started.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=["--no-sandbox"]
        )
        for name, (who, path, (width, height), theme) in SHOTS.items():
            page = chromium.new_page(
                viewport={"width": width, "height": height},
                locale="th-TH",
                timezone_id="Asia/Bangkok",
                color_scheme=theme,
            )
            if who:
                page.goto(address.rstrip("/") + "/sign-in?lang=th")
                page.locator("button", has_text=who).first.click()
                page.wait_for_load_state()
            page.goto(address.rstrip("/") + path)
            page.wait_for_timeout(9000)
            if name in KEYS:
                page.keyboard.press(KEYS[name])
                page.wait_for_timeout(5000)
            page.screenshot(path=FOLDER / f"{name}.png")
            print(FOLDER / f"{name}.png")
            page.close()
        chromium.close()


if __name__ == "__main__":
    main(sys.argv[1])
