"""The card of what was picked: an incident, a checkpoint, a patrol, a route, a crossing or a district.

Words of others (notes, names of places and units) are shown by ``st.text`` alone: Markdown would fetch images for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import session, store
from dashboard.i18n import has, name, t
from dashboard.i18n.dates import ago, day, distance, local, moment, number
from geo.errors import DatabaseUnavailable, NotFound
from geo.model import CrimeType, District, Scope

__all__ = ["incident_lines", "location_words", "read", "show"]

Lines = list[tuple[str, str]]
Read = Mapping[str, Any] | NotFound | DatabaseUnavailable | None
LABEL = 78
"""Pixels for the label of a line."""


def _district(code: Any, districts: Mapping[str, District], lang: str) -> str:
    if not code:
        return t("card.no_district", lang)
    row = districts.get(code)
    if row is None:
        return str(code)
    return t("card.district_of", lang, district=name(row, lang), province=name(row, lang, "province"))


def location_words(found: Mapping[str, Any], districts: Mapping[str, District], lang: str) -> str:
    """How sure the place is, in words: inside, snapped, outside, no point, or in conflict with what was stated."""
    if found.get("rough"):
        return t("card.location_rough", lang)
    check = str(found["location_check"])
    metres = distance(float(found["snap_distance_m"]), lang) if pd.notna(found["snap_distance_m"]) else ""
    said = t(f"card.location_{check}", lang, distance=metres)
    if found["district_conflict"]:
        stated, point = (_district(found[key], districts, lang) for key in ("district_code", "point_district_code"))
        said += "\n" + t("card.location_conflict", lang, stated=stated, point=point)
    return said


def _when(found: Mapping[str, Any], key: str, lang: str) -> str:
    value = found.get(key)
    if value is None or pd.isna(value):
        return "–"
    if isinstance(value, datetime):
        return moment(local(value), lang)
    return day(value, lang) if isinstance(value, date) else str(value)


def incident_lines(
    found: Mapping[str, Any], types: Mapping[str, CrimeType], districts: Mapping[str, District], lang: str
) -> Lines:
    """Label and text of each line of an incident's card."""

    def type_name(code: str) -> str:
        return name(types[code], lang) if code in types else code

    when, reported = local(found["occurred_at"]), local(found["reported_at"])
    lines = [
        ("type", ", ".join(type_name(code) for code in [found["crime_type"], *found["other_crime_types"]])),
        ("when", day(when.date(), lang) if found["occurred_day_only"] else moment(when, lang)),
        ("where", _district(found["district_code"], districts, lang)),
        ("location", location_words(found, districts, lang)),
        ("status", t(f"status.{found['status']}", lang)),
        ("channel", t(f"channel.{found['channel']}", lang)),
        ("reported", day(reported.date(), lang) if found.get("rough") else moment(reported, lang)),
    ]  # fmt: skip
    if pd.notna(found["lat"]) and not found.get("rough"):
        lines.append(("coordinates", f"{found['lat']:.5f}, {found['lon']:.5f}"))
    if found["location_note"]:
        lines.append(("note", str(found["location_note"])))
    return lines


def _agency(found: Mapping[str, Any], lang: str) -> str:
    agency = store.agencies("agency").get(found.get("agency") or "")
    return name(agency, lang) if agency else "–"


def _other_lines(kind: str, found: Mapping[str, Any], districts: Mapping[str, District], lang: str) -> Lines:
    """Label and text of each line of a checkpoint's, patrol's, route's or crossing's card."""
    called = found.get("name") or found.get("route_name") or name(found, lang) or found["code"]
    said: dict[str, str] = {"name": str(called)}
    if found.get("kind"):
        said["kind"] = t(f"{kind}_kind.{found['kind']}", lang)
    if found.get("status"):
        said["status"] = t(f"{kind}_status.{found['status']}", lang)
    if "agency" in found:
        said["agency"] = _agency(found, lang)
    if found.get("district_code"):
        said["where"] = _district(found["district_code"], districts, lang)
    if found.get("neighbour"):
        said["neighbour"] = t(f"neighbour.{found['neighbour']}", lang)
    if found.get("accuracy"):
        said["accuracy"] = t(f"accuracy.{found['accuracy']}", lang)
    for key in ("valid_from", "valid_to", "scheduled_start", "started_at", "ended_at", "last_fix_at"):
        if found.get(key) is not None and has(f"card.{key}"):
            said[key] = _when(found, key, lang)
    if found.get("kilometres"):
        said["length"] = distance(float(found["kilometres"]) * 1000, lang)
    if found.get("impossible_fixes"):
        said["impossible"] = t("card.impossible_fixes", lang, n=number(int(found["impossible_fixes"])))
    if found.get("plan_id"):
        said["plan"] = t("plans.of_checkpoint", lang, n=found["plan_id"])
    for key in ("unit", "note"):
        if found.get(key):
            said[key] = str(found[key])
    return list(said.items())


def _draw(title: str, lines: Lines, lang: str) -> None:
    with st.container(border=True, key="card"):
        with st.container(horizontal=True, key="card_head", vertical_alignment="center", gap="small"):
            st.text(title, width="stretch")
            st.button(
                " ", icon=":material/close:", key="card_close", type="tertiary", help=t("card.close", lang),
                on_click=session.unpick,
            )  # fmt: skip
        for label, words in lines:
            with st.container(horizontal=True, gap="small"):
                st.caption(t(f"card.{label}", lang), width=LABEL)
                st.text(words, width="stretch")


def read(scope: Scope, now: datetime) -> Read:
    """What the session has picked, asked for before the board's turn to be drawn; a failure is said when it is drawn."""
    picked = session.picked()
    if picked is None or picked[0] == "district":
        return None
    try:
        return store.card(scope, *picked, now)
    except (NotFound, DatabaseUnavailable) as error:
        return error


def show(
    found: Read,
    types: Mapping[str, CrimeType],
    districts: Mapping[str, District],
    border: Mapping[str, District],
    lang: str,
    now: datetime,
) -> None:
    """Draw the card of what the session has picked; nothing where nothing is.

    Parameters
    ----------
    found
        From `read`.
    districts
        All Thai districts.
    border
        Border districts.

    Raises
    ------
    DatabaseUnavailable
        It could not be read.
    """
    picked = session.picked()
    if picked is None:
        return
    kind, code = picked
    if kind == "district":
        lines = []
        if row := border.get(code):
            touched = ", ".join(t(f"neighbour.{n}", lang) for n in row.neighbours)
            lines = [("target", t(f"target.{row.target}", lang)), ("neighbour", touched)]
        _draw(_district(code, districts, lang), lines, lang)
        return
    if isinstance(found, DatabaseUnavailable):
        raise found
    if found is None or isinstance(found, NotFound):
        _draw(code, [("status", t("card.gone", lang))], lang)
        return
    if kind == "incident":
        lines = incident_lines(found, types, districts, lang)
        _draw(t("card.incident", lang, id=code, ago=ago(local(found["reported_at"]), now, lang)), lines, lang)
    else:
        _draw(t(f"card.{kind}", lang), _other_lines(kind, found, districts, lang), lang)
    if found.get("is_demo"):
        st.caption(t("map.demo", lang))
