"""Who came, in numbers: one group beside the first fields, further ones below it as they are needed."""

from __future__ import annotations

import streamlit as st

from dashboard import desk
from dashboard.i18n import t
from geo.model.activity import ABROAD, ActivityKind, AttendeeRole

__all__ = ["SEXES", "groups"]

SEXES = ("men", "women", "unstated")
_KIND = "activity.kind_of_groups"
"""The kind that the first group was proposed for."""


def _usual(kind: ActivityKind) -> AttendeeRole:
    """Who mostly comes to such an activity."""
    if kind is ActivityKind.TRAINING:
        return AttendeeRole.HEADMAN
    if kind is ActivityKind.SCHOOL:
        return AttendeeRole.STUDENT
    return AttendeeRole.OFFICIAL if kind in ABROAD or kind is ActivityKind.AGENCY_MEETING else AttendeeRole.VILLAGER


def groups(draft: str, kind: ActivityKind, known: int, lang: str) -> None:
    """Draw a row of fields for each group that says something, and an empty one after them.

    Parameters
    ----------
    known
        Groups that the activity has in the store.
    """
    roles = list(AttendeeRole)
    at = 0
    while at < len(roles) and (at <= known or _says(draft, at - 1)):
        with st.container(horizontal=True, key=f"activity_group_{at}"):
            key = desk.field_key("activity", draft, f"role_{at}")
            if at == 0 and (desk.said(key) is None or (desk.said(_KIND) != kind and not _says(draft, 0))):
                desk.put(key, _usual(kind))
            st.selectbox(
                t("activities.field.role" if at == 0 else "activities.field.role_too", lang), roles, key=key,
                format_func=lambda role: t(f"activities.role.{role}", lang),
            )  # fmt: skip
            for sex in SEXES:
                st.number_input(
                    t(f"activities.field.{sex}", lang),
                    0,
                    100_000,
                    None,
                    key=desk.field_key("activity", draft, f"{sex}_{at}"),
                )
        at += 1
    desk.put(_KIND, kind)


def _says(draft: str, at: int) -> bool:
    return any(desk.said(desk.field_key("activity", draft, f"{sex}_{at}")) for sex in SEXES)
