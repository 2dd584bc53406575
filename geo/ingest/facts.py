"""The facts that the project ships as tables: ``data/*.csv``, described in ``data/README.md``."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from geo.settings import ROOT

__all__ = ["DATA", "BorderDistrict", "border_districts", "rows", "shape_codes"]

DATA = ROOT / "data"


@dataclass(frozen=True, slots=True)
class BorderDistrict:
    """A Thai district that touches Laos or Cambodia.

    Attributes
    ----------
    code, province_code
        DOPA codes of 4 and 2 digits.
    neighbours
        ``LA``, ``KH`` or both.
    border_km
        Approximate length of the border with each neighbour, kilometres.
    lon, lat
        A point inside the district (WGS 84).
    target
        What is known of it as a target district of the programme: named, likely or unknown.
    target_source
        Where that is known from; None where nothing is known.
    """

    code: str
    province_code: str
    province_th: str
    province_en: str
    name_th: str
    name_en: str
    neighbours: tuple[str, ...]
    border_km: dict[str, float]
    lon: float
    lat: float
    target: str
    target_source: str | None


def rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of ``data/<name>.csv`` as text."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def border_districts() -> dict[str, BorderDistrict]:
    """The 67 border districts by DOPA code."""
    return {row["dopa_code"]: _border_district(row) for row in rows("border_districts")}


def _border_district(row: dict[str, str]) -> BorderDistrict:
    target, _, why = row["nts_target"].partition(": ")
    source = "; ".join(part for part in (why.strip(), row["nts_source"].strip()) if part)
    km = {"LA": float(row["border_km_la_approx"]), "KH": float(row["border_km_kh_approx"])}
    return BorderDistrict(
        code=row["dopa_code"],
        province_code=row["province_code"],
        province_th=row["province_th"],
        province_en=row["province_en"],
        name_th=row["district_th"],
        name_en=row["district_en"],
        neighbours=tuple(row["borders"].split("+")),
        border_km=km,
        lon=float(row["rep_lon"]),
        lat=float(row["rep_lat"]),
        target=target,
        target_source=source or None,
    )


@cache
def shape_codes() -> dict[str, dict[str, str]]:
    """By boundary shape (``shape_id``): DOPA ``code``, names of district (ADM2) and province (ADM1)."""
    return {row["shape_id"]: row for row in rows("gazetteer_shape_to_dopa_code")}
