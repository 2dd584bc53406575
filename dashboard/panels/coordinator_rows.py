"""Several reports at once, in a table: what was taken leaves it, what was not stays with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID, uuid4, uuid5

import pandas as pd
import streamlit as st

from dashboard import desk, office
from dashboard.i18n import t
from dashboard.panels.case_words import refusal
from dashboard.panels.coordinator_one import Home, days_back, moment_of, type_choices
from geo.actions.intake import MAX_DESCRIPTION, MAX_VILLAGE, NewReport, ReportRefused, submit
from geo.errors import WatchError
from geo.model import CrimeType

__all__ = ["clock_of", "show"]

COLUMNS = ("type", "day", "time", "village", "told")
_ROWS, _TURN, _BATCH = "desk.rows", "desk.rows_turn", "desk.rows_batch"
_CLOCK = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)(?:\s*น\.?)?")
EMPTY_ROWS = 3


def clock_of(typed: str) -> time | None:
    """A time of day as people write it: 21:05, 21.05 น.; nothing where there is none."""
    found = _CLOCK.fullmatch(typed.strip())
    return time(int(found[1]), int(found[2])) if found else None


def show(home: Home, types: Mapping[str, CrimeType], lang: str, now: datetime) -> None:
    """Draw the table and take what is in it."""
    choices, days = type_choices(types, lang), days_back(now, lang)
    st.caption(t("coordinator.rows_help", lang))
    kept: list[dict[str, str]] = desk.said(_ROWS) or [_blank(home, choices, days) for _ in range(EMPTY_ROWS)]
    why = [row["why"] for row in kept if row.get("why")]
    columns = [*COLUMNS, "why"] if why else list(COLUMNS)
    edited = st.data_editor(
        pd.DataFrame(kept, columns=columns),
        key=f"rows_{desk.said(_TURN) or 0}",
        num_rows="dynamic",
        hide_index=True,
        disabled=["why"],
        column_config={
            "type": st.column_config.SelectboxColumn(
                t("coordinator.what", lang), options=list(choices.values()), width="medium"
            ),
            "day": st.column_config.SelectboxColumn(t("coordinator.which_day", lang), options=list(days.values())),
            "time": st.column_config.TextColumn(t("coordinator.clock", lang), max_chars=8, width=90),
            "village": st.column_config.TextColumn(t("coordinator.village", lang), max_chars=MAX_VILLAGE),
            "told": st.column_config.TextColumn(t("coordinator.told", lang), max_chars=MAX_DESCRIPTION, width="large"),
            "why": st.column_config.TextColumn(t("coordinator.why_not", lang), width="large"),
        },
    )
    if st.button(t("coordinator.send_rows", lang), type="primary", key="send_rows", icon=":material/send:"):
        _send(
            home,
            [{str(k): str(v) for k, v in row.items()} for row in edited.fillna("").to_dict("records")],
            choices,
            days,
            lang,
        )
        st.rerun()


def _blank(home: Home, choices: Mapping[str, str], days: Mapping[date, str]) -> dict[str, str]:
    return {
        "type": next(iter(choices.values())), "day": next(iter(days.values())), "time": "",
        "village": home.person.village or "", "told": "",
    }  # fmt: skip


def _is_blank(row: Mapping[str, str], choices: Mapping[str, str]) -> bool:
    return not str(row["told"]).strip() and row["type"] in {"", next(iter(choices.values()))}


def _send(
    home: Home, rows: list[dict[str, str]], choices: Mapping[str, str], days: Mapping[date, str], lang: str
) -> None:
    """Hand in what can be, in one transaction; each row stands for itself."""
    if desk.said(_BATCH) is None:
        desk.put(_BATCH, uuid4())
    batch = UUID(str(desk.said(_BATCH)))
    left: list[dict[str, str]] = []
    taken = 0
    try:
        with office.acting(home.person) as connection:
            for row in rows:
                if _is_blank(row, choices):
                    continue
                try:
                    submit(connection, _report(home, row, batch, choices, days, lang), goes_on=True)
                    taken += 1
                except WatchError as error:
                    left.append({**row, "why": refusal(error, lang)})
    except WatchError as error:  # none was kept: all of them stay in the table
        desk.put(_ROWS, [row for row in rows if not _is_blank(row, choices)] or None)
        desk.put(_TURN, int(desk.said(_TURN) or 0) + 1)
        desk.say("refused", refusal(error, lang))
        return
    desk.put(_ROWS, left or None)
    desk.put(_TURN, int(desk.said(_TURN) or 0) + 1)
    if not left:
        desk.put(_BATCH, None)
    if not taken and not left:
        desk.say("refused", t("coordinator.rows_empty", lang))
    else:
        desk.say(
            "changed" if left else "done",
            t("coordinator.rows_some" if left else "coordinator.rows_done", lang, n=taken, left=len(left)),
        )


def _report(
    home: Home,
    row: Mapping[str, str],
    batch: UUID,
    choices: Mapping[str, str],
    days: Mapping[date, str],
    lang: str,
) -> NewReport:
    by_name = {words: code for code, words in choices.items()}
    on = next((one for one, words in days.items() if words == row["day"]), None)
    typed = str(row["time"]).strip()
    at = clock_of(typed)
    if typed and at is None:
        raise WatchError("coordinator.time", value=typed)
    if on is None:
        raise ReportRefused("report.no_date", "occurred_at")
    content = "|".join(str(row[column]) for column in COLUMNS)
    return NewReport(
        client_id=uuid5(batch, content),
        receipt_hash=None,
        channel="coordinator",
        language=lang,
        crime_type=by_name.get(str(row["type"])) or None,
        when_said="date",
        occurred_at=moment_of("date", on, at),
        area_code=home.area or None,
        village=str(row["village"]),
        description=str(row["told"]),
    )
