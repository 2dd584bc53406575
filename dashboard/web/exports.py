"""Tables to take away: ``/exports/{table}.csv`` and ``.xlsx``, with the rights of whoever asks.

A table is written into a file without a name first, row by row, so that a slow line holds no connection of the database,
and a table that fails half-way is not handed over at all.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard import silences, store
from dashboard.access import CENTRE, WATCHERS
from dashboard.documents.exports import (
    inbox_table,
    incidents_table,
    referrals_table,
    reports_table,
    silence_districts_table,
    silence_table,
)
from dashboard.documents.tables import FORMS, MOST, Table, write
from dashboard.filter_address import Known, from_query
from dashboard.filter_state import MapFilter, incident_filter
from dashboard.filter_words import describe, sentence
from dashboard.i18n import LANGUAGES, name, t
from dashboard.web.live import hub
from dashboard.web.papers import names
from dashboard.web.taken import Busy, answered, handed_over, person_of
from geo.actions.case_history import audit
from geo.crs import TIMEZONE
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.errors import WatchError
from geo.model.case import ENDED
from geo.model.filter import Reach
from geo.model.person import Person, Role, scope_of
from geo.queries.case_places import CasePlace, case_places
from geo.queries.export import allow_time, count_incidents, incident_rows
from geo.queries.inbox import Group, InboxFilter, InboxRow, inbox
from geo.queries.own_reports import own_reports
from geo.queries.referrals import Referral, list_referrals

__all__ = ["ROLES", "routes"]

ROLES = {
    "incidents": WATCHERS,
    "inbox": CENTRE,
    "referrals": CENTRE | {Role.AGENCY},
    "reports": frozenset({Role.COORDINATOR}),
    "silence": CENTRE | {Role.COMMANDER, Role.NATIONAL},
}
"""Who takes which table: those whose page shows it."""
LONGEST_S = 120
"""Seconds that one statement of a table may take."""
WAIT_S = 3
PAGE = 500
REFERRAL_STATES = ("sent", "accepted", "returned", "lapsed", "withdrawn", "done")
_turns = threading.BoundedSemaphore(2)
"""Tables written at once: pages come first."""

Asked = tuple[Any, Person, str, str, datetime]
"""Connection, person, language, form, now."""


def take(request: Request) -> Response:
    """One table as one file. The filter stands in the address as it stands in that of the page."""

    def make() -> Response:
        of, form = request.path_params["table"], request.path_params["form"]
        if of not in ROLES or form not in FORMS:
            raise WatchError("export.unknown")
        person = person_of(request, ROLES[of], "export.not_yours")
        now = datetime.now(ZoneInfo(TIMEZONE))
        lang = request.query_params.get("lang", "")
        lang = lang if lang in LANGUAGES else store.settings().language
        if not _turns.acquire(timeout=WAIT_S):
            raise Busy("export.busy")
        try:
            out = TemporaryFile(prefix="watch-table-")  # noqa: SIM115 - handed on, and closed when it was sent
            try:
                with transaction(store.engine()) as connection:
                    enter(connection, scope_of(person), person.id)
                    allow_time(connection, LONGEST_S)
                    table = _TABLES[of](request, (connection, person, lang, form, now))
                    n = write(table, form, out)
                    audit(connection, "export", f"table:{of}", rows=n, form=form)
            except BaseException:
                out.close()
                raise
        finally:
            _turns.release()
        size = out.seek(0, 2)
        return handed_over(f"{of}-{now:%Y%m%d-%H%M}.{form}", FORMS[form], out, size)

    return answered(request, make)


def _checked(n: int, form: str) -> None:
    if n <= MOST[form]:
        return
    if form == "xlsx":
        raise WatchError("export.too_many_in_book", limit=MOST[form], csv=MOST["csv"])
    raise WatchError("export.too_many", limit=MOST[form], form=form.upper())


def _counted(rows: Iterator[Any], form: str) -> Iterator[Any]:
    """The same rows, refused as a whole where they are too many."""
    for n, row in enumerate(rows, 1):
        _checked(n, form)
        yield row


def _incidents(request: Request, asked: Asked) -> Table:
    connection, person, lang, form, now = asked
    version, scope = hub.version, scope_of(person)
    types, places = store.crime_types(version), store.border_districts(version)
    chosen, _ = from_query(
        request.query_params, now.date(), Known.of(types, places, ()), MapFilter(lang=store.settings().language)
    )
    wanted = incident_filter(chosen, now.date(), places)
    _checked(count_incidents(connection, scope, wanted, MOST[form]), form)
    return incidents_table(
        incident_rows(connection, scope, wanted), names(), sentence(describe(chosen, lang, now.date(), types, places)), lang,
        now, rough=scope.rough, told=scope.role is not Reach.PLANNER, demo=store.state(version)["demo"],
    )  # fmt: skip


def _inbox(request: Request, asked: Asked) -> Table:
    connection, person, lang, form, now = asked
    said, chosen = _inbox_filter(request, person, lang)
    scope = scope_of(person)

    def rows() -> Iterator[tuple[InboxRow, CasePlace | None]]:
        after = None
        while page := inbox(connection, scope, chosen, now=now, after=after, limit=PAGE):
            places = case_places(connection, [row.id for row in page])
            for row in page:
                yield row, places.get(row.id)
            after = page[-1].key

    return inbox_table(_counted(rows(), form), names(), said, lang, now)


def _inbox_filter(request: Request, person: Person, lang: str) -> tuple[str, InboxFilter]:
    """What the list was narrowed to, in words without a name, and as it is asked for."""
    asked, called = request.query_params, names()
    groups = {group.name.lower(): group for group in Group}
    code = asked.get("group", "all")
    code = code if code in groups or code == "mine" else "all"
    districts = tuple(one for one in asked.get("district", "").split(".") if one in person.districts)
    types = tuple(one for one in asked.get("type", "").split(".") if one in called.types)
    officer = asked.get("officer", "")
    whose = int(officer) if officer.isdecimal() and len(officer) < 10 else None
    chosen = InboxFilter(
        mine=person.id if code == "mine" else None,
        officer=whose or None,
        nobodys=whose == 0,
        types=types,
        districts=districts,
        statuses=tuple(ENDED) if code == "ended" else (),
        groups=(groups[code],) if code in groups and code != "ended" else (),
    )
    words = [t(f"inbox.{code}" if code in {"all", "mine"} else f"case_group.{code}", lang)]
    words += [name(called.districts[one], lang) for one in districts if one in called.districts]
    words += [name(called.types[one], lang) for one in types]
    if whose is not None:
        words.append(t("inbox.nobody" if whose == 0 else "export.one_officer", lang))
    return " · ".join(words), chosen


def _referrals(request: Request, asked: Asked) -> Table:
    connection, person, lang, form, now = asked
    state = request.query_params.get("state", "")
    states = (state,) if state in REFERRAL_STATES else ()
    scope = scope_of(person)

    def rows() -> Iterator[Referral]:
        after = None
        while page := list_referrals(connection, scope, states=states, after=after, limit=PAGE):
            yield from page
            after = page[-1].id

    said = t(f"referral_state.{state}", lang) if states else t("export.all", lang)
    return referrals_table(_counted(rows(), form), names(), said, lang, now)


def _reports(request: Request, asked: Asked) -> Table:
    connection, person, lang, form, now = asked
    rows = own_reports(connection, person.id, limit=MOST["xlsx"] + 1)
    return reports_table(_counted(iter(rows), form), names(), t("export.own", lang), lang, now)


def _silence(request: Request, asked: Asked) -> Table:
    connection, person, lang, form, now = asked
    found = silences.board(connection, scope_of(person), now)
    if person.role not in CENTRE:
        rows = silences.by_district(found).itertuples(index=False)
        return silence_districts_table(rows, names(), t("export.all", lang), lang, now)
    district = request.query_params.get("district", "")
    here = found[found["district_code"] == district] if district in person.districts else found
    spots = silences.spots_of(tuple(sorted(set(here["area_code"]))), store.area_version(hub.version))
    said = name(names().districts.get(district), lang) or t("export.all", lang)
    return silence_table(_counted(here.itertuples(index=False), form), spots, names(), said, lang, now)


_TABLES: dict[str, Callable[[Request, Asked], Table]] = {
    "incidents": _incidents,
    "inbox": _inbox,
    "referrals": _referrals,
    "reports": _reports,
    "silence": _silence,
}

routes: list[BaseRoute] = [Route("/exports/{table}.{form}", take)]
