"""Papers of a case: the pack of a referral for an agency without accounts, and the sheet for the other side of the border."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import desk, store
from dashboard.access import CENTRE
from dashboard.documents.acknowledgement import acknowledgement_code
from dashboard.documents.referral_pack import MARKINGS, MOST_PHOTOS
from dashboard.i18n import LANGUAGES, t
from dashboard.i18n.dates import day, local
from dashboard.labels import plain
from dashboard.panels.take_away import link
from geo.model import District
from geo.model.case import SHARED
from geo.model.person import Person
from geo.queries.case import Case
from geo.queries.referrals import Referral

__all__ = ["counterpart", "referral_pack"]


def referral_pack(person: Person, case: Case, sent: Referral, lang: str) -> None:
    """What is to be printed for an agency: language, marking, photos, and whether the reports' words go along."""
    if person.role not in CENTRE:
        return

    def key(field: str) -> str:
        return desk.field_key(case.public_id, f"papers_{sent.id}", field)

    photos = {
        one.id: plain(" ".join(part for part in (
            t("paper.photo", lang, n=number, at=day(local(one.added_at).date(), lang)),
            t("papers.from_report", lang) if one.report_id is not None else "", one.note or "",
        ) if part))
        for number, one in enumerate((one for one in case.evidence if one.media_type == "image/jpeg"), 1)
    }  # fmt: skip
    with st.expander(t("papers.pack", lang), icon=":material/print:", key=f"pack_{sent.id}"):
        st.caption(t("papers.pack_help", lang, code=acknowledgement_code(store.signing_key(), sent.id)))
        left, right = st.columns(2, gap="small")
        with left:
            written = st.selectbox(
                t("papers.language", lang), LANGUAGES, LANGUAGES.index(lang),
                format_func=lambda code: t("language.self", code), key=key("lang"),
            )  # fmt: skip
        with right:
            marking = st.selectbox(
                t("papers.marking", lang), MARKINGS, format_func=lambda code: t(f"paper.marking.{code}", lang),
                key=key("marking"),
            )  # fmt: skip
        chosen = (
            st.multiselect(
                t("papers.photos", lang), list(photos), format_func=lambda one: photos.get(one, str(one)), key=key("photos"),
                max_selections=MOST_PHOTOS,
            )
            if photos
            else []
        )  # fmt: skip
        told = st.checkbox(t("papers.told", lang), key=key("told"))
        st.caption(t("papers.told_help", lang))
        query = {"lang": written, "marking": marking}
        if chosen:
            query["photos"] = ".".join(map(str, chosen))
        if told:
            query["told"] = "1"
        link(f"papers/referral/{sent.id}.pdf", query, t("papers.download_pack", lang), f"download_pack_{sent.id}")


def counterpart(person: Person, case: Case, districts: Mapping[str, District], lang: str) -> None:
    """What goes across the border: the approved text, the draft that waits, and the sheet."""
    place = districts.get(case.facts["district_code"] or "")
    if person.role not in CENTRE or case.status not in SHARED or place is None or not place.neighbours:
        return
    st.subheader(t("papers.counterpart", lang))
    with st.container(border=True, key="counterpart"):
        st.caption(t("papers.counterpart_help", lang))
        if case.open_text:
            who = case.open_text_by.name if case.open_text_by else "–"
            st.caption(plain(t("papers.approved_by", lang, person=who)))
            st.text(case.open_text)
        else:
            st.caption(t("papers.no_text", lang))
        if case.open_draft:
            st.caption(t("papers.draft_waits", lang))
            st.text(case.open_draft)
        for neighbour in place.neighbours:
            link(
                f"papers/counterpart/{case.public_id}.pdf", {"to": neighbour},
                t("papers.download_sheet", lang, country=t(f"neighbour.{neighbour}", lang)), f"sheet_{neighbour}",
            )  # fmt: skip
