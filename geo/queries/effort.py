"""How much was looked and told: patrol-hours and places that reported, beside the counts that depend on them."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, text

from geo.model import IncidentFilter, Scope
from geo.queries.conditions import codes

__all__ = ["effort"]

_HOURS = """
with bounds as (
    select timezone('Asia/Bangkok', cast(:first as date)::timestamp) as opens,
           timezone('Asia/Bangkok', (cast(:last as date) + 1)::timestamp) as closes),
out as (
    select p.id, p.geom, r.district_code,
           extract(epoch from least(coalesce(p.ended_at, now()), b.closes) - greatest(p.started_at, b.opens))::float8 / 3600 as hours
    from bounds b, patrol p left join patrol_route r on r.id = p.route_id
    where p.started_at < b.closes and coalesce(p.ended_at, now()) > b.opens),
touched as (
    select o.id, array_agg(distinct a.area_code) as codes from out o
    join area_part a on st_intersects(a.geom, o.geom) where o.district_code is null and o.geom is not null group by o.id)
select code, sum(hours)::float8 from (
    select district_code as code, hours from out where district_code is not null
    union all
    select unnest(t.codes), o.hours / cardinality(t.codes) from out o join touched t using (id)) h group by code"""


def effort(connection: Connection, scope: Scope, chosen: IncidentFilter) -> pd.DataFrame:
    """What was done to learn of incidents in the period of a filter.

    A patrol counts for the district of its route; one without a route in equal parts for the districts that its track
    touches. A patrol that has not ended counts until now.

    Returns
    -------
    DataFrame
        Index district ``code``; ``patrol_hours``, and ``reporting_places``: sub-districts and villages, by their codes, that the
        chosen incidents were reported from. Districts without any of them are not there.
    """
    days = {"first": chosen.first, "last": chosen.last}
    hours = connection.execute(text(_HOURS), days).all()
    where, values = codes(chosen, scope)
    places = connection.execute(
        text(
            "select i.district_code, count(distinct r.area_code) from (select id, district_code from incident"
            f" where day between :first and :last{where}) i join report r on r.incident_id = i.id"
            " where r.area_code is not null and i.district_code is not null group by i.district_code"
        ),
        values | days,
    ).all()
    frame = pd.DataFrame(
        {"patrol_hours": dict(map(tuple, hours)), "reporting_places": dict(map(tuple, places))}, dtype=float
    ).fillna(0)
    return frame.rename_axis("code")
