"""What an officer's desk remembers between reruns: which case lies open, which step of it, what was just said.

The only owner of these keys of the session, and of ``case`` and ``referral`` in the address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

__all__ = [
    "Notice",
    "answers",
    "choose_group",
    "clear",
    "close_case",
    "close_step",
    "field_key",
    "first_page",
    "forget",
    "group",
    "keep_group",
    "keep_order",
    "next_page",
    "notice",
    "open_case",
    "open_referral",
    "open_step",
    "opened",
    "order",
    "page_after",
    "page_number",
    "previous_page",
    "put",
    "referral",
    "referral_read",
    "referral_unread",
    "said",
    "say",
    "seen",
    "step",
    "told",
]

_CASE, _STEP, _SEEN, _GROUP, _PAGES, _NOTICE = (
    f"desk.{name}" for name in ("case", "step", "seen", "group", "pages", "notice")
)
_QUERY = "case"
_ORDER = "desk.order"
_REFERRAL = "desk.referral"
_REFERRAL_QUERY = "referral"
_REFERRAL_READ = "desk.referral_read"


@dataclass(frozen=True, slots=True)
class Notice:
    """What came of the last thing somebody did: ``done``, ``refused`` or ``changed``, and the sentence."""

    kind: str
    text: str


# ---------------------------------------------------------------- the list


def group() -> str:
    """Which part of the list is shown."""
    return str(st.session_state.get(_GROUP, "all"))


def choose_group(code: str) -> None:
    """Show another part of the list, from its beginning."""
    st.session_state[_GROUP] = code
    first_page()


def keep_group(codes: set[str]) -> str:
    """The part that is shown, or the whole list where that part is not there for this person."""
    if group() not in codes:
        choose_group("all")
    return group()


def page_after() -> str | None:
    """Key of the last row of the page before; nothing on the first page."""
    pages: tuple[str, ...] = st.session_state.get(_PAGES, ())
    return pages[-1] if pages else None


def page_number() -> int:
    """Number of the page, from 1."""
    return len(st.session_state.get(_PAGES, ())) + 1


def next_page(after: str) -> None:
    """Turn the page of the list."""
    keep_order(())
    st.session_state[_PAGES] = (*st.session_state.get(_PAGES, ()), after)


def first_page() -> None:
    """Begin the list again: another one is asked for."""
    st.session_state[_PAGES] = ()
    keep_order(())


def previous_page() -> None:
    """Turn it back."""
    keep_order(())
    st.session_state[_PAGES] = st.session_state.get(_PAGES, ())[:-1]


def order() -> tuple[str, ...]:
    """The cases of this page of the list as they stood when it was drawn last."""
    found: tuple[str, ...] = st.session_state.get(_ORDER, ())
    return found


def keep_order(cases: tuple[str, ...]) -> None:
    """Remember how they stand."""
    st.session_state[_ORDER] = cases


# ---------------------------------------------------------------- the case


def opened() -> tuple[str | None, bool]:
    """The case that lies open, and whether it was just opened by its address."""
    if _CASE not in st.session_state:
        asked = st.query_params.get(_QUERY)
        st.session_state[_CASE] = asked
        return asked, asked is not None
    case: str | None = st.session_state[_CASE]
    if st.query_params.get(_QUERY) != case:  # the menu opens the page without a query
        _address(case)
    return case, False


def open_case(public_id: str) -> None:
    """Lay a case on the desk."""
    close_step()
    st.session_state[_CASE] = public_id
    _address(public_id)


def close_case() -> None:
    """Put it away."""
    close_step()
    keep_order(())
    st.session_state[_CASE] = None
    _address(None)


def _address(public_id: str | None) -> None:
    if public_id:
        st.query_params[_QUERY] = public_id
    elif _QUERY in st.query_params:
        del st.query_params[_QUERY]


def referral() -> int | None:
    """The referral that lies open; at a first visit the one that the address names."""
    if _REFERRAL not in st.session_state:
        asked = st.query_params.get(_REFERRAL_QUERY, "")
        st.session_state[_REFERRAL] = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None
    found: int | None = st.session_state[_REFERRAL]
    return found


def open_referral(number: int | None) -> None:
    """Lay a referral on the desk, or put it away."""
    close_step()
    clear()
    st.session_state[_REFERRAL] = number
    st.session_state[_REFERRAL_READ] = None
    if number is not None:
        st.query_params[_REFERRAL_QUERY] = str(number)
    elif _REFERRAL_QUERY in st.query_params:
        del st.query_params[_REFERRAL_QUERY]


def referral_unread(number: int) -> bool:
    """Whether it was opened just now, by hand or by its address."""
    return st.session_state.get(_REFERRAL_READ) != number


def referral_read(number: int) -> None:
    """That it was opened has been written down; drawing it anew is no opening."""
    st.session_state[_REFERRAL_READ] = number


# ---------------------------------------------------------------- the step


def open_step(code: str, last_event: int) -> None:
    """Begin a step: what happens to the case from now on is told before the step is taken."""
    clear()
    if step() == code:
        close_step()
        return
    st.session_state[_STEP] = code
    st.session_state[_SEEN] = last_event


def close_step() -> None:
    """Leave a step, taken or not."""
    st.session_state[_STEP] = None


def step() -> str | None:
    """The step that is being taken."""
    found: str | None = st.session_state.get(_STEP)
    return found


def seen(last_event: int) -> int:
    """The last event that the person saw when they began the step that is open; else the one that is drawn."""
    found = st.session_state.get(_SEEN) if step() else None
    return last_event if found is None else int(found)


def told() -> None:
    """The person has been told what happened meanwhile: go on from there with what they wrote."""
    st.session_state[_SEEN] = None


def field_key(public_id: str, code: str, name: str) -> str:
    """Key of a field of a step."""
    return f"step/{public_id}/{code}/{name}"


def answers(public_id: str, code: str) -> dict[str, Any]:
    """What stands in the fields of a step."""
    prefix = field_key(public_id, code, "")
    return {
        str(key).removeprefix(prefix): value for key, value in st.session_state.items() if str(key).startswith(prefix)
    }


def forget(public_id: str, code: str) -> None:
    """What was written in a step has been taken: the next time its fields are empty."""
    for name in answers(public_id, code):
        del st.session_state[field_key(public_id, code, name)]


def said(key: str) -> Any:
    """What a field says; nothing where it is not there."""
    return st.session_state.get(key)


def put(key: str, value: Any) -> None:
    """Write into a field that is drawn next."""
    st.session_state[key] = value


# ---------------------------------------------------------------- what came of it


def say(kind: str, text: str) -> None:
    """Tell the person what came of what they did."""
    st.session_state[_NOTICE] = Notice(kind, text)


def notice() -> Notice | None:
    """What was told last, until the next step."""
    found: Notice | None = st.session_state.get(_NOTICE)
    return found


def clear() -> None:
    """What was told has been read."""
    st.session_state[_NOTICE] = None
