"""What is taken away of a meeting, before it is told in any form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.documents.referral_pack import Names
from dashboard.i18n import name, t
from dashboard.i18n.dates import today
from dashboard.meeting_decisions import Known
from geo.model.meeting import CameSince, Decision, DecisionState, Meeting
from geo.model.meeting_sheet import DecisionSoFar, MeetingSheet, OverviewSheet

__all__ = ["MeetingPack", "decisions_of", "district_name", "where"]


@dataclass(frozen=True, slots=True)
class MeetingPack:
    """What is taken away of a meeting.

    Attributes
    ----------
    overview
        Nothing where only one district is taken away, or its reader may not see all districts of the meeting.
    sheets
        In the meeting's order.
    decisions
        Of these districts: those that are open, and all of this meeting.
    came
        What came after the snapshot.
    lang
        ``th`` or ``en``.
    now
        Aware moment of taking away.
    """

    meeting: Meeting
    overview: OverviewSheet | None
    sheets: tuple[MeetingSheet, ...]
    decisions: tuple[Decision, ...]
    came: CameSince
    names: Names
    lang: str
    now: datetime

    @property
    def today(self) -> date:
        """Day of taking away, in Bangkok."""
        return today(self.now)

    @property
    def known(self) -> Known:
        """What codes are called, for the words of decisions."""
        return Known(self.names.types, self.names.agencies, self.names.districts, self.lang, self.today)

    @property
    def first(self) -> MeetingSheet | OverviewSheet:
        """The sheet that says the period."""
        return self.overview or self.sheets[0]

    @property
    def so_far(self) -> dict[int, DecisionSoFar]:
        """What the snapshot says of decisions that earlier meetings left undone, by their numbers."""
        return {one.decision: one for sheet in self.sheets for one in sheet.so_far}

    def type_name(self, code: str) -> str:
        """What a crime type is called."""
        types = self.names.types
        return name(types[code], self.lang) if code in types else code


def district_name(sheet: Any, lang: str) -> str:
    """``อ.เมืองหนองคาย`` of a sheet or a row."""
    return t("meeting.place.district", lang, name=name(sheet, lang) or sheet.district)


def where(sheet: MeetingSheet, lang: str) -> str:
    """Its province, and what it borders."""
    province = name(sheet, lang, "province")
    if not sheet.neighbours:
        return t("meeting_screen.where", lang, province=province)
    beyond = ", ".join(t(f"neighbour.{code}", lang) for code in sheet.neighbours)
    return t("meeting_screen.where_neighbour", lang, province=province, neighbours=beyond)


def decisions_of(pack: MeetingPack, district: str | None = None) -> list[Decision]:
    """Decisions of a district, or of all: open ones first, the one that is due first before."""
    chosen = [one for one in pack.decisions if district in (None, one.district)]
    return sorted(chosen, key=lambda one: (one.state is not DecisionState.OPEN, one.due, one.id))
