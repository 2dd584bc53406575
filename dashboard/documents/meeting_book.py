"""The numbers of a meeting as a workbook: numbers as numbers, days as days, and what a meeting hides as it is written there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

from dashboard.documents.meeting_about import about
from dashboard.documents.meeting_pack import MeetingPack, decisions_of, district_name
from dashboard.documents.tables import Cell, Table, write_book
from dashboard.i18n import name, t
from dashboard.i18n.dates import number
from dashboard.meeting_decisions import owner_words
from dashboard.meeting_follow import since_line
from dashboard.meeting_words import alone, breakdown, figure_words, found_words, place_rows, week_counts
from geo.model.meeting_sheet import CountRow, Figure, FigureName, MeetingSheet, OverviewSheet

__all__ = ["meeting_book", "plain_figures"]

Sheet = MeetingSheet | OverviewSheet


def meeting_book(pack: MeetingPack) -> bytes:
    """The XLSX."""
    out = BytesIO()
    write_book(_Book(pack).tables(), out)
    return out.getvalue()


class _Book:
    """Sheets of a workbook, each with all districts one below the other."""

    def __init__(self, pack: MeetingPack) -> None:
        self.pack, self.lang, self.hides = pack, pack.lang, pack.meeting.hides_small
        self.about = [*about(pack), (t("export.about.times", self.lang), t("export.times", self.lang))]

    def tables(self) -> list[Table]:
        """In the order in which they stand in the workbook."""
        figures = [
            (f"figure_{one}", 14)
            for one in ("now", "before", "percent", "verified", "open", "overdue", "hours", "hours_before")
        ]
        return [
            self._table("overview", [("code", 8), ("district", 24), ("province", 18), *figures], self._overview()),
            self._table(
                "figures", [("district", 24), ("figure", 24), ("value", 12), ("before", 12), ("trend", 18), ("says", 70)],
                self._figures(),
            ),
            self._table("types", [("district", 24), ("kind", 40), *_COUNTS], self._breakdown("types")),
            self._table("channels", [("district", 24), ("channel", 30), *_COUNTS], self._breakdown("channels")),
            self._table("weeks", [("district", 24), ("monday", 12), ("days", 10), ("count", 12)], self._weeks()),
            self._table("changed", [("district", 24), ("found", 90)], self._changed()),
            self._table(
                "places", [("district", 24), ("rank", 8), ("place", 40), ("count", 12), ("type", 40), ("share_percent", 12),
                           ("last", 12), ("signs", 40), ("gi", 8), ("lat", 11), ("lon", 11)],
                self._places(),
            ),
            self._table(
                "decisions", [("district", 24), ("words", 70), ("owner", 30), ("due", 12), ("state", 14), ("late", 10), ("reason", 50),
                              ("decided", 18), ("meeting", 40), ("checkpoint", 24), ("lat", 11), ("lon", 11), ("days", 10), ("decision_before", 14), ("decision_after", 14),
                              ("beside", 24), ("beside_before", 14), ("beside_after", 14), ("hours_before", 14), ("hours_after", 14),
                              ("so_far", 70)],
                self._decisions(),
            ),
        ]  # fmt: skip

    def _table(self, of: str, heads: Sequence[tuple[str, int]], rows: Iterator[list[Cell]]) -> Table:
        said = [(t(f"meeting_paper.column.{code}", self.lang), wide) for code, wide in heads]
        title = t(f"meeting_paper.sheet.{of}", self.lang)
        return Table(title, self.about, t("meeting_paper.sheet.about", self.lang), said, rows)

    def _all(self) -> Iterator[tuple[str, Sheet]]:
        """Each sheet under the name of its district; the whole first."""
        if self.pack.overview is not None:
            yield t("meeting_paper.whole", self.lang), self.pack.overview
        for sheet in self.pack.sheets:
            yield district_name(sheet, self.lang), sheet

    def _overview(self) -> Iterator[list[Cell]]:
        for called, sheet in self._all():
            code, province = (
                ("", "") if isinstance(sheet, OverviewSheet) else (sheet.district, name(sheet, self.lang, "province"))
            )
            yield [code, called, province, *plain_figures(sheet.figures)]

    def _figures(self) -> Iterator[list[Cell]]:
        for called, sheet in self._all():
            for one in sheet.figures:
                said = figure_words(one, self.lang, self.hides)
                value = _percent(one.value) if one.name is FigureName.VERIFIED else one.value
                before = _percent(one.before) if one.name is FigureName.VERIFIED else one.before
                yield [
                    called,
                    t(f"meeting_paper.figure.{one.name}", self.lang),
                    _round(value),
                    _round(before),
                    self._trend(one.change),
                    said.under,
                ]

    def _breakdown(self, of: str) -> Iterator[list[Cell]]:
        for called, sheet in self._all():
            rows: Sequence[CountRow] = sheet.by_type if of == "types" else sheet.by_channel
            for row, told in zip(rows, breakdown(rows, self.lang, self.hides), strict=True):
                both = told.n is not None and told.n_before is not None
                yield [
                    called, self.pack.type_name(row.code) if of == "types" else t(f"channel.{row.code}", self.lang),
                    told.now if told.n is None else told.n, told.before if told.n_before is None else told.n_before,
                    _round(row.percent) if both else None, self._trend(told.kind),
                ]  # fmt: skip

    def _weeks(self) -> Iterator[list[Cell]]:
        for called, sheet in self._all():
            for week, said in zip(sheet.by_week, week_counts(sheet.by_week, self.hides), strict=True):
                yield [called, week.monday, week.days, week.n if said == f"{week.n:,}" else said]

    def _changed(self) -> Iterator[list[Cell]]:
        for called, sheet in self._all():
            for said in found_words(sheet, self.pack.names.types, self.lang, self.hides):
                yield [called, said]

    def _places(self) -> Iterator[list[Cell]]:
        for called, sheet in self._all():
            rows = place_rows(sheet.top, self.pack.names.types, self.lang, self.hides)
            for one, row in zip(sheet.top, rows, strict=True):
                yield [
                    called, row.rank, row.place, row.count if row.n is None else row.n, row.main_type,
                    None if row.n is None else _percent(one.main_share), one.last, " · ".join(row.signs), one.gi, one.lat, one.lon,
                ]  # fmt: skip

    def _decisions(self) -> Iterator[list[Cell]]:
        called = {sheet.district: district_name(sheet, self.lang) for sheet in self.pack.sheets}
        today = self.pack.today
        for one in decisions_of(self.pack):
            yield [
                called.get(one.district, one.district), one.words, owner_words(one, self.pack.known), one.due,
                t(f"meeting_paper.state.{one.state}", self.lang), t(f"export.{'yes' if one.late(today) else 'no'}", self.lang),
                one.reason, one.decided_at, one.meeting_title, one.checkpoint_name, one.lat, one.lon,
                *self._so_far(one.id),
            ]  # fmt: skip

    def _so_far(self, decision: int) -> list[Cell]:
        found = self.pack.so_far.get(decision)
        if found is None:
            return [None] * 9
        beside = name({"name_th": found.beside_th, "name_en": found.beside_en}, self.lang) if found.beside else None
        return [
            found.days, self._count(found.before), self._count(found.after), beside, self._count(found.beside_before),
            self._count(found.beside_after), _round(found.hours_before), _round(found.hours_after),
            since_line(found, self.lang, self.hides),
        ]  # fmt: skip

    def _count(self, n: int | None) -> Cell:
        said = "" if n is None else alone(n, self.hides)
        return n if n is None or said == number(n) else said

    def _trend(self, kind: str | None) -> str:
        return t(f"meeting_paper.trend.{kind}", self.lang) if kind else ""


_COUNTS = (("now", 12), ("before", 12), ("percent", 12), ("trend", 18))


def plain_figures(figures: Sequence[Figure]) -> list[Cell]:
    """The five figures as numbers: incidents now and before, percent, share in percent, open, overdue, hours now and before."""
    incidents, change, verified, open_, effort = figures
    overdue = open_.detail.get("overdue", 0)
    return [
        _round(incidents.value), _round(incidents.before), _round(change.value), _percent(verified.value), _round(open_.value),
        overdue, _round(effort.value), _round(effort.before),
    ]  # fmt: skip


def _round(value: float | None) -> int | float | None:
    """To one place, and as a whole number where it is one."""
    if value is None:
        return None
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def _percent(share: float | None) -> int | float | None:
    return None if share is None else _round(share * 100)
