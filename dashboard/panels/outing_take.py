"""Take a suggested patrol along: a file for a receiver, one for a map, and a page of paper for each team."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import store
from dashboard.documents.outing_pack import outing_of
from dashboard.i18n import t
from dashboard.office import acting
from dashboard.patrolling.suggestion import Suggestion
from dashboard.web.live import hub
from dashboard.web.patrol_papers import FORMS, made
from geo.actions.case_history import audit
from geo.crs import TIMEZONE
from geo.model.person import Person
from geo.queries.paper_ground import ground_in

__all__ = ["links"]


def links(person: Person, found: Suggestion, lang: str) -> None:
    """A button for each team and form."""
    for number, team in enumerate(found.teams, 1):
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"outing_take_{number}"):
            st.caption(t("outing.take", lang, team=number), width="content")
            for form, media_type in FORMS.items():
                st.download_button(
                    form.upper(), partial(_file, person, found, number, form, lang),
                    f"patrol-{team.start:%Y%m%d}-{number}.{form}", media_type, key=f"outing_{form}_{number}", type="tertiary",
                    icon=":material/download:", on_click="ignore",
                )  # fmt: skip


def _file(person: Person, found: Suggestion, number: int, form: str, lang: str) -> bytes:
    """Made when it is asked for, and written down in the log."""
    outing = outing_of(found, number, lang, is_demo=bool(store.state(hub.version)["demo"]))
    box = outing.box
    with acting(person) as connection:
        ground = ground_in(connection, box) if form == "pdf" and box is not None else None
        audit(connection, "export", f"outing:{found.post}", form=form, lang=lang)
    return made(outing, form, ground, lang, datetime.now(ZoneInfo(TIMEZONE)))
