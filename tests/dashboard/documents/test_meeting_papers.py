"""What is taken away of a meeting has the numbers of its screen, in every form, and says what they are and as of when."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from lxml import etree
from pptx import Presentation

from dashboard.documents.meeting_book import meeting_book
from dashboard.documents.meeting_layers import LAYERS, meeting_layers
from dashboard.documents.meeting_pack import MeetingPack
from dashboard.documents.meeting_pdf import meeting_pdf
from dashboard.documents.meeting_slides import MOST_TOP, meeting_slides
from dashboard.i18n import name, t
from dashboard.i18n.dates import moment, period
from dashboard.meeting_follow import followed, undone_cards
from dashboard.meeting_screen import choice_words, screen_of
from geo.model.meeting_sheet import FIGURES, DecisionSoFar, FigureName, MeetingSheet
from tests.dashboard.documents.conftest import acts, missing_glyphs
from tests.dashboard.documents.meeting_readers import layers_of, letters, pages_of, runs_of, slides_of, tables_of
from tests.dashboard.documents.meeting_town import FIRST, LAST, meeting_pack

COUNTS = [(140, 90), (3, 6), (0, 0), (41, 44)]
LARGEST = 10_000_000


def screen(pack: MeetingPack) -> dict[str, Any]:
    """The meeting's screen."""
    return screen_of(pack.meeting, pack.overview, pack.sheets, pack.known, demo=True)


def said_on(sheet: dict[str, Any]) -> list[str]:
    """What the screen says of a district in words and numbers."""
    return [
        sheet["name"],
        *(one["label"] + one["value"] + one["under"] for one in sheet["figures"]),
        *(one["text"] for one in sheet["changed"]),
        *(one["name"] for one in sheet["places"]),
    ]


def _glance(pack: MeetingPack, sheet: dict[str, Any]) -> list[str]:
    """The row of a district in the table of all."""
    frozen = next(one for one in pack.sheets if one.district == sheet["code"])
    return [name(frozen, pack.lang, "province"), *(one["value"] for one in sheet["figures"])]


def of_district(texts: list[str], sheet: dict[str, Any], others: list[dict[str, Any]]) -> str:
    """The pages or slides of one district, those on which its title stands and those that go on from there."""
    titles = [letters(one["name"] + one["where"]) for one in others]
    own = titles[others.index(sheet)]
    flat = [letters(text) for text in texts]
    begins = next(at for at, text in enumerate(flat) if own in text)
    ends = next((at for at in range(begins + 1, len(flat)) if any(one in flat[at] for one in titles)), len(flat))
    return "".join(flat[begins:ends])


@pytest.mark.parametrize("hides", [False, True])
@pytest.mark.parametrize("lang", ["th", "en"])
def test_every_word_and_number_of_the_screen_stands_on_paper_and_on_slides(lang: str, hides: bool) -> None:
    pack = meeting_pack(COUNTS, lang, hides=hides)
    shown = screen(pack)
    for texts in (pages_of(meeting_pdf(pack)), slides_of(meeting_slides(pack))):
        for one in shown["first"]["figures"]:
            assert letters(one["label"] + one["value"] + one["under"]) in letters(texts[0])
        for sheet in shown["sheets"]:
            found = of_district(texts, sheet, shown["sheets"])
            assert [said for said in said_on(sheet) if letters(said) not in found] == []
            assert letters("".join([sheet["name"], *_glance(pack, sheet)])) in letters(texts[1])


@pytest.mark.parametrize("hides", [False, True])
def test_counts_of_places_are_written_as_on_the_screen(hides: bool) -> None:
    pack = meeting_pack(COUNTS, "en", hides=hides)
    for number, shown in enumerate(screen(pack)["sheets"]):
        slide = Presentation(
            BytesIO(meeting_slides(replace(pack, overview=None, sheets=pack.sheets[number : number + 1])))
        )
        tables = [shape.table for shape in slide.slides[0].shapes if shape.has_table]
        rows = [[cell.text_frame.text for cell in row.cells] for table in tables for row in table.rows][1:]
        assert len(rows) == len(shown["places"][:MOST_TOP])
        for row, place in zip(rows, shown["places"], strict=True):
            assert (row[0], row[1]) == (str(place["n"]), place["name"])
            assert place["count"] == t("meeting_screen.place_count", "en", n=row[2])


