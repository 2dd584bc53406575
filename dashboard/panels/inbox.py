"""The inbox of a district centre: on the left the cases in the order in which they need a person, on the right the open one."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import desk, office, session, store
from dashboard.i18n import t
from dashboard.i18n.dates import number
from dashboard.labels import plain
from dashboard.panels import case, inbox_find, office_style, unavailable
from dashboard.panels.case_words import (
    district_words,
    head_html,
    occurred_words,
    place_words,
    refusal,
    type_words,
    why_words,
)
from dashboard.panels.live_office import hear
from dashboard.panels.take_away import table_links
from dashboard.web.live import hub
from geo.actions.cases import look
from geo.actions.notify import mark_case_read
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable, NotFound, WatchError
from geo.model import CrimeType, District
from geo.model.case import ENDED
from geo.model.person import Person, scope_of
from geo.queries.case_places import CasePlace, case_places
from geo.queries.inbox import Group, InboxCounts, InboxFilter, InboxRow, count_inbox, inbox, inbox_with_counts

__all__ = ["show"]

PAGE = 15
"""Cases on one page of the list."""


def show(person: Person) -> None:
    """The whole page for somebody of a district centre."""
    lang = session.language()
    office_style.frame(lang, session.night())
    try:
        _draw(person, lang, datetime.now(ZoneInfo(TIMEZONE)))
    except DatabaseUnavailable as error:
        unavailable.show(error, lang)


def _draw(person: Person, lang: str, now: datetime) -> None:
    heard = hub.office
    types, districts = store.crime_types(hub.version), store.district_names(hub.version)
    opened, by_address = desk.opened()
    if opened and by_address:
        open_case(person, opened)
    left, right = st.columns([5, 9], gap="small")
    with left, st.container(key="list_scroll"):
        order = _list(person, types, districts, lang, now)
    with right, st.container(key="case_scroll"):
        opened = desk.opened()[0]
        _turn(person, order, opened, lang)
        if opened:
            case.show(person, opened, types, districts, lang, now)
        else:
            with st.container(key="case_none"):
                st.caption(t("inbox.choose", lang))
    hear(heard, now)


def open_case(person: Person, public_id: str) -> None:
    """Callback: lay a case on the desk; the first look stops its first clock, and every opening is logged."""
    desk.clear()
    try:
        with office.acting(person) as connection:
            mark_case_read(connection, person.id, public_id)
            look(connection, person.id, public_id)
    except NotFound as error:
        desk.close_case()
        desk.say("refused", refusal(error, session.language()))
        return
    except WatchError as error:
        desk.say("refused", refusal(error, session.language()))
    desk.open_case(public_id)


# ---------------------------------------------------------------- the list


def _turn(person: Person, order: Sequence[str], opened: str | None, lang: str) -> None:
    """To the case above and below in the list, with the mouse or the keyboard."""
    here = order.index(opened) if opened in order else None
    above = order[here - 1] if here else None
    below = (order[0] if order else None) if here is None else (order[here + 1] if here + 1 < len(order) else None)
    with st.container(horizontal=True, key="case_turn", horizontal_alignment="right", gap="small"):
        for code, other, key in (("above", above, "Alt+Up"), ("below", below, "Alt+Down")):
            st.button(
                t(f"inbox.{code}", lang), key=f"turn_{code}", disabled=other is None, on_click=open_case, args=(person, other),
                icon=f":material/keyboard_arrow_{'up' if code == 'above' else 'down'}:", shortcut=key, type="tertiary",
            )  # fmt: skip


def _chosen(person: Person, found: InboxFilter) -> InboxFilter:
    """What is listed of what was found; what is looked for by words is found in every part of the list."""
    code = desk.group()
    if found.words or code == "all":
        return found
    if code == "mine":
        return replace(found, mine=person.id)
    if code == "ended":
        return replace(found, statuses=tuple(ENDED))
    return replace(found, groups=(Group[code.upper()],))


def _list(
    person: Person, types: Mapping[str, CrimeType], districts: Mapping[str, District], lang: str, now: datetime
) -> list[str]:
    """Draw the list; the cases on this page of it."""
    desk.keep_group({"all", "mine", "ended", *(group.name.lower() for group in Group)})
    several = len(person.districts) > 1
    whose = t("inbox.districts", lang, n=len(person.districts)) if several else ""
    for code in person.districts[:1]:
        whose = whose or district_words(code, districts, lang)
    st.html(f'<h1 class="office-title">{html.escape(t("nav.inbox", lang))} <span>{html.escape(whose)}</span></h1>')
    found = inbox_find.show(person, types, districts, lang)
    chosen, scope, after = _chosen(person, found), scope_of(person), desk.page_after()
    with office.acting(person) as connection:
        if chosen.statuses:
            counts = count_inbox(connection, scope, found, who=person.id, now=now)
            rows = inbox(connection, scope, chosen, now=now, after=after, limit=PAGE + 1)
        else:
            rows, counts = inbox_with_counts(
                connection, scope, chosen, who=person.id, now=now, after=after, limit=PAGE + 1
            )
        places = case_places(connection, [row.id for row in rows])
    if found.words:
        _searched(counts, lang)
    else:
        _groups(counts, lang)
    if (told := desk.notice()) and desk.opened()[0] is None:
        case.show_notice(told)
    if not rows and not found.words:
        empty = "inbox.empty" if desk.group() == "all" and found == InboxFilter() else "inbox.empty_group"
        st.info(t(empty, lang), icon=":material/inbox:")
    shown = _steady(rows[:PAGE])
    for row in shown:
        _row(row, person, places.get(row.id), types, districts if several else None, lang, now)
    _pages(rows, lang)
    if rows and not found.words:  # what somebody looked for in words stands in no address, and so in no log
        table_links("inbox", _address(found), lang)
    return [row.public_id for row in shown]


def _address(found: InboxFilter) -> dict[str, str]:
    """The list as the address of its table says it."""
    whose = "0" if found.nobodys else str(found.officer or "")
    said = {"district": ".".join(found.districts), "type": ".".join(found.types), "officer": whose}
    return {"group": desk.group()} | {key: text for key, text in said.items() if text}


def _steady(rows: Sequence[InboxRow]) -> list[InboxRow]:
    """While a case lies open, the page as it stood before, what is new first: what is looked at must not move away."""
    kept = desk.order() if desk.opened()[0] in desk.order() else ()
    place = {public_id: n for n, public_id in enumerate(kept)}
    shown = sorted(rows, key=lambda row: place.get(row.public_id, -1))
    desk.keep_order(tuple(row.public_id for row in shown))
    return shown


def _searched(counts: InboxCounts, lang: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="searched"):
        st.text(t("inbox.found" if counts.total else "inbox.found_none", lang, n=number(counts.total)))
        st.button(
            t("inbox.clear", lang),
            key="clear_find",
            icon=":material/close:",
            type="tertiary",
            on_click=inbox_find.clear,
        )


def _groups(counts: InboxCounts, lang: str) -> None:
    """The parts of the list as buttons with their numbers; parts without a case are left out unless one is chosen."""
    numbers = {"all": counts.total, "mine": counts.mine} | {
        group.name.lower(): counts.groups.get(group, 0) for group in Group if group is not Group.ENDED
    }
    with st.container(horizontal=True, key="groups"):
        for code, n in [*numbers.items(), ("ended", None)]:
            if not n and code not in {"all", "mine", "ended", desk.group()}:
                continue
            st.button(
                _group_name(code, lang) + ("" if n is None else f" {number(n)}"),
                key=f"group_{code}",
                type="primary" if code == desk.group() else "secondary",
                on_click=desk.choose_group,
                args=(code,),
            )


def _group_name(code: str, lang: str) -> str:
    return t(f"inbox.{code}", lang) if code in {"all", "mine"} else t(f"case_group.{code}", lang)


def _row(
    row: InboxRow,
    person: Person,
    place: CasePlace | None,
    types: Mapping[str, CrimeType],
    districts: Mapping[str, District] | None,
    lang: str,
    now: datetime,
) -> None:
    """One case as a card that can be pressed anywhere."""
    is_open = desk.opened()[0] == row.public_id
    kind = type_words(row.crime_type, types, lang)
    where = [district_words(row.district_code, districts, lang)] if districts else []
    where = [part for part in (place_words(place, lang), *where) if part]
    with st.container(border=True, key=f"row_{'open_' if is_open else ''}{row.id}"):
        st.html(head_html(row.crime_type, row.status, types, lang))
        st.text(" ".join(where) or t("case.no_place", lang))
        st.html(_why_html(row, person, lang, now))
        st.button(
            t("inbox.open", lang, id=row.public_id, type=plain(kind)), key=f"open_{row.id}", on_click=open_case,
            args=(person, row.public_id),
        )  # fmt: skip


def _why_html(row: InboxRow, person: Person, lang: str, now: datetime) -> str:
    why = _line(why_words(row, now, lang, person.id))
    faint = [row.public_id, occurred_words(row.occurred_at, row.occurred_day_only, lang)]
    if row.reports > 1:
        faint.append(t("inbox.reports", lang, n=row.reports))
    if row.grade:
        faint.append(t("inbox.grade", lang, grade=row.grade))
    if row.officer is not None:
        faint.append(t("inbox.mine", lang) if row.officer_id == person.id else row.officer)
    return f'<p class="office-line">{why}</p><p class="office-line office-faint">{_line([(words, False) for words in faint])}</p>'


def _line(parts: Sequence[tuple[str, bool]]) -> str:
    """Words in a row, each on one line as long as there is room for it; and whether each is late."""
    return " ".join(
        f'<span class="office-part{" office-late" if late else ""}">{html.escape(words)}{" ·" if n < len(parts) else ""}</span>'
        for n, (words, late) in enumerate(parts, 1)
    )


def _pages(rows: tuple[InboxRow, ...], lang: str) -> None:
    page = desk.page_number()
    if page == 1 and len(rows) <= PAGE:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.button(
            t("inbox.previous", lang), key="previous", disabled=page == 1, on_click=desk.previous_page,
            icon=":material/chevron_left:",
        )  # fmt: skip
        st.caption(t("inbox.page", lang, n=page), width="content")
        st.button(
            t("inbox.next", lang), key="next", disabled=len(rows) <= PAGE, on_click=desk.next_page,
            args=(rows[PAGE - 1].key if len(rows) > PAGE else "",), icon=":material/chevron_right:",
            icon_position="right",
        )  # fmt: skip
