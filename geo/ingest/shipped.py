"""Boundaries and codes out of the pinned wheels: geoBoundaries polygons, DOPA codes and Thai names."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import shapely
from shapely import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from geo.analysis.land import dissolved, label_point, polygons_of
from geo.errors import WatchError
from geo.ingest.facts import border_districts, shape_codes
from geo.model.area import Area

__all__ = [
    "COUNTS",
    "SOURCES",
    "ShippedDataWrong",
    "approximate_areas",
    "read_areas",
    "read_shapes",
    "read_subdistricts",
]

PREFIXES = {"TH": "78962969B", "LA": "54806243B", "KH": "89927896B"}
"""How the ``shape_id`` of a country's shapes begins. The wheel's own country column is wrong in places."""
COUNTS = {"TH": 928, "LA": 148, "KH": 1633}
"""Districts, districts and communes that there must be."""
SOURCES = {
    "TH": "geoBoundaries THA ADM2 (Royal Thai Survey Department), CC BY 3.0 IGO, simplified to about 500 m",
    "LA": "geoBoundaries LAO ADM2, CC BY 3.0 IGO, simplified to about 500 m",
    "KH": "geoBoundaries KHM ADM3, CC BY 4.0, simplified to about 500 m",
}
COUNTRY_NAMES = {"TH": ("ไทย", "Thailand"), "LA": ("สปป.ลาว", "Lao PDR"), "KH": ("กัมพูชา", "Cambodia")}


class ShippedDataWrong(WatchError):
    """The wheels do not hold what they must: ``boundaries.wrong_count``, ``boundaries.missing_districts``."""


def read_shapes(database: Path) -> dict[str, dict[str, tuple[str, BaseGeometry]]]:
    """Shapes by country and ``shape_id`` with their names, WGS 84, checked for their number.

    Raises
    ------
    ShippedDataWrong
        There are more or fewer shapes than there must be.
    """
    shapes: dict[str, dict[str, tuple[str, BaseGeometry]]] = {}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        for country, prefix in PREFIXES.items():
            rows = connection.execute(
                "select shape_id, name, coordinates from location_data where shape_id like ? order by 1",
                (f"{prefix}%",),
            ).fetchall()
            if len(rows) != COUNTS[country]:
                raise ShippedDataWrong(
                    "boundaries.wrong_count", country=country, found=len(rows), expected=COUNTS[country]
                )
            shapes[country] = {row[0]: (row[1], shapely.make_valid(shapely.from_wkb(row[2]))) for row in rows}
    missing = set(border_districts()) - {shape_codes()[shape_id]["code"] for shape_id in shapes["TH"]}
    if missing:
        raise ShippedDataWrong("boundaries.missing_districts", codes=", ".join(sorted(missing)))
    return shapes


def read_areas(database: Path, thai_names: dict[str, str]) -> list[Area]:
    """Countries, Thai provinces and districts, Lao districts and Cambodian communes.

    All have shapes but Thailand and its provinces, which are dissolved from the districts in the store.

    Parameters
    ----------
    database
        ``data.db`` of the wheel.
    thai_names
        Thai names of districts by code; the others get theirs from the table of shapes.
    """
    shapes = read_shapes(database)
    districts = [_thai_district(shape_id, shape, thai_names) for shape_id, (_, shape) in shapes["TH"].items()]
    areas = [_country(code, [shape for _, shape in found.values()]) for code, found in shapes.items()]
    names = {row["code"][:2]: (row["ADM1_TH"], row["ADM1_EN"]) for row in shape_codes().values()}
    areas += [Area(code, "province", "TH", "TH", *pair) for code, pair in sorted(names.items())]
    areas += districts
    for country, level in (("LA", "district"), ("KH", "subdistrict")):
        for shape_id, (name, shape) in shapes[country].items():
            geom = polygons_of(shape)
            code = f"{country}-{shape_id.removeprefix(PREFIXES[country])}"
            areas.append(Area(code, level, country, country, None, name, geom, label_point(geom), SOURCES[country]))
    return areas


def _country(code: str, shapes: list[BaseGeometry]) -> Area:
    thai, english = COUNTRY_NAMES[code]
    if code == "TH":
        return Area(code, "country", code, None, thai, english)
    land = dissolved(shapes)
    source = f"{SOURCES[code]}; dissolved"
    return Area(code, "country", code, None, thai, english, land, label_point(land), source)


def _thai_district(shape_id: str, shape: BaseGeometry, thai_names: dict[str, str]) -> Area:
    row = shape_codes()[shape_id]
    code = row["code"]
    name = thai_names.get(code, row["ADM2_TH"])
    return _with_facts(code, name, row["ADM2_EN"], polygons_of(shape), SOURCES["TH"])


def _with_facts(code: str, name_th: str, name_en: str, geom: MultiPolygon | None, source: str) -> Area:
    """A Thai district; of a border district also what is known about the border and the programme."""
    fact = border_districts().get(code)
    if fact is None:
        return Area(code, "district", "TH", code[:2], name_th, name_en, geom, label_point(geom), source)
    return Area(
        code, "district", "TH", code[:2], name_th, name_en, geom,
        label_point(geom) or Point(fact.lon, fact.lat), source,
        is_border=True, target=fact.target, target_source=fact.target_source, neighbours=fact.neighbours,
        is_approximate=geom is None,
    )  # fmt: skip


def approximate_areas() -> list[Area]:
    """What can be said without shapes: Thailand, its border provinces, its 67 border districts as points."""
    facts = border_districts().values()
    thai, english = COUNTRY_NAMES["TH"]
    provinces = {f.province_code: (f.province_th, f.province_en) for f in facts}
    areas = [Area("TH", "country", "TH", None, thai, english)]
    areas += [Area(code, "province", "TH", "TH", *names) for code, names in sorted(provinces.items())]
    source = "representative point, data/border_districts.csv"
    return areas + [_with_facts(f.code, f.name_th, f.name_en, None, source) for f in facts]


def read_subdistricts(folder: Path) -> tuple[dict[str, str], list[Area]]:
    """Thai names of districts by code, and all Thai sub-districts, of the unpacked geothai wheel."""
    data = folder / "geothai" / "_data"
    names = {row[0]: row[1].removeprefix("เขต") for row in json.loads((data / "districts.json").read_bytes())}
    subdistricts = [
        Area(row[0], "subdistrict", "TH", row[0][:4], row[1], row[2])
        for row in json.loads((data / "subdistricts.json").read_bytes())
    ]
    return names, subdistricts
