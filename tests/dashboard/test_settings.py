"""The settings: what is allowed, what is refused in words, and the key that nobody else reads."""

from __future__ import annotations

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from dashboard.messages import sentence
from dashboard.settings import DashboardSettings, TileHost
from geo.settings import StoreSettings

README = Path(__file__).resolve().parents[2] / "README.md"


def test_port_is_honoured_and_watch_port_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    assert DashboardSettings().port == 9000
    monkeypatch.setenv("WATCH_PORT", "9001")
    assert DashboardSettings().port == 9001


def test_only_this_machine_is_served_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    settings = DashboardSettings()
    assert (settings.host, settings.port, settings.language) == ("127.0.0.1", 8501, "th")
    assert set(settings.allowed_hosts) == {"localhost", "127.0.0.1", "::1"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WATCH_PORT", "much"),
        ("WATCH_LANGUAGE", "xx"),
        ("WATCH_SECRET_KEY", "short"),
        ("WATCH_TOKEN_MINUTES", "0"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as refused:
        DashboardSettings()
    said = sentence(refused.value, "en")
    assert name in said
    assert "\n" not in said
    if name == "WATCH_SECRET_KEY":
        assert value not in said


def test_the_key_is_made_once_and_read_only_by_its_owner(tmp_path: Path) -> None:
    settings = DashboardSettings(var_dir=tmp_path / "var")
    key = settings.signing_key()
    assert len(key) >= 32
    assert settings.signing_key() == key
    assert stat.S_IMODE((tmp_path / "var" / "secret.key").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["secret.key"]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: DashboardSettings(var_dir=tmp_path).signing_key(), range(32)))
    assert len(set(keys)) == 1


def test_a_damaged_key_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("")
    with pytest.raises(ValueError, match="damaged"):
        DashboardSettings(var_dir=tmp_path).signing_key()


def test_a_given_key_is_used_and_never_shown(tmp_path: Path) -> None:
    settings = DashboardSettings(var_dir=tmp_path, secret_key="k" * 40)
    assert settings.signing_key() == "k" * 40
    assert "kkkk" not in repr(settings)
    assert not list(tmp_path.iterdir())


def test_base_maps_of_other_hosts_can_be_changed_and_switched_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert [host.code for host in DashboardSettings().online_hosts()] == ["osm", "imagery"]
    assert DashboardSettings(online_basemaps=False).online_hosts() == ()
    monkeypatch.setenv(
        "WATCH_TILE_HOSTS",
        '[{"code":"gistda","name_th":"ไทย","name_en":"Thai","url":"https://{s}.tiles.test/{z}/{x}/{y}.png",'
        '"attribution":"GISTDA"}]',
    )
    (host,) = DashboardSettings().online_hosts()
    assert host.origin == "https://*.tiles.test"


@pytest.mark.parametrize("url", ["javascript:alert(1)//{z}{x}{y}", "https://tiles.test/{z}/{x}.png", "/{z}/{x}/{y}"])
def test_a_tile_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        TileHost(code="x", name_th="x", name_en="x", url=url, attribution="x")


@pytest.mark.parametrize("codes", [("osm", "osm"), ("own",), ("offline",), ("O S M",)])
def test_a_base_map_has_a_code_of_its_own(codes: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        DashboardSettings(
            tile_hosts=tuple(
                TileHost(
                    code=c,
                    name_th="x",
                    name_en="x",
                    url="https://t.test/{z}/{x}/{y}",
                    attribution="x",
                )
                for c in codes
            )
        )


def test_the_offline_base_map_is_used_where_its_file_is(tmp_path: Path) -> None:
    settings = DashboardSettings(var_dir=tmp_path)
    assert settings.basemap_file() is None
    (tmp_path / "basemap.pmtiles").write_bytes(b"PMTiles")
    assert settings.basemap_file() == tmp_path / "basemap.pmtiles"


@pytest.mark.parametrize("settings", [StoreSettings, DashboardSettings])
def test_every_setting_is_explained_where_it_is_declared(settings: type[StoreSettings]) -> None:
    own = set(settings.model_fields) - (set(StoreSettings.model_fields) if settings is DashboardSettings else set())
    explained = set(re.findall(r"^    ([a-z_]+)$", settings.__doc__ or "", re.M))
    assert own == explained


def test_the_readme_has_a_row_for_every_setting_and_none_besides() -> None:
    rows = set(re.findall(r"^\|\s*`(WATCH_[A-Z_]+)`", README.read_text("utf-8"), re.M))
    assert rows == {f"WATCH_{name.upper()}" for name in DashboardSettings.model_fields}
