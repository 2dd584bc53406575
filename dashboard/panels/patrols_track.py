"""Take in the track of a receiver: for the run that somebody names, or for the one that it can only have been."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import streamlit as st

from dashboard import desk, office, patrol_desk
from dashboard.i18n import t
from dashboard.i18n.dates import distance
from dashboard.import_account import reason
from dashboard.panels.case_words import refusal
from geo.actions.patrol_file import PatrolOutcome, import_patrols
from geo.errors import DatabaseUnavailable, WatchError
from geo.ingest.patrol_fixes import fix_table
from geo.model.person import Person

__all__ = ["show"]

ENDINGS = ["gpx", "geojson", "json", "csv", "txt", "tsv", "xlsx"]
_DONE = "patrol.track_done"
SHOWN = 8


def show(person: Person, run: str | None, lang: str) -> None:
    """The way in, and what became of the file.

    Parameters
    ----------
    run
        Code of the run that the track is of; without one it is looked for.
    """
    with st.container(border=True, key="patrol_card_track"):
        st.html(f'<b class="office-line">{t("patrols.track_title", lang)}</b>')
        st.caption(t("patrols.track_help_run", lang, code=run) if run else t("patrols.track_help", lang))
        file = st.file_uploader(t("patrols.track_file", lang), type=ENDINGS, key=f"patrol_file_{run or 'any'}")
        with st.container(horizontal=True, key="patrol_steps_track", gap="small"):
            if file is not None and st.button(
                t("patrols.track_take", lang), key="patrol_track_go", type="primary", icon=":material/upload_file:"
            ):
                _take(person, file.name, file.getvalue(), run, lang)
            st.button(t("patrols.leave", lang), key="patrol_track_leave", on_click=patrol_desk.close_form)
        kept = desk.said(_DONE)
        if kept is not None and file is not None and kept[0] == _digest(file.getvalue(), run):
            _tell(kept[1], lang)


def _digest(content: bytes, run: str | None) -> str:
    return hashlib.sha256(content).hexdigest() + (run or "")


def _take(person: Person, name: str, content: bytes, run: str | None, lang: str) -> None:
    ending = Path(name).suffix.lower()
    try:
        with tempfile.TemporaryDirectory(prefix="watch-track-") as folder:
            path = Path(folder) / f"track{ending}"
            path.write_bytes(content)
            table = fix_table(path)
            with office.acting(person) as connection:
                outcome = import_patrols(
                    connection,
                    table,
                    file_name=name,
                    sha256=hashlib.sha256(content).hexdigest(),
                    run=run,
                    person=person.id,
                )
    except DatabaseUnavailable:
        raise
    except WatchError as error:
        desk.put(_DONE, None)
        st.error(refusal(error, lang), icon=":material/block:")
        return
    desk.put(_DONE, (_digest(content, run), outcome))


def _tell(outcome: PatrolOutcome, lang: str) -> None:
    written = outcome.written
    st.text(
        t(
            "patrols.took",
            lang,
            read=outcome.read,
            added=written.added,
            already=written.already,
            refused=len(outcome.refused),
        )
    )
    for kind, codes in (("matched", written.scheduled), ("new", written.new), ("extended", written.extended)):
        for code in codes[:SHOWN]:
            with st.container(horizontal=True, vertical_alignment="center", key=f"patrol_took_{code}"):
                st.text(t(f"patrols.took_{kind}", lang, code=code, km=distance(written.kilometres * 1000, lang)))
                st.button(t("patrols.open", lang), key=f"patrol_open_{code}", on_click=_open, args=(code,))
    for one in outcome.refused[:SHOWN]:
        st.text(t("coordinator.row", lang, n=one.row.number, why=reason(one, lang)))


def _open(code: str) -> None:
    patrol_desk.lay_open(code)
    patrol_desk.choose("go", code)
