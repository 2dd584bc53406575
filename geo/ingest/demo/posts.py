"""Synthetic checkpoints and patrol routes: on Thai land behind the real border, never in the river."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.ingest.demo.border import STEP_M, Border, shifted

__all__ = ["Checkpoint", "Route", "make_checkpoints", "make_routes"]

CHECKPOINTS, ROUTES = 96, 42
OFF_THE_LINE_M = 800.0
"""The Mekong is up to 1.5 km wide and the line lies in it: nearer than this nobody stands."""
LAND_AGENCIES = ("bpp", "rangers", "vdc", "village_security_team", "local_police")
RIVER_AGENCY = "mekong_riverine"
KINDS = {"checkpoint": "จุดตรวจ", "interception": "จุดสกัด", "river": "จุดตรวจริมน้ำ"}
ROUTE_KINDS = {
    "foot": "เส้นทางลาดตระเวนเดินเท้า",
    "vehicle": "เส้นทางลาดตระเวนยานพาหนะ",
    "river": "เส้นทางลาดตระเวนทางน้ำ",
}
ROUTE_NOTES = {
    "foot": "หยุดสังเกตการณ์ที่ท่าข้ามและร่องน้ำ บันทึกร่องรอยที่พบ",
    "vehicle": "แวะพบผู้ใหญ่บ้านทุกหมู่บ้านที่ผ่าน",
    "river": "ห้ามข้ามร่องน้ำลึก ตรวจเรือที่จอดนอกท่า",
}

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One row of ``checkpoint``; longitude and latitude in degrees, WGS 84."""

    code: str
    name: str
    kind: str
    agency: str | None
    status: str
    valid_from: date | None
    valid_to: date | None
    district: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Route:
    """One row of ``patrol_route``; ``line`` is a LineString in WGS 84."""

    code: str
    name: str
    kind: str
    agency: str | None
    district: str
    note: str
    line: BaseGeometry


def make_checkpoints(border: Border, agencies: set[str], today: date, seed: int) -> list[Checkpoint]:
    """Half of them behind crossing points, half further inland in border districts; all states and kinds."""
    rng = np.random.default_rng([seed, 2])
    found: list[Checkpoint] = []
    names = {section.district: section.district_name for section in border.sections}
    at = border.stations
    for _ in range(CHECKPOINTS * 20):
        number = len(found) + 1
        if number > CHECKPOINTS:
            break
        near = number % 2 == 1 and border.crossing_stations.size > 0
        station = int(rng.choice(border.crossing_stations) if near else rng.integers(0, at.lon.size))
        if at.reach_m[station] < OFF_THE_LINE_M:
            continue
        river = near and border.sections[at.section[station]].neighbour == "LA" and rng.random() < 0.5
        farthest = 1200.0 if river else 2500.0 if near else 10_000.0
        inland = rng.uniform(OFF_THE_LINE_M, max(OFF_THE_LINE_M, min(farthest, float(at.reach_m[station]))))
        lon, lat = _inland(border, np.array([station]), np.array([inland]))
        district = str(border.district_at(lon, lat)[0])
        if district not in names or _metres_from_line(border, lon, lat)[0] < OFF_THE_LINE_M * 0.75:
            continue
        kind = "river" if river else "interception" if rng.random() < 0.35 else "checkpoint"
        status = str(rng.choice(["active", "planned", "closed"], p=[0.7, 0.18, 0.12]))
        start, end = _validity(status, today, rng)
        found.append(
            Checkpoint(
                code=f"DEMO-CP-{number:03}",
                name=f"{KINDS[kind]}สาธิต {number} อ.{names[district]}",
                kind=kind,
                agency=_agency(river, agencies, rng),
                status=status,
                valid_from=start,
                valid_to=end,
                district=district,
                lon=float(lon[0]),
                lat=float(lat[0]),
            )
        )
    return found


def make_routes(border: Border, agencies: set[str], seed: int) -> list[Route]:
    """Lines of 6 to 25 km along the border, on land behind it or on the Thai half of the river."""
    rng = np.random.default_rng([seed, 3])
    found: list[Route] = []
    at = border.stations
    for _ in range(ROUTES * 60):
        number = len(found) + 1
        if number > ROUTES:
            break
        station = int(rng.integers(0, at.lon.size))
        length = int(rng.uniform(6_000, 25_000) / STEP_M)
        row = np.arange(station, min(station + length, int(at.last[station])))
        river = number % 3 == 0
        section = border.sections[int(at.section[station])]
        if row.size < 5_000 / STEP_M or (river and section.neighbour != "LA"):
            continue
        inland = np.full(row.size, 180.0) if river else _wandering(at.reach_m[row], rng)
        lon, lat = _inland(border, row, inland)
        line = shapely.linestrings(lon, lat).simplify(0.0008)
        if not _on_land(border, line):
            continue
        kind = "river" if river else "vehicle" if number % 2 else "foot"
        found.append(
            Route(
                code=f"DEMO-RT-{number:02}",
                name=f"{ROUTE_KINDS[kind]}สาธิต {number} อ.{section.district_name}",
                kind=kind,
                agency=_agency(river, agencies, rng),
                district=section.district,
                note=ROUTE_NOTES[kind],
                line=line,
            )
        )
    return found


def _inland(border: Border, station: NDArray[np.int64], inland_m: Floats) -> tuple[Floats, Floats]:
    at = border.stations
    return shifted(at.lon[station], at.lat[station], inland_m * at.east[station], inland_m * at.north[station])


def _wandering(reach_m: Floats, rng: np.random.Generator) -> Floats:
    """Distances from the border that change slowly between 800 m and 2.5 km, smoothed over 3 km."""
    walk = np.cumsum(rng.normal(0, 80, reach_m.size)) + rng.uniform(1000, 2000)
    wanted = np.minimum(np.clip(walk, OFF_THE_LINE_M, 2500), reach_m)
    return np.asarray(np.convolve(np.pad(wanted, 6, mode="edge"), np.ones(13) / 13, mode="valid"), dtype=np.float64)


def _on_land(border: Border, line: BaseGeometry) -> bool:
    """Whether a line that can be travelled without turning back at every step stays in Thailand."""
    if not line.is_simple:
        return False
    points = shapely.get_coordinates(line.segmentize(0.001))
    return bool((border.district_at(points[:, 0], points[:, 1]) != "").all())


def _metres_from_line(border: Border, lon: Floats, lat: Floats) -> Floats:
    at = border.stations
    east = (at.lon - lon[0]) * np.cos(np.radians(lat[0]))
    return np.array([np.hypot(east, at.lat - lat[0]).min() * 111_320])


def _agency(river: bool, agencies: set[str], rng: np.random.Generator) -> str | None:
    wanted = RIVER_AGENCY if river else str(rng.choice(LAND_AGENCIES))
    return wanted if wanted in agencies else None


def _validity(status: str, today: date, rng: np.random.Generator) -> tuple[date | None, date | None]:
    days = int(rng.integers(10, 700))
    if status == "planned":
        return today + timedelta(days=days % 90 + 1), None
    if status == "closed":
        return today - timedelta(days=days + 120), today - timedelta(days=days % 110 + 1)
    return today - timedelta(days=days), today + timedelta(days=days % 300 + 30) if days % 3 == 0 else None
