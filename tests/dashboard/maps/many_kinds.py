"""Prints a map with a dozen kinds of layer; with the argument ``calm`` our base map was imported before."""

from __future__ import annotations

import sys

import folium
from folium import plugins


def many_kinds() -> folium.Map:
    """A map with a dozen kinds of layer, none of which means a template to be compiled."""
    shown = folium.Map(location=[16, 103], zoom_start=7)
    place = {"type": "Point", "coordinates": [103, 16]}
    feature = {"type": "Feature", "properties": {"name": "A"}, "geometry": place}
    area = {"type": "FeatureCollection", "features": [feature]}
    folium.Marker([16, 103], popup="popup", tooltip="tooltip").add_to(shown)
    folium.Marker([16, 103], icon=folium.DivIcon(html="<b>x</b>")).add_to(shown)
    folium.CircleMarker([16, 103], popup=folium.Popup("<b>html</b>", max_width=200)).add_to(shown)
    folium.Circle([16, 103], radius=100).add_to(shown)
    folium.PolyLine([[16, 103], [17, 104]]).add_to(shown)
    folium.Polygon([[16, 103], [17, 104], [16, 104]]).add_to(shown)
    folium.Rectangle([[16, 103], [17, 104]]).add_to(shown)
    folium.GeoJson(area, tooltip=folium.GeoJsonTooltip(["name"])).add_to(shown)
    folium.TileLayer("https://tiles.example/{z}/{x}/{y}.png", attr="credit").add_to(shown)
    folium.FeatureGroup("group").add_to(shown)
    folium.LayerControl().add_to(shown)
    plugins.MarkerCluster([[16, 103]]).add_to(shown)
    plugins.HeatMap([[16, 103]]).add_to(shown)
    plugins.Fullscreen().add_to(shown)
    return shown


if __name__ == "__main__":
    if "calm" in sys.argv:
        import dashboard.maps.base  # noqa: F401
    sys.stdout.write(many_kinds().get_root().render())
