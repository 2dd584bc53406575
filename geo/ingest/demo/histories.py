"""What became of synthetic incidents: reports, steps, checks, referrals and closings that fit the state of each."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from geo.ingest.demo import case_texts as words
from geo.model.clock import ClockName, Targets

__all__ = ["OLD", "Happened", "Histories", "Office", "make_histories", "offices_of"]

OLD = timedelta(days=42)
"""What was verified or referred longer ago and never closed is a record without a file: nobody's work today."""
ALIKE = timedelta(days=10)
"""Of one type in one district within so many days: a duplicate can be one of the other."""
NEW = timedelta(days=9)
"""An agency has not had time to do more than to accept."""
ENDINGS = ("sent", "accepted", "accepted", "accepted", "accepted", "returned", "lapsed", "done")
"""Of what was sent longer ago, as far as the case is not closed."""
RECHECKED = timedelta(days=21)
"""Re-checks that were drawn longer ago have been done."""
FLOW = ("looked", "verifying", "checked", "verified")
HOURS = {
    "looked": 5.0, "verifying": 6.0, "checked": 20.0, "verified": 10.0, "unfounded": 12.0, "referred": 12.0,
    "answered": 24.0, "outcome": 90.0, "proposed": 30.0, "closed": 12.0,
}  # fmt: skip
"""Median hours from one step to the next."""
BODIES = ("local_police", "local_police", "local_police", "bpp", "immigration", "mekong_riverine", "customs")
KINDS = ("headman", "village_security", "vdc", "patrol", "checkpoint")
GRADES = (("A", 1), ("B", 2), ("B", 2), ("C", 2), ("C", 3), ("F", 3))


@dataclass(frozen=True, slots=True)
class Happened:
    """An incident as it was drawn: what a history has to fit."""

    id: int
    public_id: str
    crime_type: str
    status: str
    channel: str
    district: str
    neighbour: str | None
    occurred_at: datetime
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class Office:
    """Who works in a district: numbers of people; its sub-districts; the coordinator's own one."""

    officer: int | None = None
    chief: int | None = None
    coordinator: int | None = None
    home: str | None = None
    subdistricts: tuple[str, ...] = ()


def offices_of(people: Iterable[Sequence[Any]], subdistricts: Iterable[Sequence[str]]) -> dict[str, Office]:
    """Offices by district, of the rows of `geo.actions.demo_cases.demo_staff`."""
    found: dict[str, dict[str, Any]] = {}
    for number, role, _, area, district in people:
        if district is not None:
            here = found.setdefault(district, {})
            if role in ("officer", "chief", "coordinator"):
                here[role] = number
            if role == "coordinator":
                here["home"] = area
    below: dict[str, list[str]] = defaultdict(list)
    for code, district in subdistricts:
        below[district].append(code)
    return {code: Office(**here, subdistricts=tuple(below[code])) for code, here in found.items()}


