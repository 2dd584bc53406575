"""One entry of the joint log: the fields that ask for it, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import desk
from dashboard.i18n import t
from dashboard.i18n.dates import day, local, moment
from dashboard.panels.case_words import agency_choices, agency_name
from dashboard.panels.coordinator_one import days_back
from geo.actions.joint_log import LogKind, add_log_entry
from geo.crs import TIMEZONE
from geo.queries.case_parts import LogEntry

__all__ = ["fields", "lines", "write"]

LONGEST, OFFICE = 10_000, 300


def fields(of: str, code: str, lang: str, now: datetime) -> None:
    """Draw the fields of a form; ``of`` and ``code`` name it as in `dashboard.desk.answers`."""

    def key(field: str) -> str:
        return desk.field_key(of, code, field)

    kinds = {kind.value: t(f"log_kind.{kind.value}", lang) for kind in LogKind}
    partners, days = {"": t("case.no_agency", lang)} | agency_choices(lang), days_back(now, lang)
    st.selectbox(t("case.field.log_kind", lang), list(kinds), format_func=kinds.__getitem__, key=key("kind"))
    st.selectbox(t("case.field.agency", lang), list(partners), format_func=partners.__getitem__, key=key("agency"))
    st.text_input(t("case.field.counterpart", lang), key=key("counterpart"), max_chars=OFFICE)
    with st.container(horizontal=True):
        st.selectbox(t("coordinator.which_day", lang), list(days), format_func=days.__getitem__, key=key("day"))
        st.time_input(t("joint_log.clock", lang), None, key=key("time"), step=300)
    st.text_area(t("case.field.log_said", lang), key=key("said"), height=130, max_chars=LONGEST)


def write(
    connection: Any,
    who: int,
    district: str,
    answers: Mapping[str, Any],
    public_id: str | None = None,
    pair: int | None = None,
) -> int:
    """Keep what stands in the fields; the number of the entry. Raises as `geo.actions.joint_log.add_log_entry`."""
    return add_log_entry(
        connection, who, district, LogKind(str(answers["kind"])), str(answers.get("said") or ""),
        at=_moment(answers.get("day"), answers.get("time")), agency=answers.get("agency") or None,
        counterpart=answers.get("counterpart"), public_id=public_id, pair=pair,
    )  # fmt: skip


def _moment(on: date | None, at: time | None) -> datetime | None:
    """The moment that was chosen; without a time now where it was today, else midnight, which stands for the day alone."""
    zone = ZoneInfo(TIMEZONE)
    if on is None or (at is None and on == datetime.now(zone).date()):
        return None
    return datetime.combine(on, at or time(), zone)


def _when(at: datetime, lang: str) -> str:
    here = local(at)
    return moment(here, lang) if here.time() != time() else day(here.date(), lang)


def lines(entries: Sequence[LogEntry], lang: str, *, cases: bool = False) -> None:
    """Draw entries one under the other, with the number of their case where ``cases`` says so."""
    for entry in entries:
        with st.container(border=True, key=f"log_{entry.id}"):
            partners = [agency_name(entry.agency, lang) if entry.agency else "", entry.counterpart or ""]
            with_whom = ", ".join(filter(None, partners))
            st.text(f"{_when(entry.at, lang)} {t(f'log_kind.{entry.kind}', lang)}: {with_whom}")
            st.text(entry.said)
            about = [entry.of] if cases and entry.of else []
            st.text(" · ".join([*about, t("joint_log.by", lang, person=entry.person or "–")]))
