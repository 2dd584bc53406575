"""What the map in the browser is told: addresses, codes and our own words, never what people wrote."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.filter_state import LAYERS, MapFilter
from dashboard.i18n import words
from dashboard.maps.live_state import Source, live_state
from dashboard.maps.state import MapState
from dashboard.settings import DashboardSettings
from geo.model import CrimeType, IncidentFilter

CHOSEN = IncidentFilter(date(2026, 11, 1), date(2026, 11, 23))
TYPES = {
    "drug_trafficking": CrimeType("drug_trafficking", 1, "ยาเสพติด", "Drugs", colour="#009e73"),
    "online_scam": CrimeType("online_scam", 2, "หลอกลวงออนไลน์", "Scams", colour="#e69f00"),
    "wildlife_trafficking": CrimeType("wildlife_trafficking", 3, "สัตว์ป่า", "Wildlife"),
}
SOURCE = Source("from=2026-11-01&to=2026-11-23", "abc-1", "0123456789", "token", 1_800_000_000, 7)


def state(var_dir: Path, **more: Any) -> dict[str, Any]:
    chosen = replace(MapFilter(), **more)
    return live_state(chosen, CHOSEN, TYPES, SOURCE, DashboardSettings(var_dir=var_dir), None, None, night=False)


def everything(value: object, path: str = "") -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return [pair for key, one in value.items() for pair in everything(one, f"{path}.{key}")]
    if isinstance(value, list | tuple):
        return [pair for one in value for pair in everything(one, f"{path}[]")]
    return [(path, value)]


def test_it_is_codes_and_addresses_but_for_words_of_ours_and_names_of_types(tmp_path: Path) -> None:
    told = state(tmp_path, picked="4901", incident="NTS69-0000001")
    ours = re.compile(r"\.(words\.\w+|attribution|types\[\]\.label|palette\.\w+)")
    for path, value in everything(told):
        if isinstance(value, str) and not ours.fullmatch(path):
            assert re.fullmatch(r"[A-Za-z0-9_\-#./?&={}]*", value), (path, value)


@pytest.mark.parametrize("lang", ["th", "en"])
def test_names_and_words_are_in_the_readers_language(tmp_path: Path, lang: str) -> None:
    told = state(tmp_path, lang=lang)
    other = words(lang)["figures.other_types"]
    assert [one["label"] for one in told["types"]] == [
        *(getattr(kind, f"name_{lang}") for kind in list(TYPES.values())[:2]),
        other,
    ]
    assert told["words"]["legend"] == words(lang)["map_words.legend"]
    assert "⟦" not in json.dumps(told["words"], ensure_ascii=False)


def test_only_the_chosen_types_are_in_the_legend(tmp_path: Path) -> None:
    assert [one["code"] for one in state(tmp_path, crime_types=("online_scam",))["types"]] == ["online_scam"]
    shown = state(tmp_path, crime_types=("online_scam", "wildlife_trafficking"))["types"]
    assert [one["code"] for one in shown] == ["online_scam", "other"]
    assert [one["id"] for one in state(tmp_path)["types"]] == [1, 2, 0]


@pytest.mark.parametrize("layers", [(), LAYERS, ("patrols",)])
def test_every_layer_is_on_or_off(tmp_path: Path, layers: tuple[str, ...]) -> None:
    told = state(tmp_path, layers=layers)["layers"]
    assert len(told) == len(LAYERS)
    assert sum(told.values()) == len(layers)


def test_another_hosts_map_is_used_only_where_it_may_be(tmp_path: Path) -> None:
    code = DashboardSettings(var_dir=tmp_path).tile_hosts[0].code
    assert state(tmp_path, basemap=code)["basemap"]["kind"] == "xyz"
    closed = DashboardSettings(var_dir=tmp_path, online_basemaps=False)
    told = live_state(MapFilter(basemap=code), CHOSEN, TYPES, SOURCE, closed, None, None, night=False)
    assert told["basemap"] is None
    assert state(tmp_path, basemap="offline")["basemap"] is None
    (tmp_path / "basemap.pmtiles").write_bytes(b"PMTiles")
    assert state(tmp_path, basemap="offline")["basemap"]["url"] == "/basemap.pmtiles"


def test_names_of_types_leave_it_as_no_template_and_no_markup() -> None:
    hostile = ["{{7919*7907}}</script>${alert(1)}", "{% x", "{# x"]
    bad = {code: replace(kind, name_th=said) for (code, kind), said in zip(TYPES.items(), hostile, strict=True)}
    told = live_state(MapFilter(), CHOSEN, bad, SOURCE, DashboardSettings(), None, None, night=True)
    written = MapState(told).json
    for sign in ("{{", "{%", "{#", "${", "<", "`"):
        assert sign not in written.replace("{{}", "")
    assert json.loads(written)["types"][0]["label"] == hostile[0]
