"""Papers of a case: the pack of a referral, and the sheet for a counterpart across the border."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard import store
from dashboard.access import CENTRE
from dashboard.documents.acknowledgement import acknowledgement_code
from dashboard.documents.counterpart_sheet import counterpart_pdf
from dashboard.documents.referral_pack import MARKINGS, MOST_PHOTOS, Names, PackChoice, referral_pack
from dashboard.i18n import LANGUAGES
from dashboard.web.live import hub
from dashboard.web.taken import answered, handed_over, person_of
from geo.actions.case_history import audit
from geo.crs import TIMEZONE
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.model.person import scope_of
from geo.queries.counterpart import counterpart_sheet
from geo.queries.paper_ground import paper_ground
from geo.queries.referral_paper import photo_contents, referral_paper

__all__ = ["names", "routes"]

PDF = "application/pdf"


def names() -> Names:
    """What codes are called now."""
    version = hub.version
    return Names(store.crime_types(version), store.district_names(version), store.agencies(version))


def referral(request: Request) -> Response:
    """``/papers/referral/{number}.pdf?lang=th&marking=official&photos=3.5&told=1``: for the district's own people."""

    def make() -> Response:
        person = person_of(request, CENTRE, "documents.not_yours")
        asked, now = request.query_params, datetime.now(ZoneInfo(TIMEZONE))
        lang, marking = asked.get("lang", ""), asked.get("marking", "")
        choice = PackChoice(
            lang if lang in LANGUAGES else LANGUAGES[0],
            marking if marking in MARKINGS else MARKINGS[0],
            asked.get("told") == "1",
        )
        wanted = {int(one) for one in asked.get("photos", "").split(".")[:100] if one.isdecimal() and len(one) < 19}
        number = int(request.path_params["number"])
        with transaction(store.engine()) as connection:
            enter(connection, scope_of(person), person.id)
            paper = referral_paper(connection, number if number < 1 << 63 else 0)
            ground = paper_ground(connection, paper.district_code, paper.lon, paper.lat)
            photos = photo_contents(connection, [one for one in paper.photos if one.id in wanted][:MOST_PHOTOS])
            audit(
                connection, "paper.referral", f"incident:{paper.public_id}", referral=paper.id, agency=paper.agency,
                photos=len(photos), told=choice.told, marking=choice.marking,
            )  # fmt: skip
        code = acknowledgement_code(store.signing_key(), paper.id)
        made = referral_pack(paper, ground, photos, choice, names(), code, now)
        return handed_over(f"{paper.public_id}-{paper.id}-{choice.lang}.pdf", PDF, made, len(made))

    return answered(request, make)


def counterpart(request: Request) -> Response:
    """``/papers/counterpart/{public_id}.pdf?to=LA``: for the district's own people."""

    def make() -> Response:
        person = person_of(request, CENTRE, "documents.not_yours")
        now = datetime.now(ZoneInfo(TIMEZONE))
        with transaction(store.engine()) as connection:
            enter(connection, scope_of(person), person.id)
            sheet = counterpart_sheet(connection, str(request.path_params["public_id"]))
            neighbour = request.query_params.get("to") or sheet.neighbours[0]
            made = counterpart_pdf(sheet, neighbour, names(), now)
            audit(
                connection, "paper.counterpart", f"incident:{sheet.public_id}", to=neighbour,
                text=sheet.open_text is not None,
            )  # fmt: skip
        return handed_over(f"{sheet.public_id}-{neighbour}.pdf", PDF, made, len(made))

    return answered(request, make)


routes: list[BaseRoute] = [
    Route("/papers/referral/{number:int}.pdf", referral),
    Route("/papers/counterpart/{public_id}.pdf", counterpart),
]
