"""From what came in by the form to a report: every field read, every refusal said beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dashboard.contact import seal
from dashboard.i18n.form import sentence
from geo.actions.intake import NewReport, ReportRefused
from geo.crs import TIMEZONE
from geo.errors import WatchError
from geo.ingest.dates import parse_when
from geo.ingest.text import clean

__all__ = ["FIELDS", "MAX_CONTACT", "Filled", "read_client_id", "read_report"]

FIELDS = (
    "crime_type", "when", "day", "clock", "said_at", "lon", "lat", "district", "subdistrict", "village", "description",
    "ongoing", "contact",
)  # fmt: skip
"""What a person fills in, beside photos."""
MAX_CONTACT = 200
_RIGHT: dict[str, dict[str, Any]] = {
    "crime_type": {"crime_type": "suspicious_activity"},
    "description": {"description": "-"},
    "place": {"lon": None, "lat": None, "area_code": "1001"},
    "occurred_at": {"occurred_at": None, "when_said": "unsure"},
    "when_said": {"when_said": "unsure", "occurred_at": None},
    "village": {"village": None},
    "photos": {"photos": ()},
}
"""Something that passes, by field."""
_FIELD = {"occurred_at": "day", "when_said": "when", "area_code": "place"}


@dataclass
class Filled:
    """A form as it was filled in.

    Attributes
    ----------
    values
        By field, as typed.
    errors
        By field, one sentence each, in the order in which they stand on the page.
    report
        What comes of it, where nothing is wrong.
    """

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    report: NewReport | None = None


def read_client_id(typed: str) -> UUID | None:
    """An identifier that a telephone made; nothing where it is none."""
    try:
        found = UUID(typed)
    except ValueError:
        return None
    return found if found.version == 4 else None


def read_report(
    typed: Mapping[str, Any], lang: str, secret: str, client_id: UUID, receipt_hash: bytes, photos: list[bytes]
) -> Filled:
    """Read a form.

    Parameters
    ----------
    typed
        Fields by name; anything that is not text counts as empty.
    secret
        The installation's secret, under whose key the contact is sealed.
    photos
        Rebuilt already.
    """
    values = {name: value if isinstance(value := typed.get(name, ""), str) else "" for name in FIELDS}
    filled = Filled(values)

    def said(name: str, limit: int = 200) -> str:
        return clean(values[name][:limit]).strip()

    given: dict[str, Any] = {}
    when = said("when") or "unsure"
    if said("day") and when != "now":
        when = "date"  # who names a day means it, whichever button is pressed
    try:
        if when == "date":
            if not said("day"):
                raise ReportRefused("report.no_date", "day")
            given["occurred_at"] = parse_when(said("day"), said("clock") or None).at
        elif when == "now" and said("said_at"):
            given["occurred_at"] = _said_at(said("said_at"))
    except ReportRefused as error:
        filled.errors["day"] = sentence(error.code, lang)
    except WatchError as error:
        code = {"row.date_future": "future", "row.date_too_old": "long_ago"}.get(error.code, "date")
        filled.errors["day"] = sentence(code, lang, year=error.params.get("year", ""))
    for name in ("lon", "lat"):
        try:
            given[name] = float(said(name, 30)) if said(name, 30) else None
        except ValueError:
            given[name] = float("nan")
    contact = clean(values["contact"][: 4 * MAX_CONTACT]).strip()
    if len(contact) > MAX_CONTACT:
        filled.errors["contact"] = sentence("contact", lang, n=MAX_CONTACT)
    district, subdistrict, crime_type = said("district"), said("subdistrict"), said("crime_type")
    given |= {
        "client_id": client_id,
        "receipt_hash": receipt_hash,
        "language": lang,
        "crime_type": crime_type if crime_type not in ("", "not_sure") else None,
        "when_said": "unsure" if filled.errors else when,
        "ongoing": {"yes": True, "no": False}.get(said("ongoing")),
        "area_code": (subdistrict if subdistrict.startswith(district) else district) or None,
        "village": values["village"],
        "description": values["description"],
        "contact_sealed": seal(secret, contact) if contact else None,
        "photos": photos,
    }
    for _ in range(len(FIELDS)):
        try:
            filled.report = NewReport(**given)
            break
        except ReportRefused as error:  # said; then the rest is looked at as if this were right
            filled.errors.setdefault(_FIELD.get(error.field, error.field), sentence(error.code, lang, **error.params))
            given |= _RIGHT[error.field]
    if filled.errors:
        filled.report = None
    return filled


def _said_at(typed: str) -> datetime | None:
    """When a telephone wrote it down, which may be long before it had a line; nothing where that cannot be read."""
    try:
        moment = datetime.fromtimestamp(int(typed) / 1000, ZoneInfo(TIMEZONE))
    except (ValueError, OverflowError, OSError):
        return None
    now = datetime.now(ZoneInfo(TIMEZONE))
    return moment if 0 <= (now - moment).days < 60 and moment <= now else None