def plain(sheet: MeetingSheet) -> list[float | None]:
    """The figures as they were frozen: incidents, before, change, verified, open, overdue, hours, hours before."""
    figures = {one.name: one for one in sheet.figures}
    assert list(figures) == list(FIGURES)
    incidents, effort = figures[FigureName.INCIDENTS], figures[FigureName.EFFORT]
    change, verified = figures[FigureName.CHANGE].value, figures[FigureName.VERIFIED].value
    return [
        incidents.value, incidents.before, None if change is None else round(change, 1),
        None if verified is None else round(verified * 100, 1), figures[FigureName.OPEN].value,
        figures[FigureName.OPEN].detail["overdue"], effort.value, effort.before,
    ]  # fmt: skip


def test_the_workbook_holds_the_frozen_numbers_as_numbers_and_days_as_days() -> None:
    pack = meeting_pack(COUNTS, "en")
    overview, figures, types, channels, weeks, _, places, decided, _ = tables_of(meeting_book(pack))
    assert [list(row[3:]) for row in overview[2:]] == [plain(sheet) for sheet in pack.sheets]
    assert overview[1][3] == pack.overview.figures[0].value  # type: ignore[union-attr]
    assert len(figures) == 1 + 5 * (1 + len(pack.sheets))
    for rows, of in ((types, "by_type"), (channels, "by_channel")):
        frozen = [row for sheet in (pack.overview, *pack.sheets) for row in getattr(sheet, of)]
        assert [row[2:4] for row in rows[1:]] == [(row.now, row.before) for row in frozen]
        told = [None if row.percent is None else round(row.percent, 1) for row in frozen]
        assert [row[4] for row in rows[1:]] == told
    counted = [week for sheet in (pack.overview, *pack.sheets) for week in sheet.by_week]  # type: ignore[union-attr]
    assert [(row[1].date(), row[2], row[3]) for row in weeks[1:]] == [(one.monday, one.days, one.n) for one in counted]
    top = [one for sheet in pack.sheets for one in sheet.top]
    assert [(row[1], row[3], row[6].date()) for row in places[1:]] == [(one.rank, one.n, one.last) for one in top]
    assert sorted(row[3].date() for row in decided[1:]) == sorted(one.due for one in pack.decisions)


def test_the_layers_hold_the_frozen_numbers_in_degrees(tmp_path: Path) -> None:
    pack = meeting_pack(COUNTS, "th")
    layers = layers_of(meeting_layers(pack), tmp_path)
    assert set(layers) == {*LAYERS, "about", "layer_styles"}
    for layer, frame in layers.items():
        if layer in LAYERS:
            assert frame.crs.to_epsg() == 4326, layer
            known = frame.geometry.dropna()
            assert known.is_valid.all(), layer
            assert len(known) == len(frame) or layer == "decisions"
    of = layers["districts"].astype(object).where(layers["districts"].notna(), None)
    columns = [
        "incidents", "before", "change_percent", "verified_percent", "open_cases", "overdue", "patrol_hours", "patrol_hours_before",
    ]  # fmt: skip
    assert [[row[column] for column in columns] for _, row in of.iterrows()] == [plain(sheet) for sheet in pack.sheets]
    assert list(layers["districts"]["name"]) == [sheet.name_th for sheet in pack.sheets]
    frozen = [point for sheet in pack.sheets for point in sheet.map.points]
    assert [(p.x, p.y) for p in layers["incidents"].geometry] == [(one.lon, one.lat) for one in frozen]
    assert list(layers["incidents"]["n"]) == [one.n for one in frozen]
    assert list(layers["incidents"]["crime_type"]) == [one.crime_type for one in frozen]
    cells = [cell for sheet in pack.sheets for cell in sheet.map.hexagons]
    assert [(row.n, row.gi, row.emerging) for row in layers["hexagons"].itertuples()] == [
        (cell.n, cell.gi, cell.emerging) for cell in cells
    ]
    top = [one for sheet in pack.sheets for one in sheet.top]
    assert list(layers["top_places"]["n"]) == [one.n for one in top]
    assert [day.date() for day in layers["top_places"]["last"]] == [one.last for one in top]
    assert set(layers["decisions"]["words"]) == {one.words for one in pack.decisions}
    assert sum(point is not None for point in layers["decisions"].geometry) == 1
    assert set(layers["border"]["undetermined"]) == {True, False}


