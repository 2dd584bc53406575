"""A rota to take away: all of it or one place's, with nothing in it that a spreadsheet or a template would run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from pypdf import PdfReader

from dashboard.documents.rota_pack import RotaPack, rota_book, rota_calendar, rota_pdf
from dashboard.rota_words import judged, pattern_words, warnings, weeks, why
from geo.actions.rotas import worked_out
from geo.analysis.patrolling.drawn import drawn_shifts
from geo.model.rota import NewRota, Rota, RotaPost, RotaState, Window

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
HOSTILE = '=cmd|"/c calc"!A1 #import "x" <b>${7*7}</b>'


def made(**change) -> Rota:
    posts = tuple(
        RotaPost(name, 102.5 + n / 20, 17.8, (6.0 - n, 2.0 + n), ())
        for n, name in enumerate(("ด่านหนึ่ง", HOSTILE, "ท่าข้าม", "สะพาน", "ตลาด"))
    )
    what = worked_out(
        NewRota("เวรธันวาคม", ("4301",), date(2026, 12, 1), 28, (Window(6, 18), Window(18, 30)), (2, 1), 0.1, "ลดการคาดเดา", {}, posts)
    )  # fmt: skip
    one = Rota(
        7, what, 5, 1, RotaState.PUBLISHED, "สมชาย", NOW, "สมหญิง", NOW, None, None, None, False, drawn_shifts(what, 5)
    )
    return replace(one, **change)


def changed() -> Rota:
    """By hand the same place every Tuesday."""
    one = made()
    rare = 4
    shifts = []
    for shift in one.shifts:
        there = {other.place for other in one.shifts if (other.day, other.slot) == (shift.day, shift.slot)}
        if shift.day.weekday() == 1 and shift.slot == 0 and shift.team == 1 and rare not in there:
            shift = replace(shift, place=rare, reason=HOSTILE, changed_by="สมชาย", changed_at=NOW)
        shifts.append(shift)
    return replace(one, shifts=tuple(shifts))


def test_the_workbook_has_every_shift_and_nothing_that_is_computed():
    one = changed()
    book = load_workbook(BytesIO(rota_book(RotaPack(one, "th", NOW))))
    shifts, places = book.worksheets[:2]
    assert shifts.max_row == 1 + 28 * 3
    assert places.max_row == 1 + 5
    assert all(cell.data_type != "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    assert sum(places.cell(row, 4).value for row in range(2, 7)) == pytest.approx(2, abs=0.001)
    alone = load_workbook(BytesIO(rota_book(RotaPack(one, "th", NOW, place=2))))
    assert {row[4] for row in alone.worksheets[0].iter_rows(min_row=2, values_only=True)} == {"ท่าข้าม"}
    assert len(alone.worksheets) == 2  # no chances: who goes to one place needs no others


def test_the_calendar_is_read_by_others():
    one = changed()
    events = list(Calendar.from_ical(rota_calendar(RotaPack(one, "th", NOW))).walk("VEVENT"))
    assert len(events) == 28 * 3
    assert len({str(event["uid"]) for event in events}) == 28 * 3
    first = min(events, key=lambda event: event.decoded("dtstart"))
    assert first.decoded("dtstart").isoformat() == "2026-12-01T06:00:00+07:00"
    assert first.decoded("dtend").isoformat() == "2026-12-01T18:00:00+07:00"
    again = Calendar.from_ical(rota_calendar(RotaPack(made(), "th", NOW))).walk("VEVENT")
    assert {str(event["uid"]) for event in again} == {str(event["uid"]) for event in events}


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_paper_says_what_it_is_and_what_was_changed(lang):
    read = PdfReader(BytesIO(rota_pdf(RotaPack(changed(), lang, NOW))))
    said = "\n".join(page.extract_text() for page in read.pages)
    assert "#import" in said
    assert "48Q" in said
    assert len(read.pages) <= 4
    one = PdfReader(BytesIO(rota_pdf(RotaPack(changed(), lang, NOW, place=3))))
    assert "ตลาด" not in one.pages[0].extract_text()


def test_words_follow_what_was_changed_by_hand():
    assert not judged(made()).guessable
    one = changed()
    found = judged(one)
    assert found.guessable
    told = warnings(one, found, "en")
    assert any("every Tue for" in words and "by hand" in words for words in told)
    assert pattern_words(one, found.patterns[0], "th")
    assert len(why(one.what, "en")) == 4
    spans = weeks(one.what)
    assert spans[0] == (date(2026, 12, 1), date(2026, 12, 6))
    assert spans[-1] == (date(2026, 12, 28), date(2026, 12, 28))
