"""Decisions on the screen and on the page: said in words, read from a form, and who may do what.

What was decided, by whom and why it ended is text of people: it is passed on as it is and shown as text only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pandas as pd

from dashboard.i18n import name, t
from dashboard.i18n.dates import day, local, number
from geo.actions.decisions import NewDecision
from geo.errors import WatchError
from geo.model import Agency, CrimeType, District
from geo.model.meeting import PREPARES, CameSince, Decision, DecisionState, Meeting
from geo.model.person import Person, scope_of
from geo.model.plan import NEXT, Plan
from geo.queries.meeting_people import Assignee

__all__ = [
    "Known",
    "came_words",
    "choices",
    "decision_rows",
    "district_words",
    "due_words",
    "ended_words",
    "leads",
    "may_end",
    "new_decision",
    "owner_words",
    "place_words",
]

PLAN = "plan:"
"""Begins the value of a plan in the form, where a checkpoint has its code."""


@dataclass(frozen=True, slots=True)
class Known:
    """What codes are called now."""

    types: Mapping[str, CrimeType]
    agencies: Mapping[str, Agency]
    places: Mapping[str, District]
    lang: str
    today: date


def leads(person: Person, meeting: Meeting) -> bool:
    """Whether somebody leads this meeting: by their role, and a chief only where all its districts are theirs."""
    own = scope_of(person).districts
    return person.role in PREPARES and (own is None or set(meeting.districts) <= set(own))


def may_end(person: Person, one: Decision) -> bool:
    """Whether somebody may say that it was done or dropped: who decides, and whose task it is."""
    return one.state is DecisionState.OPEN and (person.role in PREPARES or one.owner_id == person.id)


def came_words(came: CameSince, lang: str) -> str:
    """How much came after the snapshot."""
    return t("meeting_screen.came", lang, n=number(came.total)) if came.total else t("meeting_screen.came_none", lang)


# ---------------------------------------------------------------- in words


def decision_rows(
    decisions: Sequence[Decision], meeting: Meeting, person: Person, known: Known
) -> list[dict[str, Any]]:
    """Decisions for the screen's script."""
    return [
        {
            "id": one.id, "code": one.district, "where": district_words(one.district, known), "words": one.words,
            "owner": owner_words(one, known), "place": place_words(one, known.lang), "state": one.state.value,
            "late": one.late(known.today), "due": due_words(one, known.today, known.lang),
            "ended": ended_words(one, known.lang), "here": one.meeting_id == meeting.id, "may": may_end(person, one),
        }
        for one in decisions
    ]  # fmt: skip


def district_words(code: str, known: Known) -> str:
    """Name of a district."""
    said = name(known.places[code], known.lang) if code in known.places else code
    return t("meeting.place.district", known.lang, name=said)


def owner_words(one: Decision, known: Known) -> str:
    """Who does it."""
    if one.owner_name:
        return one.owner_name
    if one.agency:
        return name(known.agencies[one.agency], known.lang) if one.agency in known.agencies else one.agency
    return t("meeting_screen.decision.nobody", known.lang)


def place_words(one: Decision, lang: str) -> str | None:
    """Which checkpoint or spot it is about, where it is about one."""
    if one.plan_title:
        return t("plans.of_decision", lang, n=one.plan, title=one.plan_title)
    if one.checkpoint_name:
        return t("meeting_screen.decision.plan", lang, name=one.checkpoint_name)
    return t("meeting_screen.decision.spot", lang) if one.lat is not None else None


def due_words(one: Decision, today: date, lang: str) -> str:
    """By when, and that it is late where it is."""
    return t(f"meeting_screen.decision.{'late' if one.late(today) else 'due'}", lang, day=day(one.due, lang))


def ended_words(one: Decision, lang: str) -> str:
    """What became of a decision that is no longer open."""
    if one.ended_at is None:
        return ""
    said = t(f"meeting_screen.decision.{one.state}", lang, day=day(local(one.ended_at).date(), lang))
    return t("meeting_screen.decision.so", lang, said=said, reason=one.reason) if one.reason else said


# ---------------------------------------------------------------- the form


def choices(
    people: Sequence[Assignee], posts: pd.DataFrame, known: Known, proposals: Sequence[Plan] = ()
) -> dict[str, Any]:
    """What the form on the screen offers: people by district (those of all districts under ``*``), agencies, plans.

    Parameters
    ----------
    posts
        As `geo.queries.checkpoints.checkpoint_list`.
    proposals
        Plans of checkpoints; those that are over are left out.
    """
    lang = known.lang
    owners: dict[str, list[dict[str, str]]] = {}
    for one in people:
        said = f"{one.name} ({t(f'role.{one.role}', lang)})"
        owners.setdefault(one.district or "*", []).append({"value": f"person:{one.id}", "label": said})
    plans: dict[str, list[dict[str, str]]] = {}
    for post in posts[posts["status"] == "planned"].itertuples():
        plans.setdefault(str(post.district_code), []).append({"value": str(post.code), "label": str(post.name)})
    for proposal in proposals:
        if proposal.state in NEXT:
            label = t("plans.of_decision", lang, n=proposal.id, title=proposal.title)
            for code in proposal.districts:
                plans.setdefault(code, []).append({"value": f"{PLAN}{proposal.id}", "label": label})
    offices = [
        {"value": f"agency:{code}", "label": name(agency, lang)}
        for code, agency in known.agencies.items() if agency.active
    ]  # fmt: skip
    return {"owners": owners, "agencies": offices, "plans": plans}


def new_decision(fields: Mapping[str, str]) -> NewDecision:
    """A decision as the form was filled in.

    Raises
    ------
    geo.errors.WatchError
        ``meeting_screen.owner``, ``meeting_screen.due``, ``meeting_screen.form``.
    """
    kind, _, who = fields.get("owner", "").partition(":")
    if kind not in {"person", "agency"} or not who:
        raise WatchError("meeting_screen.owner")
    try:
        due = date.fromisoformat(fields.get("due", ""))
    except ValueError as error:
        raise WatchError("meeting_screen.due") from error
    try:
        lon, lat = (float(fields[key]) if fields.get(key) else None for key in ("lon", "lat"))
        owner = int(who) if kind == "person" else None
        client = UUID(fields["client_id"]) if fields.get("client_id") else None
        about = fields.get("plan", "")
        plan = int(about.removeprefix(PLAN)) if about.startswith(PLAN) else None
    except ValueError as error:
        raise WatchError("meeting_screen.form") from error
    if (
        any(value is not None and not abs(value) <= limit for value, limit in ((lon, 180), (lat, 90)))
        or max(owner or 0, plan or 0) >= 1 << 31
    ):
        raise WatchError("meeting_screen.form")
    return NewDecision(
        fields.get("code", ""), fields.get("words", ""), due, owner, who if kind == "agency" else None, lon, lat,
        checkpoint=None if plan is not None else about or None, plan=plan, client_id=client,
    )  # fmt: skip
