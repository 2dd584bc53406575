"""Somebody of every role, and cases whose words and places betray who was shown them.

Every text of a case holds a canary of its own, and its point has figures like no other: where one of them is found in what
somebody was sent, that case was shown to them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from geo.actions.people import create_person
from geo.actions.sign_in import token_hash
from geo.model.person import Person, Role, scope_of

__all__ = ["CASES", "HERE", "MAY_SEE", "THERE", "Case", "Everybody", "cookie_of", "settle"]

HERE, THERE = "4301", "4901"
AGENCY = "local_police"


@dataclass(frozen=True, slots=True)
class Case:
    """A case and how it is recognised.

    Attributes
    ----------
    lon, lat
        Its point, with decimals that no other number here has, nor the edge of a box around another.
    text
        Canary in every free text on it.
    entered
        Whether the coordinator of the first district entered it.
    """

    district: str
    status: str
    lon: float
    lat: float
    text: str
    agency: str | None = None
    entered: bool = False

    @property
    def place(self) -> tuple[bytes, ...]:
        """How its exact place would be written: in figures, in JSON or as doubles."""
        return (
            *(f"{value:.5f}".encode() for value in (self.lon, self.lat)),
            *(struct.pack("<d", value) for value in (self.lon, self.lat)),
        )


CASES = {
    "here, unverified": Case(HERE, "received", 102.7413579, 17.8724681, "kanarie-one-egret"),
    "here, verified": Case(HERE, "verified", 102.7526688, 17.8611292, "kanarie-two-heron"),
    "here, referred": Case(HERE, "referred", 102.7669797, 17.8537103, "kanarie-three-ibis", AGENCY),
    "here, entered": Case(HERE, "verifying", 102.7781806, 17.8449914, "kanarie-four-stork", entered=True),
    "there, unverified": Case(THERE, "received", 104.7213615, 16.5424725, "kanarie-five-crane"),
    "there, verified": Case(THERE, "verified", 104.7105524, 16.5313336, "kanarie-six-bittern"),
    "there, referred": Case(THERE, "referred", 104.7036133, 16.5207747, "kanarie-seven-rail", "customs"),
}

_HERE = frozenset(name for name, case in CASES.items() if case.district == HERE)
_VERIFIED = frozenset(name for name, case in CASES.items() if case.status not in {"received", "verifying"})
MAY_SEE: dict[Role, dict[str, frozenset[str]]] = {
    Role.COORDINATOR: dict.fromkeys(("text", "place", "number"), frozenset({"here, entered"})),
    Role.OFFICER: dict.fromkeys(("text", "place", "number"), _HERE),
    Role.CHIEF: dict.fromkeys(("text", "place", "number"), _HERE),
    Role.COMMANDER: {"text": _VERIFIED, "place": _VERIFIED, "number": frozenset(CASES)},
    Role.NATIONAL: {"text": _VERIFIED, "place": _VERIFIED, "number": frozenset(CASES)},
    Role.PLANNER: {"text": frozenset(), "place": _VERIFIED, "number": frozenset(CASES)},
    Role.ADMINISTRATOR: {"text": frozenset(), "place": _VERIFIED, "number": frozenset(CASES)},
    Role.AGENCY: dict.fromkeys(("text", "place", "number"), frozenset({"here, referred"})),
}
"""Of which cases somebody may be shown the words, the exact place, and the number."""
NOTHING: dict[str, frozenset[str]] = dict.fromkeys(("text", "place", "number"), frozenset())


@dataclass(frozen=True, slots=True)
class Everybody:
    """People by role, and cases by name: number in the database and public number."""

    people: dict[Role, Person]
    ids: dict[str, int]
    numbers: dict[str, str]

    def betrayed(self, role: Role | None, told: bytes) -> list[str]:
        """What was said to somebody of this role, or to a stranger, that they may not know."""
        may, found = MAY_SEE[role] if role else NOTHING, []
        for name, case in CASES.items():
            signs = {"text": (case.text.encode(),), "place": case.place, "number": (self.numbers[name].encode(),)}
            found += [
                f"{kind} of {name}" for kind in signs for sign in signs[kind] if name not in may[kind] and sign in told
            ]
        return sorted(set(found))


def cookie_of(who: str) -> str:
    """The session's token of somebody."""
    return f"session-of-{who.replace(' ', '-')}-{'x' * 43}"[:43]


