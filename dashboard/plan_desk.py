"""What the planning of checkpoints remembers between reruns: the question, the site looked at, and the plans that lie open.

The only owner of these keys of the session, and of ``plan`` in the address.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import desk
from dashboard.planning.candidates import Own
from dashboard.planning.found import Found, Site
from dashboard.planning.question import Chosen, PlanQuestion

__all__ = [
    "PART", "Draft", "add_own", "ask", "beside", "click", "clicked", "draft", "first_part", "forget_open", "keep", "last", "lay_beside", "lay_open", "look_at", "looked_at", "move",
    "opened", "own", "question", "remove", "remove_own", "settle", "take_up", "tell_mark", "turn_to",
]  # fmt: skip

_QUESTION, _DRAFT, _OWN, _LAST = "plan.question", "plan.draft", "plan.own", "plan.last"
_SITE, _CLICK, _OPEN, _BESIDE = "plan.site", "plan.click", "plan.open", "plan.beside"
_QUERY = "plan"

PART = "checkpoints.part"
"""Key of the control that chooses the part of the page."""
Draft = tuple[int, int, str]
"""Number, revision that was seen, and title of the draft that is being changed."""


# ---------------------------------------------------------------- the question


def question() -> PlanQuestion | None:
    """What was asked last."""
    found: PlanQuestion | None = st.session_state.get(_QUESTION)
    return found


def keep(found: Found) -> None:
    """What the map goes on to show while the next answer is worked out."""
    st.session_state[_LAST] = found


def last() -> Found | None:
    """The answer that was shown last, of this question or the one before."""
    found: Found | None = st.session_state.get(_LAST)
    return found


def ask(asked: PlanQuestion | None) -> None:
    """Ask, or put the question away."""
    st.session_state[_QUESTION] = asked
    st.session_state[_SITE] = None
    if asked is None:
        st.session_state[_DRAFT] = st.session_state[_LAST] = None


def draft() -> Draft | None:
    """The draft that is being changed; nothing where a new plan would be made."""
    found: Draft | None = st.session_state.get(_DRAFT)
    return found


def take_up(asked: PlanQuestion, of: Draft) -> None:
    """Go on with a draft."""
    ask(asked)
    st.session_state[_DRAFT] = of
    st.session_state[_OWN] = asked.sources.own


def own() -> tuple[Own, ...]:
    """Places that the person added as candidates."""
    found: tuple[Own, ...] = st.session_state.get(_OWN, ())
    return found


def add_own(*places: Own) -> None:
    """Add candidates; each gets a code of its own."""
    known = own()
    first = max((int(one.code.removeprefix("own:")) for one in known), default=0) + 1
    numbered = tuple(replace(one, code=f"own:{number}") for number, one in enumerate(places, first))
    st.session_state[_OWN] = (*known, *numbered)


def remove_own(code: str | None = None) -> None:
    """Take one out, or all."""
    st.session_state[_OWN] = tuple(one for one in own() if code is not None and one.code != code)


# ---------------------------------------------------------------- the sites


def looked_at() -> int | None:
    """Number of the site whose reasons are shown."""
    found: int | None = st.session_state.get(_SITE)
    return found


def look_at(number: int | None) -> None:
    """Show the reasons of another."""
    st.session_state[_SITE] = number


def tell_mark(row: int) -> None:
    """A number on the map was clicked."""
    look_at(row + 1)


def clicked() -> tuple[float, float] | None:
    """The place on the map that was pointed at last: longitude, latitude."""
    found: tuple[float, float] | None = st.session_state.get(_CLICK)
    return found


def click(place: tuple[float, float] | None) -> None:
    """Remember a place that was pointed at, or forget it."""
    st.session_state[_CLICK] = place


def settle(found: Found) -> PlanQuestion:
    """The question with the new sites of an answer as given: from now on a person moves them."""
    asked = question()
    assert asked is not None
    if asked.given is None:
        asked = replace(asked, given=tuple(_chosen(site) for site in found.new))
    return asked


def _chosen(site: Site) -> Chosen:
    return Chosen(
        site.code,
        site.name,
        site.lon,
        site.lat,
        site.kind,
        site.cost,
        site.staff,
        site.role,
        site.moved,
        site.checkpoint,
    )


def move(found: Found, number: int, lon: float, lat: float) -> None:
    """Put a new site elsewhere; the figures follow."""
    asked, code = settle(found), found.sites[number - 1].code
    given = tuple(
        replace(one, lon=lon, lat=lat, moved=True, checkpoint=None) if one.code == code else one
        for one in asked.given or ()
    )
    st.session_state[_QUESTION] = replace(asked, given=given)


def remove(found: Found, number: int) -> None:
    """Leave a new site out; the figures follow."""
    asked, code = settle(found), found.sites[number - 1].code
    st.session_state[_QUESTION] = replace(asked, given=tuple(one for one in asked.given or () if one.code != code))
    look_at(None)


# ---------------------------------------------------------------- the plans


def first_part() -> str:
    """The part that the page begins with: the plans where the address names one."""
    return "plans" if st.query_params.get(_QUERY) else "coverage"


def turn_to(part: str) -> None:
    """Show another part of the page, from a callback."""
    st.session_state[PART] = part


def opened() -> int | None:
    """Number of the plan that lies open; at a first visit the one that the address names."""
    if _OPEN not in st.session_state:
        asked = st.query_params.get(_QUERY, "")
        st.session_state[_OPEN] = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
    found: int | None = st.session_state[_OPEN]
    return found


def lay_open(number: int | None) -> None:
    """Open a plan, or go back to the list."""
    desk.clear()
    st.session_state[_OPEN], st.session_state[_BESIDE] = number, None
    if number is not None:
        st.query_params[_QUERY] = str(number)
    elif _QUERY in st.query_params:
        del st.query_params[_QUERY]


def beside() -> int | None:
    """Number of the plan that lies beside it."""
    found: int | None = st.session_state.get(_BESIDE)
    return found


def lay_beside(number: int | None) -> None:
    """Lay another plan beside the open one, or take it away."""
    st.session_state[_BESIDE] = number


def forget_open() -> None:
    """The plan that the address names is not there for this person."""
    st.session_state[_OPEN] = None
    if _QUERY in st.query_params:
        del st.query_params[_QUERY]
