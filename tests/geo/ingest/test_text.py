"""Cleaning cells."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ingest.text import ascii_digits, cell_text, clean, is_blank, match_key


@pytest.mark.parametrize(
    "word",
    ["น้ำ", "กู้", "เมืองหนองคาย", "พฤศจิกายน", "ຫຼິ້ນ", "ເມືອງ", "ខេត្ត", "ស្រុក", "ន្ទ្រី", "ក្រុង", "Si Sa Ket", "é"],
)
def test_words_of_the_region_stay_as_they_are(word: str) -> None:
    assert clean(word) == unicodedata.normalize("NFC", word)


@pytest.mark.parametrize("written", ["น้ำ", "น้ํา", "นํ้า"])
def test_sara_am_is_one_word_however_it_was_typed(written: str) -> None:
    assert clean(written) == "น้ำ"
    assert match_key(written) == "น้ำ"


def test_two_sara_e_are_a_sara_ae() -> None:
    assert clean("เเม่สาย") == "แม่สาย"


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\ufeff", "\u202e", "\u2066", "\u00ad", "\u200e", "\U000e0041", "\ud800", "\ufffe"]
)
def test_what_nobody_sees_is_taken_out(unseen: str) -> None:
    assert clean(f"ยา{unseen}บ้า") == "ยาบ้า"


def test_joiners_stay_between_khmer_letters_only() -> None:
    assert clean("ក\u200cខ") == "ក\u200cខ"
    assert clean("a\u200db") == "ab"


def test_heaps_of_marks_are_cut_down() -> None:
    assert len(clean("ก" + "\u0e49" * 500)) <= 5
    assert len(clean("a" + "\u0301\u0302\u0303" * 100)) <= 5


@pytest.mark.parametrize("digits", ["๒๕๖๗", "໒໕໖໗", "២៥៦៧", "２５６７"])
def test_digits_of_every_script_are_digits(digits: str) -> None:
    assert ascii_digits(digits) == "2567"


def test_lines_are_kept_for_stories_only() -> None:
    assert clean("a\r\nb\u2028c", lines=True) == "a\nb\nc"
    assert clean("a\r\nb\u2028c") == "a b c"


@pytest.mark.parametrize("cell", [None, "", "  ", " - ", "N/A", "ไม่ทราบ", "\u200b", "\u00a0" * 50])
def test_what_offices_write_for_nothing_is_blank(cell: str | None) -> None:
    assert is_blank(cell)


def test_zero_and_false_are_not_blank() -> None:
    assert not is_blank(0)
    assert not is_blank("0")
    assert not is_blank(False)


@pytest.mark.parametrize(("cell", "text"), [(3.0, "3"), (3.5, "3.5"), (None, ""), (True, "true"), (12, "12")])
def test_numbers_read_as_people_see_them(cell: object, text: str) -> None:
    assert cell_text(cell) == text  # type: ignore[arg-type]


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_and_leaves_nothing_broken(text: str) -> None:
    once = clean(text, lines=True)
    assert clean(once, lines=True) == once
    once.encode("utf-8")
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in once if c != "\n")


@given(st.text(alphabet=st.characters(codec="utf-16", exclude_categories=()), max_size=50))
def test_keys_ignore_spaces_and_case(text: str) -> None:
    assert match_key(f" {text} ") == match_key(text)
