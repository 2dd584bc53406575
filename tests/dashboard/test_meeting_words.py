"""A meeting's sheet in words: small counts are hidden in one way everywhere, and every code has a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.i18n import t
from dashboard.meeting_words import (
    AT_LEAST,
    HIDDEN,
    breakdown,
    figure_words,
    found_words,
    place_rows,
    place_words,
    written,
)
from geo.analysis.change import CLASSES
from geo.analysis.emerging import KINDS
from geo.model.meeting_sheet import SAYS, CountRow, Figure, FigureName, PlaceName
from tests.dashboard.documents.meeting_town import NAMES, district_sheet

counts = st.lists(st.integers(0, 30), max_size=8)


@given(counts)
def test_a_count_is_told_exactly_or_truly(found: list[int]) -> None:
    for n, said in zip(found, written(found, True), strict=True):
        assert said == (HIDDEN if 1 <= n <= 4 else str(n)) or (said == AT_LEAST and n >= 5)
    assert written(found, False) == tuple(map(str, found))


@given(counts)
def test_no_small_count_follows_from_the_total_and_the_others(found: list[int]) -> None:
    said = written(found, True)
    untold = [n for n, word in zip(found, said, strict=True) if word in {HIDDEN, AT_LEAST}]
    if any(1 <= n <= 4 for n in untold) and sum(n > 0 for n in found) > 1:
        assert len(untold) >= 2


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=6))
def test_where_a_count_is_not_told_its_change_is_not_told_either(pairs: list[tuple[int, int]]) -> None:
    rows = [
        CountRow(f"t{at}", now, before, CLASSES[at % len(CLASSES)], 50.0 if min(now, before) >= 5 else None)
        for at, (now, before) in enumerate(pairs)
    ]
    for row, told in zip(rows, breakdown(rows, "en", True), strict=True):
        assert (told.n is None) == (told.now in {HIDDEN, AT_LEAST})
        assert (told.n_before is None) == (told.before in {HIDDEN, AT_LEAST})
        assert told.n in {None, row.now}
        assert bool(told.change) == (told.kind is not None) == (told.n is not None and told.n_before is not None)
    assert all(told.change for told in breakdown(rows, "en", False))


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("code", sorted(SAYS))
def test_every_sentence_under_a_figure_is_said_with_what_its_figure_holds(code: str, lang: str) -> None:
    name = FigureName(code.partition(".")[0])
    detail = dict.fromkeys((*SAYS[code], "now", "before"), 7)
    said = figure_words(Figure(name, 7.0, 3.0, None, code, detail), lang, True)
    assert said.title == t(f"meeting.figure.{name}", lang)
    assert "{" not in said.under
    assert said.under


@pytest.mark.parametrize(
    ("name", "value", "detail", "said"),
    [
        (FigureName.INCIDENTS, 1234, {"before": 3}, "1,234"),
        (FigureName.CHANGE, -12.4, {"now": 7, "before": 8}, "−12%"),
        (FigureName.CHANGE, None, {"now": 3, "before": 8}, "−62%"),
        (FigureName.CHANGE, None, {"now": 4, "before": 1}, "+3"),
        (FigureName.VERIFIED, 0.725, {"verified": 1, "of": 2}, "72%"),
        (FigureName.VERIFIED, None, {}, "–"),
        (FigureName.OPEN, 0, {"open": 0}, "0"),
        (FigureName.EFFORT, 95.4, {}, "95 h"),
    ],
)
def test_a_figure_is_written_as_an_officer_writes_it(
    name: FigureName, value: float | None, detail: dict[str, int], said: str
) -> None:
    code = next(code for code in SAYS if code.startswith(name))
    whole = dict.fromkeys(SAYS[code], 0) | detail
    assert figure_words(Figure(name, value, None, None, code, whole), "en", False).value == said


def test_a_change_of_a_type_is_said_with_the_counts_of_its_breakdown() -> None:
    sheet = district_sheet(0, 140, 90)
    row = sheet.by_type[0]
    told = found_words(sheet, NAMES.types, "en", False)
    assert told[1] == f"Drug trafficking: up from {row.before} to {row.now}"
    small = district_sheet(1, 3, 6)
    hidden = found_words(small, NAMES.types, "en", True)
    assert HIDDEN in hidden[1]
    assert str(small.by_type[0].now) not in hidden[1].replace(HIDDEN, "")


def test_a_place_is_named_after_what_is_near() -> None:
    bridge = PlaceName("crossing", "C1", "สะพานมิตรภาพ", None, 1240)
    assert place_words(bridge, "th") == "ห่างจาก สะพานมิตรภาพ 1.2 กม."
    assert place_words(bridge, "en") == "1.2 km from สะพานมิตรภาพ"
    assert place_words(PlaceName("district", "4301", None, None, 0), "en") == "4301 district"
    assert place_words(None, "en") == t("meeting.place.unknown", "en")


def test_top_places_say_their_class_and_hide_small_counts_each_by_itself() -> None:
    sheet = district_sheet(0, 30, 9)
    rows = place_rows(sheet.top, NAMES.types, "en", True)
    assert [row.count for row in rows] == [str(one.n) if one.n > 4 else HIDDEN for one in sheet.top]
    assert rows[0].signs == ("Hotspot, 95% confidence", "Intensifying hotspot")


@pytest.mark.parametrize("lang", ["th", "en"])
def test_every_class_has_words(lang: str) -> None:
    kinds = [f"{temper}_{kind}" for temper in ("hot", "cold") for kind in KINDS]
    assert len({t(f"meeting.emerging.{kind}", lang) for kind in kinds}) == len(kinds)
    assert len({t(f"meeting.gi.{gi}", lang) for gi in (-3, -2, -1, 1, 2, 3)}) == 6
    assert all(t(f"meeting_paper.trend.{kind}", lang) for kind in CLASSES)
