"""Streamlit's settings are pinned: in the file, and as Streamlit itself understands it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit import config

from dashboard.settings import DashboardSettings

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "dashboard" / ".streamlit" / "config.toml"

PINNED = {
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
    "client.showSidebarNavigation": False,
    "client.allowedOrigins": [],
    "browser.gatherUsageStats": False,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,
    "server.headless": True,
    "server.showEmailPrompt": False,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "server.allowRunOnSave": False,
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.xsrfCookieSameSite": "lax",
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.maxUploadSize": 5,
    "server.maxWidgetStateSize": 5,
    "server.allowedHosts": ["localhost", "127.0.0.1", "::1"],
}


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Streamlit's settings as they are when the server was started from another folder than ours."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(config, "_main_script_path", None)
    st.App(ROOT / "dashboard" / "app.py")
    config.get_config_options(force_reparse=True)
    yield
    monkeypatch.undo()
    config.get_config_options(force_reparse=True)


def _from_file(option: str) -> Any:
    section, name = option.split(".")
    return tomllib.loads(FILE.read_text("utf-8"))[section][name]


@pytest.mark.parametrize("option", PINNED)
def test_the_file_pins(option: str) -> None:
    assert _from_file(option) == PINNED[option]


@pytest.mark.parametrize("option", PINNED)
@pytest.mark.usefixtures("loaded")
def test_streamlit_uses(option: str) -> None:
    assert config.get_option(option) == PINNED[option]


@pytest.mark.usefixtures("loaded")
def test_streamlit_knows_every_option_of_the_file() -> None:
    for section, options in tomllib.loads(FILE.read_text("utf-8")).items():
        for name in options:
            if isinstance(options[name], dict):  # a theme within the theme
                for inner in options[name]:
                    if not isinstance(options[name][inner], dict):
                        assert config.is_manually_set(f"{section}.{name}.{inner}"), inner
            else:
                assert config.is_manually_set(f"{section}.{name}"), name


def test_the_hosts_are_those_of_our_own_setting() -> None:
    assert tuple(PINNED["server.allowedHosts"]) == DashboardSettings.model_fields["allowed_hosts"].default  # type: ignore[arg-type]


@pytest.mark.usefixtures("loaded")
def test_fonts_come_from_our_own_host_with_thai_and_latin_letters() -> None:
    faces = config.get_option("theme.fontFaces")
    for weight in ("400", "600", "700"):
        ranges = [face["unicodeRange"] for face in faces if face["weight"] == weight]
        assert any("U+0E01-0E5B" in letters for letters in ranges)
        assert any("U+0000-00FF" in letters for letters in ranges)
    assert all(face["url"].startswith("/assets/@fontsource/") for face in faces)
    assert "http" not in config.get_option("theme.font")


def test_every_font_file_is_in_the_npm_package() -> None:
    faces = tomllib.loads(FILE.read_text("utf-8"))["theme"]["fontFaces"]
    modules = ROOT / "node_modules"
    if not modules.is_dir():
        pytest.skip("npm packages are not installed")
    for face in faces:
        assert (modules / face["url"].removeprefix("/assets/")).is_file(), face["url"]


def test_nothing_spaces_letters_and_text_is_16_pixels() -> None:
    text = FILE.read_text("utf-8")
    assert "letter" not in text.lower()
    assert tomllib.loads(text)["theme"]["baseFontSize"] == 16


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("ink", ["textColor", "linkColor", "primaryColor"])
def test_text_stands_out_enough_from_its_ground(theme: str, ground: str, ink: str) -> None:
    colours = tomllib.loads(FILE.read_text("utf-8"))["theme"][theme]
    light, dark = sorted((_luminance(colours[ground]), _luminance(colours[ink])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
