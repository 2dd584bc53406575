"""``python -m dashboard load-roads``: roads of a file, so that distances follow them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.console import say

if TYPE_CHECKING:
    from geo.ingest.progress import Step

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("load-roads")(load_road_file)


def _tell(step: Step) -> None:
    say(f"cli.{step.code}", **step.params)


def load_road_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="GeoPackage, GeoJSON, Shapefile or .osm.pbf of roads.")],
    source: Annotated[str, typer.Option(help="Whose roads these are; kept with them.")],
    licence: Annotated[str, typer.Option(help="Licence of FILE, for example ODbL 1.0 for OpenStreetMap.")],
    layer: Annotated[
        str | None, typer.Option(help="Layer of a GeoPackage, or Shapefile in the zip, that is meant.")
    ] = None,
) -> None:
    """Replace the roads by those of FILE, all at once or not at all: what can be driven in Thailand near the border.

    Roads meet where their lines share a vertex. Columns that are understood: highway, fclass, class or type; oneway; maxspeed.
    """
    from geo.db.engine import open_store
    from geo.db.migrate import migrate
    from geo.errors import FileRefused
    from geo.ingest.boundaries import load_shipped
    from geo.ingest.road_file import read_roads
    from geo.ingest.roads import load_roads
    from geo.ingest.text import clean
    from geo.settings import StoreSettings

    said = [clean(one)[:300] for one in (source, licence)]
    if not all(said):
        raise FileRefused("roads.no_source")
    say("cli.roads.file", name=file.name)
    lines = read_roads(file, layer)
    settings = StoreSettings()
    engine = open_store(settings)
    try:
        migrate(engine)
        load_shipped(engine, settings.var_dir, say=lambda _: None)
        done = load_roads(engine, lines, said[0], said[1], say=_tell)
    finally:
        engine.dispose()
    say("cli.roads.read", read=done.read, not_driven=done.not_driven, broken=done.broken, elsewhere=done.elsewhere)
    say("cli.roads.loaded", km=done.km, edges=done.edges, nodes=done.nodes)
    if done.parts > 1:
        say("cli.roads.parts", parts=done.parts, largest=done.largest)
