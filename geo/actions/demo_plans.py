"""Plans of checkpoints and a rota for a demonstration: a plan in force, one that waits for approval, a draft, and a published rota."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from geo.actions.audit import act_as
from geo.actions.demo_people import HOME
from geo.actions.plans import NewPlan, make_plan
from geo.actions.rotas import make_rota, publish_rota
from geo.analysis.arrays import Floats
from geo.analysis.patrolling.by_hour import value_by_window
from geo.analysis.plane import BORDER, Plane
from geo.analysis.siting import maximal
from geo.analysis.siting.answer import Answer
from geo.analysis.siting.cover import cover_within
from geo.analysis.siting.covering import Covering
from geo.analysis.siting.explain import explained
from geo.analysis.siting.rules import rules
from geo.crs import TIMEZONE
from geo.ingest.points import Points
from geo.model import Channel, IncidentFilter, Scope, Status
from geo.model.person import Person
from geo.model.plan import USUAL_WEIGHTS, PlanSite, SiteRole
from geo.model.rota import NewRota, RotaPost, Window
from geo.queries.incident_points import incident_points
from geo.queries.people import person_by_login
from geo.queries.site_candidates import site_candidates

__all__ = ["add_demo_plans"]

DAYS = 365
RADIUS = 8_000.0
SECONDS = 2.0
"""Of search: so few candidates need a fraction of it."""
ROTA_POSTS, ROTA_DAYS = 6, 28
WINDOWS = (Window(0, 6), Window(6, 12), Window(12, 18), Window(18, 24))
CHECKED = tuple(map(str, (Status.VERIFIED, Status.REFERRED, Status.CLOSED)))
REPORTED = tuple(str(channel) for channel in Channel if channel is not Channel.PATROL)
_PLACES = (
    "select a.code from area a where a.level = 'district' and a.country = 'TH' and a.is_border"
    " order by a.code <> :home, coalesce(a.geom, a.rep_point) <-> (select coalesce(h.geom, h.rep_point) from area h"
    " where h.code = :home), a.code limit 3"
)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A plan: whose, over how many districts, how many sites, made how many days ago, and who took it how far after how many."""

    title: str
    login: str
    districts: int
    number: int
    ago: int
    steps: tuple[tuple[str, str, int], ...] = ()


_PLANS = (
    _Planned(
        "จุดตรวจเพิ่มริมโขง ปีที่แล้ว (สาธิต)", "demo.planner", 3, 2, 170,
        (("proposed", "demo.planner", 3), ("approved", "demo.commander", 10), ("in_force", "demo.commander", 20)),
    ),
    _Planned("จุดตรวจเพิ่ม 3 จุด ไตรมาสหน้า (สาธิต)", "demo.planner", 3, 3, 4, (("proposed", "demo.planner", 1),)),
    _Planned("ร่างจุดตรวจของอำเภอ (สาธิต)", "demo.chief", 1, 2, 2),
)  # fmt: skip


def add_demo_plans(connection: Connection, moment: datetime) -> dict[str, int]:
    """Write them as the owner of the tables, each step in the name of the person who takes it; rows written by table.

    What a plan in force made are checkpoints of the demonstration like others.

    Parameters
    ----------
    moment
        Aware; the moment that the demonstration leads up to.
    """
    logins = {login for one in _PLANS for login in (one.login, *(who for _, who, _ in one.steps))}
    known = set(connection.execute(text("select login from person where is_demo and active")).scalars())
    districts = tuple(connection.execute(text(_PLACES), {"home": HOME}).scalars())
    if not logins <= known or not districts:
        return {}
    people = {login: person_by_login(connection, login) for login in logins}
    before = _number(connection, "checkpoint")
    for one in _PLANS:
        own = people[one.login].districts or districts
        _plan(connection, one, people, own if one.districts == 1 else districts[: one.districts], moment)
    rotas = _rota(connection, people["demo.chief"], moment)
    act_as(connection, None)
    return {
        "plan": _number(connection, "plan"),
        "plan_site": _number(connection, "plan_site"),
        "checkpoint": _number(connection, "checkpoint") - before,
        "rota": rotas,
    }


def _number(connection: Connection, table: str) -> int:
    return int(connection.execute(text(f"select count(*) from {table}")).scalar_one())


