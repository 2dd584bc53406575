"""Everything that the map in the browser is told in one rerun: addresses, codes and words, never incidents."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.filter_state import LAYERS, MapFilter
from dashboard.i18n import name, t, words
from dashboard.maps.palette import OTHER_TYPE
from dashboard.settings import DashboardSettings
from geo.model import CrimeType, IncidentFilter
from geo.queries.incident_tiles import STATUS_LETTER

__all__ = ["Source", "live_state", "map_words"]

_LAYER_NAMES = {"border": "sections"}
_WORDS = "map_words."


@dataclass(frozen=True, slots=True)
class Source:
    """Where the map reads: a filter as query text, the versions of data and boundaries, and the key to it.

    ``clock`` grows every few minutes: checkpoints open and patrols become overdue without anybody writing anything.
    """

    query: str
    version: str
    area_version: str
    token: str
    expires: int
    clock: int


@functools.cache
def map_words(lang: str) -> Mapping[str, str]:
    """Words of the controls in the map's frame."""
    return {key.removeprefix(_WORDS): t(key, lang, time="{time}") for key in words("th") if key.startswith(_WORDS)}


def _basemap(code: str, settings: DashboardSettings) -> dict[str, Any] | None:
    if code == "offline" and settings.basemap_file():
        return {"kind": "pmtiles", "url": "/basemap.pmtiles", "attribution": "© OpenStreetMap"}
    for host in settings.online_hosts():
        if host.code == code:
            return {"kind": "xyz", "url": host.url, "attribution": host.attribution, "max_zoom": host.max_zoom}
    return None


def live_state(
    chosen: MapFilter,
    incidents: IncidentFilter,
    types: Mapping[str, CrimeType],
    source: Source,
    settings: DashboardSettings,
    classes: Mapping[str, Any] | None,
    view: Mapping[str, Any] | None,
    *,
    night: bool,
) -> dict[str, Any]:
    """The state for ``window.watch.apply`` (dashboard/web/assets/watch.js).

    Parameters
    ----------
    types
        Crime types by code.
    classes
        From ``dashboard.maps.choropleth``.
    view
        ``n`` and ``bounds`` ((south, west), (north, east)): where to go when ``n`` is new.
    """
    lang = chosen.lang
    versions = {
        "crossings": 0,
        "checkpoints": source.clock,
        "routes": 0,
        "patrols": source.clock,
        "silence": source.clock,
    }
    overlays = {n: {"url": f"/layers/{n}", "version": version} for n, version in versions.items()}
    listed = [
        {"id": kind.id, "code": code, "colour": kind.colour, "label": name(kind, lang)}
        for code, kind in types.items()
        if kind.colour and (not chosen.crime_types or code in chosen.crime_types)
    ]
    if len(listed) < (len(chosen.crime_types) or len(types)):
        listed.append({"id": 0, "code": "other", "colour": OTHER_TYPE, "label": t("figures.other_types", lang)})
    return {
        "lang": lang,
        "night": night,
        "wall": chosen.wall,
        "words": map_words(lang),
        "token": source.token,
        "token_expires": source.expires,
        "base": {"version": source.area_version, "url": "/tiles/base/{version}/{z}/{x}/{y}"},
        "incidents": {
            "url": "/tiles/incidents/{z}/{x}/{y}?{query}",
            "query": source.query,
            "version": source.version,
            "new_url": "/layers/new?{query}",
        },
        "types": listed,
        "statuses": "".join(STATUS_LETTER[s] for s in incidents.statuses),
        "layers": {_LAYER_NAMES.get(layer, layer): layer in chosen.layers for layer in LAYERS},
        "choropleth": classes,
        "picked": chosen.picked,
        "overlays": overlays,
        "basemap": _basemap(chosen.basemap, settings),
        "attribution": t("map.attribution", lang),
        "view": view,
        "live": {"url": "/live"},
    }
