"""Make a plan of checkpoints, change it while it is a draft, duplicate it, and take it from step to step."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.actions.case_history import StepRefused
from geo.actions.case_steps import own_rows
from geo.crs import REGION
from geo.ingest.text import clean
from geo.model.person import Person, scope_of
from geo.model.plan import (
    APPROVES,
    LONGEST_REASON,
    LONGEST_TITLE,
    MAKES,
    MOST_SITES,
    NEXT,
    Plan,
    PlanSite,
    PlanState,
    SiteRole,
)
from geo.queries.plans import plan
from geo.queries.site_places import districts_of

__all__ = ["NewPlan", "change_plan", "duplicate_plan", "make_plan", "may_take", "move_plan"]

KINDS = frozenset({"checkpoint", "interception", "river"})


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan as it is saved; fields as in `geo.model.plan.Plan`. Districts of sites are found by where they lie."""

    title: str
    districts: tuple[str, ...]
    sites: tuple[PlanSite, ...]
    question: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, Any] = field(default_factory=dict)
    as_of: datetime | None = None


def make_plan(connection: Connection, person: Person, new: NewPlan, *, copy_of: int | None = None) -> int:
    """Keep a new draft, in the caller's transaction with the person's rights; its number.

    Raises
    ------
    StepRefused
        ``plan.…``: ``not_allowed``, ``no_title``, ``title_long``, ``no_districts``, ``unknown_district``,
        ``not_your_district``, ``many_sites``, ``no_name``, ``bad_figure``, ``site_outside``, ``site_elsewhere``,
        ``site_kind``, ``unknown_checkpoint``; ``case.not_yours``.
    """
    values, sites = _checked(connection, person, new)
    with own_rows():
        number = int(
            connection.execute(
                text(
                    "insert into plan (title, districts, question, answer, as_of, made_by, changed_by, copy_of, is_demo)"
                    " values (:title, :districts, cast(:question as jsonb), cast(:answer as jsonb),"
                    " coalesce(:as_of, now()), :by, :by, :copy_of, :demo) returning id"
                ),
                values | {"by": person.id, "copy_of": copy_of, "demo": person.is_demo},
            ).scalar_one()
        )
        _write_sites(connection, number, sites)
    audit(connection, "plan.make", f"plan:{number}", sites=len(sites), copy_of=copy_of)
    return number


def change_plan(connection: Connection, person: Person, number: int, seen: int, new: NewPlan) -> None:
    """Bring a draft to what is given, in the caller's transaction.

    Parameters
    ----------
    seen
        Revision that the person saw.

    Raises
    ------
    NotFound
        ``plan.not_found``.
    StepRefused
        As `make_plan`; ``plan.not_draft``, ``plan.changed_meanwhile``, ``case.not_yours``.
    """
    values, sites = _checked(connection, person, new)
    known = plan(connection, number)
    if known.state is not PlanState.DRAFT:
        raise StepRefused("plan.not_draft")
    if known.revision != seen:
        raise StepRefused("plan.changed_meanwhile")
    with own_rows():
        changed = connection.execute(
            text(
                "update plan set title = :title, districts = :districts, question = cast(:question as jsonb),"
                " answer = cast(:answer as jsonb), as_of = coalesce(:as_of, as_of)"
                " where id = :id and revision = :seen and state = 'draft'"
            ),
            values | {"id": number, "seen": seen},
        ).rowcount
        if not changed:
            _say_why(connection, number, seen)
        connection.execute(text("delete from plan_site where plan_id = :id"), {"id": number})
        _write_sites(connection, number, sites)
    audit(connection, "plan.change", f"plan:{number}", sites=len(sites))


def duplicate_plan(connection: Connection, person: Person, number: int, title: str) -> int:
    """A new draft with the same question, answer and sites; its number.

    Raises
    ------
    NotFound, StepRefused
        As `make_plan` and `change_plan`.
    """
    known = plan(connection, number)
    # What a plan published is its own; the copy begins before that.
    published = known.state not in {PlanState.DRAFT, PlanState.PROPOSED, PlanState.REJECTED}
    sites = tuple(
        replace(one, checkpoint=None) if published and one.role is not SiteRole.EXISTING else one for one in known.sites
    )
    new = NewPlan(title, known.districts, sites, known.question, known.answer, known.as_of)
    return make_plan(connection, person, new, copy_of=number)


def may_take(person: Person, known: Plan, state: PlanState) -> bool:
    """Whether a person may take a plan to a state; the database asks the same again."""
    own = scope_of(person).districts
    if state not in NEXT.get(known.state, ()) or (own is not None and not set(known.districts) <= set(own)):
        return False
    if state in {PlanState.APPROVED, PlanState.REJECTED}:
        return person.role in APPROVES and person.id not in known.hands
    if person.role in APPROVES:
        return known.state in {PlanState.APPROVED, PlanState.IN_FORCE}
    return person.role in MAKES


