"""Referrals: for an agency what was sent to it; for a district centre what it sent, and what nobody takes care of."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import desk, office, session, store
from dashboard.i18n import t
from dashboard.i18n.dates import number
from dashboard.labels import plain
from dashboard.panels import case, office_style, referral_case, unavailable
from dashboard.panels.case_words import agency_name, clock_words, district_words, refusal, type_words
from dashboard.panels.live_office import hear
from dashboard.panels.take_away import table_links
from dashboard.web.live import hub
from geo.actions.notify import mark_case_read
from geo.actions.referrals import lapse_overdue
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable, WatchError
from geo.model import CrimeType, District
from geo.model.person import Person, Role, scope_of
from geo.queries.referrals import Referral, list_referrals, orphans

__all__ = ["show"]

MOST = 200
"""Referrals read for the page; an agency of a district has far fewer that are open."""
OPEN_STATES = {"agency": ("sent", "accepted"), "centre": ("orphan", "sent", "accepted")}
ENDED = ("returned", "lapsed", "withdrawn", "done")


def show(person: Person) -> None:
    """The whole page."""
    lang = session.language()
    office_style.frame(lang, session.night())
    try:
        _draw(person, lang, datetime.now(ZoneInfo(TIMEZONE)))
    except DatabaseUnavailable as error:
        unavailable.show(error, lang)


def _draw(person: Person, lang: str, now: datetime) -> None:
    heard = hub.office
    types, districts = store.crime_types(hub.version), store.district_names(hub.version)
    with office.acting(person) as connection:
        scope = scope_of(person)
        sent = list_referrals(connection, scope, limit=MOST)
        lost = orphans(connection, scope) if person.role is not Role.AGENCY else ()
    left, right = st.columns([5, 9], gap="small")
    with left, st.container(key="list_scroll"):
        _list(person, sent, lost, types, districts, lang, now)
    with right, st.container(key="case_scroll"):
        if (chosen := desk.referral()) is not None:
            referral_case.show(person, chosen, types, districts, lang, now)
        else:
            with st.container(key="case_none"):
                st.caption(t("referral.choose", lang))
    hear(heard, now)


def _groups(person: Person, sent: Sequence[Referral], lost: Sequence[Referral]) -> dict[str, Sequence[Referral]]:
    groups: dict[str, Sequence[Referral]] = {} if person.role is Role.AGENCY else {"orphan": lost}
    for state in ("sent", "accepted", *ENDED):
        groups[state] = [one for one in sent if one.state == state]
    for state in ("sent", "accepted"):  # who must do something first stands first
        groups[state] = sorted(groups[state], key=lambda one: one.clock.due)
    return groups


def _list(
    person: Person,
    sent: Sequence[Referral],
    lost: Sequence[Referral],
    types: Mapping[str, CrimeType],
    districts: Mapping[str, District],
    lang: str,
    now: datetime,
) -> None:
    groups = _groups(person, sent, lost)
    usual = next((code for code, rows in groups.items() if rows), "sent")
    chosen = str(desk.said("desk.referral_group") or usual)
    if chosen not in groups:
        chosen = usual
    whose = agency_name(person.agency, lang) if person.role is Role.AGENCY else ""
    st.html(f'<h1 class="office-title">{html.escape(t("nav.referrals", lang))} <span>{html.escape(whose)}</span></h1>')
    with st.container(horizontal=True, key="groups"):
        for code, rows in groups.items():
            if rows or code in {chosen, "sent", "accepted"}:
                label = t("referral.orphans", lang) if code == "orphan" else t(f"referral_state.{code}", lang)
                st.button(
                    f"{label} {number(len(rows))}", key=f"group_{code}",
                    type="primary" if code == chosen else "secondary",
                    on_click=desk.put, args=("desk.referral_group", code),
                )  # fmt: skip
    if (told := desk.notice()) and desk.referral() is None:
        case.show_notice(told)
    if not groups[chosen]:
        st.info(
            t("referral.empty_agency" if person.role is Role.AGENCY else "referral.empty", lang),
            icon=":material/inbox:",
        )
    if chosen == "orphan" and any(one.state == "sent" for one in lost):
        st.caption(t("referral.lapse_help", lang))
        st.button(t("referral.lapse", lang), key="lapse", icon=":material/timer_off:", on_click=_lapse, args=(person,))
    for one in groups[chosen]:
        _row(person, one, types, districts, lang, now)
    if groups[chosen]:
        table_links("referrals", {} if chosen == "orphan" else {"state": chosen}, lang)


def _row(
    person: Person,
    one: Referral,
    types: Mapping[str, CrimeType],
    districts: Mapping[str, District],
    lang: str,
    now: datetime,
) -> None:
    is_open = desk.referral() == one.id
    kind = type_words(one.crime_type, types, lang)
    clock = one.clock
    late = clock.overdue(now) or clock.late
    partner = (
        district_words(one.district_code, districts, lang)
        if person.role is Role.AGENCY
        else agency_name(one.agency, lang)
    )
    lines = (
        f'<div class="office-head"><b>{html.escape(kind)}</b><span class="office-chip">'
        f"{html.escape(t(f'referral_state.{one.state}', lang))}</span></div>"
        f'<p class="office-line">{html.escape(partner)}</p>'
        f'<p class="office-line{" office-late" if late else ""}">{html.escape(clock_words(clock, now, lang))}</p>'
        f'<p class="office-line office-faint">{html.escape(one.of)}</p>'
    )
    with st.container(border=True, key=f"row_{'open_' if is_open else ''}{one.id}"):
        st.html(lines)
        st.button(
            t("inbox.open", lang, id=one.of, type=plain(kind)),
            key=f"open_{one.id}",
            on_click=_open,
            args=(person, one),
        )


def _open(person: Person, one: Referral) -> None:
    desk.open_referral(one.id)
    try:
        with office.acting(person) as connection:
            mark_case_read(connection, person.id, one.of)
    except WatchError as error:
        desk.say("refused", refusal(error, session.language()))


def _lapse(person: Person) -> None:
    lang = session.language()
    desk.clear()
    try:
        with office.acting(person) as connection:
            n = lapse_overdue(connection)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.say("done", t("referral.lapsed", lang, n=n))
