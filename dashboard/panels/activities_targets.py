"""The national centre sets what is aimed at, for all districts or for one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from dashboard import desk, office, session
from dashboard.activity_words import Known
from dashboard.i18n import t
from dashboard.i18n.dates import month
from dashboard.panels.case_words import refusal
from geo.actions.activity_targets import MOST, set_target
from geo.errors import WatchError
from geo.model.activity_figures import Indicator
from geo.model.person import Person
from geo.queries.activity_figures import activity_targets

__all__ = ["show"]

_WHAT, _WHERE, _VALUE = (f"activity.target.{name}" for name in ("what", "where", "value"))


def show(person: Person, first: date, names: Mapping[str, str], known: Known) -> None:
    """Draw it, folded away.

    Parameters
    ----------
    first
        First day of the quarter from which a target holds.
    """
    lang = known.lang
    with office.acting(person) as connection:
        there = activity_targets(connection)
    with st.expander(t("activities.target.title", lang), icon=":material/flag:"):
        st.caption(t("activities.target.about", lang, since=month(first, lang)))
        with st.container(horizontal=True, vertical_alignment="bottom", key="activity_target"):
            what = st.selectbox(
                t("activities.column.indicator", lang), list(Indicator), key=_WHAT,
                format_func=lambda one: t(f"activities.indicator.{one}", lang),
            )  # fmt: skip
            codes = ["", *names]
            st.selectbox(
                t("activities.field.district", lang), codes, key=_WHERE,
                format_func=lambda code: names[code] if code else t("activities.filter.all_districts", lang),
            )  # fmt: skip
            st.number_input(
                t("activities.column.target", lang), 0.0, float(MOST[what or Indicator.PLACES_HEARD]), None, key=_VALUE
            )
            st.button(
                t("activities.keep", lang),
                key="activity_target_keep",
                icon=":material/check:",
                on_click=_keep,
                args=(person, first),
            )
        for one in there:
            where = (
                names.get(one.district, one.district) if one.district else t("activities.filter.all_districts", lang)
            )
            st.text(
                t("activities.target.line", lang, since=month(one.since, lang), where=where, value=f"{one.value:,g}",
                  indicator=t(f"activities.indicator.{one.indicator}", lang))
            )  # fmt: skip


def _keep(person: Person, first: date) -> None:
    lang = session.language()
    desk.clear()
    try:
        with office.acting(person) as connection:
            set_target(
                connection, person, Indicator(desk.said(_WHAT)), desk.said(_WHERE) or None, first, desk.said(_VALUE)
            )
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return
    desk.put(_VALUE, None)
    desk.say("done", t("activities.target.kept", lang))
