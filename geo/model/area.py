"""Places: what the store knows of a country, province, district, sub-district or village."""

from __future__ import annotations

from dataclasses import dataclass

from shapely import MultiPolygon, Point

__all__ = ["Area"]


@dataclass(frozen=True, slots=True)
class Area:
    """A place.

    Attributes
    ----------
    code
        DOPA code (2 digits a province, 4 a district, 6 a sub-district, 8 a village), ``TH``, ``LA``, ``KH``,
        or the neighbour's own beginning with ``LA-`` or ``KH-``.
    level
        country, province, district, subdistrict or village.
    country
        ``TH``, ``LA`` or ``KH``.
    geom, point
        WGS 84. A place without a shape has None.
    source
        Whose shape it is, with the licence.
    is_approximate
        Only a point stands for the place because its shape could not be had.
    """

    code: str
    level: str
    country: str
    parent: str | None
    name_th: str | None
    name_en: str | None
    geom: MultiPolygon | None = None
    point: Point | None = None
    source: str | None = None
    is_border: bool = False
    target: str = "no"
    target_source: str | None = None
    neighbours: tuple[str, ...] = ()
    is_approximate: bool = False
