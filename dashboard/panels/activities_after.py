"""What follows an activity, and its files."""

from __future__ import annotations

import html
from datetime import timedelta
from functools import partial
from typing import Any

import streamlit as st

from dashboard import desk, office, photos, session
from dashboard.activity_words import Known, agency_words
from dashboard.i18n import t
from dashboard.i18n.dates import day
from dashboard.panels.case_words import refusal
from geo.actions.activity_files import add_material, remove_material
from geo.actions.activity_follow import add_follow_up, finish_follow_up
from geo.errors import WatchError
from geo.model.activity import LONGEST, Activity, FollowUp, Material
from geo.model.person import Person
from geo.queries.activities import material_content
from geo.queries.case import staff

__all__ = ["files", "follow_ups"]

ENDINGS = {"image/jpeg": "jpg", "application/pdf": "pdf"}
USUAL_DAYS = 14


def follow_ups(person: Person, one: Activity, known: Known, writes: bool) -> None:
    """What is to be done, by whom and until when; those who write may add to it and say that it is done."""
    lang = known.lang
    if not (writes or one.follow_ups):
        return
    st.html(f'<h2 class="activity-part">{html.escape(t("activities.follow.title", lang))}</h2>')
    for after in one.follow_ups:
        _follow_up(person, after, known, writes)
    if not writes:
        return
    with office.acting(person) as connection:
        people = {member.id: member.name for member in staff(connection, one.what.district)}
    draft = str(desk.said("activity.follow") or 0)
    with st.popover(t("activities.follow.add", lang), icon=":material/add_task:", key=f"activity_follow_add_{draft}"):
        st.text_input(t("activities.follow.what", lang), key=_key(draft, "words"), max_chars=LONGEST["follow_up"])
        owners: list[Any] = ["", *people, *(code for code, agency in known.agencies.items() if agency.active)]
        st.selectbox(
            t("activities.follow.owner", lang), owners, key=_key(draft, "owner"),
            format_func=lambda who: people[who] if who in people else agency_words(who or None, known),
        )  # fmt: skip
        st.date_input(
            t("activities.follow.due", lang),
            known.today + timedelta(days=USUAL_DAYS),
            format="DD/MM/YYYY",
            key=_key(draft, "due"),
        )
        st.button(
            t("activities.keep", lang),
            key="activity_follow_keep",
            type="primary",
            on_click=_add,
            args=(person, one.id, draft),
        )


def _key(draft: str, field: str) -> str:
    return desk.field_key("activity_follow", draft, field)


def _follow_up(person: Person, after: FollowUp, known: Known, writes: bool) -> None:
    lang = known.lang
    who = after.owner_name or agency_words(after.agency, known)
    if after.done_at is not None:
        when, late = t("activities.follow.done", lang, day=day(after.done_at.date(), lang)), ""
    else:
        late = " office-late" if after.late(known.today) else ""
        when = t("activities.follow.late" if late else "activities.follow.until", lang, day=day(after.due, lang))
    with st.container(border=True, key=f"activity_after_{after.id}"):
        st.html(
            f'<b class="office-line">{html.escape(after.words)}</b><p class="office-line">{html.escape(who)} · '
            f'<span class="{late.strip()}">{html.escape(when)}</span></p>'
        )
        if writes and after.done_at is None:
            st.button(
                t("activities.follow.finish", lang), key=f"activity_done_{after.id}", icon=":material/check:", on_click=_step,
                args=(person, lambda connection: finish_follow_up(connection, person, after.id), "activities.follow.finished"),
            )  # fmt: skip


def _add(person: Person, activity: int, draft: str) -> None:
    said = desk.answers("activity_follow", draft)
    owner = said.get("owner")

    def act(connection: Any) -> object:
        return add_follow_up(
            connection, person, activity, str(said.get("words") or ""), said["due"],
            owner_id=owner if isinstance(owner, int) else None, agency=owner if isinstance(owner, str) and owner else None,
        )  # fmt: skip

    if _do(person, act, "activities.follow.added"):
        desk.put("activity.follow", int(draft) + 1)


def _do(person: Person, act: Any, done: str) -> bool:
    """Take a step in a transaction of its own, and say what came of it."""
    lang = session.language()
    desk.clear()
    try:
        with office.acting(person) as connection:
            act(connection)
    except WatchError as error:
        desk.say("refused", refusal(error, lang))
        return False
    desk.say("done", t(done, lang))
    return True


def _step(person: Person, act: Any, done: str) -> None:
    _do(person, act, done)


def files(person: Person, one: Activity, lang: str, writes: bool, reads: bool) -> None:
    """Pictures and papers of the activity.

    Parameters
    ----------
    reads
        Whether this person may open them.
    """
    if not (writes or one.materials):
        return
    st.html(f'<h2 class="activity-part">{html.escape(t("activities.files.title", lang))}</h2>')
    for number, material in enumerate(one.materials, 1):
        _file(person, number, material, lang, writes, reads)
    if not writes:
        return
    draft = str(desk.said("activity.file") or 0)
    with st.popover(t("activities.files.add", lang), icon=":material/attach_file:", key=f"activity_file_add_{draft}"):
        st.caption(t("activities.files.about", lang))
        file = st.file_uploader(
            t("activities.files.file", lang), type=["jpg", "jpeg", "png", "webp", "pdf"], key=f"activity_file/{draft}"
        )
        st.text_input(t("activities.files.note", lang), key=f"activity_file_note/{draft}", max_chars=LONGEST["place"])
        st.button(
            t("activities.keep", lang), key="activity_file_keep", type="primary", disabled=file is None, on_click=_attach,
            args=(person, one.id, file, draft),
        )  # fmt: skip


def _file(person: Person, number: int, material: Material, lang: str, writes: bool, reads: bool) -> None:
    ending = ENDINGS[material.media_type]
    with st.container(horizontal=True, vertical_alignment="center", key=f"activity_material_{material.id}"):
        st.text(
            f"{number}. {material.note or t(f'activities.files.{ending}', lang)} · {day(material.added_at.date(), lang)}"
        )
        if reads:
            st.download_button(
                t("activities.files.take", lang), partial(_content, person, material.id), f"activity-file-{material.id}.{ending}",
                material.media_type, key=f"activity_take_{material.id}", icon=":material/download:", on_click="ignore",
            )  # fmt: skip
        if writes:
            st.button(
                t("activities.files.remove", lang), key=f"activity_remove_{material.id}", icon=":material/delete:", type="tertiary",
                on_click=_step,
                args=(person, lambda connection: remove_material(connection, material.id), "activities.files.removed"),
            )  # fmt: skip


def _content(person: Person, material: int) -> bytes:
    with office.acting(person) as connection:
        return material_content(connection, material)[1]


def _attach(person: Person, activity: int, file: Any, draft: str) -> None:
    note = str(desk.said(f"activity_file_note/{draft}") or "")

    def act(connection: Any) -> object:
        content = file.getvalue()
        if content.startswith(b"%PDF-"):
            return add_material(connection, person, activity, "application/pdf", content, note)
        return add_material(connection, person, activity, "image/jpeg", photos.rebuilt(content), note)

    if _do(person, act, "activities.files.added"):
        desk.put("activity.file", int(draft) + 1)
