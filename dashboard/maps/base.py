"""The base map: constant, so that the component's frame is never made anew and a person's view is never lost.

Importing this module makes folium safe for the whole process: branca no longer compiles text that was
rendered already as a template again (reported text in a popup was code that ran on the server).
"""

from __future__ import annotations

from typing import Any, Final

import branca.element
import folium
from folium.template import Template

from dashboard.maps.assets import CSS, JS, asset_url

__all__ = ["HOME", "MAX_ZOOM", "MIN_ZOOM", "BaseMap", "Rendered", "calm_branca"]

HOME: Final = ((11.6, 99.2), (20.5, 105.9))
"""South-west and north-east of the whole Thai-Lao and Thai-Cambodian border, in degrees."""
ROAM: Final = ((0.0, 85.0), (32.0, 122.0))
"""Nobody needs the map beyond this."""
MIN_ZOOM: Final = 5
MAX_ZOOM: Final = 18


class Rendered:
    """Stands where branca would compile text that is rendered already, and gives that text back."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render(self, *_args: Any, **_kwargs: Any) -> str:
        """The text as it is."""
        return self._text


def calm_branca() -> None:
    """Switch off branca's second compilation: ``Element(text)`` keeps its text, classes have templates."""
    setattr(branca.element, "Template", Rendered)  # noqa: B010 - the module does not export it


calm_branca()


class BaseMap(folium.Map):
    """Leaflet with our script on it, and nothing that depends on who looks or what is chosen.

    Parameters
    ----------
    base_path
        Path under which the application is served; it changes only with the server's settings.
    """

    _template = Template(
        """
        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }} ></div>
        {% endmacro %}

        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {{ this.leaflet|tojson }});
            window.watch = new WatchMap({{ this.get_name() }}, {{ this.home|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, base_path: str = "") -> None:
        super().__init__(location=[16.0, 102.6], zoom_start=6, tiles=None, prefer_canvas=True)
        self.default_js = [(path, asset_url(path, base_path)) for path in JS]
        self.default_css = [(path, asset_url(path, base_path)) for path in CSS]
        self.home = HOME
        self.leaflet = {
            "center": [16.0, 102.6],
            "zoom": 6,
            "minZoom": MIN_ZOOM,
            "maxZoom": MAX_ZOOM,
            "maxBounds": ROAM,
            "maxBoundsViscosity": 0.7,
            "preferCanvas": True,
            "zoomControl": False,
            "attributionControl": False,
            "worldCopyJump": False,
        }