@dataclass(slots=True)
class Histories:
    """Rows by table, in the order of their numbers; numbers of a table count from 1 and are moved when written."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, **row: Any) -> int:
        """Add a row; its number."""
        number = len(self.rows[table]) + 1
        self.rows[table].append({"id": number, **row})
        return number


def make_histories(
    incidents: Iterable[Happened],
    offices: Mapping[str, Office],
    agencies: Mapping[str, int | None],
    moment: datetime,
    seed: int,
) -> Histories:
    """A history for each incident, all before ``moment``. In districts without people only what needs nobody.

    Parameters
    ----------
    incidents
        In the order of their reports.
    offices
        By code of the district.
    agencies
        Codes, each with the number of somebody who answers for it, if there is anybody.
    """
    made, rng = Histories(), np.random.default_rng([seed, 7])
    before: dict[tuple[str, str], Happened] = {}
    for incident in incidents:
        office, place = offices.get(incident.district, Office()), (incident.district, incident.crime_type)
        earlier = before.get(place)
        if earlier is not None and incident.reported_at - earlier.reported_at > ALIKE:
            earlier = None
        _Case(made, incident, office, agencies, moment, rng, earlier).tell()
        if incident.status not in ("duplicate", "unfounded"):
            before[place] = incident
    made.rows["case_event"].sort(key=lambda row: (row["at"], row["id"]))
    for number, row in enumerate(made.rows["case_event"], 1):
        row["id"] = number
    return made


class _Case:
    def __init__(
        self, made: Histories, incident: Happened, office: Office, agencies: Mapping[str, int | None], moment: datetime,
        rng: np.random.Generator, earlier: Happened | None,
    ) -> None:  # fmt: skip
        self.made, self.of, self.office, self.moment, self.rng = made, incident, office, moment, rng
        self.agencies, self.bodies = agencies, [code for code in BODIES if code in agencies]
        self.earlier = earlier
        self.file: dict[str, Any] = {}
        self.at = incident.reported_at
        self.state = "received"
        self.hurry = 1.0
        self.report = 0

    # ------------------------------------------------------------ drawing

    def _one(self, of: Sequence[Any]) -> Any:
        return of[int(self.rng.integers(0, len(of)))]

    def _chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def _plan(self, steps: Sequence[str]) -> None:
        """Fit the steps that are to come between the report and now."""
        usual = sum(HOURS.get(step, 6.0) for step in steps) * 1.6
        there = (self.moment - self.at) / timedelta(hours=1) * 0.95
        self.hurry = min(1.0, there / max(usual, 0.1))

    def _later(self, step: str) -> datetime:
        hours = HOURS.get(step, 6.0) * min(float(self.rng.lognormal(0.0, 0.5)), 2.5) * self.hurry
        self.at = min(self.at + timedelta(hours=hours), self.moment)
        return self.at

    def _event(
        self, kind: str, who: int | None = None, then: str | None = None, note: str | None = None, **detail: Any
    ) -> None:
        self.made.add(
            "case_event", incident_id=self.of.id, at=self.at, person_id=who, kind=kind,
            from_status=self.state if then else None, to_status=then, note=note, detail=detail,
        )  # fmt: skip
        self.state = then or self.state

    # ------------------------------------------------------------ the story

    def tell(self) -> None:
        old = self.moment - self.of.reported_at > OLD
        if old and self.of.status in ("verified", "referred", "received", "verifying"):
            return
        if self.of.status == "duplicate" and self.earlier is None:
            return
        self._reported()
        getattr(self, f"_{self.of.status}")()
        if self.file:
            self.made.add("case_file", incident_id=self.of.id, **self.file)

    def _reported(self) -> None:
        of, office = self.of, self.office
        own = of.channel == "coordinator" and office.coordinator is not None and self._chance(0.12)
        language, said = ("th", self._one(words.told(of.crime_type)))
        if of.channel == "online" and self._chance(0.12):
            language, said = self._one(words.OTHER_LANGUAGES)
        reachable = of.channel == "online" and self._chance(0.8)
        area = office.home if own else (self._one(office.subdistricts) if office.subdistricts else None)
        into = self.earlier.id if of.status == "duplicate" and self.earlier else of.id
        self.report = self.made.add(
            "report", incident_id=into, channel=of.channel, received_at=of.reported_at, description=said, language=language,
            crime_type=of.crime_type, when_said=self._one(("now", "today", "date", "unsure")),
            ongoing=self._chance(0.25), area_code=area if own or self._chance(0.6) else None,
            village=f"หมู่ {int(self.rng.integers(1, 12))}", entered_by=office.coordinator if own else None,
            receipt_hash=hashlib.sha256(f"demonstration {of.public_id}".encode()).digest() if reachable else None,
            disputed_at=None, dispute_note=None,
        )  # fmt: skip
        self._event("received", office.coordinator if own else None, report=self.report)
        self.state = "received"

    def _received(self) -> None:
        if self._chance(0.35) and self.office.officer:
            self._plan(["looked"])
            self._look()

    def _look(self) -> None:
        self._later("looked")
        self.file["first_look_at"] = self.at
        self._event("looked", self.office.officer)

    def _begin(self) -> None:
        self._look()
        self._later("verifying")
        self.file["officer_id"] = self.office.chief if self._chance(0.15) else self.office.officer
        self._event("verifying", self.file["officer_id"], "verifying")

    def _check(self, finding: str | None, words_of: Sequence[str] = ()) -> None:
        """Ask a unit; what it found, or nothing yet."""
        officer = self.office.officer
        if officer is None:
            return
        kind = self._one(KINDS)
        asked, due = self.at, self.at + Targets().span(ClockName.FACT_CHECK)
        check = len(self.made.rows["fact_check"]) + 1
        self._event("check_asked", officer, check=check, unit_kind=kind)
        done = self._later("checked") if finding else None
        self.made.add(
            "fact_check", incident_id=self.of.id, unit_kind=kind, unit=self._one(words.UNITS[kind]), due_at=due,
            asked_by=officer, asked_at=asked, instruction=self._one(words.CHECK_ORDERS), finding=finding,
            found=self._one(words_of) if finding else None, done_by=officer if finding else None, done_at=done,
        )  # fmt: skip
        if finding:
            self._event("check_done", officer, check=check, finding=finding)

    def _verifying(self) -> None:
        long_ago = self.moment - self.of.reported_at > timedelta(days=4)
        if long_ago and self.office.officer and self._chance(0.45):
            self._plan([*FLOW, "proposed", "closed", "verifying"])
            self._found_true()
            self._end()
            self._disputed()
            return
        self._plan(["looked", "verifying", "checked"])
        self._begin()
        if self._chance(0.7):
            answer = self._one((None, "confirmed", "confirmed", "unclear"))
            self._check(answer, words.CONFIRMED if answer == "confirmed" else words.UNCLEAR)
        if self.made.rows["report"][self.report - 1]["receipt_hash"] and self.office.officer and self._chance(0.5):
            self._ask()

    def _ask(self) -> None:
        which = int(self.rng.integers(0, len(words.QUESTIONS)))
        question = len(self.made.rows["report_question"]) + 1
        asked = self.at
        self._event("asked", self.office.officer, report=self.report, question=question)
        answered = self._later("looked") if self._chance(0.6) else None
        self.made.add(
            "report_question", report_id=self.report, asked_by=self.office.officer, asked_at=asked,
            question=words.QUESTIONS[which], answer=words.ANSWERS[which] if answered else None, answered_at=answered,
        )  # fmt: skip
        if answered:
            self._event("answered", report=self.report, question=question)

    def _found_true(self) -> None:
        self._begin()
        if self._chance(0.7):
            self._check("confirmed", words.CONFIRMED)
        if self.office.officer and self._chance(0.5):
            evidence = len(self.made.rows["evidence"]) + 1
            content = self._one(words.STATEMENTS).encode()
            self.made.add(
                "evidence", incident_id=self.of.id, content=content, sha256=hashlib.sha256(content).digest(),
                added_by=self.office.officer, added_at=self.at,
            )  # fmt: skip
            self._event("evidence_added", self.office.officer, evidence=evidence)
        source, info = self._one(GRADES)
        self._later("verified")
        self.file |= {
            "source_grade": source,
            "info_grade": info,
            "graded_by": self.file["officer_id"],
            "verified_at": self.at,
        }
        self._event("verified", self.file["officer_id"], "verified", grade=f"{source}{info}")

    def _verified(self) -> None:
        waits = bool(self.office.chief) and self._chance(0.35)
        self._plan([*FLOW, *(["proposed"] if waits else [])])
        self._found_true()
        if waits:
            self._propose(self._one(words.OUTCOMES), self.office.officer)

    def _referred(self) -> None:
        if not (self.office.officer and self.bodies):
            self._plan(FLOW)
            self._found_true()
            self._later("referred")
            self._event("referred", None, "referred")
            return
        new = self.moment - self.of.reported_at < NEW
        ending = self._one(("sent", "sent", "accepted") if new else ENDINGS)
        self._plan(
            [*FLOW, "referred", *(["answered"] if ending != "sent" else []), *(["outcome"] if ending == "done" else [])]
        )
        self._found_true()
        self._refer(ending)

    def _refer(self, ending: str) -> None:
        officer, agency = self.office.officer, self._one(self.bodies)
        number = len(self.made.rows["referral"]) + 1
        about = {"referral": number, "agency": agency}
        self._later("referred")
        spans, agent = Targets(), self.agencies[agency]
        overdue = self.at + spans.span(ClockName.REFERRAL_ANSWER) < self.moment
        if ending in ("sent", "lapsed"):  # what is not answered in time lapses by itself within an hour
            ending = "lapsed" if overdue else "sent"
        row: dict[str, Any] = {
            "incident_id": self.of.id, "agency": agency, "state": ending, "note": self._one(words.REFER), "sent_by": officer,
            "sent_at": self.at, "answer_due": self.at + spans.span(ClockName.REFERRAL_ANSWER), "accepted_by": None,
            "accepted_at": None, "accepted_name": None, "return_reason": None, "outcome_due": None, "outcome": None,
            "outcome_note": None, "ended_by": None, "ended_at": None,
        }  # fmt: skip
        self._event("referred", officer, "referred", row["note"], **about)
        about["to"] = officer
        if ending in ("accepted", "done"):
            row["accepted_at"] = self._later("answered")
            row["accepted_by"], row["accepted_name"] = agent, None if agent else words.SIGNER
            row["outcome_due"] = self.at + spans.span(ClockName.REFERRAL_OUTCOME)
            self._event("referral_accepted", agent, **about)
        if ending == "done":
            row["outcome"] = self._one(words.OUTCOMES)
            row["outcome_note"], row["ended_at"] = words.CLOSING[row["outcome"]], self._later("outcome")
            row["ended_by"] = agent
            self._event("referral_done", agent, **about, outcome=row["outcome"])
        if ending == "lapsed":
            self.at = row["ended_at"] = min(row["answer_due"] + timedelta(minutes=40), self.moment)
            self._event("referral_lapsed", None, **about)
        if ending == "returned":
            row["return_reason"] = self._one(words.RETURNS)
            row["ended_by"], row["ended_at"] = agent, self._later("answered")
            self._event("referral_returned", agent, **about)
        self.made.add("referral", **row)
        if self._chance(0.5):
            self._log(agency)

    def _log(self, agency: str) -> None:
        kind, said = self._one(words.LOG)
        abroad = words.COUNTERPARTS.get(self.of.neighbour or "") if kind.startswith("message") else None
        entry = self.made.add(
            "log_entry", incident_id=self.of.id, district_code=self.of.district, at=self.at, kind=kind,
            agency=None if abroad else agency, counterpart=abroad, said=said, person_id=self.office.officer, entered_at=self.at,
        )  # fmt: skip
        self._event("logged", self.office.officer, entry=entry)

    def _closed(self) -> None:
        sent = bool(self.office.officer and self.bodies) and self._chance(0.35)
        self._plan([*FLOW, *(["referred", "answered", "outcome"] if sent else []), "proposed", "closed"])
        self._found_true()
        if sent:
            self._refer("done")
        self._end()

    def _propose(self, outcome: str, who: int | None) -> None:
        self._later("proposed")
        self.file |= {
            "outcome": outcome,
            "outcome_note": words.CLOSING[outcome],
            "closing_by": who,
            "closing_at": self.at,
        }
        self._event("closing_proposed", who, note=words.CLOSING[outcome], outcome=outcome)

    def _end(self) -> None:
        asked, confirmed = self.office.officer, self.office.chief
        outcome = self._one(words.OUTCOMES)
        self._propose(outcome, asked)
        self._later("closed")
        drawn = self._chance(0.05)
        done = drawn and self.moment - self.at > RECHECKED
        self.file |= {"closed_by": confirmed, "closed_at": self.at, "recheck": drawn}
        self._event("closed", confirmed, "closed", outcome=outcome, to=asked)
        if drawn:
            self._event("recheck_drawn")
        if done:
            self.at += timedelta(days=5)
            self.file |= {"rechecked_by": confirmed, "rechecked_at": self.at}
            self._event("rechecked", confirmed, holds=True)

    def _disputed(self) -> None:
        """The reporter says that the outcome is not right: the case is verified again."""
        before = {key: self.file.pop(key) for key in ("outcome", "closing_by", "closed_by")}
        for key in ("outcome_note", "closing_at", "closed_at", "recheck", "rechecked_by", "rechecked_at"):
            self.file.pop(key, None)
        self._later("looked")
        self.file["reopened_at"] = self.at
        self.made.rows["report"][self.report - 1] |= {"disputed_at": self.at, "dispute_note": self._one(words.DISPUTES)}
        self._event(
            "disputed", None, "verifying", report=self.report, **{k: v for k, v in before.items() if v is not None}
        )

    def _unfounded(self) -> None:
        self._plan(["looked", "verifying", "checked", "unfounded"])
        self._begin()
        if self._chance(0.6):
            self._check("not_found", words.NOT_FOUND)
        self._later("unfounded")
        self.file |= {"verified_at": self.at, "closed_at": self.at}
        self._event("unfounded", self.file["officer_id"], "unfounded", self._one(words.UNFOUNDED))

    def _duplicate(self) -> None:
        assert self.earlier is not None
        self._plan(["looked"])
        self._look()
        self.file |= {"merged_into": self.earlier.id, "closed_at": self.at}
        self._event("merged", self.office.officer, "duplicate", into=self.earlier.public_id, reports=[self.report])
        self.made.add(
            "case_event", incident_id=self.earlier.id, at=self.at, person_id=self.office.officer, kind="absorbed",
            from_status=None, to_status=None, note=None, detail={"of": self.of.public_id, "reports": [self.report]},
        )  # fmt: skip
