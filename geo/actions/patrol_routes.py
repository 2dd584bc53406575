"""Draw a patrol route, change what is said of it, retire it."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, text

from geo.actions.case_history import StepRefused, audit
from geo.actions.case_steps import own_rows
from geo.errors import NotFound
from geo.ingest.text import clean
from geo.model.patrol import LONGEST_NAME, LONGEST_NOTE, PLANS, RouteKind
from geo.model.person import Person, scope_of

__all__ = ["LONGEST_KM", "SHORTEST_KM", "RouteWords", "change_route", "draw_route"]

SHORTEST_KM, LONGEST_KM = 0.2, 300.0
"""Shorter is a place, not a way; longer is more than anybody travels in one go."""

_DISTRICT = """
select a.area_code from area_part a join area d on d.code = a.area_code and d.level = 'district' and d.country = 'TH'
where st_intersects(a.geom, st_geomfromwkb(:geom, 4326)) and (cast(:own as text[]) is null or a.area_code = any(:own))
group by a.area_code order by sum(st_length(st_intersection(a.geom, st_geomfromwkb(:geom, 4326)))) desc, a.area_code limit 1"""


@dataclass(frozen=True, slots=True)
class RouteWords:
    """What is said of a route.

    Attributes
    ----------
    agency
        Code of who goes there usually.
    district
        Code; for a new route nothing means the own one in which most of it lies.
    """

    name: str
    kind: RouteKind
    agency: str | None = None
    district: str | None = None
    note: str = ""
    active: bool = True


def draw_route(connection: Connection, person: Person, words: RouteWords, line: BaseGeometry) -> str:
    """Keep a new route, in the caller's transaction with the person's rights; its code.

    Parameters
    ----------
    line
        LineString or MultiLineString in degrees, WGS 84.

    Raises
    ------
    StepRefused
        ``route.not_allowed``, ``route.no_name``, ``route.name_long``, ``route.note_long``, ``route.too_short``,
        ``route.too_long``, ``route.no_district``, ``route.not_your_district``.
    """
    name, note = _checked(person, words)
    wkb = shapely.to_wkb(shapely.force_2d(line))
    km = float(
        connection.execute(
            text("select st_length(st_geomfromwkb(:g, 4326)::geography) / 1000"), {"g": wkb}
        ).scalar_one()
    )
    if not km >= SHORTEST_KM:
        raise StepRefused("route.too_short", km=SHORTEST_KM)
    if km > LONGEST_KM:
        raise StepRefused("route.too_long", km=km, most=LONGEST_KM)
    own = scope_of(person).districts
    district = (
        words.district
        or connection.execute(text(_DISTRICT), {"geom": wkb, "own": None if own is None else list(own)}).scalar()
    )
    if district is None:
        raise StepRefused("route.no_district")
    with own_rows():
        code = connection.execute(
            text(
                "with n as (select nextval(pg_get_serial_sequence('patrol_route', 'id')) as id)"
                " insert into patrol_route (id, code, name, kind, agency, district_code, note, made_by, is_demo, geom)"
                " overriding system value select id, 'RT-' || lpad(id::text, 4, '0'), :name, :kind, :agency, :district,"
                " :note, :who, :demo, st_multi(st_geomfromwkb(:geom, 4326)) from n returning code"
            ),
            {
                "name": name, "kind": str(words.kind), "agency": words.agency, "district": district, "note": note,
                "who": person.id, "demo": person.is_demo, "geom": wkb,
            },
        ).scalar_one()  # fmt: skip
    audit(connection, "patrol.route", f"route:{code}", district=district, kind=str(words.kind), km=round(km, 1))
    return str(code)


def change_route(connection: Connection, person: Person, code: str, words: RouteWords) -> None:
    """Bring what is said of a route to these words; where it runs stays.

    Raises
    ------
    NotFound
        ``route.not_found``.
    StepRefused
        As `draw_route`.
    """
    name, note = _checked(person, words)
    if words.district is None:
        raise StepRefused("route.no_district")
    with own_rows():
        changed = connection.execute(
            text(
                "update patrol_route set name = :name, kind = :kind, agency = :agency, district_code = :district,"
                " note = :note, active = :active where code = :code"
            ),
            {
                "name": name, "kind": str(words.kind), "agency": words.agency, "district": words.district, "note": note,
                "active": words.active, "code": code,
            },
        ).rowcount  # fmt: skip
    if not changed:
        raise NotFound("route.not_found", reference=code)
    audit(connection, "patrol.route_change", f"route:{code}", district=words.district, active=words.active)


def _checked(person: Person, words: RouteWords) -> tuple[str, str | None]:
    """Name and note as they are kept."""
    if person.role not in PLANS:
        raise StepRefused("route.not_allowed")
    name, note = clean(words.name), clean(words.note, lines=True)
    if not name:
        raise StepRefused("route.no_name")
    if len(name) > LONGEST_NAME:
        raise StepRefused("route.name_long", most=LONGEST_NAME)
    if len(note) > LONGEST_NOTE:
        raise StepRefused("route.note_long", most=LONGEST_NOTE)
    own = scope_of(person).districts
    if words.district is not None and own is not None and words.district not in own:
        raise StepRefused("route.not_your_district", district=words.district)
    return name, note or None
