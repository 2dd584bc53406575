"""The tables that pages show, in words, as they are taken away.

Each is read with the viewer's own rights, and says what it holds and as of when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from dashboard.documents.referral_pack import Names
from dashboard.documents.tables import Cell, Table
from dashboard.i18n import name, t
from dashboard.i18n.dates import local, moment
from geo.queries.case_places import CasePlace
from geo.queries.inbox import InboxRow
from geo.queries.own_reports import OwnReport
from geo.queries.referrals import Referral
from geo.queries.silence import PlaceSpot

__all__ = [
    "inbox_table",
    "incidents_table",
    "referrals_table",
    "reports_table",
    "silence_districts_table",
    "silence_table",
]


class _Words:
    """Codes in words, each looked up once."""

    def __init__(self, names: Names, lang: str) -> None:
        self.lang = lang
        self._names = names
        self._kept: dict[tuple[str, str], str] = {}

    def said(self, group: str, code: str | None) -> str:
        """``status.closed`` and its like; empty for nothing."""
        if code is None:
            return ""
        key = (group, code)
        if key not in self._kept:
            self._kept[key] = t(f"{group}.{code}", self.lang)
        return self._kept[key]

    def type(self, code: str | None) -> str:
        return self._name("types", self._names.types, code)

    def agency(self, code: str | None) -> str:
        return self._name("agencies", self._names.agencies, code)

    def district(self, code: str | None) -> str:
        return self._name("districts", self._names.districts, code)

    def province(self, code: str | None) -> str:
        return self._name("provinces", self._names.districts, code, "province")

    def yes(self, holds: bool | None) -> str:
        return "" if holds is None else t("export.yes" if holds else "export.no", self.lang)

    def _name(self, group: str, rows: Mapping[str, Any], code: str | None, what: str = "name") -> str:
        if code is None:
            return ""
        key = (group, code)
        if key not in self._kept:
            self._kept[key] = (name(rows[code], self.lang, what) or code) if code in rows else code
        return self._kept[key]


def _table(
    of: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Cell]], chosen: str, lang: str, now: datetime,
    *notes: str, demo: bool = False,
) -> Table:  # fmt: skip
    about = [
        (t("export.about.what", lang), t(f"export.table.{of}", lang)),
        (t("export.about.filter", lang), chosen),
        (t("export.about.as_of", lang), moment(local(now), lang)),
        (t("export.about.times", lang), t("export.times", lang)),
    ]
    about += [(t("export.about.note", lang), t(f"export.note.{note}", lang)) for note in notes]
    if demo:
        about.append((t("export.about.note", lang), t("paper.demo", lang)))
    heads = [(t(f"export.column.{code}", lang), width) for code, width in columns]
    return Table(t(f"export.table.{of}", lang), about, t("export.about.title", lang), heads, rows)


def incidents_table(
    rows: Iterable[Mapping[str, Any]],
    names: Names,
    chosen: str,
    lang: str,
    now: datetime,
    *,
    rough: bool,
    told: bool,
    demo: bool,
) -> Table:
    """Incidents, as `geo.queries.export.incident_rows` gives them.

    Parameters
    ----------
    chosen
        The filter in words.
    rough, told
        Whether some are told roughly, and whether there is text at all: the file says so.
    """
    words = _Words(names, lang)
    columns = [
        ("reference", 16), ("type", 30), ("other_types", 24), ("occurred", 18), ("day_only", 10), ("reported", 18), ("status", 18),
        ("channel", 18), ("district_code", 10), ("district", 20), ("province", 18), ("location", 18), ("lat", 11), ("lon", 11),
        ("rough", 12),
    ]  # fmt: skip
    if told:
        columns += [("place", 30), ("told", 60)]

    def cells() -> Iterator[list[Cell]]:
        for row in rows:
            one: list[Cell] = [
                row["public_id"], words.type(row["crime_type"]), ", ".join(map(words.type, row["other_crime_types"])),
                row["occurred_at"], words.yes(row["occurred_day_only"]), row["reported_at"], words.said("status", row["status"]),
                words.said("channel", row["channel"]), row["district_code"], words.district(row["district_code"]),
                words.province(row["district_code"]), words.said("export.location", row["location_check"]),
                None if row["lat"] is None else round(row["lat"], 5), None if row["lon"] is None else round(row["lon"], 5),
                words.yes(row["rough"]),
            ]  # fmt: skip
            yield [*one, row["location_note"], row["told"]] if told else one

    notes = [note for note, holds in (("rough", rough), ("untold", not told)) if holds]
    return _table("incidents", columns, cells(), chosen, lang, now, *notes, demo=demo)


def inbox_table(
    rows: Iterable[tuple[InboxRow, CasePlace | None]], names: Names, chosen: str, lang: str, now: datetime
) -> Table:
    """The list of cases of a district centre, in its order; nobody's name."""
    words = _Words(names, lang)
    columns = [
        ("reference", 16), ("group", 26), ("why", 40), ("type", 30), ("status", 18), ("channel", 18), ("occurred", 18),
        ("day_only", 10), ("reported", 18), ("district", 20), ("subdistrict", 20), ("place", 30), ("grade", 8), ("reports", 8),
        ("due", 18), ("overdue", 10),
    ]  # fmt: skip

    def cells() -> Iterator[list[Cell]]:
        for row, place in rows:
            below = (
                "" if place is None else name({"name_th": place.subdistrict_th, "name_en": place.subdistrict_en}, lang)
            )
            yield [
                row.public_id, words.said("case_group", row.group.name.lower()),
                ", ".join(words.said("case_why", code) for code in row.why), words.type(row.crime_type),
                words.said("status", row.status), words.said("channel", row.channel), row.occurred_at,
                words.yes(row.occurred_day_only), row.reported_at, words.district(row.district_code), below,
                "" if place is None else place.said, str(row.grade or ""), row.reports, row.due, words.yes(row.overdue),
            ]  # fmt: skip

    return _table("inbox", columns, cells(), chosen, lang, now, "names")


