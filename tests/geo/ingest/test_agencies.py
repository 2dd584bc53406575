"""Agencies as officers write them."""

from __future__ import annotations

import pytest

from geo.ingest.agencies import AgencyWords
from geo.ingest.facts import rows
from geo.ingest.problems import CellRefused

WORDS = AgencyWords(rows("agencies"))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("bpp", "bpp"),
        ("BPP", "bpp"),
        ("ตชด.", "bpp"),
        ("ตชด", "bpp"),
        ("ตำรวจตระเวนชายแดน", "bpp"),
        ("Border Patrol Police", "bpp"),
        ("border  patrol-police", "bpp"),
        ("สตม.", "immigration"),
        ("ตม.", "immigration"),
        ("VDC", "vdc"),
        ("อส.", "vdc"),
        ("นรข.", "mekong_riverine"),
        ("Mekong Riverine Unit", "mekong_riverine"),
        ("", None),
        ("-", None),
        (None, None),
    ],
)
def test_codes_names_and_abbreviations_mean_the_same_agency(written: str | None, code: str | None):
    assert WORDS.code(written) == code


def test_an_unknown_agency_is_refused_with_what_was_written():
    with pytest.raises(CellRefused) as refused:
        WORDS.code("กองทัพอวกาศ")
    assert refused.value.code == "row.agency_unknown"
    assert refused.value.params == {"value": "กองทัพอวกาศ"}


def test_a_word_of_two_agencies_means_neither():
    words = AgencyWords(
        [
            {"code": "a", "name_th": "ก", "name_en": "Army / Guard", "abbrev_th": None},
            {"code": "b", "name_th": "ข", "name_en": "Navy / Guard", "abbrev_th": None},
        ]
    )
    assert words.code("navy") == "b"
    with pytest.raises(CellRefused):
        words.code("guard")
