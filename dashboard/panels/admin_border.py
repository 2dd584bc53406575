"""What the department says of the border: the operation's districts, and stretches that are not agreed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import desk, session
from dashboard.administration import administering, take
from dashboard.i18n import name, t
from dashboard.i18n.dates import number
from geo.actions.programme import LONGEST_SOURCE, MOST_PEOPLE, TARGETS, put_population, put_section, put_target
from geo.model.person import Person
from geo.queries.programme import Section, TargetDistrict, sections, target_districts

__all__ = ["show"]

_TURN = "desk.border_turn"


def show(person: Person, lang: str) -> None:
    """Draw both tables, each saved by itself."""
    with administering(person) as connection:
        districts, border = target_districts(connection), sections(connection)
    turn = int(desk.said(_TURN) or 0)
    _targets(person, districts, turn, lang)
    _sections(person, border, turn, lang)


def _targets(person: Person, districts: tuple[TargetDistrict, ...], turn: int, lang: str) -> None:
    st.subheader(t("settings.targets", lang))
    counts = {target: sum(one.target == target for one in districts) for target in TARGETS}
    st.caption(t("settings.targets_help", lang))
    st.text(" · ".join(f"{t(f'target.{code}', lang)} {number(n)}" for code, n in counts.items() if n))
    words = {code: t(f"target.{code}", lang) for code in TARGETS}
    before = [
        {
            "province": name({"name_th": one.province_th, "name_en": one.province_en}, lang),
            "district": name(one, lang), "target": words[one.target], "source": one.source or "",
            "population": one.population,
        }
        for one in districts
    ]  # fmt: skip
    after = st.data_editor(
        pd.DataFrame(before, columns=["province", "district", "target", "source", "population"]).astype({"population": "Int64"}),
        key=f"targets_{turn}", hide_index=True, disabled=["province", "district"], height=420,
        column_config={
            "province": st.column_config.TextColumn(t("settings.column.province", lang)),
            "district": st.column_config.TextColumn(t("settings.column.district", lang)),
            "target": st.column_config.SelectboxColumn(
                t("settings.column.target", lang), options=list(words.values()), required=True, width="medium"
            ),
            "source": st.column_config.TextColumn(
                t("settings.column.source", lang), max_chars=LONGEST_SOURCE, width="large"
            ),
            "population": st.column_config.NumberColumn(
                t("settings.column.population", lang), help=t("settings.population_help", lang), min_value=1,
                max_value=MOST_PEOPLE, step=1, format="localized",
            ),
        },
    ).astype(object).to_dict("records")  # fmt: skip
    codes = {said: code for code, said in words.items()}
    given = [
        (
            one,
            codes[str(new["target"])],
            _text(new["source"]),
            None if pd.isna(new["population"]) else int(new["population"]),
        )
        for one, new in zip(districts, after, strict=True)
    ]
    changed = [row for row in given if (row[0].target, row[0].source or "", row[0].population) != row[1:]]
    if st.button(
        t("settings.save_targets", lang, n=len(changed)), key="save_targets", type="primary", disabled=not changed
    ):

        def act(connection: Any) -> None:
            for one, target, source, population in changed:
                if (one.target, one.source or "") != (target, source):
                    put_target(connection, one.code, target, source, person)
                if one.population != population:
                    put_population(connection, one.code, population, person)

        _save(person, act, turn)


def _sections(person: Person, border: tuple[Section, ...], turn: int, lang: str) -> None:
    st.subheader(t("settings.sections", lang))
    st.caption(t("settings.sections_help", lang))
    before = [
        {
            "district": name(one, lang), "neighbour": t(f"neighbour.{one.neighbour}", lang), "km": round(one.length_km, 1),
            "undetermined": one.undetermined, "note": one.note or "",
        }
        for one in border
    ]  # fmt: skip
    after = st.data_editor(
        pd.DataFrame(before, columns=["district", "neighbour", "km", "undetermined", "note"]),
        key=f"sections_{turn}", hide_index=True, disabled=["district", "neighbour", "km"], height=420,
        column_config={
            "district": st.column_config.TextColumn(t("settings.column.district", lang)),
            "neighbour": st.column_config.TextColumn(t("settings.column.neighbour", lang)),
            "km": st.column_config.NumberColumn(t("settings.column.km", lang), format="%.1f"),
            "undetermined": st.column_config.CheckboxColumn(t("settings.column.undetermined", lang)),
            "note": st.column_config.TextColumn(t("settings.column.note", lang), max_chars=LONGEST_SOURCE, width="large"),
        },
    ).fillna("").to_dict("records")  # fmt: skip
    changed = [
        (one.code, bool(new["undetermined"]), str(new["note"]))
        for one, old, new in zip(border, before, after, strict=True)
        if (old["undetermined"], old["note"]) != (new["undetermined"], new["note"])
    ]
    if st.button(
        t("settings.save_sections", lang, n=len(changed)), key="save_sections", type="primary", disabled=not changed
    ):

        def act(connection: Any) -> None:
            for code, undetermined, note in changed:
                put_section(connection, code, undetermined, note, person)

        _save(person, act, turn)


def _text(said: Any) -> str:
    return "" if pd.isna(said) else str(said)


def _save(person: Person, act: Any, turn: int) -> None:
    if take(person, act, t("settings.saved_border", session.language())):
        desk.put(_TURN, turn + 1)
    st.rerun()