def test_qgis_finds_a_look_for_every_layer_and_every_value(tmp_path: Path) -> None:
    """That QGIS draws by them was seen in QGIS 3.22; here, that they fit the layers."""
    layers = layers_of(meeting_layers(meeting_pack(COUNTS, "th")), tmp_path)
    styles = layers["layer_styles"]
    assert set(styles["f_table_name"]) == set(LAYERS)
    assert list(styles["f_geometry_column"].unique()) == ["geom"]
    assert list(styles["f_table_schema"].unique()) == [""], "as QGIS looks for it"
    assert styles["update_time"].notna().all()
    for row in styles.itertuples():
        root = etree.fromstring(row.styleQML.encode())
        drawn = root.find("renderer-v2")
        assert drawn is not None
        symbols = {one.get("name") for one in root.iter("symbol")}
        assert symbols
        known = {one.get("value") for one in root.iter("category")}
        if column := drawn.get("attr"):
            values = {
                str(value).lower() if isinstance(value, bool) else str(value)
                for value in layers[row.f_table_name][column]
            }
            assert values <= known, row.f_table_name
            assert {one.get("symbol") for one in root.iter("category")} == symbols
        for label in root.iter("text-style"):
            assert label.get("fieldName") in layers[row.f_table_name].columns


def test_what_a_meeting_hides_is_hidden_in_every_form(tmp_path: Path) -> None:
    pack = meeting_pack([(140, 90), (3, 6), (22, 0)], "en", hides=True)
    _, _, types, channels, weeks, _, places, _, _ = tables_of(meeting_book(pack))
    small = [row for row in (*types[1:], *channels[1:]) if {row[2], row[3]} & {1, 2, 3, 4}]
    small += [row for row in weeks[1:] if row[3] in {1, 2, 3, 4}]
    small += [row for row in places[1:] if row[3] in {1, 2, 3, 4}]
    assert small == []
    assert (
        {"1–4"}
        <= {cell for row in types for cell in row[2:4] if isinstance(cell, str)}
        <= {"1–4", "≥5", "Now", "Before"}
    )
    hidden = [row for row in types[1:] if isinstance(row[2], str) or isinstance(row[3], str)]
    assert hidden
    assert all(row[4] is None for row in hidden), "a percentage would give the count away"
    layers = layers_of(meeting_layers(pack), tmp_path)
    for layer in ("incidents", "hexagons", "unverified", "top_places"):
        frame = layers[layer]
        assert not frame["n"].isin([1, 2, 3, 4]).any(), layer
        assert (frame["n_written"] == "1–4").any(), layer
    assert layers["incidents"]["crime_type"].isna().all(), "whoever counted the spots would know each type's"
    told = letters("".join(pages_of(meeting_pdf(pack))))
    row = next(one for one in pack.sheets[1].by_type if one.now)
    kind = pack.names.types[row.code].name_en
    assert letters(f"{kind}1–4") in told
    assert letters(f"{kind}{row.now}{row.before}") not in told


