"""The audit log: whether it is whole, and who did what and when."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import desk, session, store
from dashboard.administration import administering, refusal
from dashboard.i18n import has, t
from dashboard.i18n.dates import moment
from dashboard.labels import plain
from dashboard.panels import office_style, unavailable
from dashboard.panels.case_words import agency_name, district_words, type_words
from dashboard.spreadsheet import csv_bytes
from dashboard.web.live import hub
from geo.actions.audit import audit
from geo.crs import TIMEZONE
from geo.errors import DatabaseUnavailable, WatchError
from geo.model.person import Person
from geo.queries.audit import Chain, verify
from geo.queries.audit_entries import AuditFilter, Entry, actions, actors, entries

__all__ = ["action_words", "detail_words", "show"]

PAGE = 50
MOST = 100_000
"""Entries of a file: a spreadsheet opens no more in comfort. Newest first."""
_PERSON, _ACTIONS, _SUBJECT, _DAYS, _PAGES, _CHAIN = (
    f"desk.audit_{part}" for part in ("person", "actions", "subject", "days", "pages", "chain")
)
_WORDS = {
    "way": "audit.way", "before": "status", "from": "status", "kind": "log_kind", "marking": "paper.marking",
    **{one: one for one in ("role", "outcome", "finding", "unit_kind", "target", "channel")},
}  # fmt: skip
"""Keys of details whose values are codes, and where their words stand."""
Actors = Mapping[int, tuple[str, str]]


def show(person: Person) -> None:
    """The whole page."""
    lang = session.language()
    office_style.frame(lang, session.night())
    try:
        with st.container(key="audit"):
            _draw(person, lang)
    except DatabaseUnavailable as error:
        unavailable.show(error, lang)
    except WatchError as error:
        st.error(plain(refusal(error, lang)), icon=":material/block:")


def _draw(person: Person, lang: str) -> None:
    st.title(t("nav.audit", lang))
    _chain(person, lang)
    with administering(person) as connection:
        known, people = actions(connection), actors(connection)
    chosen = _filter(known, people, lang)
    pages: tuple[int, ...] = desk.said(_PAGES) or ()
    with administering(person) as connection:
        found = entries(connection, chosen, before=pages[-1] if pages else None, limit=PAGE + 1)
    if not found:
        st.info(t("audit.empty", lang), icon=":material/search_off:")
    with st.container(key="audit_rows"):
        for entry in found[:PAGE]:
            st.html(_row_html(entry, people, lang))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.button(
            t("inbox.previous", lang), key="previous", disabled=not pages, on_click=desk.put, args=(_PAGES, pages[:-1]),
            icon=":material/chevron_left:",
        )  # fmt: skip
        st.caption(t("inbox.page", lang, n=len(pages) + 1), width="content")
        st.button(
            t("inbox.next", lang), key="next", disabled=len(found) <= PAGE, on_click=desk.put,
            args=(_PAGES, (*pages, found[PAGE - 1].id) if len(found) > PAGE else pages), icon=":material/chevron_right:",
            icon_position="right",
        )  # fmt: skip
    st.download_button(
        t("audit.take", lang), partial(_file, person, chosen, people, lang), "audit.csv", "text/csv", key="audit_csv",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip


# ---------------------------------------------------------------- the chain


def _chain(person: Person, lang: str) -> None:
    with st.container(border=True, key="chain"):
        st.text(t("audit.chain_help", lang))
        st.button(t("audit.verify", lang), key="verify", type="primary", icon=":material/verified_user:", on_click=_verify,
                  args=(person,))  # fmt: skip
        kept: tuple[datetime, Chain] | WatchError | None = desk.said(_CHAIN)
        if isinstance(kept, WatchError):
            st.error(plain(refusal(kept, lang)), icon=":material/block:")
        elif kept is not None:
            at, chain = kept
            if chain.broken is not None:
                st.error(
                    plain(refusal(WatchError("audit.broken", entry=chain.broken, n=chain.entries), lang)),
                    icon=":material/gpp_bad:",
                )
            else:
                st.success(
                    t("audit.whole", lang, n=chain.entries, at=moment(at, lang)), icon=":material/verified_user:"
                )
                st.caption(t("audit.head_help", lang))
                st.code(f"{chain.entries} {chain.head}", language=None)


def _verify(person: Person) -> None:
    try:
        with administering(person) as connection:
            desk.put(_CHAIN, (datetime.now(ZoneInfo(TIMEZONE)), verify(connection)))
    except WatchError as error:
        desk.put(_CHAIN, error)


# ---------------------------------------------------------------- which entries


def _filter(known: tuple[str, ...], people: Actors, lang: str) -> AuditFilter:
    with st.container(horizontal=True, vertical_alignment="bottom", key="audit_filter"):
        everybody: dict[int, str] = {0: t("people.all", lang)} | {
            number: f"{name} ({login})" for number, (login, name) in people.items()
        }
        st.selectbox(
            t("audit.person", lang), list(everybody), format_func=everybody.__getitem__, key=_PERSON,
            on_change=desk.put, args=(_PAGES, ()), width=260,
        )  # fmt: skip
        st.multiselect(
            t("audit.action", lang), known, format_func=partial(action_words, lang=lang), key=_ACTIONS,
            on_change=desk.put, args=(_PAGES, ()), placeholder=t("people.all", lang), width=340,
        )  # fmt: skip
        st.date_input(
            t("audit.days", lang), [], format="DD/MM/YYYY", key=_DAYS, on_change=desk.put, args=(_PAGES, ()), width=240
        )
        st.text_input(
            t("audit.subject", lang), key=_SUBJECT, max_chars=60, placeholder="NTS69-0000012", on_change=desk.put,
            args=(_PAGES, ()), width=200,
        )  # fmt: skip
    days: tuple[date, ...] = tuple(desk.said(_DAYS) or ())
    return AuditFilter(
        person=desk.said(_PERSON) or None,
        actions=tuple(desk.said(_ACTIONS) or ()),
        subject=str(desk.said(_SUBJECT) or "").strip(),
        first=days[0] if days else None,
        last=days[-1] if days else None,
    )


# ---------------------------------------------------------------- in words


def action_words(code: str, lang: str) -> str:
    """What was done; its code where nobody gave it words yet."""
    return t(f"audit.did.{code}", lang) if has(f"audit.did.{code}") else code


def _subject_words(subject: str, people: Actors, lang: str) -> str:
    kind, _, number = subject.partition(":")
    if kind == "person" and number.isdigit() and int(number) in people:
        return people[int(number)][1]
    if kind == "agency":
        return agency_name(number, lang)
    if kind == "crime_type":
        return type_words(number, store.crime_types(hub.version), lang)
    if kind == "setting" and has(f"settings.number.{number}"):
        return t(f"settings.number.{number}", lang)
    if kind in {"area", "district", "section"}:
        return f"{district_words(number[:4], store.district_names(hub.version), lang)} ({number})"
    return number or subject


def detail_words(detail: Mapping[str, Any], lang: str) -> str:
    """Codes and numbers of an entry, in words where they have some."""
    said = []
    for key, value in detail.items():
        label = t(f"audit.about.{key}", lang) if has(f"audit.about.{key}") else key
        if value in (None, "", False) and not isinstance(value, int):
            continue
        if isinstance(value, bool):
            value = t("audit.yes" if value else "audit.no", lang)
        elif key in _WORDS and has(f"{_WORDS[key]}.{value}"):
            value = t(f"{_WORDS[key]}.{value}", lang)
        elif has(f"notification.kind.{key}") and has(f"notification.way.{value}"):
            label, value = (
                t(f"notification.kind.{key}", lang),
                t(f"notification.way.{value}", lang, hour=f"{store.settings().digest_hour:02}"),
            )
        elif key == "agency":
            value = agency_name(str(value), lang)
        said.append(f"{label} {value}")
    return " · ".join(said)


def _row_html(entry: Entry, people: Actors, lang: str) -> str:
    first = f"{action_words(entry.action, lang)}: {_subject_words(entry.subject, people, lang)}"
    who = entry.name or t("audit.nobody", lang)
    second = [f"{entry.id}", moment(entry.at, lang), who, detail_words(entry.detail, lang)]
    return (
        f'<p class="office-line"><b>{html.escape(first)}</b></p>'
        f'<p class="office-line office-faint">{html.escape(" · ".join(part for part in second if part))}</p>'
    )


def _file(person: Person, chosen: AuditFilter, people: Actors, lang: str) -> bytes:
    """The chosen entries as a CSV, with codes and words; that it was taken is itself an entry."""
    with administering(person) as connection:
        found = entries(connection, chosen, limit=MOST)
        audit(connection, "audit.take", "audit:*", entries=len(found))
    head = [t(f"audit.column.{code}", lang) for code in ("number", "at", "person", "what", "about", "more")]
    lines: list[list[str]] = [[*head, "person_id", "action", "subject", "detail", "hash"]]
    for entry in found:
        lines.append([
            str(entry.id), entry.at.isoformat(), entry.name or t("audit.nobody", lang), action_words(entry.action, lang),
            _subject_words(entry.subject, people, lang), detail_words(entry.detail, lang),
            str(entry.person or ""), entry.action, entry.subject, str(dict(entry.detail)), entry.hash,
        ])  # fmt: skip
    return csv_bytes(lines)
