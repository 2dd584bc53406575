"""What became of the decisions that are not done: before and after, beside the district that they are compared with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.i18n import name, t
from dashboard.i18n.dates import change, day, distance, local, number
from dashboard.meeting_decisions import Known, district_words, due_words, owner_words, place_words
from dashboard.meeting_words import alone
from geo.model.meeting import Decision
from geo.model.meeting_sheet import DecisionSoFar
from geo.queries.decision_since import FEWEST_DAYS

__all__ = ["FollowUp", "followed", "since_line", "undone_cards"]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A decision that is not done, and what the snapshot says of it; nothing where it was too young, or was not counted."""

    decision: Decision
    since: DecisionSoFar | None
    young: bool


def followed(undone: Sequence[Decision], so_far: Iterable[DecisionSoFar], day: date) -> list[FollowUp]:
    """Decisions with what the meeting's sheets say of them.

    Parameters
    ----------
    day
        That of the snapshot, in Bangkok.
    """
    told = {one.decision: one for one in so_far}
    return [FollowUp(one, told.get(one.id), (day - local(one.decided_at).date()).days < FEWEST_DAYS) for one in undone]


def since_line(since: DecisionSoFar, lang: str, hides: bool) -> str:
    """Before and after, and what that says, on one line."""
    return f"{_line(_rows(since, lang, hides), since.days, lang)} · {_verdict(since, lang)}"


def undone_cards(undone: Sequence[FollowUp], known: Known, hides: bool) -> dict[str, Any]:
    """The first screen's list; words and names are text of people.

    Parameters
    ----------
    hides
        Whether the meeting hides small counts.
    """
    told = any(one.since is not None for one in undone)
    return {
        "undone": [_card(one, known, hides) for one in undone],
        "none": t("meeting_screen.since.none", known.lang),
        "note": t("meeting_screen.since.note", known.lang) if told else None,
    }


def _card(one: FollowUp, known: Known, hides: bool) -> dict[str, Any]:
    decision, lang = one.decision, known.lang
    where = [district_words(decision.district, known), place_words(decision, lang)]
    untold = "young" if one.young else "not_counted"
    verdict = t(f"meeting_screen.since.{untold}", lang, day=day(decision.held_on, lang))
    told = _table(one.since, lang, hides) if one.since else {"heads": [], "rows": [], "line": None, "verdict": verdict}
    return told | {
        "words": decision.words,
        "where": " · ".join(part for part in where if part),
        "owner": owner_words(decision, known),
        "due": due_words(decision, known.today, lang),
        "late": decision.late(known.today),
    }


def _table(since: DecisionSoFar, lang: str, hides: bool) -> dict[str, Any]:
    """Counts before and after, here and in the district that is most alike; and a plain sentence."""
    rows = _rows(since, lang, hides)
    return {
        "heads": [
            t("meeting_screen.since.counted", lang), t("meeting_screen.since.before", lang, n=since.days),
            t("meeting_screen.since.after", lang, n=since.days), "",
        ],
        "rows": rows,
        "line": _line(rows, since.days, lang),
        "verdict": " · ".join((_verdict(since, lang), _patrols(since, lang))),
    }  # fmt: skip


def _rows(since: DecisionSoFar, lang: str, hides: bool) -> list[list[str]]:
    here = (
        t("meeting_screen.since.here", lang, distance=distance(since.radius_m, lang))
        if since.radius_m is not None
        else t("meeting_screen.since.whole", lang)
    )
    rows = [_row(here, since.before, since.after, lang, hides)]
    if since.beside_before is not None and since.beside_after is not None:
        beside = name({"name_th": since.beside_th, "name_en": since.beside_en}, lang)
        rows.append(
            _row(
                t("meeting_screen.since.compared", lang, name=beside),
                since.beside_before,
                since.beside_after,
                lang,
                hides,
            )
        )
    return rows


def _line(rows: Sequence[Sequence[str]], days: int, lang: str) -> str:
    """The same on one line, where several have to be seen at once."""
    said = [t("meeting_screen.since.moved", lang, what=what, before=b, after=a, change=c) for what, b, a, c in rows]
    return t("meeting_screen.since.line", lang, n=days, rows=" · ".join(said))


def _row(label: str, before: int, after: int, lang: str, hides: bool) -> list[str]:
    return [label, alone(before, hides), alone(after, hides), change(after, before, lang)]


def _verdict(since: DecisionSoFar, lang: str) -> str:
    code = since.direction if since.beside is None else f"{since.direction}_beside"
    return t(f"meeting_screen.verdict.{code}", lang)


def _patrols(since: DecisionSoFar, lang: str) -> str:
    before, after = (number(round(hours)) for hours in (since.hours_before, since.hours_after))
    return t("meeting_screen.since.patrols", lang, before=before, after=after)
