"""A case: the steps it may take, the two-part grade, outcomes, and the kinds of what can happen to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geo.model.incident import Status

__all__ = [
    "ENDED",
    "MAY_BECOME",
    "NEEDS_A_NOTE",
    "OPEN",
    "SHARED",
    "Event",
    "Finding",
    "Grade",
    "Outcome",
    "UnitKind",
    "may_become",
]

ENDED = frozenset({Status.UNFOUNDED, Status.DUPLICATE, Status.CLOSED})
"""States in which nothing is left to do, unless the case is reopened."""
OPEN = frozenset(Status) - ENDED
SHARED = frozenset({Status.VERIFIED, Status.REFERRED, Status.CLOSED})
"""States in which a counterpart across the border may be told of it."""

MAY_BECOME: dict[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset({Status.VERIFYING, Status.DUPLICATE}),
    Status.VERIFYING: frozenset({Status.VERIFIED, Status.UNFOUNDED, Status.DUPLICATE}),
    Status.VERIFIED: frozenset({Status.REFERRED, Status.CLOSED, Status.DUPLICATE}),
    Status.REFERRED: frozenset({Status.REFERRED, Status.VERIFIED, Status.CLOSED}),
    Status.UNFOUNDED: frozenset({Status.VERIFYING}),
    Status.DUPLICATE: frozenset({Status.VERIFYING}),
    Status.CLOSED: frozenset({Status.VERIFYING}),
}
"""From each state the states that can follow. What ended is reopened to be verified again; what was sent in
error and taken back is verified, as it was."""


def may_become(now: Status | str, then: Status | str) -> bool:
    """Whether a case may go from one state to the other."""
    return Status(then) in MAY_BECOME[Status(now)]


@dataclass(frozen=True, slots=True, order=True)
class Grade:
    """How far to believe it: the usual two-part grading.

    Attributes
    ----------
    source
        Reliability of the source, A (completely reliable) to E (unreliable), F (cannot be judged).
    info
        Credibility of the information, 1 (confirmed by others) to 5 (improbable), 6 (cannot be judged).
    """

    source: str
    info: int

    def __post_init__(self) -> None:
        if self.source not in ("A", "B", "C", "D", "E", "F") or self.info not in range(1, 7):
            raise ValueError(f"no such grade: {self.source}{self.info}")

    def __str__(self) -> str:
        return f"{self.source}{self.info}"


class Outcome(StrEnum):
    """What a case came to."""

    ARREST = "arrest"
    SEIZURE = "seizure"
    RESCUE = "rescue"
    ASSISTANCE = "assistance"
    WARNING = "warning"
    PUSHED_BACK = "pushed_back"
    HANDED_OVER = "handed_over"
    NOTHING_FOUND = "nothing_found"
    OTHER = "other"


NEEDS_A_NOTE = frozenset({Outcome.NOTHING_FOUND, Outcome.OTHER})
"""Outcomes that say nothing without words."""


class UnitKind(StrEnum):
    """Who can be asked to check the facts on the spot."""

    VDC = "vdc"
    HEADMAN = "headman"
    VILLAGE_SECURITY = "village_security"
    PATROL = "patrol"
    CHECKPOINT = "checkpoint"


class Finding(StrEnum):
    """What a check of the facts found."""

    CONFIRMED = "confirmed"
    NOT_FOUND = "not_found"
    UNCLEAR = "unclear"


class Event(StrEnum):
    """What can happen to a case: ``case_event.kind``; in brackets what stands in its ``detail``."""

    RECEIVED = "received"
    """[report]; written by the intake."""
    LOOKED = "looked"
    VERIFYING = "verifying"
    VERIFIED = "verified"
    """[grade]"""
    UNFOUNDED = "unfounded"
    NOTED = "noted"
    GRADED = "graded"
    """[grade, before]"""
    ASSIGNED = "assigned"
    """[to]"""
    TEXT_DRAFTED = "text_drafted"
    TEXT_APPROVED = "text_approved"
    MERGED = "merged"
    """Into another. [into, reports]"""
    ABSORBED = "absorbed"
    """Another into this one. [of, reports]"""
    SPLIT = "split"
    """Reports went to another. [to, reports]"""
    SPLIT_FROM = "split_from"
    """Reports came from another. [of, reports]"""
    CHECK_ASKED = "check_asked"
    """[check, unit_kind]"""
    CHECK_DONE = "check_done"
    """[check, finding]"""
    EVIDENCE_ADDED = "evidence_added"
    """[evidence]"""
    CLOSING_PROPOSED = "closing_proposed"
    """[outcome]"""
    CLOSING_SENT_BACK = "closing_sent_back"
    """[outcome, outcome_note, to]"""
    CLOSED = "closed"
    """[outcome, to]"""
    RECHECK_DRAWN = "recheck_drawn"
    RECHECKED = "rechecked"
    """[holds]"""
    REOPENED = "reopened"
    """[what the ending was]"""
    DISPUTED = "disputed"
    """By the reporter; written by the public form. [report, what the ending was]"""
    REFERRED = "referred"
    """[referral, agency]; so all of referrals."""
    REFERRAL_ACCEPTED = "referral_accepted"
    REFERRAL_RETURNED = "referral_returned"
    REFERRAL_LAPSED = "referral_lapsed"
    REFERRAL_WITHDRAWN = "referral_withdrawn"
    REFERRAL_DONE = "referral_done"
    """[referral, agency, outcome]"""
    LOGGED = "logged"
    """Joint log. [entry]"""
    ASKED = "asked"
    """The reporter was asked. [report, question]"""
    ANSWERED = "answered"
    """[report, question]; written by the public form."""
    CONTACT_OPENED = "contact_opened"
    """[report]"""