def _plan(
    connection: Connection, one: _Planned, people: dict[str, Person], districts: tuple[str, ...], moment: datetime
) -> None:
    made = moment - timedelta(days=one.ago)
    last = made.astimezone(ZoneInfo(TIMEZONE)).date()
    first = last - timedelta(days=DAYS - 1)
    points, weight = _demand(connection, first, last, districts)
    places = site_candidates(connection, Scope.everything(), last, districts)
    places = places[places.existing | (places.source == "crossing")].reset_index(drop=True)
    free = int((~places.existing.astype(bool)).sum())
    if not len(points) or not free:
        return
    x, y = Plane(*BORDER).metres(places.lon.astype(float), places.lat.astype(float))
    cover = cover_within(points.x, points.y, x, y, RADIUS, weight)
    number = min(one.number, free)
    asked = Covering(cover, rules(len(places), number, existing=places.existing.astype(bool)))
    answer = maximal.solve(asked, SECONDS)
    question = {
        "demand": {
            "first": first.isoformat(), "last": last.isoformat(), "districts": list(districts),
            "weights": [[code, counts] for code, counts in USUAL_WEIGHTS.items()],
        },
        "reach": {"metres": RADIUS}, "method": "mclp", "number": number,
    }  # fmt: skip
    author = people[one.login]
    act_as(connection, author.id)
    new = NewPlan(one.title, districts, _sites(asked, answer, places), question, _told(asked, answer, number), made)
    plan = make_plan(connection, author, new)
    for state, login, _ in one.steps:
        act_as(connection, people[login].id)
        by = "proposed_by" if state == "proposed" else "decided_by" if state == "approved" else None
        connection.execute(
            text(f"update plan set state = :state{f', {by} = :by' if by else ''} where id = :id"),
            {"state": state, "by": people[login].id, "id": plan},
        )
    for state, at in (("draft", 0), *((state, after) for state, _, after in one.steps)):
        connection.execute(
            text("update plan_step set at = :at where plan_id = :id and state = :state"),
            {"at": made + timedelta(days=at), "id": plan, "state": state},
        )
    if one.steps and one.steps[-1][0] == "in_force":
        opened = last + timedelta(days=one.steps[-1][2])
        connection.execute(
            text("update checkpoint set valid_from = :opened where plan_id = :id"), {"opened": opened, "id": plan}
        )


def _demand(connection: Connection, first: date, last: date, districts: tuple[str, ...]) -> tuple[Points, Floats]:
    """Checked incidents that have a place, and what they count by their type."""
    found = incident_points(
        connection, Scope.everything(), IncidentFilter(first, last, (), districts, CHECKED, REPORTED)
    )
    found = found.only(np.isfinite(found.x))
    assert found.kind is not None
    return found, np.array([USUAL_WEIGHTS.get(str(kind), 1.0) for kind in found.kind], dtype=np.float64)


def _told(asked: Covering, answer: Answer, number: int) -> dict[str, Any]:
    """As the page of checkpoints keeps an answer."""
    rows = asked.cover.group
    return {
        "method": "mclp", "objective": answer.value, "coverage_share": answer.value / asked.cover.total, "bound": answer.bound,
        "gap": answer.gap, "status": str(answer.status), "seconds": round(answer.seconds, 3), "demand": len(rows),
        "demand_weight": asked.cover.total, "candidates": asked.cover.sites, "p": number, "radius": RADIUS,
        "distance": "straight_line",
    }  # fmt: skip


def _sites(asked: Covering, answer: Answer, places: pd.DataFrame) -> tuple[PlanSite, ...]:
    """New ones first, as an answer lists them."""
    why = explained(asked, answer.sites)
    sites = []
    for at, row in pd.concat([why[~why.existing], why[why.existing]]).iterrows():
        place = places.iloc[int(str(at))]
        figures = {name: float(row[name]) for name in ("covers", "adds", "lost")}
        sites.append(
            PlanSite(
                str(place["name"]), str(place.district_code), float(place.lon), float(place.lat),
                SiteRole.EXISTING if row.existing else SiteRole.CHOSEN, "checkpoint" if not row.existing else str(place.kind),
                str(place.code) if place.existing else None, staff=None if row.existing else 6.0, figures=figures,
            )
        )  # fmt: skip
    return tuple(sites)


def _rota(connection: Connection, chief: Person, moment: datetime) -> int:
    """A rota of the chief's own places from the day of the demonstration on, published where that is not over; how many."""
    today = moment.astimezone(ZoneInfo(TIMEZONE)).date()
    first, last = today - timedelta(days=DAYS), today - timedelta(days=1)
    points, weight = _demand(connection, first, last, chief.districts)
    places = site_candidates(connection, Scope.everything(), today, chief.districts)
    places = places[places.existing | (places.source == "crossing")].head(ROTA_POSTS).reset_index(drop=True)
    if len(places) < 2 or not len(points):
        return 0
    assert points.t is not None
    assert points.day_only is not None
    x, y = Plane(*BORDER).metres(places.lon.astype(float), places.lat.astype(float))
    hour = np.where(points.day_only, np.nan, (points.t % 1) * 24)
    value = value_by_window(x, y, points.x, points.y, hour, weight, WINDOWS, radius=RADIUS)
    if not value.any():
        return 0
    posts = tuple(
        RotaPost(
            str(place["name"]), float(place.lon), float(place.lat), tuple(map(float, value[at])), (),
            str(place.code) if place.existing else None,
        )
        for at, (_, place) in enumerate(places.iterrows())
    )  # fmt: skip
    about = {
        "first": first.isoformat(), "last": last.isoformat(), "crime_types": [], "radius": RADIUS, "incidents": len(points),
        "scheme": "four", "weights": dict(USUAL_WEIGHTS), "as_of": moment.isoformat(timespec="seconds"),
    }  # fmt: skip
    act_as(connection, chief.id)
    number = make_rota(
        connection, chief,
        NewRota(
            "เวรจุดตรวจประจำเดือน (สาธิต)", chief.districts, today, ROTA_DAYS, WINDOWS, (1, 1, 1, 1), 0.05,
            "จัดเวรแบบสุ่มเพื่อไม่ให้ผู้ลักลอบคาดเดาได้", json.loads(json.dumps(about)), posts,
        ),
        seed=1,
    )  # fmt: skip
    if today + timedelta(days=ROTA_DAYS) > datetime.now(ZoneInfo(TIMEZONE)).date():
        publish_rota(connection, chief, number)
    return 1
