"""Plans of checkpoints, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model.plan import Plan, PlanSite, PlanState, PlanStep, SiteRole

__all__ = ["plan", "plans"]

_PLAN = (
    "select p.*, m.name as made_name,"
    " (select count(*) from plan_site s where s.plan_id = p.id and s.role <> 'existing') as new_sites"
    " from plan p left join person m on m.id = p.made_by where {where} order by p.changed_at desc, p.id desc"
)


def plans(connection: Connection, *, limit: int = 100) -> tuple[Plan, ...]:
    """The plans of the reader's districts, the latest change first, without sites. With the reader's rights."""
    rows = connection.execute(text(_PLAN.format(where="true") + " limit :limit"), {"limit": limit}).mappings()
    return tuple(_plan(row) for row in rows)


def plan(connection: Connection, number: int) -> Plan:
    """One plan with the sites that the reader may see, and its steps.

    Raises
    ------
    NotFound
        ``plan.not_found``: there is none, or none of the reader's districts is in it.
    """
    row = connection.execute(text(_PLAN.format(where="p.id = :id")), {"id": number}).mappings().first()
    if row is None:
        raise NotFound("plan.not_found", number=number)
    sites = connection.execute(
        text(
            "select s.*, st_x(s.geom) as lon, st_y(s.geom) as lat, c.code as checkpoint from plan_site s"
            " left join checkpoint c on c.id = s.checkpoint_id where s.plan_id = :id order by s.place"
        ),
        {"id": number},
    ).mappings()
    steps = connection.execute(
        text(
            "select s.state, s.person_id, p.name, s.at, s.reason from plan_step s left join person p on p.id = s.person_id"
            " where s.plan_id = :id order by s.id"
        ),
        {"id": number},
    )
    return replace(
        _plan(row),
        sites=tuple(_site(site) for site in sites),
        steps=tuple(PlanStep(PlanState(one.state), one.person_id, one.name, one.at, one.reason) for one in steps),
    )


def _plan(row: Mapping[Any, Any]) -> Plan:
    return Plan(
        id=row["id"],
        title=row["title"],
        districts=tuple(row["districts"]),
        state=PlanState(row["state"]),
        reason=row["reason"],
        question=row["question"],
        answer=row["answer"],
        as_of=row["as_of"],
        revision=row["revision"],
        made_by=row["made_by"],
        made_name=row["made_name"],
        made_at=row["made_at"],
        changed_by=row["changed_by"],
        changed_at=row["changed_at"],
        copy_of=row["copy_of"],
        is_demo=row["is_demo"],
        new_sites=row["new_sites"],
    )


def _site(row: Mapping[Any, Any]) -> PlanSite:
    return PlanSite(
        name=row["name"],
        district=row["district_code"],
        lon=row["lon"],
        lat=row["lat"],
        role=SiteRole(row["role"]),
        kind=row["kind"],
        checkpoint=row["checkpoint"],
        cost=row["cost"],
        staff=row["staff"],
        moved=row["moved"],
        figures=row["figures"],
    )
