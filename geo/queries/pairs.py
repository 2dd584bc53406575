"""Paired districts: which there are, the border they share, and what happened along it. No place finer than a sub-district."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, text

from geo.errors import NotFound, WatchError
from geo.model.pair import ContactPoint, ContactWay, Pair, PairWords, Side, Stretch, Suggestion

__all__ = ["VISITS", "along", "contact_points", "joint_work", "pair", "pairs", "stretch", "suggestions"]

VISITS: Final = ("visit_to", "visit_from", "activity")
"""Activities with a counterpart: visits there, visits from there, and others."""
NEAR_M: Final = 2_000
"""How far from the border the counterpart's shape may end and still touch it: both lines are simplified, and a river lies between."""
ZONE: Final = "st_buffer(line::geography, cast(:metres as float8))::geometry"
_PAIRS = (
    "select id, district_code, neighbour, name_en, name_th, name_local, counterpart_codes, from_day, source, to_day, is_demo"
    " from district_pair"
)
_STRETCH = f"""
    select s.undetermined, s.geom as section, coalesce(nullif(st_collectionextract(st_intersection(s.geom, near.shape), 2),
           st_geomfromtext('MULTILINESTRING EMPTY', 4326)), s.geom) as line,
           near.shape is null or not st_intersects(s.geom, near.shape) as whole
    from border_section s
    left join (select st_union(st_buffer(geom::geography, {NEAR_M})::geometry) as shape from area
               where code = any(:codes) and country = :neighbour) near on true
    where s.district_code = :district and s.neighbour = :neighbour
"""


def pairs(connection: Connection, district: str | None = None) -> tuple[Pair, ...]:
    """The pairs that the entered scope may read, those that are in force first, by district."""
    rows = connection.execute(
        text(
            f"{_PAIRS} where cast(:district as text) is null or district_code = :district"
            " order by to_day is not null, district_code, from_day desc, id"
        ),
        {"district": district},
    )
    return tuple(_pair(row) for row in rows)


def pair(connection: Connection, number: int) -> Pair:
    """One pair.

    Raises
    ------
    NotFound
        ``pair.not_found``: there is none, or not for this viewer.
    """
    row = connection.execute(text(f"{_PAIRS} where id = :id"), {"id": number}).one_or_none()
    if row is None:
        raise NotFound("pair.not_found")
    return _pair(row)


def _pair(row: Any) -> Pair:
    words = PairWords(row.name_en, row.name_th, row.name_local, tuple(row.counterpart_codes), row.from_day, row.source)
    return Pair(row.id, row.district_code, row.neighbour, words, row.to_day, row.is_demo)


def suggestions(connection: Connection, district: str) -> tuple[Suggestion, ...]:
    """Lao districts and Cambodian communes at the border of a district, the longest shared stretch first.

    They are neighbours on the map; who is paired with whom is for people to say.
    """
    rows = connection.execute(
        text(
            "select a.code, s.neighbour, coalesce(a.name_en, a.code), st_length(st_intersection(s.geom,"
            f" st_buffer(a.geom::geography, {NEAR_M})::geometry)::geography) / 1000 as km from border_section s join area a"
            " on a.country = s.neighbour and a.level in ('district', 'subdistrict') and st_dwithin(a.geom, s.geom, 0.02)"
            " where s.district_code = :district order by 4 desc, 1"
        ),
        {"district": district},
    )
    return tuple(Suggestion(*row) for row in rows if row[3] > 0)


