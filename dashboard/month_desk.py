"""What the page of reports remembers between reruns: which part, which month of which centre, what is being done to it.

The only owner of these keys of the session, and of ``month`` and ``district`` in the address.
"""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import desk
from geo.errors import WatchError
from geo.model.month_report import month_of

__all__ = ["ASKED", "MONTH", "PART", "WHICH", "chosen_month", "field", "first_month", "lay_open", "opened", "visit"]

PART, MONTH, WHICH, ASKED = "reports.part", "reports.month", "reports.version", "reports.asked"
_OPEN = "reports.open"
_VISITED = "reports.visited"


def visit(today: date) -> None:
    """At a first visit open what the address names."""
    if st.session_state.get(_VISITED):
        return
    st.session_state[_VISITED] = True
    district = st.query_params.get("district", "")
    try:
        st.session_state[_OPEN] = district if district.isascii() and district.isdecimal() else None
        if asked := st.query_params.get("month", ""):
            st.session_state[MONTH] = month_of(asked, today)
    except WatchError:  # an address that somebody changed by hand opens the page as usual
        st.session_state[_OPEN] = None


def first_month(today: date) -> date:
    """The month that is reported now: the one before this."""
    before = today.replace(day=1)
    return date(before.year - (before.month == 1), (before.month - 2) % 12 + 1, 1)


def chosen_month(today: date) -> date:
    """The month that is shown."""
    found: date | None = st.session_state.get(MONTH)
    return found or first_month(today)


def opened() -> str | None:
    """District whose report lies open; nothing on the table of all."""
    found: str | None = st.session_state.get(_OPEN)
    return found


def lay_open(district: str | None, month: date | None = None) -> None:
    """Open the report of a centre, or go back to the table."""
    desk.clear()
    st.session_state[_OPEN] = district
    st.session_state[WHICH] = None
    if month is not None:
        st.session_state[MONTH] = month
    for key, value in (("district", district), ("month", f"{month:%Y-%m}" if month and district else None)):
        if value:
            st.query_params[key] = value
        elif key in st.query_params:
            del st.query_params[key]


def field(report: int, name: str) -> str:
    """Key of a field of one version: another version's fields begin with what it says."""
    return f"reports/{report}/{name}"
