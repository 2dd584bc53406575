"""Make, change and end pairs of districts, and their agreed contact points."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg.errors
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from geo.actions.case_history import StepRefused, audit
from geo.actions.case_steps import own_rows
from geo.errors import NotFound
from geo.ingest.text import clean
from geo.model.pair import KEEPS, LONGEST_HOURS, LONGEST_NAME, LONGEST_SOURCE, MOST_AREAS, ContactWay, PairWords, Side
from geo.model.person import Person
from geo.queries.pairs import pair

__all__ = [
    "add_contact_point",
    "change_pair",
    "end_contact_point",
    "end_pair",
    "make_pair",
    "open_pair_contact",
    "withdraw_consent",
]

_FIELDS = "name_en, name_th, name_local, counterpart_codes, from_day, source"


def make_pair(connection: Connection, person: Person, district: str, neighbour: str, words: PairWords) -> int:
    """Write a pair; its number.

    Raises
    ------
    StepRefused
        ``pair.not_allowed``, ``pair.no_name``, ``pair.name_long``, ``pair.source_long``, ``pair.unknown_area``, ``pair.many_areas``,
        ``pair.not_a_neighbour``, ``pair.already``; ``case.not_yours``: not a district of theirs.
    """
    values = _checked(connection, person, neighbour, words)
    touches = connection.execute(
        text("select exists (select from border_section where district_code = :district and neighbour = :neighbour)"),
        {"district": district, "neighbour": neighbour},
    ).scalar_one()
    if not touches:
        raise StepRefused("pair.not_a_neighbour")
    try:
        with own_rows(), connection.begin_nested():
            number = connection.execute(
                text(
                    f"insert into district_pair (district_code, neighbour, {_FIELDS}, made_by, is_demo) values (:district, :neighbour,"
                    " :name_en, :name_th, :name_local, :codes, :from_day, :source, :by, :demo) returning id"
                ),
                values | {"district": district, "neighbour": neighbour, "by": person.id, "demo": person.is_demo},
            ).scalar_one()
    except IntegrityError as error:
        raise _once(error) from None
    audit(connection, "pair.make", f"pair:{number}", district=district, neighbour=neighbour)
    return int(number)


def change_pair(connection: Connection, person: Person, number: int, words: PairWords) -> None:
    """Write other words for a pair. Raises as `make_pair`, and ``pair.not_found``, ``pair.ended``."""
    held = pair(connection, number)
    if held.to_day is not None:
        raise StepRefused("pair.ended")
    values = _checked(connection, person, held.neighbour, words)
    try:
        with own_rows(), connection.begin_nested():
            changed = connection.execute(
                text(
                    "update district_pair set name_en = :name_en, name_th = :name_th, name_local = :name_local,"
                    " counterpart_codes = :codes, from_day = :from_day, source = :source where id = :id"
                ),
                values | {"id": number},
            ).rowcount
    except IntegrityError as error:
        raise _once(error) from None
    _found(changed)
    audit(connection, "pair.change", f"pair:{number}", areas=len(words.counterpart_codes))


def end_pair(connection: Connection, person: Person, number: int, last: date) -> None:
    """End a pair; its log and contact points stay to be read.

    Raises
    ------
    StepRefused
        ``pair.not_allowed``, ``pair.ended``, ``pair.ends_before``; ``case.not_yours``.
    NotFound
        ``pair.not_found``.
    """
    _keeps(person)
    held = pair(connection, number)
    if held.to_day is not None:
        raise StepRefused("pair.ended")
    if last < held.words.from_day:
        raise StepRefused("pair.ends_before")
    with own_rows():
        changed = connection.execute(
            text("update district_pair set to_day = :last where id = :id"), {"id": number, "last": last}
        ).rowcount
    _found(changed)
    audit(connection, "pair.end", f"pair:{number}", day=last.isoformat())


def add_contact_point(
    connection: Connection,
    person: Person,
    number: int,
    side: Side,
    office: str,
    way: ContactWay,
    hours: str | None,
    agreed_on: date,
    *,
    sealed: bytes | None = None,
    consented: bool = False,
) -> int:
    """Write an agreed contact point of a pair; its number.

    Parameters
    ----------
    sealed
        Name and number of a person, encrypted by the application; kept only where ``consented``.

    Raises
    ------
    StepRefused
        ``pair.not_allowed``, ``pair.no_office``, ``pair.name_long``, ``pair.hours_long``, ``pair.no_consent``; ``case.not_yours``.
    """
    _keeps(person)
    words, open_hours = clean(office), clean(hours or "") or None
    if not words:
        raise StepRefused("pair.no_office")
    if len(words) > LONGEST_NAME:
        raise StepRefused("pair.name_long", most=LONGEST_NAME)
    if open_hours and len(open_hours) > LONGEST_HOURS:
        raise StepRefused("pair.hours_long", most=LONGEST_HOURS)
    if sealed is not None and not consented:
        raise StepRefused("pair.no_consent")
    pair(connection, number)
    with own_rows():
        contact = connection.execute(
            text(
                "insert into pair_contact (pair_id, side, office, way, hours, agreed_on, sealed, consent_on, made_by) values (:pair, :side,"
                " :office, :way, :hours, :agreed, :sealed, case when cast(:sealed as bytea) is not null"
                " then timezone('Asia/Bangkok', now())::date end, :by) returning id"
            ),
            {
                "pair": number, "side": side.value, "office": words, "way": way.value, "hours": open_hours, "agreed": agreed_on,
                "sealed": sealed, "by": person.id,
            },
        ).scalar_one()  # fmt: skip
    audit(connection, "pair.contact_add", f"pair:{number}", contact=contact, way=way.value, person=sealed is not None)
    return int(contact)


def end_contact_point(connection: Connection, person: Person, contact: int) -> None:
    """A contact point is in force no longer, and no person is kept with it. Raises ``pair.not_allowed``, ``pair.no_contact``."""
    _keeps(person)
    with own_rows():
        of = connection.execute(
            text(
                "update pair_contact set ended_on = greatest(agreed_on, timezone('Asia/Bangkok', now())::date), sealed = null,"
                " consent_on = null where id = :id and ended_on is null returning pair_id"
            ),
            {"id": contact},
        ).scalar()
    if of is None:
        raise NotFound("pair.no_contact")
    audit(connection, "pair.contact_end", f"pair:{of}", contact=contact)


def withdraw_consent(connection: Connection, person: Person, contact: int) -> None:
    """Forget the person of a contact point, who takes the consent back. Raises ``pair.not_allowed``, ``pair.no_contact``."""
    _keeps(person)
    with own_rows():
        of = connection.execute(
            text(
                "update pair_contact set sealed = null, consent_on = null where id = :id and has_person returning pair_id"
            ),
            {"id": contact},
        ).scalar()
    if of is None:
        raise NotFound("pair.no_contact")
    audit(connection, "pair.consent_withdrawn", f"pair:{of}", contact=contact)


def open_pair_contact(connection: Connection, contact: int) -> bytes:
    """The sealed person of a contact point, for the district's own officers; the last statement of a transaction.

    The database itself writes the opening into the audit log.

    Raises
    ------
    StepRefused
        ``case.not_yours``.
    NotFound
        ``pair.no_contact``.
    """
    with own_rows():
        sealed = connection.execute(text("select open_pair_contact(:id)"), {"id": contact}).scalar()
    if sealed is None:
        raise NotFound("pair.no_contact")
    return bytes(sealed)


def _keeps(person: Person) -> None:
    if person.role not in KEEPS:
        raise StepRefused("pair.not_allowed")


def _found(changed: int) -> None:
    if not changed:
        raise StepRefused("case.not_yours")


def _checked(connection: Connection, person: Person, neighbour: str, words: PairWords) -> dict[str, Any]:
    _keeps(person)
    names = {key: clean(getattr(words, key) or "") or None for key in ("name_en", "name_th", "name_local")}
    source = clean(words.source or "") or None
    if names["name_en"] is None:
        raise StepRefused("pair.no_name")
    if any(name and len(name) > LONGEST_NAME for name in names.values()):
        raise StepRefused("pair.name_long", most=LONGEST_NAME)
    if source and len(source) > LONGEST_SOURCE:
        raise StepRefused("pair.source_long", most=LONGEST_SOURCE)
    codes = list(dict.fromkeys(words.counterpart_codes))
    if len(codes) > MOST_AREAS:
        raise StepRefused("pair.many_areas", most=MOST_AREAS)
    known = connection.execute(
        text("select count(*) from area where code = any(:codes) and country = :neighbour"),
        {"codes": codes, "neighbour": neighbour},
    ).scalar_one()
    if known != len(codes):
        raise StepRefused("pair.unknown_area")
    return {**names, "codes": codes, "from_day": words.from_day, "source": source}


def _once(error: IntegrityError) -> Exception:
    return StepRefused("pair.already") if isinstance(error.orig, psycopg.errors.UniqueViolation) else error
