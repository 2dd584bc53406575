"""Decisions of a meeting on paper and on slides: who does what by when, and since when that is open."""

from __future__ import annotations

from typing import Any

from dashboard.documents.meeting_pack import MeetingPack, decisions_of, district_name
from dashboard.documents.position import grid_words
from dashboard.documents.typesetting import printable
from dashboard.i18n import t
from dashboard.i18n.dates import day
from dashboard.meeting_decisions import due_words, ended_words, owner_words
from dashboard.meeting_follow import since_line
from geo.model.meeting import Decision, DecisionState

__all__ = ["decision_lines"]

LONGEST = 700
"""Characters of a decision on a page or a slide; all of it stands in the workbook."""


def decision_lines(pack: MeetingPack, district: str | None = None) -> list[dict[str, Any]]:
    """Decisions in words; what people typed is text, cut where a page would not bear it."""
    lang, as_of = pack.lang, pack.today
    so_far = pack.so_far
    called = {sheet.district: district_name(sheet, lang) for sheet in pack.sheets}
    return [
        {
            "district": called.get(one.district, one.district),
            "words": printable(one.words, LONGEST),
            "owner": printable(owner_words(one, pack.known), 200),
            "due": due_words(one, as_of, lang) if one.state is DecisionState.OPEN else "",
            "late": one.late(as_of),
            "since": _since(one, pack),
            "place": printable(_place(one, lang), 200),
            "so_far": since_line(so_far[one.id], lang, pack.meeting.hides_small) if one.id in so_far else "",
            "ended": printable(ended_words(one, lang), LONGEST),
        }
        for one in decisions_of(pack, district)
    ]


def _since(one: Decision, pack: MeetingPack) -> str:
    if one.meeting_id == pack.meeting.id:
        return t("meeting_paper.since_now", pack.lang)
    return t(
        "meeting_paper.since", pack.lang, day=day(one.held_on, pack.lang), meeting=printable(one.meeting_title, 120)
    )


def _place(one: Decision, lang: str) -> str:
    said = []
    if one.checkpoint_name:
        said.append(t("meeting_screen.decision.plan", lang, name=one.checkpoint_name))
    if one.lon is not None and one.lat is not None:
        said.append(grid_words(one.lon, one.lat))
    return " · ".join(said)
