"""Whether more was reported after a training: the sentence first, then the numbers that it rests on and what else was done."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from dashboard import activity_desk, office, session
from dashboard.access import Viewer
from dashboard.activity_words import Known, district_choices, district_words
from dashboard.i18n import name, t
from dashboard.i18n.dates import change, day, number, period
from dashboard.maps.palette import palette
from dashboard.panels.charts import WeekColumn, by_week
from geo.queries.training_since import Training, TrainingSince, training_since, trainings

__all__ = ["draw"]


def draw(viewer: Viewer, known: Known) -> None:
    """The whole part."""
    lang = known.lang
    st.caption(t("activities.since.about", lang))
    with office.acting(viewer.person) as connection:
        found = trainings(connection, known.today, tuple(district_choices(viewer.person, known)))
    if not found:
        st.info(t("activities.since.none", lang), icon=":material/school:")
        return

    def called(at: int) -> str:
        one = found[at]
        return f"{day(one.day, lang)} · {district_words(one.district, known)} · {one.title}"

    kept = min(int(activity_desk.chosen("training", 0)), len(found) - 1)
    at = st.selectbox(
        t("activities.since.which", lang), range(len(found)), kept, key="activity_training", format_func=called
    )
    activity_desk.choose("training", at)
    one = found[at]
    with office.acting(viewer.person) as connection:
        since = training_since(connection, one, known.today)
    if since is not None:
        with st.container(key="activity_since"):
            _told(one, since, known)


def _told(one: Training, since: TrainingSince, known: Known) -> None:
    lang, beside = known.lang, "_beside" if since.beside else ""
    st.markdown(f"**{t(f'activities.since.verdict.{since.change.direction}{beside}', lang)}**")
    rows = [
        (district_words(one.district, known), since.change.before, since.change.after),
        *((t("effects.row.beside", lang, name=name(b, lang) or b.code), b.before, b.after) for b in since.beside),
    ]
    what = t("activities.since.counted", lang)
    table = pd.DataFrame(
        {
            what: [words for words, _, _ in rows],
            t("effects.before", lang, n=since.days): [number(before) for _, before, _ in rows],
            t("effects.after", lang, n=since.days): [number(after) for _, _, after in rows],
            t("effects.column.change", lang): [change(after, before, lang) for _, before, after in rows],
        }
    )
    st.table(table.set_index(what))
    judged = since.change.against or since.change.own
    if judged.value is not None and judged.high is not None:
        st.text(t(f"effects.interval{beside}", lang, value=judged.value, low=judged.low, high=judged.high))
    if not since.beside:
        st.text(t("activities.since.alone", lang))
    st.text(t("activities.since.heard", lang, before=number(since.heard_before), after=number(since.heard_after)))
    before, after = (number(round(hours)) for hours in (since.hours_before, since.hours_after))
    st.text(t("meeting_screen.since.patrols", lang, before=before, after=after))
    st.text(t("activities.since.also", lang, trainings=number(since.trainings), outreach=number(since.outreach)))
    colours, title = palette(session.night()), t("activities.since.weeks", lang)
    columns = [
        WeekColumn(f"{first.day}/{first.month}", period(first, first + timedelta(days=6), lang), n, True)
        for first, n in since.weeks
    ]
    if any(n for _, n in since.weeks):
        st.caption(title)
        st.vega_lite_chart(by_week(columns, colours["ink"], colours["count"], title), width="stretch", theme=None)
    st.caption(t("activities.since.note", lang, day=day(since.split, lang)))
