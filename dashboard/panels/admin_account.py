"""One account: what is known of it, and what an administrator does for somebody who cannot get in or must not stay in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from dashboard import desk, session, store
from dashboard.administration import administering, take
from dashboard.i18n import t
from dashboard.i18n.dates import moment
from dashboard.labels import plain
from dashboard.panels import case
from dashboard.panels.admin_fields import given, scope_fields
from dashboard.panels.admin_words import account_flags, place_words
from dashboard.web.sign_in import keys
from geo.actions.accounts import end_sessions, give_password, take_codes_away, unlock
from geo.actions.people import change_person, link_account, set_name
from geo.actions.sign_in import login_key
from geo.model import District
from geo.model.person import Person
from geo.queries.accounts import Account, AccountFilter, accounts
from geo.queries.case_places import area_names

__all__ = ["back", "lay_open", "opened", "show", "show_once"]

_OPEN, _SECRET = "desk.account", "desk.first_password"
LABEL = 150


@dataclass(frozen=True, slots=True)
class _Step:
    """What can be done: when it fits, and whether it is asked about first."""

    icon: str
    fits: Callable[[Account, Person], bool]
    asks: bool = False


_STEPS = {
    "scope": _Step(":material/badge:", lambda a, me: True, True),
    "name": _Step(":material/edit:", lambda a, me: True, True),
    "unlock": _Step(":material/lock_open:", lambda a, me: a.locked),
    "password": _Step(
        ":material/key:", lambda a, me: a.person.active and not a.person.is_demo and a.person.id != me.id, True
    ),
    "codes": _Step(":material/phonelink_erase:", lambda a, me: a.person.has_totp, True),
    "sessions": _Step(":material/logout:", lambda a, me: a.sessions > 0, True),
    "link": _Step(":material/link:", lambda a, me: bool(store.settings().oidc_issuer) and not a.person.is_demo, True),
    "off": _Step(":material/person_off:", lambda a, me: a.person.active, True),
    "on": _Step(":material/person_check:", lambda a, me: not a.person.active),
}


# ---------------------------------------------------------------- which one lies open


def opened() -> int | str | None:
    """Number of the account that lies open, ``add`` or ``file``."""
    found: int | str | None = desk.said(_OPEN)
    return found


def lay_open(what: int | str | None, keep: bool = False) -> None:
    """Callback: open an account, or close it. A password that was shown is gone."""
    desk.close_step()
    desk.put(_SECRET, None)
    if not keep:
        desk.clear()
    desk.put(_OPEN, what)


def show_once(person: Person, secret: str) -> None:
    """Keep a first password until it was written down or another account is opened."""
    desk.put(_SECRET, (person.id, person.login, secret))


def back(lang: str) -> None:
    """The way back to the list, where there is no room beside it."""
    st.button(
        t("people.back", lang), key="back_to_list", icon=":material/arrow_back:", type="tertiary", on_click=lay_open,
        args=(None,),
    )  # fmt: skip


# ---------------------------------------------------------------- the account


def show(
    person: Person, number: int, districts: Mapping[str, District], idle: timedelta, lang: str, now: datetime
) -> None:
    """Draw it."""
    back(lang)
    with administering(person) as connection:
        found, _ = accounts(
            connection, AccountFilter(), lambda login: login_key(keys(), login), idle=idle, number=number
        )
        areas = area_names(connection, {one.person.area_code for one in found if one.person.area_code})
    if not found:
        with st.container(key="case_head"):
            st.warning(t("people.gone", lang), icon=":material/search_off:")
        return
    account = found[0]
    of = account.person
    with st.container(key="case_head"):
        st.subheader(plain(of.name))
        st.caption(plain(f"{of.login} · {t(f'role.{of.role}', lang)}"))
    if told := desk.notice():
        case.show_notice(told)
    _secret(number, lang)
    lines = [
        ("place", place_words(of, districts, areas, lang, whole=True) or t("people.everywhere", lang)),
        ("state", " · ".join(words for words, _ in account_flags(account, lang)) or t("people.fine", lang)),
        ("last", moment(account.last_sign_in_at, lang) if account.last_sign_in_at else t("people.never", lang)),
        ("sessions", t("people.sessions", lang, n=account.sessions)),
        ("created", moment(account.created_at, lang)),
    ]
    with st.container(key="facts"):
        for label, words in lines:
            with st.container(horizontal=True):
                st.caption(t(f"people.fact.{label}", lang), width=LABEL)
                st.text(words, width="stretch")
    with st.container(horizontal=True, key="case_steps"):
        for code, step in _STEPS.items():
            if step.fits(account, person):
                st.button(
                    t(f"people.do.{code}", lang), key=f"do_{code}", icon=step.icon,
                    type="primary" if desk.step() == code or (code == "unlock" and desk.step() is None) else "secondary",
                    on_click=desk.open_step if step.asks else _take,
                    args=(code, 0) if step.asks else (person, of, code),
                )  # fmt: skip
    if (taken := desk.step()) in _STEPS:
        _form(person, account, str(taken), districts, lang)


def _secret(number: int, lang: str) -> None:
    kept = desk.said(_SECRET)
    if kept and kept[0] == number:
        with st.container(border=True, key="first_password"):
            st.markdown(f"**{t('people.first_password', lang)}**")
            st.code(f"{kept[1]}\n{kept[2]}", language=None)
            st.caption(t("people.first_password_help", lang))
            st.button(t("people.written_down", lang), key="written_down", on_click=desk.put, args=(_SECRET, None))


def _form(person: Person, account: Account, code: str, districts: Mapping[str, District], lang: str) -> None:
    of = account.person
    with st.container(border=True, key="step_form"):
        st.markdown(f"**{t(f'people.do.{code}', lang)}**")
        if code == "scope":
            scope_fields(person, str(of.id), code, of, districts, lang)
        elif code == "name":
            st.text_input(
                t("people.field.name", lang), of.name, key=desk.field_key(str(of.id), code, "name"), max_chars=100
            )
        elif code == "link":
            st.text_input(
                t("people.field.subject", lang), key=desk.field_key(str(of.id), code, "subject"), max_chars=300,
                help=t("people.link_help", lang),
            )  # fmt: skip
        else:
            st.text(t(f"people.ask.{code}", lang, name=of.name))
        with st.container(horizontal=True):
            st.button(
                t("case.save" if code in {"scope", "name", "link"} else f"people.do.{code}", lang), type="primary",
                key=f"save_{code}", on_click=_take, args=(person, of, code),
            )  # fmt: skip
            st.button(t("case.cancel", lang), key=f"cancel_{code}", on_click=desk.close_step)


def _take(person: Person, of: Person, code: str) -> None:
    """Callback: take a step. What was written stays until it was taken."""
    lang, number = session.language(), str(of.id)
    said = desk.answers(number, code)
    key = login_key(keys(), of.login)
    secret: list[str] = []
    acts: dict[str, Callable[[Any], object]] = {
        "scope": lambda c: change_person(c, of.id, by=person, **given(number, code)),
        "name": lambda c: set_name(c, of.id, str(said.get("name") or ""), by=person),
        "unlock": lambda c: unlock(c, of.id, key, by=person),
        "password": lambda c: secret.append(give_password(c, of.id, key, by=person)),
        "codes": lambda c: take_codes_away(c, of.id, by=person),
        "sessions": lambda c: end_sessions(c, of.id, by=person),
        "link": lambda c: link_account(c, of.id, _subject(str(said.get("subject") or "")), by=person),
        "off": lambda c: change_person(c, of.id, active=False, by=person),
        "on": lambda c: change_person(c, of.id, active=True, by=person),
    }
    if take(person, acts[code], t(f"people.done.{code}", lang)):
        desk.close_step()
        desk.forget(number, code)
        if secret:
            show_once(of, secret[0])


def _subject(said: str) -> str | None:
    """Issuer and subject as they are kept; nothing written takes the link away."""
    return f"{store.settings().oidc_issuer} {said.strip()}" if said.strip() else None
