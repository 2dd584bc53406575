"""A run or a route as an outing: where it begins and ends, marks along the way, and when somebody is to be there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from dashboard.documents.patrol_pack import Outing, Post
from dashboard.i18n import name, t
from geo.analysis.tracks import distance_m
from geo.model import Agency
from geo.queries.patrol_runs import PatrolRun, RunRoute

__all__ = ["along", "route_outing", "run_outing"]

MARKS = (1, 2, 5, 10, 20, 50)
"""Kilometres between two marks: the first of these that gives no more than `MOST`."""
MOST = 8


def run_outing(run: PatrolRun, line: BaseGeometry | None, agencies: Mapping[str, Agency], lang: str) -> Outing:
    """A run, along the line of its route, else along its own track."""
    return Outing(
        title=run.route_name or t("patrols.no_route", lang),
        posts=() if line is None else along(line, lang, run.scheduled_start, run.scheduled_end),
        line=pieces(line),
        agency=_agency(run.agency, agencies, lang),
        notes="\n".join(part for part in (run.note, run.reason) if part),
        reference=run.code,
        kind=t(f"route_kind.{run.kind}", lang) if run.kind else "",
        state=t(f"patrol_status.{run.status}", lang),
        unit=run.unit or "",
        contact=run.contact or "",
        begins=run.scheduled_start or run.started_at,
        ends=run.scheduled_end or run.ended_at,
        is_demo=run.is_demo,
    )


def route_outing(route: RunRoute, agencies: Mapping[str, Agency], lang: str) -> Outing:
    """A route, whoever goes it and whenever."""
    return Outing(
        title=route.name,
        posts=along(route.line, lang, None, None),
        line=pieces(route.line),
        agency=_agency(route.agency, agencies, lang),
        notes=route.note or "",
        reference=route.code,
        kind=t(f"route_kind.{route.kind}", lang),
        is_demo=route.is_demo,
    )


def along(line: BaseGeometry, lang: str, begins: datetime | None, ends: datetime | None) -> tuple[Post, ...]:
    """Beginning, end, and marks of a round number of kilometres between them.

    Parameters
    ----------
    line
        LineString or MultiLineString, WGS 84.
    begins, ends
        Aware moments at both ends; those between follow from the length of the way.
    """
    at, km = _walked(line)
    whole = float(km[-1])
    step = next((step for step in MARKS if whole / step <= MOST), whole / MOST)
    marks = [mark for mark in np.arange(step, whole, step).tolist() if whole - mark > step / 4]
    posts = []
    for done in [0.0, *marks, whole]:
        lon, lat = (float(np.interp(done, km, at[:, axis])) for axis in (0, 1))
        when = None
        if begins is not None and (ends is not None or done == 0):
            when = begins if ends is None else begins + (ends - begins) * (done / whole if whole else 0.0)
        said = "first" if done == 0 else "last" if done == whole else "mark"
        title = t(f"patrol_paper.post_{said}", lang, km=f"{done:g}" if said == "mark" else f"{done:.1f}")
        posts.append(Post(title, lon, lat, when, about=said == "mark"))
    return tuple(posts)


def pieces(line: BaseGeometry | None) -> tuple[tuple[tuple[float, float], ...], ...]:
    """The pieces of a line as `Outing.line` has them."""
    if line is None:
        return ()
    return tuple(
        tuple((float(x), float(y)) for x, y in shapely.get_coordinates(part)) for part in shapely.get_parts(line)
    )


def _walked(line: BaseGeometry) -> tuple[np.ndarray, np.ndarray]:
    """Corners in order, and kilometres from the beginning to each; the way from one piece to the next is not counted."""
    merged = shapely.line_merge(line)
    corners, km, done = [], [], 0.0
    for part in shapely.get_parts(merged):
        at = shapely.get_coordinates(part)
        metres = distance_m(at[:-1, 0], at[:-1, 1], at[1:, 0], at[1:, 1])
        walked = done + np.concatenate(([0.0], np.cumsum(metres))) / 1000
        corners.append(at)
        km.append(walked)
        done = float(walked[-1])
    return np.concatenate(corners), np.concatenate(km)


def _agency(code: str | None, agencies: Mapping[str, Agency], lang: str) -> str:
    if not code:
        return ""
    return name(agencies[code], lang) if code in agencies else code