def move_plan(
    connection: Connection, person: Person, number: int, seen: int, state: PlanState, reason: str | None = None
) -> None:
    """Take a plan to a state, in the caller's transaction. What is published stands on the live map in the same one.

    Parameters
    ----------
    seen
        Revision that the person saw: nobody approves what they have not read.
    reason
        Needed to withdraw, reject or end; text of the person.

    Raises
    ------
    NotFound
        ``plan.not_found``.
    StepRefused
        ``plan.…``: ``changed_meanwhile``, ``no_such_step``, ``own``, ``not_allowed``, ``needs_reason``, ``reason_long``,
        ``nothing_new``; ``case.not_yours``.
    """
    known = plan(connection, number)
    said = clean(reason or "", lines=True).strip() or None
    if known.revision != seen:
        raise StepRefused("plan.changed_meanwhile")
    if state not in NEXT.get(known.state, ()):
        raise StepRefused("plan.no_such_step")
    if state in {PlanState.APPROVED, PlanState.REJECTED} and person.id in known.hands:
        raise StepRefused("plan.own")
    if not may_take(person, known, state):
        raise StepRefused("plan.not_allowed" if person.role not in MAKES | APPROVES else "case.not_yours")
    if said is None and state in {PlanState.WITHDRAWN, PlanState.REJECTED, PlanState.ENDED}:
        raise StepRefused("plan.needs_reason")
    if said is not None and len(said) > LONGEST_REASON:
        raise StepRefused("plan.reason_long", most=LONGEST_REASON)
    if state is PlanState.PROPOSED and not known.new_sites:
        raise StepRefused("plan.nothing_new")
    with own_rows():
        moved = connection.execute(
            text("update plan set state = :state, reason = :reason where id = :id and revision = :seen"),
            {"state": str(state), "reason": said, "id": number, "seen": seen},
        ).rowcount
    if not moved:
        _say_why(connection, number, seen)
    audit(connection, f"plan.{state}", f"plan:{number}", sites=known.new_sites)


def _say_why(connection: Connection, number: int, seen: int) -> None:
    """Nothing was written: it is not this person's, or somebody was quicker."""
    revision = connection.execute(text("select revision from plan where id = :id"), {"id": number}).scalar()
    raise StepRefused("case.not_yours" if revision == seen else "plan.changed_meanwhile")


def _checked(connection: Connection, person: Person, new: NewPlan) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    if person.role not in MAKES:
        raise StepRefused("plan.not_allowed")
    title = clean(new.title).strip()
    if not title:
        raise StepRefused("plan.no_title")
    if len(title) > LONGEST_TITLE:
        raise StepRefused("plan.title_long", most=LONGEST_TITLE)
    codes = tuple(dict.fromkeys(new.districts))
    if not codes:
        raise StepRefused("plan.no_districts")
    known = set(
        connection.execute(
            text("select code from area where level = 'district' and country = 'TH' and code = any(:codes)"),
            {"codes": list(codes)},
        ).scalars()
    )
    own = scope_of(person).districts
    for code in codes:
        if code not in known:
            raise StepRefused("plan.unknown_district", district=code)
        if own is not None and code not in own:
            raise StepRefused("plan.not_your_district", district=code)
    values = {
        "title": title,
        "districts": list(codes),
        "question": json.dumps(dict(new.question), ensure_ascii=False, allow_nan=False),
        "answer": json.dumps(dict(new.answer), ensure_ascii=False, allow_nan=False),
        "as_of": new.as_of,
    }
    return values, _sites(connection, codes, new.sites)


def _sites(connection: Connection, codes: tuple[str, ...], sites: Sequence[PlanSite]) -> list[dict[str, Any]]:
    if len(sites) > MOST_SITES:
        raise StepRefused("plan.many_sites", most=MOST_SITES)
    west, south, east, north = REGION
    rows: list[dict[str, Any]] = []
    for at, site in enumerate(sites, 1):
        name = clean(site.name).strip()[:LONGEST_TITLE]
        if not name:
            raise StepRefused("plan.no_name", number=at)
        if not (west <= site.lon <= east and south <= site.lat <= north):
            raise StepRefused("plan.site_outside", number=at, lon=round(site.lon, 5), lat=round(site.lat, 5))
        if site.kind not in KINDS:
            raise StepRefused("plan.site_kind", number=at)
        for figure in (site.cost, site.staff):
            if figure is not None and not (math.isfinite(figure) and figure >= 0):
                raise StepRefused("plan.bad_figure", number=at)
        rows.append(
            {
                "place": at, "name": name, "role": str(site.role), "kind": site.kind, "checkpoint": site.checkpoint,
                "cost": site.cost, "staff": site.staff, "moved": site.moved, "lon": site.lon, "lat": site.lat,
                "figures": json.dumps(dict(site.figures), ensure_ascii=False, allow_nan=False),
            }
        )  # fmt: skip
    found = districts_of(connection, [(row["lon"], row["lat"]) for row in rows])
    stated = {
        one.code: one.district_code
        for one in connection.execute(
            text("select code, district_code from checkpoint where code = any(:codes)"),
            {"codes": [row["checkpoint"] for row in rows if row["checkpoint"]]},
        )
    }
    for row, district in zip(rows, found, strict=True):
        if row["role"] != SiteRole.EXISTING and district not in codes:
            raise StepRefused("plan.site_elsewhere", number=row["place"], site=row["name"])
        if row["checkpoint"] and row["checkpoint"] not in stated:
            raise StepRefused("plan.unknown_checkpoint", number=row["place"])
        row["district"] = stated.get(row["checkpoint"]) or district
    return rows


def _write_sites(connection: Connection, number: int, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    connection.execute(
        text(
            "insert into plan_site (plan_id, place, name, district_code, role, kind, checkpoint_id, cost, staff, moved,"
            " figures, geom) values (:plan, :place, :name, :district, :role, :kind,"
            " (select id from checkpoint where code = :checkpoint), :cost, :staff, :moved, cast(:figures as jsonb),"
            " st_setsrid(st_makepoint(:lon, :lat), 4326))"
        ),
        [row | {"plan": number} for row in rows],
    )
