from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest

from dashboard.maps import assets
from dashboard.maps.assets import CSS, JS, OWN_FILES, ROOT, asset_url, packages_installed, using_cdn
from dashboard.maps.palette import DAY, DIVERGING, NIGHT, SEQUENTIAL


def test_every_file_that_the_map_names_is_there() -> None:
    assert packages_installed()
    for path in (*JS, *CSS):
        if path.startswith("watch/"):
            assert (OWN_FILES / path.removeprefix("watch/")).is_file(), path


def test_every_own_script_is_loaded() -> None:
    listed = {path.removeprefix("watch/") for path in (*JS, *CSS) if path.startswith("watch/")}
    assert {p.name for p in OWN_FILES.iterdir() if p.suffix in (".js", ".css")} >= listed
    map_scripts = {
        p.name
        for p in OWN_FILES.glob("*.js")
        if "NTS" in p.read_text(encoding="utf-8") and not p.name.startswith("meeting")
    }
    assert map_scripts == {name for name in listed if name.endswith(".js")}


def test_an_own_file_has_a_new_address_when_it_changes() -> None:
    assert re.fullmatch(r"/assets/watch/watch\.js\?v=[0-9a-f]{8}", asset_url("watch/watch.js"))


def test_without_packages_the_cdn_is_used_in_the_pinned_version_and_the_log_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(assets, "packages_installed", lambda: packages_installed(tmp_path))
    using_cdn.cache_clear()
    with caplog.at_level(logging.WARNING):
        address = asset_url("@fontsource/sarabun/400.css")
    using_cdn.cache_clear()
    assert re.fullmatch(r"https://cdn\.jsdelivr\.net/npm/@fontsource/sarabun@\d+\.\d+\.\d+/400\.css", address)
    assert "npm ci" in caplog.text
    assert asset_url("watch/watch.js", cdn=True).startswith("/assets/watch/")


def test_versions_are_exact_and_the_lock_file_names_no_host() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for version in (package["dependencies"] | package["devDependencies"]).values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert "registry" not in lock


def test_day_and_night_have_the_same_roles() -> None:
    assert DAY.keys() == NIGHT.keys()
    for colour in [
        *DAY.values(),
        *NIGHT.values(),
        *(c for s in (SEQUENTIAL, DIVERGING) for row in s.values() for c in row),
    ]:
        assert re.fullmatch(r"#[0-9a-f]{6}", colour)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [("panel_ink", "panel"), ("panel_faint", "panel"), ("name", "land"), ("name_strong", "land"),
     ("name_strong", "neighbour"),
     ("count_ink", "count"), ("overdue", "land")],
)  # fmt: skip
def test_what_is_read_has_the_contrast_that_is_asked_of_text(colours: dict[str, str], ink: str, paper: str) -> None:
    assert contrast(colours[ink], colours[paper]) >= 4.5
