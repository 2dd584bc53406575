"""One case: what was told, how far it is, what can be done next, and everything that happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from dashboard import desk, office
from dashboard.desk import Notice
from dashboard.i18n import t
from dashboard.labels import plain
from dashboard.panels import case_facts, case_map, case_record, case_reports, case_same, case_steps
from dashboard.panels.case_words import refusal
from geo.errors import NotFound
from geo.model import CrimeType, District
from geo.model.case import ENDED
from geo.model.person import Person, scope_of
from geo.queries.case import read_case, staff
from geo.queries.case_places import area_names
from geo.queries.same_case import same_case

__all__ = ["show", "show_notice"]

_LOOKS = {
    "done": (st.success, ":material/check_circle:"),
    "refused": (st.error, ":material/block:"),
    "changed": (st.warning, ":material/sync_problem:"),
}


def show(
    person: Person,
    public_id: str,
    types: Mapping[str, CrimeType],
    districts: Mapping[str, District],
    lang: str,
    now: datetime,
) -> None:
    """Draw the open case: what can be done and what was told stand first, what is known of time and place beside it.

    Each part has its place before anything is drawn: what appears above a field must not make the field anew, with what
    is being typed in it.
    """
    back, notice, head, steps, body = (
        st.container(key=key) for key in ("case_back", "case_notice", "case_top", "case_do", "case_body")
    )
    with back:
        st.button(
            t("case.back", lang), key="back_to_list", icon=":material/arrow_back:", type="tertiary",
            on_click=desk.close_case,
        )  # fmt: skip
    try:
        with office.acting(person) as connection:
            case = read_case(connection, scope_of(person), public_id)
            people = staff(connection, case.facts["district_code"]) if case.facts["district_code"] else ()
            told = {code for report in case.reports if (code := report.area_code)}
            areas = area_names(connection, told | {code[:6] for code in told})
            alike = same_case(connection, scope_of(person), public_id) if case.status not in ENDED else ()
    except NotFound as error:
        with head, st.container(key="case_head"):
            st.error(refusal(error, lang), icon=":material/search_off:")
        return
    with head:
        case_facts.head(case, types, lang, now)
    with notice:
        if said := desk.notice():
            show_notice(said)
    with steps:
        case_steps.show(person, case, people, lang, now)
    with body, st.container(key="case_grid"):
        told_part, side, rest = (st.container(key=key) for key in ("case_told", "case_side", "case_rest"))
    with told_part:
        case_reports.show(person, case, areas, types, lang, now)
    with side:
        case_facts.facts(case, types, districts, lang)
        case_map.show(person, case, alike, types, lang)
    with rest:
        case_same.show(person, case, alike, types, lang, now)
        case_record.show(person, case, districts, lang, now)


def show_notice(notice: Notice) -> None:
    """What came of the last step."""
    draw, icon = _LOOKS[notice.kind]
    with st.container(key="notice"):
        draw(plain(notice.text), icon=icon)