def sign_in(connection: Connection, person: Person, who: str, ends: str = "1 day", seen: str = "0") -> None:
    """Open a session under `cookie_of`; ``ends`` and ``seen`` are intervals from now and before now."""
    connection.execute(
        text(
            "insert into sign_in (token_hash, person_id, ends_at, seen_at) values"
            " (:h, :p, now() + cast(:ends as interval), now() - cast(:seen as interval))"
        ),
        {"h": token_hash(cookie_of(who)), "p": person.id, "ends": ends, "seen": seen},
    )


def settle(owner: Engine) -> Everybody:
    """Put everybody and every case in a store that has boundaries."""
    with owner.begin() as connection:
        people = {role: _person(connection, role) for role in Role}
        for role, person in people.items():
            sign_in(connection, person, str(role))
        ids, numbers = {}, {}
        for name, case in CASES.items():
            ids[name], numbers[name] = _put(connection, case, people)
    return Everybody(people, ids, numbers)


def _person(connection: Connection, role: Role) -> Person:
    more: dict[str, object] = {}
    if role in {Role.OFFICER, Role.CHIEF}:
        more["districts"] = (HERE,)
    if role is Role.COORDINATOR:
        more |= {"area_code": f"{HERE}01", "village": "หมู่ 1"}
    if role is Role.AGENCY:
        more["agency"] = AGENCY
    person = create_person(connection, f"{role}.walker", f"คุณ {role}", role, **more)  # type: ignore[arg-type]
    assert scope_of(person).role is not None
    return person


def _put(connection: Connection, case: Case, people: dict[Role, Person]) -> tuple[int, str]:
    values = {
        "status": case.status, "district": case.district, "w": case.text, "lon": case.lon, "lat": case.lat,
        "agency": case.agency, "p": people[Role.CHIEF].id,
        "by": people[Role.COORDINATOR].id if case.entered else None,
        "channel": "coordinator" if case.entered else "online",
    }  # fmt: skip
    made = connection.execute(
        text(
            "insert into incident (crime_type, occurred_at, status, channel, district_code, location_note, source, geom) values"
            " ('contraband', now() - interval '2 hours', :status, :channel, :district, :w, :w,"
            " st_setsrid(st_makepoint(:lon, :lat), 4326)) returning id, public_id"
        ),
        values,
    ).one()
    values["i"] = made.id
    values["r"] = connection.execute(
        text(
            "insert into report (incident_id, channel, description, location_note, village, dispute_note, entered_by, geom,"
            " receipt_hash) values (:i, :channel, :w, :w, :w, :w, :by, st_setsrid(st_makepoint(:lon, :lat), 4326),"
            " sha256(convert_to(:w, 'UTF8'))) returning id"
        ),
        values,
    ).scalar_one()
    for statement in (
        "insert into report_contact (report_id, sealed) values (:r, convert_to(:w, 'UTF8'))",
        "insert into report_question (report_id, asked_by, question, answer) values (:r, :p, :w, :w)",
        "insert into case_file (incident_id, officer_id, outcome_note) values (:i, :p, :w)",
        "insert into case_event (incident_id, person_id, kind, note) values (:i, :p, 'noted', :w)",
        "insert into fact_check (incident_id, unit_kind, unit, due_at, asked_by, instruction, finding, found, done_by, done_at)"
        " values (:i, 'vdc', :w, now(), :p, :w, 'unclear', :w, :p, now())",
        "insert into evidence (incident_id, media_type, content, sha256, note) values (:i, 'text/plain',"
        " convert_to(:w, 'UTF8'), sha256(convert_to(:w, 'UTF8')), :w)",
        "insert into log_entry (incident_id, district_code, kind, counterpart, said, person_id) values"
        " (:i, :district, 'call', :w, :w, :p)",
    ):  # fmt: skip
        connection.execute(text(statement), {k: v for k, v in values.items() if f":{k}" in statement})
    if case.agency:
        connection.execute(
            text(
                "insert into referral (incident_id, agency, note, sent_by, answer_due)"
                " values (:i, :agency, :w, :p, now() + interval '1 day')"
            ),
            values,
        )
    return int(made.id), str(made.public_id)
