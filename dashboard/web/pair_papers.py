"""The sheet of a pair to hand across the border: ``/papers/pair/{number}.pdf?km=5&months=12``, with the rights of whoever asks."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard import store
from dashboard.access import CENTRE, Role
from dashboard.documents.pair_sheet import pair_pdf
from dashboard.pair_months import MONTHS, RADII_KM, USUAL_KM, USUAL_MONTHS, chosen, months
from dashboard.web.papers import PDF, names
from dashboard.web.taken import answered, handed_over, person_of
from geo.actions.case_history import audit
from geo.crs import TIMEZONE
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.model.person import scope_of
from geo.queries.pair_sheet import pair_sheet
from geo.queries.paper_ground import ground_in

__all__ = ["ROLES", "routes"]

ROLES = CENTRE | {Role.NATIONAL}
"""Who takes the sheet along: the district's own people and the national centre."""
LARGEST = 1 << 31


def sheet(request: Request) -> Response:
    """The sheet of one pair."""

    def make() -> Response:
        person = person_of(request, ROLES, "documents.not_yours")
        asked, now = request.query_params, datetime.now(ZoneInfo(TIMEZONE))
        km = chosen(asked.get("km", ""), RADII_KM, USUAL_KM)
        back = chosen(asked.get("months", ""), MONTHS, USUAL_MONTHS)
        number = int(request.path_params["number"])
        with transaction(store.engine()) as connection:
            enter(connection, scope_of(person), person.id)
            found = pair_sheet(connection, number if number < LARGEST else 0, 1000.0 * km, *months(back, now.date()))
            ground = ground_in(connection, found.stretch.box)
            audit(connection, "paper.pair", f"pair:{found.pair.id}", to=found.pair.neighbour, km=km, months=back)
        made = pair_pdf(found, ground, names(), now)
        return handed_over(f"{found.pair.district_code}-{found.pair.neighbour}-{now:%Y%m%d}.pdf", PDF, made, len(made))

    return answered(request, make)


routes: list[BaseRoute] = [Route("/papers/pair/{number:int}.pdf", sheet)]
"""The routes of this module."""
