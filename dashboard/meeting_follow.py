"""What became of the decisions that are not done: before and after, beside the district that they are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.i18n import name, t
from dashboard.i18n.dates import change, day, distance, number
from dashboard.meeting_decisions import Known, district_words, due_words, owner_words, place_words
from geo.model.meeting import Decision
from geo.queries.decision_since import DecisionSince

__all__ = ["FollowUp", "undone_cards"]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A decision that is not done, and what happened; nothing where it is too young, or one of too many."""

    decision: Decision
    since: DecisionSince | None


def undone_cards(undone: Sequence[FollowUp], known: Known) -> dict[str, Any]:
    """The first screen's list; words and names are text of people."""
    told = any(one.since is not None for one in undone)
    return {
        "undone": [_card(one, known) for one in undone],
        "none": t("meeting_screen.since.none", known.lang),
        "note": t("meeting_screen.since.note", known.lang) if told else None,
    }


def _card(one: FollowUp, known: Known) -> dict[str, Any]:
    decision, lang = one.decision, known.lang
    where = [district_words(decision.district, known), place_words(decision, lang)]
    young = t("meeting_screen.since.young", lang, day=day(decision.held_on, lang))
    told = _table(one.since, lang) if one.since else {"heads": [], "rows": [], "line": None, "verdict": young}
    return told | {
        "words": decision.words,
        "where": " · ".join(part for part in where if part),
        "owner": owner_words(decision, known),
        "due": due_words(decision, known.today, lang),
        "late": decision.late(known.today),
    }


def _table(since: DecisionSince, lang: str) -> dict[str, Any]:
    """Counts before and after, here and in the district that is most alike; and a plain sentence."""
    own = since.change
    here = (
        t("meeting_screen.since.here", lang, distance=distance(since.radius_m, lang))
        if since.radius_m is not None
        else t("meeting_screen.since.whole", lang)
    )
    rows = [_row(here, own.before, own.after, lang)]
    if since.match_before is not None and since.match_after is not None:
        beside = name({"name_th": since.match_name_th, "name_en": since.match_name_en}, lang)
        rows.append(
            _row(t("meeting_screen.since.compared", lang, name=beside), since.match_before, since.match_after, lang)
        )
    return {
        "heads": [
            t("meeting_screen.since.counted", lang), t("meeting_screen.since.before", lang, n=since.days),
            t("meeting_screen.since.after", lang, n=since.days), "",
        ],
        "rows": rows,
        "line": _line(rows, since.days, lang),
        "verdict": " · ".join((_verdict(since, lang), _patrols(since, lang))),
    }  # fmt: skip


def _line(rows: Sequence[Sequence[str]], days: int, lang: str) -> str:
    """The same on one line, where several have to be seen at once."""
    said = [t("meeting_screen.since.moved", lang, what=what, before=b, after=a, change=c) for what, b, a, c in rows]
    return t("meeting_screen.since.line", lang, n=days, rows=" · ".join(said))


def _row(label: str, before: int, after: int, lang: str) -> list[str]:
    return [label, number(before), number(after), change(after, before, lang)]


def _verdict(since: DecisionSince, lang: str) -> str:
    code = f"{since.change.direction}_beside" if since.match is not None else str(since.change.direction)
    return t(f"meeting_screen.verdict.{code}", lang)


def _patrols(since: DecisionSince, lang: str) -> str:
    before, after = (number(round(hours)) for hours in (since.hours_before, since.hours_after))
    return t("meeting_screen.since.patrols", lang, before=before, after=after)