def referrals_table(rows: Iterable[Referral], names: Names, chosen: str, lang: str, now: datetime) -> Table:
    """Referrals, newest first; nobody's name."""
    words = _Words(names, lang)
    columns = [
        ("reference", 16), ("agency", 30), ("referral_state", 20), ("type", 30), ("district", 20), ("sent", 18), ("answer_due", 18),
        ("accepted", 18), ("outcome_due", 18), ("ended", 18), ("outcome", 20), ("asked", 40), ("return_reason", 40),
        ("outcome_note", 40),
    ]  # fmt: skip

    def cells() -> Iterator[list[Cell]]:
        for row in rows:
            yield [
                row.of, words.agency(row.agency), words.said("referral_state", row.state), words.type(row.crime_type),
                words.district(row.district_code), row.sent_at, row.answer_due, row.accepted_at, row.outcome_due, row.ended_at,
                words.said("outcome", row.outcome), row.note, row.return_reason, row.outcome_note,
            ]  # fmt: skip

    return _table("referrals", columns, cells(), chosen, lang, now, "names")


def reports_table(rows: Iterable[OwnReport], names: Names, chosen: str, lang: str, now: datetime) -> Table:
    """What a coordinator handed in, newest first."""
    words = _Words(names, lang)
    columns = [
        ("reference", 16), ("reported", 18), ("type", 30), ("report_state", 20), ("area_code", 12), ("village", 24), ("told", 60),
    ]  # fmt: skip

    def cells() -> Iterator[list[Cell]]:
        for row in rows:
            yield [
                row.case, row.received_at, words.type(row.crime_type), words.said("coordinator.state", row.status or "received"),
                row.area_code, row.village, row.description,
            ]  # fmt: skip

    return _table("reports", columns, cells(), chosen, lang, now)


def silence_table(
    rows: Iterable[Any], spots: Mapping[str, PlaceSpot], names: Names, chosen: str, lang: str, now: datetime
) -> Table:
    """Places with what was heard from them, as rows of `dashboard.silences.board`; nobody's name."""
    words = _Words(names, lang)
    columns = [
        ("district", 20), ("subdistrict", 20), ("village", 20), ("silence_state", 24), ("coordinators", 10), ("last_report", 18),
        ("gap_days", 10), ("said_month", 14), ("online_last", 14), ("online_gap_days", 10), ("silence_due", 18),
        ("overdue_days", 10), ("called_at", 18), ("called_outcome", 20),
    ]  # fmt: skip

    def cells() -> Iterator[list[Cell]]:
        for row in rows:
            spot = spots.get(row.area_code)
            below = name({"name_th": spot.name_th, "name_en": spot.name_en}, lang) if spot else row.area_code
            yield [
                words.district(row.district_code), below, row.village,
                words.said("silence.state", row.state if row.coordinators else "nobody"), int(row.coordinators),
                _there(row.last_report), _whole(row.gap_days), _there(row.said_month), _there(row.online_last),
                _whole(row.online_gap_days), _there(row.due), _whole(row.overdue_days), _there(row.called_at),
                words.said("silence.outcome", _there(row.called_outcome)),
            ]  # fmt: skip

    return _table("silence", columns, cells(), chosen, lang, now, "silence")


def silence_districts_table(rows: Iterable[Any], names: Names, chosen: str, lang: str, now: datetime) -> Table:
    """Places of each district by state, as rows of `dashboard.silences.by_district`."""
    words = _Words(names, lang)
    states = ("silent", "never", "quiet", "heard", "nobody")
    columns = [
        ("province", 20), ("district", 20), *((f"places_{code}", 14) for code in states), ("longest_days", 14),
    ]  # fmt: skip

    def cells() -> Iterator[list[Cell]]:
        for row in rows:
            counts = [int(getattr(row, code)) for code in states]
            yield [
                words.province(row.district_code), words.district(row.district_code), *counts, _whole(row.longest_days),
            ]  # fmt: skip

    return _table("silence", columns, cells(), chosen, lang, now, "silence")


def _there(value: Any) -> Any:
    """A cell of a frame; nothing where it is missing."""
    if value is None or value != value:
        return None
    return value.to_pydatetime() if hasattr(value, "to_pydatetime") else value


def _whole(value: float) -> int | None:
    return None if value != value else round(value)
