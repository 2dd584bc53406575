"""A partner's report into the store, and its state out of it: each partner has identifiers of its own."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dashboard import store
from dashboard.contact import seal
from dashboard.photos import PhotoRefused, rebuilt
from dashboard.receipt import Receipts, grouped
from dashboard.web.api_models import Accepted, Report
from dashboard.web.api_problem import ApiRefused
from geo.actions import intake
from geo.actions.api_keys import use_key
from geo.actions.intake import NewReport, ReportRefused
from geo.credentials.keys import derived_key
from geo.crs import TIMEZONE
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.ingest.text import clean
from geo.model import Scope
from geo.model.filter import Reach
from geo.queries.api_keys import ApiKey

__all__ = ["ReportKeys", "known_key", "state_of", "take_in"]

_INTAKE = Scope(districts=(), role=Reach.INTAKE)


@dataclass(frozen=True, slots=True)
class ReportKeys:
    """What is derived from the installation's secret for partners' reports."""

    secret: str
    hashes: bytes
    names: bytes
    contents: bytes
    receipts: Receipts

    @classmethod
    @cache
    def of(cls, secret: str) -> ReportKeys:
        """The keys of an installation."""
        hashes, names, contents = (derived_key(secret, name) for name in ("api-key", "api-client-id", "api-content"))
        return cls(secret, hashes, names, contents, Receipts.of(secret))

    def own_id(self, partner: str, client_id: str) -> UUID:
        """Our identifier for a partner's: two partners, or a partner and the form, never meet in one."""
        drawn = hmac.digest(self.names, UUID(client_id).bytes + partner.encode(), hashlib.sha256)
        return UUID(bytes=drawn[:16], version=4)


def known_key(keys: ReportKeys, shown: str) -> ApiKey | None:
    """The key of whoever calls, in force now.

    Raises
    ------
    geo.errors.DatabaseUnavailable
        The database does not answer.
    """
    with transaction(store.engine()) as connection:
        return use_key(connection, keys.hashes, shown)


def take_in(keys: ReportKeys, of: ApiKey, report: Report) -> tuple[Accepted, bool]:
    """Take a report in, once however often it is sent; and whether it was new.

    Raises
    ------
    dashboard.web.api_problem.ApiRefused
        A photo, the place or the time cannot be; 409 where the identifier was used for another report.
    geo.errors.DatabaseUnavailable
        Nothing was kept; the same report may be sent again.
    """
    own = keys.own_id(of.partner, report.client_id)
    code = keys.receipts.code(own)
    contact = clean(report.contact or "").strip()
    try:
        new = NewReport(
            client_id=own,
            receipt_hash=keys.receipts.kept(code),
            language=report.language,
            crime_type=report.crime_type,
            when_said=report.occurred.when,
            occurred_at=_moment(report.occurred.at),
            ongoing=report.ongoing,
            lon=report.place.lon,
            lat=report.place.lat,
            area_code=report.place.area_code,
            village=report.place.village,
            description=report.description,
            contact_sealed=seal(keys.secret, contact) if contact else None,
            photos=[_photo(said, number) for number, said in enumerate(report.photos)],
            api_key_id=of.id,
            content_hash=_content(keys, report),
        )
        with transaction(store.engine()) as connection:
            enter(connection, _INTAKE)
            received = intake.submit(connection, new, commits=True)
    except ReportRefused as error:
        status = 409 if error.code in ("report.content", "report.client_id") else 422
        raise ApiRefused(error.code, status, _FIELDS.get(error.field, error.field), **error.params) from error
    client_id = UUID(report.client_id)
    return Accepted(
        client_id=client_id, report=received.public_id, receipt=grouped(code), state_url=f"/api/reports/{client_id}"
    ), received.is_new


_FIELDS = {"occurred_at": "occurred.at", "when_said": "occurred.when", "village": "place.village"}


def state_of(keys: ReportKeys, of: ApiKey, client_id: str) -> str | None:
    """Code of the state of a partner's report; nothing where the partner handed in none with this identifier.

    Raises
    ------
    geo.errors.DatabaseUnavailable
        The database does not answer.
    """
    code = keys.receipts.code(keys.own_id(of.partner, client_id))
    with transaction(store.engine()) as connection:
        enter(connection, _INTAKE)
        found = intake.state(connection, keys.receipts.kept(code))
    return None if found is None else str(found["status"])


def _moment(said: str | None) -> datetime | None:
    if said is None:
        return None
    try:
        moment = datetime.fromisoformat(said)
    except ValueError as error:
        raise ReportRefused("report.date", "occurred_at") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(TIMEZONE))


def _photo(said: str, number: int) -> bytes:
    field = f"photos.{number}"
    try:
        return rebuilt(base64.b64decode(said, validate=True))
    except binascii.Error as error:
        raise ApiRefused("api.base64", 422, field) from error
    except PhotoRefused as error:
        raise ApiRefused(error.code, 422, field, **error.params) from error


def _content(keys: ReportKeys, report: Report) -> bytes:
    """By which the same report is known again, and from which nothing of it can be guessed."""
    said: dict[str, Any] = report.model_dump(exclude={"client_id"})
    return hmac.digest(keys.contents, json.dumps(said, sort_keys=True).encode(), hashlib.sha256)
