"""A run or a route to take along: ``/papers/patrol/{number}.gpx``, ``.kml`` and ``.pdf``, with the rights of whoever asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard import store
from dashboard.access import MEETERS
from dashboard.documents.patrol_files import outing_gpx, outing_kml
from dashboard.documents.patrol_outing import route_outing, run_outing
from dashboard.documents.patrol_pack import Outing
from dashboard.documents.patrol_paper import outing_pdf
from dashboard.i18n import LANGUAGES
from dashboard.web.live import hub
from dashboard.web.papers import PDF
from dashboard.web.taken import answered, handed_over, person_of
from geo.actions.case_history import audit
from geo.crs import TIMEZONE
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.errors import WatchError
from geo.model.person import scope_of
from geo.queries import patrol_runs
from geo.queries.paper_ground import PaperGround, ground_in

__all__ = ["FORMS", "made", "routes"]

FORMS = {"gpx": "application/gpx+xml", "kml": "application/vnd.google-earth.kml+xml", "pdf": PDF}
"""Media types."""
LARGEST = 1 << 31


def made(outing: Outing, form: str, ground: PaperGround | None, lang: str, now: datetime) -> bytes:
    """The file of an outing in one of `FORMS`; ``ground`` is needed for the PDF alone."""
    if form == "gpx":
        return outing_gpx(outing, lang, now)
    if form == "kml":
        return outing_kml(outing, lang)
    return outing_pdf(outing, ground, store.district_names(hub.version), lang, now)


def run(request: Request) -> Response:
    """A run, in the language of ``?lang=th``."""
    return answered(request, lambda: _take(request, "patrol"))


def route(request: Request) -> Response:
    """A route, whoever goes it and whenever."""
    return answered(request, lambda: _take(request, "route"))


def _take(request: Request, kind: str) -> Response:
    form = request.path_params["form"]
    if form not in FORMS:
        raise WatchError("export.unknown")
    person = person_of(request, MEETERS, "documents.not_yours")
    now = datetime.now(ZoneInfo(TIMEZONE))
    lang = request.query_params.get("lang", "")
    lang = lang if lang in LANGUAGES else store.settings().language
    number = request.path_params["number"]
    number = number if number < LARGEST else 0
    agencies = store.agencies(hub.version)
    with transaction(store.engine()) as connection:
        enter(connection, scope_of(person), person.id)
        if kind == "route":
            outing = route_outing(patrol_runs.route(connection, number), agencies, lang)
        else:
            late = timedelta(minutes=store.settings().start_overdue_minutes)
            found, track, way = patrol_runs.run(connection, number, now, late)
            outing = run_outing(found, track if way is None else way, agencies, lang)
        box = outing.box
        ground = ground_in(connection, box) if form == "pdf" and box is not None else None
        audit(connection, f"paper.{kind}", f"{kind}:{outing.reference}", form=form, lang=lang)
    content = made(outing, form, ground, lang, now)
    return handed_over(f"{outing.reference}-{lang}.{form}", FORMS[form], content, len(content))


routes: list[BaseRoute] = [
    Route("/papers/patrol/{number:int}.{form}", run),
    Route("/papers/patrol_route/{number:int}.{form}", route),
]
