"""Tiles and layers of the map, each asked for with a token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard import silences, store
from dashboard.kept import Kept
from dashboard.web.live import hub
from dashboard.web.passes import admitted
from dashboard.web.query import decode, encode
from dashboard.web.token import Pass, TokenRefused
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable
from geo.queries import area_tiles, checkpoints, crossings, incident_tiles, incidents, patrols

__all__ = ["base_tile", "incident_tile", "layer", "new_incidents"]

MVT = "application/vnd.mapbox-vector-tile"
OPEN = {"Access-Control-Allow-Origin": "*"}
"""The sandboxed frame's origin is null: it may read only what says so. What is secret needs a token as well."""


_incident_tiles: Kept[bytes] = Kept(2000)
_base_tiles: Kept[bytes] = Kept(1000)


def _address(request: Request) -> tuple[int, int, int]:
    return tuple(int(request.path_params[name]) for name in "zxy")  # type: ignore[return-value]


def _pass(request: Request) -> Pass:
    return admitted(request.query_params.get("token", ""), hears=hub.up)


def _answer(make: Callable[[], Response]) -> Response:
    """The response, or a short refusal: a tile that fails says why by its number and never by a trace."""
    try:
        return make()
    except TokenRefused:
        return Response(status_code=401, headers=OPEN)
    except ValueError:
        return Response(status_code=400, headers=OPEN)
    except DatabaseUnavailable:
        return Response(status_code=503, headers=OPEN | {"Retry-After": "2"})


def base_tile(request: Request) -> Response:
    """``/tiles/base/{version}/{z}/{x}/{y}``: the ground. Public boundaries, kept by browsers for a year.

    Only the present version has tiles: any other name would be kept under a false name, and push true tiles out.
    An open page whose boundaries were replaced hears of it, and asks with the new version after its next rerun.
    """

    def make() -> Response:
        z, x, y = _address(request)
        version = store.area_version(hub.version)  # as the pages read it: once for each state of the data
        if request.path_params["version"] != version:
            return Response(status_code=404, headers=OPEN | {"Cache-Control": "no-store"})

        def read() -> bytes:
            with store.reading() as connection:
                return area_tiles.area_tile(connection, z, x, y)

        body = _base_tiles.get((version, z, x, y), read)
        return Response(body, media_type=MVT, headers=OPEN | {"Cache-Control": "public, max-age=31536000, immutable"})

    return _answer(make)


def incident_tile(request: Request) -> Response:
    """``/tiles/incidents/{z}/{x}/{y}?from=…&to=…&token=…``: counts far out, incidents near."""

    def make() -> Response:
        scope = _pass(request).scope
        z, x, y = _address(request)
        chosen = decode(request.query_params)

        def read() -> bytes:
            with store.reading(scope) as connection:
                return incident_tiles.incident_tile(connection, scope, chosen, z, x, y)

        body = _incident_tiles.get((scope, encode(chosen), hub.version, z, x, y), read)
        return Response(body, media_type=MVT, headers=OPEN | {"Cache-Control": "private, max-age=60"})

    return _answer(make)


def layer(request: Request) -> Response:
    """``/layers/{name}?token=…``: crossings, checkpoints, routes, patrols or silence as GeoJSON with codes only."""

    def make() -> Response:
        scope = _pass(request).scope
        now = datetime.now(ZoneInfo(TIMEZONE))
        with store.reading(scope) as connection:
            match request.path_params["name"]:
                case "crossings":
                    found = crossings.crossings(connection, scope)
                case "checkpoints":
                    found = checkpoints.checkpoints(connection, scope, now.date())
                case "routes":
                    found = patrols.routes(connection, scope)
                case "patrols":
                    overdue = timedelta(minutes=store.settings().start_overdue_minutes)
                    found = patrols.patrols(connection, scope, now, overdue)
                case "silence":
                    board = silences.board(connection, scope, now)
                    codes = tuple(sorted({code[:n] for code in board["area_code"] for n in (6, len(code))}))
                    found = silences.layer(board, silences.spots_of(codes, store.area_version(hub.version)))
                case _:
                    return Response(status_code=404, headers=OPEN)
        for feature in found["features"]:
            feature["properties"]["id"] = feature["properties"]["code"]  # what the map says back when it is clicked
        return JSONResponse(found, headers=OPEN | {"Cache-Control": "no-store"})

    return _answer(make)


def new_incidents(request: Request) -> Response:
    """``/layers/new?ids=1.2&from=…&token=…``: places of just those incidents, to be marked for a moment."""

    def make() -> Response:
        scope = _pass(request).scope
        chosen = decode(request.query_params)
        ids = [int(i) for i in request.query_params.get("ids", "").split(".") if i][:20]
        if not all(0 < i < 1 << 63 for i in ids):
            raise ValueError("no such number of an incident")
        with store.reading(scope) as connection:
            found = incidents.newly_come(connection, scope, chosen, ids)
        points = [{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": p}} for p in found]
        return JSONResponse(
            {"type": "FeatureCollection", "features": points}, headers=OPEN | {"Cache-Control": "no-store"}
        )

    return _answer(make)
