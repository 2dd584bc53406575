"""A meeting to take away: ``/papers/meeting/{number}.pdf``, ``.pptx``, ``.xlsx`` and ``.gpkg``, with the rights of whoever asks.

Everything comes from the sheets that were frozen with the meeting, and the decisions as they stand now.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard import store
from dashboard.access import MEETERS
from dashboard.documents.meeting_book import meeting_book
from dashboard.documents.meeting_layers import meeting_layers
from dashboard.documents.meeting_pack import MeetingPack
from dashboard.documents.meeting_pdf import meeting_pdf
from dashboard.documents.meeting_slides import meeting_slides
from dashboard.documents.tables import FORMS as TABLE_FORMS
from dashboard.i18n import LANGUAGES
from dashboard.web.live import hub
from dashboard.web.papers import PDF, names
from dashboard.web.taken import Busy, answered, handed_over, person_of
from geo.actions.case_history import audit
from geo.crs import TIMEZONE
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.errors import NotFound, WatchError
from geo.model.meeting_sheet import MeetingSheet
from geo.model.person import scope_of
from geo.queries import meetings

__all__ = ["FORMS", "routes"]

FORMS: dict[str, tuple[str, Callable[[MeetingPack], bytes]]] = {
    "pdf": (PDF, meeting_pdf),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", meeting_slides),
    "xlsx": (TABLE_FORMS["xlsx"], meeting_book),
    "gpkg": ("application/geopackage+sqlite3", meeting_layers),
}
"""Media type of each form, and who makes it."""
WAIT_S = 20
LARGEST = 1 << 31
_turns = threading.BoundedSemaphore(2)
"""Papers made at once: pages come first."""


def take(request: Request) -> Response:
    """The whole meeting, or with ``?district=4301`` one district of it, in the language of ``?lang=th``."""

    def make() -> Response:
        form = request.path_params["form"]
        if form not in FORMS:
            raise WatchError("export.unknown")
        person = person_of(request, MEETERS, "documents.not_yours")
        number, district = request.path_params["number"], request.query_params.get("district")
        now = datetime.now(ZoneInfo(TIMEZONE))
        lang = request.query_params.get("lang", "")
        lang = lang if lang in LANGUAGES else store.settings().language
        with transaction(store.engine()) as connection:
            enter(connection, scope_of(person), person.id)
            pack = _pack(connection, number if number < LARGEST else 0, district, lang, now)
            audit(connection, "paper.meeting", f"meeting:{number}", form=form, districts=len(pack.sheets), lang=lang)
        media_type, made_by = FORMS[form]
        if not _turns.acquire(timeout=WAIT_S):
            raise Busy("export.busy")
        try:
            made = made_by(pack)
        finally:
            _turns.release()
        parts = ["meeting", str(number), *([district] if district else []), f"{pack.meeting.held_on:%Y%m%d}", lang]
        return handed_over(f"{'-'.join(parts)}.{form}", media_type, made, len(made))

    return answered(request, make)


def _pack(connection: Any, number: int, district: str | None, lang: str, now: datetime) -> MeetingPack:
    """What its reader may see of a meeting.

    Raises
    ------
    NotFound
        There is no such meeting, or no sheet of it, for this reader.
    """
    meeting = meetings.meeting(connection, number)
    sheets: tuple[MeetingSheet, ...] = ()
    overview = None
    if district and district in meeting.districts:
        sheets = (meetings.sheet(connection, number, district),)
    elif not district:
        sheets, overview = tuple(meetings.sheets(connection, number).values()), meetings.overview(connection, number)
    if not sheets:
        raise NotFound("meeting.no_sheet", number=number, district=district or "")
    codes = tuple(sheet.district for sheet in sheets)
    decided = [one for one in meetings.decisions_of(connection, number) if one.district in codes]
    came = meetings.came_since(connection, number)
    if district:
        mine = came.by_district.get(district, 0)
        came = replace(came, total=mine, by_district={district: mine})
    demo = meeting.is_demo or bool(store.state(hub.version)["demo"])
    return MeetingPack(
        replace(meeting, is_demo=demo), overview, sheets, (*meetings.open_before(connection, codes, number), *decided), came,
        names(), lang, now,
    )  # fmt: skip


routes: list[BaseRoute] = [Route("/papers/meeting/{number:int}.{form}", take)]
