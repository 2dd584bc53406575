"""Synthetic things as rows of the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely

from geo.actions.scheduled_patrols import NEAR_ROUTE_M
from geo.analysis.along_route import followed
from geo.crs import WGS84
from geo.ingest.demo.border import Border
from geo.ingest.demo.incidents import Incidents
from geo.ingest.demo.patrols import Patrol
from geo.ingest.demo.patterns import CHANNELS, NOTES, STATUSES
from geo.ingest.demo.posts import Checkpoint, Route

__all__ = ["checkpoint_row", "copy_lines", "fix_rows", "patrol_row", "route_row"]

CALLED_OFF = ("ฝนตกหนัก น้ำหลาก ออกไม่ได้", "กำลังพลติดภารกิจเร่งด่วน", "ยานพาหนะชำรุด รออะไหล่")

NULL = r"\N"


def copy_lines(drawn: Incidents, border: Border, types: tuple[str, ...], rows: range) -> Iterator[str]:
    """Lines for `geo.actions.demo.add_demo_incidents`, of the incidents numbered ``rows``."""
    part = slice(rows.start, rows.stop)
    points = shapely.set_srid(shapely.points(drawn.lon[part], drawn.lat[part]), WGS84)
    districts = [_escaped(section.district) for section in border.sections]
    notes = [NOTES[section.neighbour] for section in border.sections]

    def chosen(words: list[str], which: np.ndarray[Any, Any]) -> list[str]:
        """The word of each row; -1 is the last one."""
        found: list[str] = np.array(words)[which[part]].tolist()
        return found

    def instants(seconds: np.ndarray[Any, Any]) -> list[str]:
        return [f"{at}Z" for at in seconds[part].astype("datetime64[s]").astype(str).tolist()]

    columns = (
        chosen([_escaped(code) for code in types], drawn.crime_type),
        chosen([_escaped(_array_of(code)) for code in types] + ["{}"], drawn.other_type),
        instants(drawn.occurred),
        chosen(["f", "t"], drawn.day_only.astype(np.int64)),
        instants(drawn.reported),
        chosen(list(STATUSES), drawn.status),
        chosen(list(CHANNELS), drawn.channel),
        chosen([*districts, NULL], drawn.stated),
        [
            notes[section][note % len(notes[section])]
            for section, note in zip(drawn.section[part].tolist(), drawn.note[part].tolist(), strict=True)
        ],
        np.where(np.isnan(drawn.lon[part]), NULL, shapely.to_wkb(points, hex=True, include_srid=True)).tolist(),
    )
    return ("\t".join(row) for row in zip(*columns, strict=True))


def _escaped(word: str) -> str:
    """A word as COPY reads it."""
    return word.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _array_of(word: str) -> str:
    """PostgreSQL's array of one word."""
    return '{"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"}'


def checkpoint_row(checkpoint: Checkpoint) -> dict[str, Any]:
    """Columns of a checkpoint; geometry as WKB."""
    names = [name for name in checkpoint.__slots__ if name not in ("lon", "lat")]
    point = shapely.Point(checkpoint.lon, checkpoint.lat)
    return {name: getattr(checkpoint, name) for name in names} | {"geom": shapely.to_wkb(point)}


def route_row(route: Route) -> dict[str, Any]:
    """Columns of a patrol route; geometry as WKB."""
    names = [name for name in route.__slots__ if name != "line"]
    return {name: getattr(route, name) for name in names} | {"geom": shapely.to_wkb(route.line)}


def patrol_row(patrol: Patrol) -> dict[str, Any]:
    """Columns of a patrol; times of start and end are those of the first and last believable fix."""
    line, track = patrol.line, patrol.track
    times: list[datetime | None] = [None, None]
    if track is not None:
        believable = track.time[~track.impossible]
        times = [datetime.fromtimestamp(float(at), UTC) for at in (believable[0], believable[-1])]
    judged = None if line is None else followed(line, patrol.route.line, NEAR_ROUTE_M)
    return {
        "code": patrol.code,
        "route": patrol.route.code,
        "unit": f"ชุดลาดตระเวนสาธิต {patrol.code[-4:]}",
        "status": patrol.status,
        "scheduled_start": patrol.scheduled_start,
        "scheduled_end": patrol.scheduled_end,
        "started_at": times[0],
        "ended_at": times[1],
        "geom": None if line is None else shapely.to_wkb(line),
        "km": track and track.kilometres,
        "hours": track and track.hours,
        "share": judged and judged.share,
        "mean": judged and judged.mean_m,
        "most": judged and judged.most_m,
        "reason": CALLED_OFF[int(patrol.code[-4:]) % len(CALLED_OFF)] if patrol.status == "cancelled" else None,
        "contact": f"วิทยุ ช่อง {1 + int(patrol.code[-4:]) % 16}",
    }


def fix_rows(patrol: Patrol) -> Iterator[dict[str, Any]]:
    """Fixes of a patrol: seconds since 1970, km/h, whether impossible, degrees in WGS 84."""
    track = patrol.track
    if track is None:
        return
    values = (track.time, track.speed_kmh, track.impossible, track.lon, track.lat)
    for at, speed, impossible, lon, lat in zip(*(column.tolist() for column in values), strict=True):
        yield {
            "patrol": patrol.code,
            "at": at,
            "speed": None if np.isnan(speed) else speed,
            "impossible": impossible,
            "lon": lon,
            "lat": lat,
        }
