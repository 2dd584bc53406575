from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import folium
import pytest
from branca.element import MacroElement
from folium.template import Template
from streamlit_folium import generate_js_hash, generate_leaflet_string

import dashboard.maps.base as base
from dashboard.maps.base import BaseMap
from dashboard.maps.state import MapState, state_group

ROOT = Path(__file__).resolve().parents[3]


def without_names(text: str) -> str:
    return re.sub(r"[0-9a-f]{32}", "ID", text)


def render_apart(*arguments: str) -> str:
    command = [sys.executable, "-m", "tests.dashboard.maps.many_kinds", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return without_names(done.stdout)


def test_maps_come_out_the_same_without_the_second_compilation() -> None:
    calm = render_apart("calm")
    assert calm == render_apart()
    assert calm.count("L.") > 12


@pytest.mark.parametrize(
    "attack",
    [
        "{{ cycler.__init__.__globals__.os.mkdir('{path}') }}",
        "{% set x = cycler.__init__.__globals__.os.mkdir('{path}') %}",
    ],
)
def test_text_in_a_folium_object_is_not_run_on_the_server(tmp_path: Path, attack: str) -> None:
    made = tmp_path / "made"
    text = attack.replace("{path}", str(made))
    shown = folium.Map()
    place = {"type": "Point", "coordinates": [103, 16]}
    area = {"type": "Feature", "properties": {"name": text}, "geometry": place}
    folium.Marker([16, 103], popup=folium.Popup(text), tooltip=text, icon=folium.DivIcon(html=text)).add_to(shown)
    folium.GeoJson(area, name=text).add_to(shown)
    shown.get_root().render()
    shown.get_root().render()
    assert not made.exists()


def test_an_open_brace_in_a_text_breaks_no_map() -> None:
    shown = folium.Map()
    folium.Marker([16, 103], popup="{% parked {{ {# x").add_to(shown)
    assert "parked" in shown.get_root().render()


def test_without_the_switch_branca_still_does_what_it_protects_from(tmp_path: Path) -> None:
    """Where this fails, branca no longer compiles twice: the switch can go."""
    made = tmp_path / "made"
    script = (
        "import folium\nshown = folium.Map()\n"
        f"text = \"{{{{ cycler.__init__.__globals__.os.mkdir('{made}') }}}}\"\n"
        "folium.Marker([16, 103], popup=text).add_to(shown)\n"
        "shown.get_root().render()"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)
    assert made.is_dir()


def test_the_base_map_is_the_same_for_everybody_and_every_time() -> None:
    def key() -> str:
        shown = BaseMap()
        shown.get_root().render()
        return str(generate_js_hash(generate_leaflet_string(shown), "watch"))

    assert key() == key()


def test_the_base_map_names_no_other_host_and_carries_no_credit_of_its_own() -> None:
    shown = BaseMap()
    page = shown.get_root().render()
    assert "http://" not in page.replace("http-equiv", "")
    assert "https://" not in page
    assert '"attributionControl": false' in page
    assert all(url.startswith("/assets/") for _, url in [*shown.default_js, *shown.default_css])


def test_the_base_map_works_under_a_path() -> None:
    assert all(url.startswith("/watch/assets/") for _, url in BaseMap("/watch/").default_js)


def test_folium_classes_keep_their_own_links() -> None:
    BaseMap()
    assert folium.Map.default_js is not BaseMap().default_js


class _Probe(MacroElement):
    _template = Template("{% macro script(this, kwargs) %}probe{% endmacro %}")


def test_our_own_elements_still_have_templates() -> None:
    shown = BaseMap()
    _Probe().add_to(shown)
    assert "probe" in shown.get_root().render()
    assert base.Rendered("{{ 1 }}").render() == "{{ 1 }}"


def test_the_state_is_one_call_and_nothing_else() -> None:
    shown = BaseMap()
    group = state_group({"night": True, "words": {"x": "{{7*7}}</script>${1}"}})
    group.add_to(shown)
    page = shown.get_root().render()
    assert page.count("window.watch.apply(") == 1
    assert "{{7*7}}" not in page
    assert "49" not in MapState({"words": {"x": "{{7*7}}"}}).json.split("palette")[0]