@pytest.mark.parametrize("lang", ["th", "en"])
def test_every_form_says_the_filter_the_method_and_the_moment(lang: str, tmp_path: Path) -> None:
    pack = meeting_pack(COUNTS[:1], lang)
    chosen = choice_words(pack.meeting, pack.names.types, lang)
    assert period(FIRST, LAST, lang) in chosen
    as_of = moment(pack.meeting.as_of, lang)
    assert ("2569" if lang == "th" else "2026") in as_of
    gi = t("meeting_paper.computed.gi", lang, n="140")
    slides = Presentation(BytesIO(meeting_slides(pack))).slides
    notes = "".join(slide.notes_slide.notes_text_frame.text for slide in slides if slide.has_notes_slide)
    about = layers_of(meeting_layers(pack), tmp_path)["about"]
    forms = {
        "pdf": "".join(pages_of(meeting_pdf(pack))),
        "pptx": notes,
        "xlsx": "".join(str(cell) for row in tables_of(meeting_book(pack))[-1] for cell in row),
        "gpkg": "".join(about["words"]),
    }
    for form, text in forms.items():
        for said in (chosen, as_of, gi, t("meeting_paper.reports", lang), t("paper.map_credit", lang)):
            assert letters(said) in letters(text), (form, said)
    for text in [*pages_of(meeting_pdf(pack)), *slides_of(meeting_slides(pack))]:
        for said in (chosen, as_of, t("meeting_paper.demo", lang)):
            assert letters(said) in letters(text)


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_paper_is_drawn_with_letters_and_lines_alone(lang: str) -> None:
    made = meeting_pdf(meeting_pack(COUNTS, lang))
    assert missing_glyphs(made) == 0
    assert acts(made) == []
    reader = pypdf.PdfReader(BytesIO(made))
    assert all(len(page.images) == 0 for page in reader.pages), "maps are vectors"
    assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in reader.pages} == {(595, 842)}


@pytest.mark.parametrize(("lang", "speaks"), [("th", "th-TH"), ("en", "en-GB")])
def test_slides_hold_text_in_a_font_for_thai_and_the_map_as_a_picture(lang: str, speaks: str) -> None:
    made = meeting_slides(meeting_pack(COUNTS[:2], lang))
    for run in runs_of(made):
        properties = run[0]
        assert properties.get("lang") == speaks
        assert {child.tag.split("}")[1]: child.get("typeface") for child in properties if child.get("typeface")} == {
            "latin": "Sarabun", "cs": "Sarabun",
        }  # fmt: skip
    slides = Presentation(BytesIO(made)).slides
    pictures = [[shape for shape in slide.shapes if shape.shape_type == 13] for slide in slides]
    assert [len(found) for found in pictures] == [1, 0, 1, 1, 0]
    assert all(shape.image.size[0] > 900 for found in pictures for shape in found)
    assert all(slide.shapes.title.text_frame.text for slide in slides)


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_meeting_of_one_empty_district_answers_in_words(lang: str, tmp_path: Path) -> None:
    pack = meeting_pack([(0, 0)], lang)
    alone = replace(pack, overview=None, decisions=())
    for one in (pack, alone):
        paper = letters("".join(pages_of(meeting_pdf(one))))
        assert letters(t("meeting_paper.no_places", lang)) in paper
        assert letters(t("meeting_paper.no_types", lang)) in paper
        assert letters(t("meeting.found.quiet_days", lang, n=28)) in paper
        assert len(slides_of(meeting_slides(one))) >= 1
        assert len(tables_of(meeting_book(one))) == 9
        layers = layers_of(meeting_layers(one), tmp_path / ("whole" if one is pack else "alone"))
        assert len(layers["incidents"]) == 0
        assert list(layers["incidents"].columns) == [*LAYERS["incidents"][1], "geometry"]
    assert len(pages_of(meeting_pdf(alone))) == 1


def test_whoever_may_not_see_all_districts_gets_those_that_they_see() -> None:
    pack = replace(meeting_pack(COUNTS, "en"), overview=None)
    pages = pages_of(meeting_pdf(pack))
    assert letters("Mueang Test 1 district") in letters(pages[0])
    assert [list(row[3:]) for row in tables_of(meeting_book(pack))[0][1:]] == [plain(sheet) for sheet in pack.sheets]


