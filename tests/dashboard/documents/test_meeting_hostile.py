"""What people typed into decisions, and what places are called, is shown in a meeting's papers and does nothing there."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from dashboard.documents.meeting_book import meeting_book
from dashboard.documents.meeting_layers import meeting_layers
from dashboard.documents.meeting_pack import MeetingPack
from dashboard.documents.meeting_pdf import meeting_pdf
from dashboard.documents.meeting_slides import meeting_slides
from dashboard.spreadsheet import safe_cell
from geo.ingest.text import clean
from geo.model.meeting import DecisionState
from geo.model.meeting_sheet import PlaceName
from tests import hostile
from tests.dashboard.documents.conftest import acts
from tests.dashboard.documents.meeting_readers import layers_of, pages_of, parts_of, runs_of
from tests.dashboard.documents.meeting_town import NOW, decision, meeting_pack

BEACON = "http://beacon.test/x"
TYPST = [
    '#read("/etc/passwd")', '#image("map.svg")', '#include "look.typ"', "#panic()", '#eval("7919*7907")', "#{7919*7907}",
    "#7919*7907", "*bold* _slanted_ `raw` = head", "@reference <label>", "]#pagebreak()[", "//comment", "/* comment",
    '#set page(paper: "a0")', '#link("http://beacon.test")', '"}]}', "\\u{1F600}", "[[#1]]",
]  # fmt: skip


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Everything that a store would take as text."""
    made = tmp_path_factory.mktemp("hostile") / "made"
    return [one for one in TYPST + hostile.corpus(made, BEACON) + hostile.naughty() if hostile.storable(one)]


@pytest.fixture(scope="module")
def pack(words: list[str]) -> MeetingPack:
    """Each of them as a decision, its owner, its reason, its checkpoint, and as the name of a place."""
    plain = meeting_pack([(140, 90)], "en", words=words[0])
    sheet = plain.sheets[0]
    decisions = tuple(
        decision(
            number, sheet.district, one[:2000], owner_name=one, checkpoint="K1", checkpoint_name=one, meeting_title=one[:200],
            state=DecisionState.DROPPED if number % 2 else DecisionState.OPEN, reason=one if number % 2 else None,
            ended_at=NOW if number % 2 else None,
        )
        for number, one in enumerate(words)
    )  # fmt: skip
    top = tuple(
        replace(sheet.top[0], rank=number, place=PlaceName("village", one, one, one, 400))
        for number, one in enumerate(words, 1)
    )
    named = tuple(replace(one, name_th=words[1], name_en=words[1]) for one in sheet.map.around)
    hostile_sheet = replace(sheet, top=top, name_en=words[2], map=replace(sheet.map, around=named))
    return replace(plain, overview=None, sheets=(hostile_sheet,), decisions=decisions)


def test_on_paper_it_is_words(pack: MeetingPack, words: list[str]) -> None:
    made = meeting_pdf(pack)
    assert acts(made) == []
    said = re.sub(r"[\u200b\ufffe\r\n]", "", "".join(pages_of(made)))
    assert hostile.COMPUTED not in said
    assert "root:x:0" not in said
    shown = sum(one in said for one in TYPST)
    assert shown > 0.8 * len(TYPST), "lines break where they like, so not every one stands on one line"


def test_on_slides_it_is_words(pack: MeetingPack) -> None:
    made = meeting_slides(pack)
    parts = parts_of(made)
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            root = etree.fromstring(content)
            assert not [one for one in root.iter() if "hlinkClick" in str(one.tag) or "hlinkHover" in str(one.tag)], (
                name
            )
            assert "External" not in {one.get("TargetMode") for one in root.iter()}, name
    assert not [name for name in parts if "embeddings" in name or "vba" in name.lower()]
    said = "".join("".join(run.itertext()) for run in runs_of(made))
    assert '#eval("7919*7907")' in said.replace("\u200b", "")
    assert hostile.COMPUTED not in said


def test_in_a_workbook_it_is_text_and_no_formula(pack: MeetingPack, words: list[str]) -> None:
    made = meeting_book(pack)
    book = openpyxl.load_workbook(BytesIO(made))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}
    texts = [str(cell.value) for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert not [text for text in texts if cell_breaks(text)]
    held = {text.strip() for text in texts}
    wanted = [safe_cell(one[:2000]).strip() for one in words]
    assert [one for one in wanted if one and one.replace("\r", "") not in held] == []
    assert not [name for name in parts_of(made) if "external" in name.lower()]


def cell_breaks(text: str) -> bool:
    """Whether a cell has a letter that no program could read."""
    return re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text) is not None


def test_in_layers_it_is_text(pack: MeetingPack, words: list[str], tmp_path: Path) -> None:
    layers = layers_of(meeting_layers(pack), tmp_path)
    assert len(layers["decisions"]) == len(words)
    by_number = sorted(pack.decisions, key=lambda one: (one.state is not DecisionState.OPEN, one.due, one.id))
    assert list(layers["decisions"]["words"].fillna("")) == [clean(one.words, lines=True) for one in by_number]
    assert set(layers["districts"]["name"]) == {pack.sheets[0].map.districts[0].name_en}
    assert set(layers["around"]["name"]) == {clean(words[1], lines=True)}
