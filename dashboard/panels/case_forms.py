"""The steps of a case: when each fits, what it asks, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from dashboard import desk, office, store
from dashboard.documents.acknowledgement import acknowledgement_code
from dashboard.i18n import t
from dashboard.i18n.dates import duration, local, moment
from dashboard.labels import plain
from dashboard.panels import joint_entry
from dashboard.panels.case_words import agency_choices, agency_name
from dashboard.photos import rebuilt
from geo.actions import case_merge, cases, closing, fact_checks, questions, referrals
from geo.actions.evidence import add_evidence
from geo.errors import WatchError
from geo.model import Status
from geo.model.case import ENDED, SHARED, Finding, Grade, Outcome, UnitKind
from geo.model.clock import ClockName
from geo.model.person import Person, Role
from geo.queries.case import Case, Staff
from geo.queries.case_settings import targets
from geo.queries.corroboration import suggested_grade

__all__ = ["STEPS", "Desk", "Step"]

Answers = Mapping[str, Any]
Act = Callable[[Any, int, Case, Answers, int], object]
HOURS = (4, 12, 24, 48, 72, 168, 336)
"""Times that are given to others for an answer."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works on which case, and who else is there; with the fields of a form."""

    person: Person
    case: Case
    people: tuple[Staff, ...]
    lang: str
    now: datetime

    def key(self, field: str) -> str:
        """Key of a field of the open step."""
        return desk.field_key(self.case.public_id, desk.step() or "", field)

    def words(self, field: str, label: str = "note", *, lines: int = 3, value: str = "") -> None:
        """A field for text."""
        height = 30 + 26 * lines
        st.text_area(t(f"case.field.{label}", self.lang), value, key=self.key(field), height=height, max_chars=10_000)

    def line(self, field: str, label: str) -> None:
        """A field for a line of text."""
        st.text_input(t(f"case.field.{label}", self.lang), key=self.key(field), max_chars=300)

    def choice(self, field: str, label: str, options: Mapping[Any, str], first: Any = None) -> None:
        """One of some; options are codes with their words."""
        codes = list(options)
        st.selectbox(
            t(f"case.field.{label}", self.lang), codes, codes.index(first) if first in options else 0,
            format_func=lambda code: options.get(code, str(code)), key=self.key(field),
        )  # fmt: skip

    def due(self, field: str, clock: ClockName) -> None:
        """Until when, as a time from now; the administrator's target is chosen already."""
        with office.acting(self.person) as connection:
            hours = targets(connection).span(clock) / timedelta(hours=1)
        said = {
            n: t("case.within", self.lang, time=duration(timedelta(hours=n), self.lang),
                 at=moment(local(self.now + timedelta(hours=n)), self.lang))
            for n in sorted({*HOURS, hours})
        }  # fmt: skip
        self.choice(field, "due", said, hours)

    def grade(self) -> None:
        """Both parts of a grade, preset to the present one or the one that is suggested, with its reasons."""
        with office.acting(self.person) as connection:
            suggested = suggested_grade(connection, self.case.public_id)
        why = " · ".join(t(f"grade_reason.{code}", self.lang) for code in suggested.reasons)
        st.caption(plain(t("case.suggested", self.lang, grade=suggested.grade, why=why)))
        preset = self.case.grade or suggested.grade
        sources = {code: f"{code} {t(f'grade_source.{code}', self.lang)}" for code in "ABCDEF"}
        infos = {number: f"{number} {t(f'grade_info.{number}', self.lang)}" for number in range(1, 7)}
        self.choice("source", "source", sources, preset.source)
        self.choice("info", "info", infos, preset.info)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that can be done with a case.

    Attributes
    ----------
    fits
        Whether it leads on from the present state, for this person.
    act
        Takes a connection, the person's number, the case, what was answered and the last event seen; the number of
        another case where that one is to lie open afterwards.
    fields
        Draws what is asked; nothing for a step of one press.
    main
        Whether it stands in the first row.
    first
        Whether it is what is usually done next.
    """

    code: str
    icon: str
    fits: Callable[[Case, Person], bool]
    act: Act
    fields: Callable[[Desk], None] | None = None
    main: bool = True
    first: bool = False


def _is(*states: Status) -> Callable[[Case, Person], bool]:
    return lambda case, _: case.status in states and not case.closing_waits


def _open(case: Case, _: Person) -> bool:
    return case.status not in ENDED


def _after(hours: object) -> datetime:
    return datetime.now().astimezone() + timedelta(hours=float(str(hours)))


# ---------------------------------------------------------------- what each asks


def _ask_verify(at: Desk) -> None:
    at.grade()
    at.words("note")


def _ask_grade(at: Desk) -> None:
    at.grade()
    at.words("note")


def _ask_reason(at: Desk) -> None:
    at.words("note", "reason")


def _ask_note(at: Desk) -> None:
    at.words("note", "text")


def _ask_into(at: Desk) -> None:
    at.line("into", "into")
    at.words("note", "why_same")


def _ask_unit(at: Desk) -> None:
    at.choice("kind", "unit_kind", {kind.value: t(f"unit_kind.{kind.value}", at.lang) for kind in UnitKind})
    at.line("unit", "unit")
    at.due("hours", ClockName.FACT_CHECK)
    at.words("instruction", "instruction")


def _ask_finding(at: Desk) -> None:
    waiting = {
        check.id: f"{t(f'unit_kind.{check.unit_kind}', at.lang)} {check.unit}"
        for check in at.case.checks if check.done_at is None
    }  # fmt: skip
    at.choice("check", "check", waiting)
    at.choice("finding", "finding", {kind.value: t(f"finding.{kind.value}", at.lang) for kind in Finding})
    at.words("found", "found")


def _ask_refer(at: Desk) -> None:
    at.choice("agency", "agency", agency_choices(at.lang))
    at.due("hours", ClockName.REFERRAL_ANSWER)
    at.words("note", "refer_note")


def _ask_withdraw(at: Desk) -> None:
    at.choice("referral", "referral", _open_referrals(at, {"sent"}))
    st.caption(t("case.withdraw_help", at.lang))
    at.words("note", "reason")


def _open_referrals(at: Desk, states: Collection[str] = frozenset({"sent", "accepted"})) -> dict[int, str]:
    return {
        one.id: f"{acknowledgement_code(store.signing_key(), one.id)} {agency_name(one.agency, at.lang)}"
        f" ({t(f'referral_state.{one.state}', at.lang)})"
        for one in at.case.referrals if one.state in states
    }  # fmt: skip


def _ask_paper(at: Desk) -> None:
    at.choice("referral", "referral", _open_referrals(at))
    at.choice("answer", "answer", {code: t(f"case.paper.{code}", at.lang) for code in ("accept", "return", "done")})
    at.line("signer", "signer")
    at.choice("outcome", "outcome_if_done", {one.value: t(f"outcome.{one.value}", at.lang) for one in Outcome})
    at.words("note", "paper_note")


def _ask_close(at: Desk) -> None:
    at.choice("outcome", "outcome", {one.value: t(f"outcome.{one.value}", at.lang) for one in Outcome})
    papers = len(at.case.evidence)
    st.caption(t("case.has_evidence" if papers else "case.has_no_evidence", at.lang, n=papers))
    at.words("note", "closing_note")


def _ask_confirm(at: Desk) -> None:
    at.words("note")


def _ask_recheck(at: Desk) -> None:
    at.choice("holds", "holds", {"yes": t("case.holds", at.lang), "no": t("case.does_not_hold", at.lang)})
    at.words("note", "recheck_note")


def _ask_assign(at: Desk) -> None:
    at.choice("officer", "officer", {one.id: f"{one.name} ({t(f'role.{one.role}', at.lang)})" for one in at.people})
    at.words("note")


def _ask_evidence(at: Desk) -> None:
    st.file_uploader(t("case.field.file", at.lang), type=["jpg", "jpeg", "png", "webp", "pdf"], key=at.key("file"))
    at.words("statement", "statement")
    at.line("note", "evidence_note")


def _ask_question(at: Desk) -> None:
    reachable = {
        report.id: f"{t(f'channel.{report.channel}', at.lang)} {moment(report.received_at, at.lang)}"
        for report in at.case.reports if report.reachable
    }  # fmt: skip
    at.choice("report", "report", reachable)
    at.words("question", "question")


def _ask_log(at: Desk) -> None:
    joint_entry.fields(at.case.public_id, desk.step() or "", at.lang, at.now)


def _ask_open_draft(at: Desk) -> None:
    st.caption(t("case.open_text_help", at.lang))
    at.words("said", "open_draft", lines=5, value=at.case.open_draft or at.case.open_text or "")


def _ask_open_text(at: Desk) -> None:
    st.caption(t("case.open_text_help", at.lang))
    at.words("said", "open_text", lines=5, value=at.case.open_draft or at.case.open_text or "")


# ---------------------------------------------------------------- what each does


def _grade_of(answers: Answers) -> Grade:
    return Grade(str(answers["source"]), int(answers["info"]))


def _merge(connection: Any, who: int, case: Case, answers: Answers, seen: int) -> object:
    into = str(answers.get("into") or "").strip().upper()
    if not into:
        raise WatchError("office.needs_number")
    case_merge.merge(connection, who, case.public_id, into, answers.get("note"), seen=seen)
    return into


def _paper(connection: Any, who: int, case: Case, answers: Answers, seen: int) -> object:
    referral, note = int(answers["referral"]), answers.get("note")
    if not (signer := str(answers.get("signer") or "").strip()):
        raise WatchError("referral.needs_signer")
    match answers["answer"]:
        case "accept":
            referrals.accept(connection, who, referral, on_paper=signer)
        case "return":
            referrals.give_back(connection, who, referral, str(note or ""), on_paper=signer)
        case _:
            if any(one.id == referral and one.state == "sent" for one in case.referrals):
                referrals.accept(connection, who, referral, on_paper=signer)  # the paper that came back says both
            referrals.report_outcome(connection, who, referral, Outcome(str(answers["outcome"])), note, on_paper=signer)
    return None


def _evidence(connection: Any, who: int, case: Case, answers: Answers, seen: int) -> object:
    file, statement = answers.get("file"), str(answers.get("statement") or "").strip()
    if file is None and not statement:
        raise WatchError("office.needs_file")
    note = answers.get("note")
    if file is not None:
        content = file.getvalue()
        if content.startswith(b"%PDF-"):
            add_evidence(connection, who, case.public_id, "application/pdf", content, note)
        else:
            add_evidence(connection, who, case.public_id, "image/jpeg", rebuilt(content), note)
    if statement:
        add_evidence(connection, who, case.public_id, "text/plain", statement.encode(errors="replace"), note)
    return None


def _log(connection: Any, who: int, case: Case, answers: Answers, seen: int) -> object:
    return joint_entry.write(connection, who, str(case.facts["district_code"] or ""), answers, case.public_id)


_ALL = (
    Step(
        "start", ":material/play_arrow:", _is(Status.RECEIVED),
        lambda c, who, case, a, seen: cases.start_verifying(c, who, case.public_id, seen=seen), first=True,
    ),
    Step(
        "verify", ":material/verified:", _is(Status.VERIFYING),
        lambda c, who, case, a, seen: cases.verify(c, who, case.public_id, _grade_of(a), a.get("note"), seen=seen),
        _ask_verify, first=True,
    ),
    Step(
        "unfounded", ":material/block:", _is(Status.VERIFYING),
        lambda c, who, case, a, seen: cases.unfounded(c, who, case.public_id, str(a.get("note") or ""), seen=seen), _ask_reason,
    ),
    Step(
        "finding", ":material/fact_check:", lambda case, _: any(check.done_at is None for check in case.checks),
        lambda c, who, case, a, seen: fact_checks.record_finding(
            c, who, int(a["check"]), Finding(str(a["finding"])), a.get("found"), seen=seen
        ),
        _ask_finding,
    ),
    Step(
        "ask_unit", ":material/directions_run:", lambda case, _: case.status in {Status.RECEIVED, Status.VERIFYING},
        lambda c, who, case, a, seen: fact_checks.ask_unit(
            c, who, case.public_id, UnitKind(str(a["kind"])), str(a.get("unit") or ""), due_at=_after(a["hours"]),
            instruction=a.get("instruction"), seen=seen,
        ),
        _ask_unit,
    ),
    Step(
        "refer", ":material/forward_to_inbox:", _is(Status.VERIFIED, Status.REFERRED),
        lambda c, who, case, a, seen: referrals.refer(
            c, who, case.public_id, str(a["agency"]), a.get("note"), answer_due=_after(a["hours"]), seen=seen
        ),
        _ask_refer,
    ),
    Step(
        "withdraw", ":material/undo:", lambda case, _: any(r.state == "sent" for r in case.referrals),
        lambda c, who, case, a, seen: referrals.withdraw(
            c, who, case.public_id, int(a.get("referral") or 0), str(a.get("note") or ""), seen=seen
        ),
        _ask_withdraw, main=False,
    ),
    Step(
        "paper", ":material/history_edu:", lambda case, _: any(r.state in {"sent", "accepted"} for r in case.referrals),
        _paper, _ask_paper,
    ),
    Step(
        "close", ":material/task_alt:", _is(Status.VERIFIED, Status.REFERRED),
        lambda c, who, case, a, seen: closing.propose_closing(
            c, who, case.public_id, Outcome(str(a["outcome"])), a.get("note"), seen=seen
        ),
        _ask_close, first=True,
    ),
    Step(
        "confirm", ":material/done_all:",
        lambda case, me: case.closing_waits and case.closing_by is not None and case.closing_by.id != me.id,
        lambda c, who, case, a, seen: closing.confirm_closing(c, who, case.public_id, a.get("note"), seen=seen),
        _ask_confirm, first=True,
    ),
    Step(
        "send_back", ":material/undo:", lambda case, _: case.closing_waits,
        lambda c, who, case, a, seen: closing.send_back(c, who, case.public_id, str(a.get("note") or ""), seen=seen), _ask_reason,
    ),
    Step(
        "recheck", ":material/rule:",
        lambda case, me: case.status == Status.CLOSED and case.recheck and case.rechecked_at is None
        and (case.closing_by is None or case.closing_by.id != me.id),
        lambda c, who, case, a, seen: closing.recheck(
            c, who, case.public_id, holds=a["holds"] == "yes", note=a.get("note"), seen=seen
        ),
        _ask_recheck, first=True,
    ),
    Step(
        "reopen", ":material/restart_alt:", lambda case, _: case.status in ENDED,
        lambda c, who, case, a, seen: closing.reopen(c, who, case.public_id, str(a.get("note") or ""), seen=seen), _ask_reason,
    ),
    Step(
        "duplicate", ":material/content_copy:", _is(Status.RECEIVED, Status.VERIFYING, Status.VERIFIED), _merge, _ask_into,
        main=False,
    ),
    Step(
        "take", ":material/person_add:",
        lambda case, me: case.status not in ENDED and (case.officer is None or case.officer.id != me.id),
        lambda c, who, case, a, seen: cases.take(c, who, case.public_id, seen=seen), main=False,
    ),
    Step(
        "assign", ":material/group_add:", _open,
        lambda c, who, case, a, seen: cases.assign(c, who, case.public_id, int(a.get("officer") or 0), a.get("note"), seen=seen),
        _ask_assign, main=False,
    ),
    Step(
        "grade", ":material/grade:", lambda case, _: case.status is not Status.DUPLICATE,
        lambda c, who, case, a, seen: cases.grade(c, who, case.public_id, _grade_of(a), a.get("note"), seen=seen),
        _ask_grade, main=False,
    ),
    Step("evidence", ":material/attach_file:", lambda case, _: True, _evidence, _ask_evidence, main=False),
    Step(
        "question", ":material/contact_support:", lambda case, _: any(report.reachable for report in case.reports),
        lambda c, who, case, a, seen: questions.ask_reporter(c, who, int(a["report"]), str(a.get("question") or ""), seen=seen),
        _ask_question, main=False,
    ),
    Step("log", ":material/handshake:", lambda case, _: True, _log, _ask_log, main=False),
    Step(
        "note", ":material/edit_note:", lambda case, _: True,
        lambda c, who, case, a, seen: cases.note(c, who, case.public_id, str(a.get("note") or ""), seen=seen), _ask_note,
        main=False,
    ),
    Step(
        "open_draft", ":material/edit:",
        lambda case, me: case.status in SHARED and me.role is not Role.CHIEF,
        lambda c, who, case, a, seen: cases.draft_text(c, who, case.public_id, str(a.get("said") or ""), seen=seen),
        _ask_open_draft, main=False,
    ),
    Step(
        "open_text", ":material/translate:", lambda case, me: case.status in SHARED and me.role is Role.CHIEF,
        lambda c, who, case, a, seen: cases.approve_text(c, who, case.public_id, a.get("said"), seen=seen), _ask_open_text,
        main=False,
    ),
)  # fmt: skip
STEPS = {step.code: step for step in _ALL}
