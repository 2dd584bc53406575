"""What became of it: before and after of every checkpoint and patrol route that was in force."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from dashboard import desk, office, session, store
from dashboard.access import Viewer
from dashboard.i18n import name, t
from dashboard.i18n.dates import change, day, number, period
from dashboard.maps.palette import palette
from dashboard.panels.charts import WeekColumn, by_week
from dashboard.web.live import hub
from geo.queries.place_since import FEWEST_DAYS, Place, PlaceSince, place_since, places_since

__all__ = ["draw"]

RADII = (2, 5, 10, 15)
USUAL_KM = 5


def draw(viewer: Viewer, lang: str, now: datetime) -> None:
    """A list, and the one that was chosen."""
    with office.acting(viewer.person) as connection:
        places = places_since(connection, viewer.scope, now.date())
    if not places:
        st.info(f"**{t('effects.none', lang)}** {t('effects.none_next', lang)}", icon=":material/inbox:")
        return
    left, right = st.columns([5, 7], gap="medium")
    with left:
        place = _chosen(places, lang)
        st.caption(t("effects.list_note", lang))
    with right, st.container(key="effect"):
        km = st.pills(
            t("effects.radius", lang), RADII, required=True, default=USUAL_KM, key="effects.radius",
            format_func=lambda n: t("effects.km", lang, n=n),
        )  # fmt: skip
        with office.acting(viewer.person) as connection:
            found = place_since(connection, place, now.date(), radius_m=1000.0 * (km or USUAL_KM))
        st.subheader(t(f"effects.title.{place.kind}", lang))
        st.text(place.name)
        if found is None:
            st.info(t("effects.young", lang, days=FEWEST_DAYS), icon=":material/hourglass_top:")
        else:
            _told(found, lang)


def _chosen(places: tuple[Place, ...], lang: str) -> Place:
    districts = store.district_names(hub.version)
    rows = pd.DataFrame(
        {
            "name": [one.name for one in places],
            "kind": [t(f"effects.kind.{one.kind}", lang) for one in places],
            "district": [name(districts.get(one.district), lang) or one.district for one in places],
            "first": [day(one.first, lang) for one in places],
            "until": [t("effects.in_force", lang) if one.until is None else day(one.until, lang) for one in places],
        }
    )
    st.dataframe(
        rows, key="effects_list", hide_index=True, height=min(520, 38 + 35 * len(rows)), on_select="rerun",
        selection_mode="single-row", row_height=35,
        column_config={key: st.column_config.TextColumn(t(f"effects.column.{key}", lang)) for key in rows.columns},
    )  # fmt: skip
    picked = (desk.said("effects_list") or {"selection": {"rows": []}})["selection"]["rows"]
    return places[picked[0]] if picked and picked[0] < len(places) else places[0]


def _told(found: PlaceSince, lang: str) -> None:
    """The sentence first, then the numbers that it rests on."""
    beside = "_beside" if found.beside else ""
    st.markdown(f"**{t(f'effects.verdict.{found.change.direction}{beside}', lang)}**")
    st.text(t(f"effects.ring.{found.ring.direction}", lang))
    km = f"{found.radius_m / 1000:g}"
    counts = found.around
    rows = [
        (t("effects.row.inside", lang, km=km), counts.before, counts.after),
        (t("effects.row.ring", lang, km=km, twice=f"{2 * found.radius_m / 1000:g}"), counts.ring_before, counts.ring_after),
        *(
            (t("effects.row.beside", lang, name=name(one, lang) or one.code), one.before, one.after)
            for one in found.beside
        ),
    ]  # fmt: skip
    told = pd.DataFrame(
        {
            "what": [what for what, _, _ in rows],
            "before": [number(before) for _, before, _ in rows],
            "after": [number(after) for _, _, after in rows],
            "change": [change(after, before, lang) for _, before, after in rows],
        }
    )
    heads = {
        "what": t("effects.column.what", lang),
        "before": t("effects.before", lang, n=found.days),
        "after": t("effects.after", lang, n=found.days),
        "change": t("effects.column.change", lang),
    }
    st.table(told.rename(columns=heads).set_index(heads["what"]))
    judged = found.change.against or found.change.own
    if judged.value is not None and judged.high is not None:
        st.text(t(f"effects.interval{beside}", lang, value=judged.value, low=judged.low, high=judged.high))
    before, after = (number(round(one)) for one in (found.hours_before, found.hours_after))
    st.text(t("meeting_screen.since.patrols", lang, before=before, after=after))
    st.caption(t("effects.weeks", lang, km=km))
    colours = palette(session.night())
    weeks = [
        WeekColumn(f"{first.day}/{first.month}", period(first, first + timedelta(days=6), lang), n, True)
        for first, n in found.weeks
    ]
    st.vega_lite_chart(
        by_week(weeks, colours["ink"], colours["count"], t("effects.weeks", lang, km=km)), width="stretch", theme=None
    )  # fmt: skip
    st.caption(t("effects.note", lang, first=day(found.split, lang)))