def test_a_decision_says_who_by_when_and_since_when() -> None:
    pack = meeting_pack(COUNTS, "en")
    first, second, done = pack.decisions
    paper, slides = (
        letters("".join(texts)) for texts in (pages_of(meeting_pdf(pack)), slides_of(meeting_slides(pack)))
    )
    for text in (paper, slides):
        for said in (first.words, str(first.owner_name), "overdue since 10 Nov 2026", "Decided 20 Oct 2026"):
            assert letters(said) in text
        for said in (second.words, "Border Patrol Police", "by 20 Dec 2026", t("meeting_paper.since_now", "en")):
            assert letters(said) in text
        assert letters(f"Done 24 Nov 2026: {done.reason}") in text
    assert letters("48Q TE 60525 77252") in paper


@pytest.mark.parametrize("hides", [False, True])
def test_before_and_after_of_a_decision_is_on_paper_what_it_is_on_the_screen(hides: bool) -> None:
    pack = meeting_pack(COUNTS, "en", hides=hides)
    undone = pack.decisions[0]
    so_far = DecisionSoFar(
        undone.id, 5000.0, date(2026, 10, 20), 28, 40, 3, "fell", "4303", "ท่าบ่อ", "Tha Bo", 38, 41, 96.0, 124.0
    )
    pack = replace(pack, sheets=(replace(pack.sheets[0], so_far=(so_far,)), *pack.sheets[1:]))
    (shown,) = undone_cards(followed([undone], pack.so_far.values(), LAST), pack.known, hides)["undone"]
    assert shown["rows"][0][2] == ("1–4" if hides else "3")
    for texts in (pages_of(meeting_pdf(pack)), slides_of(meeting_slides(pack))):
        assert letters(shown["line"]) in letters("".join(texts))
    (row,) = [one for one in tables_of(meeting_book(pack))[7][1:] if one[1] == undone.words]
    assert [str(one) for one in row[12:17]] == ["28", *shown["rows"][0][1:3], "Tha Bo", "38"]
    assert shown["line"] in row[-1]


def test_all_districts_of_the_programme_are_made_in_seconds_and_stay_small(tmp_path: Path) -> None:
    counts = [(300 - 6 * at, 250 - 5 * at) for at in range(44)]
    pack = meeting_pack(counts, "th", hides=True)
    for make, longest in ((meeting_pdf, 20), (meeting_slides, 15), (meeting_book, 10), (meeting_layers, 10)):
        began = time.process_time()
        made = make(pack)
        assert time.process_time() - began < longest, make.__name__
        assert len(made) < LARGEST, make.__name__
    assert len(layers_of(made, tmp_path)["districts"]) == 44


def test_heads_stay_in_sight_and_no_cell_is_a_formula() -> None:
    pack = meeting_pack(COUNTS, "th", words="=HYPERLINK(\"http://beacon.test\")", place="+1+1")  # fmt: skip
    book = openpyxl.load_workbook(BytesIO(meeting_book(pack)))
    for sheet in book.worksheets[:-1]:
        assert sheet.freeze_panes == "A2"
        assert all(sheet.column_dimensions[letter].width >= 8 for letter in "ABC")
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert any("'=HYPERLINK" in str(row[1]) for row in tables_of(meeting_book(pack))[7])


def test_a_week_that_the_period_cuts_says_how_many_of_its_days_count() -> None:
    pack = meeting_pack(COUNTS[:1], "en")
    sheet = pack.sheets[0]
    cut = replace(sheet, by_week=(replace(sheet.by_week[0], days=3), *sheet.by_week[1:]))
    rows = tables_of(meeting_book(replace(pack, overview=None, sheets=(cut,))))[4]
    assert rows[1][1].date() + timedelta(days=7) == rows[2][1].date()
    assert [row[2] for row in rows[1:]] == [3, 7, 7, 7]
