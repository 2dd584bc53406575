"""The same map written the usual way: a Streamlit page that hands every point to folium. It is what we compare with.

``streamlit run usual_way.py`` with BENCH_URL, BENCH_KIND (``geojson`` or ``cluster``) and BENCH_COUNT.
``python usual_way.py`` with the same prints seconds and bytes of the map's HTML, without a server.
"""

from __future__ import annotations

import json
import os
import time

import folium
import psycopg
from folium.plugins import MarkerCluster

Point = tuple[float, float, str]
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")


def points(turn: int) -> list[Point]:
    """Longitude, latitude, type of the newest incidents; another filter with every turn."""
    query = "select st_x(geom), st_y(geom), crime_type from incident where geom is not null order by id desc limit %s offset %s"
    with psycopg.connect(os.environ["BENCH_URL"]) as connection:
        return list(connection.execute(query, (int(os.environ["BENCH_COUNT"]), turn * 50)).fetchall())


def build(rows: list[Point], kind: str, turn: int) -> folium.Map:
    """A folium map with a circle for every point."""
    world = folium.Map(location=[16.0 + turn / 1000, 102.6], zoom_start=6, prefer_canvas=True)
    if kind == "geojson":
        features = [
            {"type": "Feature", "properties": {"type": code}, "geometry": {"type": "Point", "coordinates": [lon, lat]}}
            for lon, lat, code in rows
        ]
        folium.GeoJson(
            {"type": "FeatureCollection", "features": features}, marker=folium.CircleMarker(radius=4, fill=True)
        ).add_to(world)
        return world
    cluster = MarkerCluster()  # type: ignore[no-untyped-call]
    cluster.add_to(world)
    for lon, lat, code in rows:
        folium.CircleMarker([lat, lon], radius=4, color=COLOURS[hash(code) % len(COLOURS)]).add_to(cluster)
    return world


def page() -> None:
    """The page: a button that changes the filter, and the map."""
    import streamlit as st
    from streamlit_folium import st_folium

    turn = st.session_state.setdefault("turn", 0)
    if st.button("change"):
        turn = st.session_state["turn"] = turn + 1
    st_folium(build(points(turn), os.environ["BENCH_KIND"], turn), height=640, returned_objects=[])


def html() -> None:
    """Say how long the map's HTML takes and how long it is."""
    start = time.perf_counter()
    text = build(points(0), os.environ["BENCH_KIND"], 0).get_root().render()
    print(json.dumps({"seconds": time.perf_counter() - start, "bytes": len(text.encode())}))


if __name__ == "__main__":
    import streamlit.runtime

    page() if streamlit.runtime.exists() else html()
