"""What follows from the districts in the store: outlines of provinces and country, border sections."""

from __future__ import annotations

from dataclasses import replace

from shapely import MultiPolygon
from sqlalchemy import Connection

from geo.actions.boundaries import (
    areas_of_level,
    neighbour_lands,
    rebuild_parts,
    replace_sections,
    replace_shapes,
)
from geo.analysis.border_lines import border_lines
from geo.analysis.land import dissolved, label_point, polygons_of
from geo.ingest.progress import Say, Step
from geo.model.area import Area

__all__ = ["derive"]

OUTLINE = 0.0002
"""Degrees, about 20 m: outlines of provinces and country are not drawn finer than this."""


def derive(connection: Connection, say: Say = print) -> int:
    """Dissolve provinces and country from the districts, cut districts into pieces, find the border sections.

    Part of the caller's transaction.

    Returns
    -------
    int
        Number of border sections; 0 where a neighbour's outline is missing.
    """
    districts = [area for area in areas_of_level(connection, "district") if area.geom is not None]
    say(Step("boundaries.outlines", districts=len(districts)))
    outlines, wholes = [], []
    for province in areas_of_level(connection, "province"):
        members = [district for district in districts if district.parent == province.code]
        if members:
            wholes.append(dissolved([member.geom for member in members if member.geom is not None]))
            outlines.append(_outline(province, wholes[-1], members))
    land = dissolved(wholes)
    outlines += [_outline(country, land, districts) for country in areas_of_level(connection, "country")]
    replace_shapes(connection, outlines)
    rebuild_parts(connection)
    neighbours = neighbour_lands(connection)
    if set(neighbours) != {"LA", "KH"}:
        return 0
    say(Step("boundaries.sections"))
    shapes = {district.code: district.geom for district in districts if district.geom is not None}
    border = {district.code: district.neighbours for district in districts if district.is_border}
    lines = [line for line in border_lines(land, shapes, neighbours) if line.neighbour in border.get(line.district, ())]
    replace_sections(connection, lines)
    return len(lines)


def _outline(area: Area, land: MultiPolygon, members: list[Area]) -> Area:
    """The area with the shape of its members together."""
    geom = polygons_of(land.simplify(OUTLINE))
    sources = dict.fromkeys(member.source for member in members if member.source)
    source = "; ".join([*sources, "dissolved"])
    return replace(area, geom=geom, point=label_point(geom), source=source, is_approximate=False)
