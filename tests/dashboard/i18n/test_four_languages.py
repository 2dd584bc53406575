"""The file that translators edit: complete, said of what is missing, and every letter of it has a shape."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import typst
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.documents import typesetting
from dashboard.i18n import four_languages
from dashboard.i18n.crime_types import own_name, type_name
from dashboard.i18n.four_languages import FILE, LANGUAGES, REVIEWED_LANGUAGES, entries, faults, said, words
from geo.ingest.facts import rows
from geo.model import CrimeType
from tests.dashboard.documents.conftest import missing_glyphs

SHEET = """
#import "look.typ": *
#set page(width: 8cm, height: auto, margin: 0.5cm)
#set text(font: fonts, size: 11pt, hyphenate: false)
#let d = json("data.json")
#for one in d.words { text(lang: d.lang, lines(one)); parbreak() }
"""
"""A column as narrow as a telephone, so that every longer sentence has to be broken."""
NEVER_FIRST = "ๆฯ、。)]}›»”’!?,.:;៖។៕ໆຯ"
SUBJECTS = {"form", "public", "sheet", "crime_type"}


@pytest.fixture
def other_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy that a test may edit; it is the one in use."""
    copy = tmp_path / FILE.name
    copy.write_bytes(FILE.read_bytes())
    monkeypatch.setattr(four_languages, "entries", lambda: entries(copy))
    for one in (four_languages._table, four_languages.words):
        one.cache_clear()
    yield copy
    for one in (four_languages._table, four_languages.words):
        one.cache_clear()


def edit(file: Path, key: str, **cells: str) -> None:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        found = list(csv.DictReader(lines))
    for row in found:
        if row["key"] == key:
            row.update(cells)
    with file.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.DictWriter(lines, list(found[0]))
        writer.writeheader()
        writer.writerows(found)


def test_the_file_is_whole_and_a_spreadsheet_knows_its_encoding() -> None:
    assert FILE.read_bytes().startswith(b"\xef\xbb\xbf")
    found = entries()
    assert list(faults(found)) == []
    assert {one.key.split(".")[0] for one in found} == SUBJECTS
    for one in found:
        assert all(one.words.values()), one.key
        assert not any("  " in text or text != text.strip() for text in one.words.values()), one.key


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"lo": "{n} ຄົນ"}, "placeholders"),
        ({"km_state": "done"}, "state"),
        ({"en": ""}, "no_words"),
        ({"km": "<b>ក</b>"}, "html"),
    ],
)
def test_what_a_translator_gets_wrong_is_said_with_its_line(
    other_file: Path, cells: dict[str, str], fault: str
) -> None:
    edit(other_file, "form.page.report", **cells)
    wrong = list(faults(entries(other_file)))
    assert [(key, what) for _, key, what in wrong] == [("form.page.report", fault)]


def test_a_missing_word_is_seen_and_nothing_breaks(other_file: Path) -> None:
    edit(other_file, "form.page.report", lo="", lo_state="")
    edit(other_file, "public.count", lo="ຈຳນວນໃໝ່", lo_state="reviewed")
    assert list(faults(entries(other_file))) == []
    assert words("form", "lo")["page"]["report"] == "⟦Report⟧"
    assert words("form", "km")["page"]["report"] == said("form.page.report", "km")
    assert said("public.count", "lo") == "ຈຳນວນໃໝ່"  # what a translator wrote is what is said
    assert four_languages.drafts("public", "lo") == four_languages.drafts("public", "km") - 1


def test_the_command_tells_what_is_left_to_read() -> None:
    told = CliRunner().invoke(app, ["translations"], env={"WATCH_LANGUAGE": "en"})
    assert told.exit_code == 0
    assert all(f"{lang}: " in told.output for lang in REVIEWED_LANGUAGES)
    assert FILE.name in told.output


def test_every_crime_type_has_a_name_in_each_language_and_an_administrators_goes_first() -> None:
    shipped = {row["code"]: row for row in rows("crime_types")}
    for code, row in shipped.items():
        assert (said(f"crime_type.{code}", "th"), said(f"crime_type.{code}", "en")) == (row["name_th"], row["name_en"])
        kind = CrimeType(
            code, 1, row["name_th"], row["name_en"], row["name_lo"] or None, row["name_km"] or None, None, True
        )
        for lang in LANGUAGES:
            assert own_name(kind, lang) == said(f"crime_type.{code}", lang)
    renamed = CrimeType("online_scam", 1, "ก", "A", "ຊື່ອື່ນ", None, None, True)
    assert type_name(renamed, "lo") == "ຊື່ອື່ນ"
    assert type_name(renamed, "th") == "ก"
    added = CrimeType("ours", 1, "ข", "B", None, None, None, True)
    assert type_name(added, "km") == "⟦B⟧"


def set_narrow(spoken: list[str], lang: str, folder: Path) -> bytes:
    """These sentences as a PDF, in the fonts of our papers."""
    (folder / "look.typ").write_bytes((typesetting.TEMPLATES / "look.typ").read_bytes())
    (folder / "data.json").write_text(json.dumps({"lang": lang, "words": spoken}), encoding="utf-8")
    (folder / "sheet.typ").write_text(SHEET, encoding="utf-8")
    return typst.compile(folder / "sheet.typ", root=folder, font_paths=typesetting._fonts())


def test_a_letter_without_a_shape_would_be_found(tmp_path: Path) -> None:
    assert missing_glyphs(set_narrow(["ก漢字"], "th", tmp_path)) == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_letter_is_drawn_and_lines_break_between_words(lang: str, tmp_path: Path) -> None:
    spoken = [one.words[lang] for one in entries()]
    made = set_narrow(spoken, lang, tmp_path)
    assert missing_glyphs(made) == 0
    document = pypdfium2.PdfDocument(made)
    lines = [line for page in document for line in page.get_textpage().get_text_range().splitlines() if line.strip()]
    assert len(lines) > len(spoken) + 40
    for line in lines:
        first = line.strip()[0]
        assert not unicodedata.category(first).startswith("M"), line  # a vowel or tone of the letter before
        assert first not in NEVER_FIRST, line
