"""Accounts: on the left who there is, on the right the one that is open, a new one, or a file with many."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import desk, session, store
from dashboard.administration import administering, refusal
from dashboard.i18n import t
from dashboard.i18n.dates import number
from dashboard.labels import plain
from dashboard.panels import admin_account, admin_new_account, admin_people_file, case, office_style, unavailable
from dashboard.panels.admin_words import Names, account_flags, place_words, seen_words
from dashboard.panels.case_words import district_words
from dashboard.web.live import hub
from dashboard.web.sign_in import keys
from geo.actions.sign_in import login_key
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable, WatchError
from geo.model import District
from geo.model.person import Person, Role
from geo.queries.accounts import STATES, Account, AccountFilter, accounts
from geo.queries.case_places import area_names

__all__ = ["show"]

PAGE = 15
_SAID, _ROLE, _DISTRICT, _STATE, _AT = (f"desk.people_{part}" for part in ("said", "role", "district", "state", "page"))


def show(person: Person) -> None:
    """The whole page."""
    lang = session.language()
    office_style.frame(lang, session.night())
    try:
        _draw(person, lang, datetime.now(ZoneInfo(TIMEZONE)))
    except DatabaseUnavailable as error:
        unavailable.show(error, lang)
    except WatchError as error:
        st.error(plain(refusal(error, lang)), icon=":material/block:")


def _draw(person: Person, lang: str, now: datetime) -> None:
    districts = store.district_names(hub.version)
    idle = timedelta(hours=store.settings().sign_in_idle_hours)
    left, right = st.columns([5, 9], gap="small")
    with left, st.container(key="list_scroll"):
        st.html(f'<h1 class="office-title">{html.escape(t("nav.people", lang))}</h1>')
        _ways(lang)
        _search(lang)
        skip = int(desk.said(_AT) or 0) * PAGE
        with administering(person) as connection:
            found, total = accounts(
                connection, _chosen(), lambda login: login_key(keys(), login), idle=idle, skip=skip, limit=PAGE
            )
            areas = area_names(connection, {one.person.area_code for one in found if one.person.area_code})
        if (told := desk.notice()) and admin_account.opened() is None:
            case.show_notice(told)
        st.caption(t("people.count", lang, n=total))
        for account in found:
            _row(account, districts, areas, lang, now)
        _pages(total, lang)
    with right, st.container(key="case_scroll"):
        opened = admin_account.opened()
        if opened is None:
            st.caption(t("people.choose", lang))
        elif opened == "add":
            admin_new_account.show(person, districts, lang)
        elif opened == "file":
            admin_people_file.show(person, districts, lang)
        else:
            admin_account.show(person, int(opened), districts, idle, lang, now)


def _ways(lang: str) -> None:
    with st.container(horizontal=True, key="people_ways"):
        for code, icon in (("add", ":material/person_add:"), ("file", ":material/upload_file:")):
            st.button(
                t(f"people.do.{code}", lang), key=f"people_{code}", icon=icon,
                type="primary" if code == "add" and admin_account.opened() is None else "secondary",
                on_click=admin_account.lay_open, args=(code,),
            )  # fmt: skip


def _search(lang: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            t("people.search", lang), key=_SAID, max_chars=100, placeholder=t("people.search_hint", lang),
            on_change=desk.put, args=(_AT, 0),
        )  # fmt: skip
        chosen = [key for key in (_ROLE, _DISTRICT, _STATE) if desk.said(key)]
        label = t("people.filter", lang) + (f" {number(len(chosen))}" if chosen else "")
        with st.popover(label, icon=":material/filter_list:", width="content"):
            border = store.border_districts(hub.version)
            for key, title, options in (
                (_ROLE, "role", {role.value: t(f"role.{role}", lang) for role in Role}),
                (_DISTRICT, "district", {code: district_words(code, border, lang, province=True) for code in border}),
                (_STATE, "state", {code: t(f"people.state.{code}", lang) for code in STATES}),
            ):
                words = {"": t("people.all", lang)} | options
                st.selectbox(
                    t(f"people.field.{title}", lang), list(words), format_func=words.__getitem__, key=key,
                    on_change=desk.put, args=(_AT, 0),
                )  # fmt: skip


def _chosen() -> AccountFilter:
    return AccountFilter(
        " ".join(str(desk.said(_SAID) or "").split()), desk.said(_ROLE) or None, desk.said(_DISTRICT) or None,
        desk.said(_STATE) or None,
    )  # fmt: skip


def _row(account: Account, districts: Mapping[str, District], areas: Names, lang: str, now: datetime) -> None:
    person = account.person
    is_open = admin_account.opened() == person.id
    flags = " · ".join(
        f'<span class="office-late">{html.escape(words)}</span>' if urgent else html.escape(words)
        for words, urgent in account_flags(account, lang)
    )
    place = place_words(person, districts, areas, lang)
    lines = (
        f'<div class="office-head"><b>{html.escape(person.name)}</b><span class="office-chip">'
        f"{html.escape(t(f'role.{person.role}', lang))}</span></div>"
        + (f'<p class="office-line">{html.escape(place)}</p>' if place else "")
        + f'<p class="office-line office-faint">{html.escape(person.login)} · {html.escape(seen_words(account, now, lang))}</p>'
        + (f'<p class="office-line">{flags}</p>' if flags else "")
    )
    with st.container(border=True, key=f"row_{'open_' if is_open else ''}{person.id}"):
        st.html(lines)
        st.button(
            t("people.open", lang, name=plain(person.name)), key=f"open_{person.id}", on_click=admin_account.lay_open,
            args=(person.id,),
        )  # fmt: skip


def _pages(total: int, lang: str) -> None:
    if total <= PAGE:
        return
    at = int(desk.said(_AT) or 0)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.button(
            t("inbox.previous", lang), key="previous", disabled=at == 0, on_click=desk.put, args=(_AT, at - 1),
            icon=":material/chevron_left:",
        )  # fmt: skip
        st.caption(t("inbox.page", lang, n=at + 1), width="content")
        st.button(
            t("inbox.next", lang), key="next", disabled=(at + 1) * PAGE >= total, on_click=desk.put, args=(_AT, at + 1),
            icon=":material/chevron_right:", icon_position="right",
        )  # fmt: skip
