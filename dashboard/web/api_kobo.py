"""KoboToolbox: what its REST service sends, as a report of ours.

=================  ==========================================================================================
``_uuid``          ``client_id``: Kobo repeats what was not answered, and it stays one report
``_geolocation``   ``place.lat`` and ``place.lon``
``_submission_time``  ``occurred.at`` of what is said to be now or today (UTC where it has no offset)
``occurred``       ``occurred.when``; left out: ``date`` where there is ``occurred_at``, else ``unsure``
``occurred_at``    ``occurred.at``: a date or date and time question
``ongoing``        ``yes`` and ``no``
the rest           ``crime_type``, ``description``, ``area_code``, ``village``, ``contact``, ``language`` by name
=================  ==========================================================================================

The name of a group before a question's own (``what/crime_type``) goes. Photos stay with Kobo: it sends only their
addresses, and we ask no other host.
"""

from __future__ import annotations

import json
import re
from typing import Any

from dashboard.web.api_models import KoboSubmission, Report, read

__all__ = ["from_kobo"]

_KNOWN = {field.alias or name for name, field in KoboSubmission.model_fields.items()}
_HAS_OFFSET = re.compile(r"(Z|[+-][0-9]{2}:?[0-9]{2})$")


def from_kobo(sent: dict[str, Any]) -> Report:
    """A submission as a report.

    Raises
    ------
    dashboard.web.api_models.Misfit
        Something in it cannot be taken; fields are named as in a report of ours.
    """
    flat: dict[str, Any] = {}
    for path, value in sent.items():
        name = path.rpartition("/")[2]
        if name in _KNOWN and flat.get(name, "") in ("", None):
            flat[name] = value
    kobo = read(KoboSubmission, json.dumps(flat))
    lat, lon = (*(kobo.geolocation or ()), None, None)[:2]
    when = kobo.occurred or ("date" if kobo.occurred_at else "unsure")
    at = kobo.occurred_at or (_with_offset(kobo.submitted) if when in ("now", "today") else None)
    report = {
        "client_id": kobo.id_,
        "crime_type": kobo.crime_type,
        "description": kobo.description,
        "place": {"lat": lat, "lon": lon, "area_code": kobo.area_code, "village": kobo.village},
        "occurred": {"when": when, "at": at},
        "ongoing": {"yes": True, "true": True, "no": False, "false": False}.get(kobo.ongoing or ""),
        "contact": kobo.contact,
        "language": kobo.language or "th",
    }
    return read(Report, json.dumps(report))


def _with_offset(moment: str | None) -> str | None:
    """Kobo's server says UTC without saying so."""
    return moment if moment is None or _HAS_OFFSET.search(moment) else f"{moment}Z"
