"""Activities as a table to take away, in the columns that the import understands, and the empty form of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from dashboard.activity_words import Known, agency_words, district_words
from dashboard.documents.tables import Cell, Table
from dashboard.i18n import name, t
from dashboard.i18n.dates import moment
from dashboard.spreadsheet import csv_bytes, safe_cell
from geo.ingest.activity_words import template_rows
from geo.model.activity import Activity, AttendeeRole, Heads

__all__ = ["activity_rows", "form_book", "form_csv"]

_FIELDS = (
    ("kind", 22), ("title", 44), ("first_day", 12), ("last_day", 12), ("begins", 8), ("ends", 8), ("state", 10), ("district", 22),
    ("area_code", 20), ("village", 16), ("place", 28), ("agency", 26), ("partner", 28),
)  # fmt: skip
_FIGURES = ("reach", "baht", "baht_source", "score_before", "score_after", "scored", "satisfaction", "answered", "note")


def activity_rows(found: Sequence[Activity], known: Known, now: datetime) -> Table:
    """One activity a row, with how many came by role and sex; no names of people."""
    lang = known.lang
    heads = [(t(f"activities.field.{field}", lang), width) for field, width in _FIELDS]
    heads.insert(0, (t("activities.column.number", lang), 8))
    heads += [
        (f"{t(f'activities.role.{role}', lang)} {t(f'activities.field.{sex}', lang)}", 12)
        for role in AttendeeRole
        for sex in ("men", "women", "unstated")
    ]
    heads += [(t(f"activities.field.{field}", lang), 14) for field in _FIGURES]
    about = [
        (t("export.about.as_of", lang), moment(now, lang)),
        (t("export.about.what", lang), t("activities.title", lang)),
    ]
    return Table(t("activities.part.list", lang), about, t("export.about.title", lang), heads, _rows(found, known))


def _rows(found: Sequence[Activity], known: Known) -> Iterator[list[Cell]]:
    lang = known.lang
    for one in found:
        what = one.what
        area = name({"name_th": one.area_th, "name_en": one.area_en}, lang)
        partner = what.partner or name({"name_th": one.partner_th, "name_en": one.partner_en}, lang)
        yield [
            one.id, t(f"activities.kind.{what.kind}", lang), what.title, what.first_day, what.last_day,
            f"{what.begins:%H:%M}" if what.begins else None, f"{what.ends:%H:%M}" if what.ends else None,
            t(f"activities.state.{what.state}", lang), district_words(what.district, known), area, what.village, what.place,
            agency_words(what.agency, known), partner or None,
            *(n or None for role in AttendeeRole for n in _counts(what.heads.get(role, Heads()))),
            *(getattr(what, field) for field in _FIGURES),
        ]  # fmt: skip


def _counts(one: Heads) -> tuple[int, int, int]:
    return one.men, one.women, one.unstated


def form_csv() -> bytes:
    """The empty form with two examples."""
    return csv_bytes(list(template_rows()))


def form_book() -> bytes:
    """The same for Excel; all cells are text, so that it turns no day into another."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate(template_rows(), 1):
        sheet.append([safe_cell(cell) for cell in row])
        for cell in sheet[number]:
            cell.number_format = "@"
            cell.font = Font(bold=number == 1)
    for column in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 44 if column == 2 else 18
    sheet.freeze_panes = "C2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()