def stretch(connection: Connection, of: Pair, metres: float) -> Stretch:
    """The border that both districts have in common.

    Parameters
    ----------
    metres
        How far around it the zone reaches, measured on the ellipsoid.

    Raises
    ------
    WatchError
        ``pair.no_border``: no border of this district with this neighbour is known.
    """
    row = connection.execute(
        text(
            "select st_asgeojson(st_simplify(line, 0.0005, true), 4), st_asgeojson(st_simplify(coalesce(st_collectionextract("
            "st_intersection(zone, (select geom from area where code = :district)), 3), zone), 0.0005, true), 4),"
            " st_length(line::geography) / 1000, whole, undetermined, st_xmin(zone), st_ymin(zone), st_xmax(zone), st_ymax(zone)"
            f" from (select *, {ZONE} as zone from ({_STRETCH}) s) s"
        ),
        _values(of) | {"metres": metres},
    ).one_or_none()
    if row is None:
        raise WatchError("pair.no_border")
    shape, zone, km, whole, undetermined, *box = row
    west, south, east, north = map(float, box)
    return Stretch(
        json.loads(shape), json.loads(zone), float(km), bool(whole), bool(undetermined), (west, south, east, north)
    )


def _values(of: Pair) -> dict[str, Any]:
    return {
        "district": of.district_code,
        "neighbour": of.neighbour,
        "codes": list(of.words.counterpart_codes),
    }


def along(
    connection: Connection, of: Pair, metres: float, first: date, last: date, statuses: Collection[str]
) -> pd.DataFrame:
    """Incidents of the Thai district within a distance of the shared stretch.

    Parameters
    ----------
    metres
        From the line, measured on the ellipsoid.
    first, last
        Days in Bangkok on which they occurred, both included.
    statuses
        Which are counted. Of those the entered scope adds up what it may read.

    Returns
    -------
    pandas.DataFrame
        ``crime_type``, ``month`` (first day), ``subdistrict`` (code as the reports tell it, or none), ``n``. Incidents without a
        point are not among them: nobody knows how near they were.
    """
    result = connection.execute(
        text(
            f"with zone as materialized (select {ZONE} as g from ({_STRETCH}) s)"
            " select i.crime_type, date_trunc('month', i.day)::date as month, told.code as subdistrict, count(*) as n"
            " from incident i left join lateral (select left(r.area_code, 6) as code from report r where r.incident_id = i.id"
            " and left(r.area_code, 4) = i.district_code and length(r.area_code) >= 6 order by r.received_at, r.id limit 1) told"
            " on true where i.geom && (select g from zone) and st_intersects(i.geom, (select g from zone))"
            " and i.district_code = :district and i.day between :first and :last and i.status = any(:statuses) group by 1, 2, 3"
            " order by 1, 2, 3"
        ),
        _values(of) | {"metres": metres, "first": first, "last": last, "statuses": list(statuses)},
    )
    return pd.DataFrame(result.all(), columns=list(result.keys()))


def contact_points(connection: Connection, number: int) -> tuple[ContactPoint, ...]:
    """The contact points of a pair, those in force first; never a person."""
    rows = connection.execute(
        text(
            "select id, side, office, way, hours, agreed_on, ended_on, consent_on, has_person from pair_contact where pair_id = :pair"
            " order by ended_on is not null, side desc, id"
        ),
        {"pair": number},
    )
    return tuple(ContactPoint(row[0], Side(row[1]), row[2], ContactWay(row[3]), *row[4:]) for row in rows)


def joint_work(connection: Connection, number: int, first: date, last: date) -> dict[str, int]:
    """How often both sides wrote, called, met and went out together on these days.

    Returns
    -------
    dict
        Entries of the joint log by kind, and of `VISITS` activities that were held with an area of the counterpart.
    """
    rows = connection.execute(
        text(
            "select kind, count(*) from log_entry where pair_id = :pair"
            " and timezone('Asia/Bangkok', at)::date between :first and :last group by 1 union all"
            " select case when a.kind in ('visit_to', 'visit_from') then a.kind else 'activity' end, count(*)"
            " from activity a join district_pair p on p.district_code = a.district_code and a.partner_code = any(p.counterpart_codes)"
            " where p.id = :pair and a.state = 'held' and a.first_day between :first and :last group by 1"
        ),
        {"pair": number, "first": first, "last": last},
    )
    return {str(kind): int(n) for kind, n in rows}
