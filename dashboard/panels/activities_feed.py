"""The secret address under which a telephone reads its owner's calendar: made, shown once, and closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from dashboard import desk, session, store
from dashboard.i18n import t
from geo.actions.calendar_pass import close_calendar, has_calendar, open_calendar
from geo.db.transaction import transaction
from geo.errors import WatchError
from geo.model.person import Person

__all__ = ["show"]

_SHOWN = "activity.feed"


@contextmanager
def _themselves(person: Person) -> Iterator[Any]:
    """A connection of the web process, for who really looks at the page."""
    viewer = session.viewer()
    if viewer is None or viewer.person.id != person.id:
        raise WatchError("office.signed_out")
    with transaction(store.engine()) as connection:
        yield connection


def show(person: Person, lang: str) -> None:
    """Draw it, folded away: it is set up once."""
    with _themselves(person) as connection:
        there = has_calendar(connection, person)
    with st.expander(t("activities.feed.title", lang), icon=":material/event:", expanded=desk.said(_SHOWN) is not None):
        st.caption(t("activities.feed.about", lang))
        if (address := desk.said(_SHOWN)) is not None:
            st.code(str(address), language=None, wrap_lines=True)
            st.warning(t("activities.feed.once", lang), icon=":material/key:")
        with st.container(horizontal=True, key="activity_feed", gap="small"):
            st.button(
                t("activities.feed.again" if there else "activities.feed.make", lang), key="activity_feed_make",
                icon=":material/link:", on_click=_make, args=(person,), help=t("activities.feed.again_help", lang) if there else None,
            )  # fmt: skip
            if there:
                st.button(
                    t("activities.feed.close", lang), key="activity_feed_close", icon=":material/link_off:", on_click=_close,
                    args=(person,),
                )  # fmt: skip


def _make(person: Person) -> None:
    desk.clear()
    with _themselves(person) as connection:
        token = open_calendar(connection, person)
    here = urlsplit(store.settings().public_url or st.context.url or "")
    path = here.path.rstrip("/") if store.settings().public_url else ""
    desk.put(_SHOWN, f"{here.scheme}://{here.netloc}{path}/calendars/{token}.ics")


def _close(person: Person) -> None:
    desk.clear()
    desk.put(_SHOWN, None)
    with _themselves(person) as connection:
        close_calendar(connection, person)
    desk.say("done", t("activities.feed.closed", session.language()))
