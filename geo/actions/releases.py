"""Make a release of a quarter, approve its words, publish it, take it back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.actions.case_history import StepRefused
from geo.actions.case_steps import own_rows
from geo.analysis.margins import Margins
from geo.analysis.suppression import protected
from geo.analysis.suppression_audit import narrow
from geo.crs import TIMEZONE
from geo.ingest.text import clean
from geo.model.json_form import to_json
from geo.model.person import Person
from geo.model.quarter import Quarter
from geo.model.release import LONGEST_NOTE, MAKES, NOTE_LANGUAGES, Figures, Release, ReleaseState
from geo.queries.release_counts import ReleaseCounts, release_counts
from geo.queries.releases import earlier_versions, release

__all__ = ["approve_note", "make_release", "publish_release", "withdraw_release", "write_note"]

LOCK = 7_341_212
"""Advisory lock: one release at a time, so that none is made without knowing of the other."""
PATIENCE = "60s"
"""For one statement, and for the figures to be hidden between two."""


def make_release(
    connection: Connection, quarter: Quarter, person: Person | None, *, demo: bool = False, reason: str = ""
) -> int:
    """Count a quarter, hide what may not be shown, and keep what is left as it is; its number.

    In the caller's transaction, with the person's rights (`geo.db.scope.enter`) or those of the tables' owner.

    Parameters
    ----------
    person
        Nobody for a command. Whoever is a demonstration person makes releases of demonstration data, and nobody else does.
    demo
        For a command: count demonstration data.
    reason
        Why it is made again; needed from the second version on.

    Raises
    ------
    StepRefused
        ``release.not_allowed``, ``release.too_early``, ``release.waiting``: a version of it waits to be published;
        ``release.no_reason``, ``release.same``: nothing would be told that is not told already; ``release.no_districts``,
        ``release.other_districts``: the districts or types are not those of the version before.
    """
    _allowed(person)
    demo = person.is_demo if person is not None else demo
    connection.execute(text("select set_config('statement_timeout', :t, true)"), {"t": PATIENCE})
    connection.execute(text("select set_config('idle_in_transaction_session_timeout', :t, true)"), {"t": PATIENCE})
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
    now: datetime = connection.execute(text("select now()")).scalar_one()
    if now.astimezone(ZoneInfo(TIMEZONE)).date() < quarter.opens:
        raise StepRefused("release.too_early", quarter=str(quarter), day=quarter.opens.isoformat())
    version, waits = connection.execute(
        text(
            "select coalesce(max(version), 0) + 1, coalesce(bool_or(state = 'prepared'), false) from public_release"
            " where quarter = :quarter and is_demo = :demo"
        ),
        {"quarter": str(quarter), "demo": demo},
    ).one()
    if waits:
        raise StepRefused("release.waiting", quarter=str(quarter))
    said = clean(reason)[:2000]
    if version > 1 and not said:
        raise StepRefused("release.no_reason", quarter=str(quarter))
    figures, cells = _figures(connection, quarter, demo)
    with own_rows():
        number = int(
            connection.execute(
                text(
                    "insert into public_release (quarter, version, figures, counts, reason, made_by, is_demo) values (:quarter,"
                    " :version, cast(:figures as jsonb), cast(:counts as jsonb), :reason, :by, :demo) returning id"
                ),
                {
                    "quarter": str(quarter), "version": version, "figures": json.dumps(to_json(figures)), "counts": json.dumps(cells),
                    "reason": said or None, "by": person.id if person else None, "demo": demo,
                },
            ).scalar_one()
        )  # fmt: skip
    audit(connection, "release.make", f"release:{number}", quarter=str(quarter), version=version, hidden=figures.hidden)
    return number


def _allowed(person: Person | None) -> None:
    if person is not None and person.role not in MAKES:
        raise StepRefused("release.not_allowed")


def _figures(connection: Connection, quarter: Quarter, demo: bool) -> tuple[Figures, list[list[int]]]:
    counted = release_counts(connection, quarter, demo=demo)
    if not counted.districts or not counted.types:
        raise StepRefused("release.no_districts")
    before = earlier_versions(connection, quarter, demo=demo)
    if any((one.districts, one.types) != (counted.districts, counted.types) for one, _ in before):
        raise StepRefused("release.other_districts", quarter=str(quarter))
    provinces = tuple(dict.fromkeys(code[:2] for code in counted.districts))
    margins = Margins(np.array([provinces.index(code[:2]) for code in counted.districts]), len(counted.types))
    cells = margins.filled(counted.counts)
    hidden = protected(margins, cells, [one for _, one in before])
    # What made the figures is asked once more by what tries to read them: nothing leaves on the word of one method.
    if narrow(margins, cells, hidden).any():
        raise ArithmeticError("a hidden figure can be worked out")
    shown = tuple(
        tuple(None if out else int(cell) for cell, out in zip(line, outs, strict=True))
        for line, outs in zip(cells, hidden, strict=True)
    )
    figures = _named(counted, provinces, shown)
    if before and before[-1][0] == figures:
        raise StepRefused("release.same", quarter=str(quarter))
    return figures, cells.tolist()


def _named(counted: ReleaseCounts, provinces: tuple[str, ...], shown: tuple[tuple[int | None, ...], ...]) -> Figures:
    return Figures(counted.districts, provinces, counted.types, shown)


def write_note(connection: Connection, person: Person | None, number: int, note: Mapping[str, str]) -> None:
    """Put words beside the figures, in some of `geo.model.release.NOTE_LANGUAGES`. They are shown once they are approved.

    Raises
    ------
    NotFound
        ``release.not_found``.
    StepRefused
        ``release.not_allowed``, ``release.note_long``.
    """
    found = _found(connection, person, number)
    kept = {lang: clean(note[lang], lines=True) for lang in NOTE_LANGUAGES if note.get(lang)}
    kept = {lang: words for lang, words in kept.items() if words}
    if any(len(words) > LONGEST_NOTE for words in kept.values()):
        raise StepRefused("release.note_long", most=LONGEST_NOTE)
    _change(connection, number, "note = cast(:note as jsonb)", note=json.dumps(kept, ensure_ascii=False))
    audit(connection, "release.note", f"release:{number}", quarter=str(found.quarter), version=found.version)


def approve_note(connection: Connection, person: Person | None, number: int, seen: Mapping[str, str]) -> None:
    """Let everybody read the words.

    Parameters
    ----------
    seen
        The words as they were read by who approves them.

    Raises
    ------
    NotFound
        ``release.not_found``.
    StepRefused
        ``release.not_allowed``, ``release.no_note``, ``release.note_changed``: somebody wrote others meanwhile.
    """
    found = _found(connection, person, number)
    if not found.note:
        raise StepRefused("release.no_note")
    if dict(found.note) != dict(seen):
        raise StepRefused("release.note_changed")
    _change(
        connection,
        number,
        "note_approved_by = :by, note_approved_at = now()",
        by=person.id if person else None,
    )
    audit(connection, "release.approve_note", f"release:{number}", quarter=str(found.quarter), version=found.version)


def publish_release(connection: Connection, person: Person | None, number: int) -> None:
    """Show it to everybody, in place of the version before.

    Raises
    ------
    NotFound
        ``release.not_found``.
    StepRefused
        ``release.not_allowed``, ``release.not_prepared``.
    """
    found = _found(connection, person, number)
    if found.state is not ReleaseState.PREPARED:
        raise StepRefused("release.not_prepared")
    _change(
        connection, number, "state = 'published', published_by = :by, published_at = now()",
        by=person.id if person else None,
    )  # fmt: skip
    audit(connection, "release.publish", f"release:{number}", quarter=str(found.quarter), version=found.version)


def withdraw_release(connection: Connection, person: Person | None, number: int) -> None:
    """Show it no longer. Who kept it has it: later versions are kept apart from it all the same.

    Raises
    ------
    NotFound
        ``release.not_found``.
    StepRefused
        ``release.not_allowed``, ``release.not_published``.
    """
    found = _found(connection, person, number)
    if found.state is not ReleaseState.PUBLISHED:
        raise StepRefused("release.not_published")
    _change(
        connection, number, "state = 'withdrawn', withdrawn_by = :by, withdrawn_at = now()",
        by=person.id if person else None,
    )  # fmt: skip
    audit(connection, "release.withdraw", f"release:{number}", quarter=str(found.quarter), version=found.version)


def _found(connection: Connection, person: Person | None, number: int) -> Release:
    _allowed(person)
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
    return release(connection, number)


def _change(connection: Connection, number: int, assignments: str, **values: object) -> None:
    with own_rows():
        changed = connection.execute(
            text(f"update public_release set {assignments} where id = :id"), {"id": number, **values}
        ).rowcount
    if changed != 1:
        raise StepRefused("case.not_yours")
