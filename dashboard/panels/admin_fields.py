"""What is asked of an account: role, and the place that the role has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import desk, store
from dashboard.administration import administering
from dashboard.i18n import LANGUAGES, name, t
from dashboard.panels.case_words import district_words
from dashboard.web.live import hub
from geo.model import District
from geo.model.person import Person, Role
from geo.queries.places import agencies
from geo.queries.report_places import places_in

__all__ = ["given", "scope_fields"]

CENTRE = (Role.OFFICER, Role.CHIEF)


def scope_fields(
    person: Person, of: str, step: str, old: Person | None, districts: Mapping[str, District], lang: str
) -> None:
    """Draw role, place and language, preset to what they are."""

    def key(field: str) -> str:
        return desk.field_key(of, step, field)

    roles = list(Role)
    role = st.selectbox(
        t("people.field.role", lang), roles, roles.index(old.role) if old else 0,
        format_func=lambda one: t(f"role.{one}", lang), key=key("role"),
    )  # fmt: skip
    st.caption(t(f"people.role_help.{role}", lang))
    own = old.districts if old else ()
    offered = dict.fromkeys([*store.border_districts(hub.version), *own])
    words = {code: district_words(code, districts, lang, province=True) for code in offered}
    if role in CENTRE:
        st.multiselect(
            t("people.field.districts", lang), list(words), list(own), format_func=words.__getitem__,
            key=key("districts"), placeholder=t("people.choose_districts", lang),
        )  # fmt: skip
    elif role is Role.COORDINATOR:
        _coordinator(person, key, old, words, lang)
    elif role is Role.AGENCY:
        with administering(person) as connection:
            known = agencies(connection)
        choices = {c: name(a, lang) for c, a in known.items() if a.active or (old and old.agency == c)}
        codes = list(choices)
        st.selectbox(
            t("people.field.agency", lang), codes, codes.index(old.agency) if old and old.agency in choices else None,
            format_func=choices.__getitem__, key=key("agency"), placeholder=t("people.choose_agency", lang),
        )  # fmt: skip
    st.radio(
        t("people.field.language", lang), LANGUAGES, LANGUAGES.index(old.language) if old and old.language in LANGUAGES else 0,
        format_func=lambda one: t("language.self", one), key=key("language"), horizontal=True,
    )  # fmt: skip


def _coordinator(person: Person, key: Any, old: Person | None, words: Mapping[str, str], lang: str) -> None:
    codes = list(words)
    home = (old.districts or ((old.area_code or "")[:4],))[0] if old else ""
    district = st.selectbox(
        t("people.field.district", lang), codes, codes.index(home) if home in words else None,
        format_func=words.__getitem__, key=key("district"), placeholder=t("people.choose_district", lang),
    )  # fmt: skip
    if district:
        with administering(person) as connection:
            found = places_in(connection, district)
            if old and old.area_code and len(old.area_code) > 6:
                found += tuple(one for one in places_in(connection, old.area_code[:6]) if one[0] == old.area_code)
        areas = {"": t("people.whole_district", lang)} | {c: th if lang == "th" else en for c, th, en in found}
        at = list(areas).index(old.area_code) if old and old.area_code in areas else 0
        st.selectbox(
            t("people.field.area", lang), list(areas), at, format_func=areas.__getitem__, key=key(f"area/{district}")
        )
    st.text_input(
        t("people.field.village", lang), (old.village or "") if old else "", key=key("village"), max_chars=200,
        help=t("people.village_help", lang),
    )  # fmt: skip


def given(of: str, step: str) -> dict[str, Any]:
    """What was answered, as `geo.actions.people` takes it."""
    said = desk.answers(of, step)
    role = Role(said["role"])
    district = said.get("district")
    places: dict[str, Any] = {"districts": (), "area_code": "", "village": "", "agency": None}
    if role in CENTRE:
        places["districts"] = tuple(said.get("districts") or ())
    elif role is Role.COORDINATOR:
        places |= {
            "districts": (district,) if district else (), "area_code": said.get(f"area/{district}") or "",
            "village": str(said.get("village") or ""),
        }  # fmt: skip
    elif role is Role.AGENCY:
        places["agency"] = said.get("agency")
    return {"role": role, "language": said.get("language"), **places}
