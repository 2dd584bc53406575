"""The grade that corroboration suggests."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.grading import Corroboration, suggest_grade

corroborations = st.builds(
    Corroboration,
    sources=st.integers(0, 6),
    channels=st.integers(1, 4),
    official=st.booleans(),
    confirmed=st.integers(0, 3),
    not_found=st.integers(0, 3),
    papers=st.integers(0, 3),
    history=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=3).map(tuple),
)


@pytest.mark.parametrize(
    ("known", "grade", "reasons"),
    [
        (Corroboration(1), "F6", ("source_unknown", "single_source")),
        (Corroboration(1, papers=2), "F3", ("source_unknown", "evidence_only")),
        (Corroboration(2), "F3", ("source_unknown", "two_sources")),
        (Corroboration(2, channels=2), "F2", ("source_unknown", "sources_agree")),
        (Corroboration(3), "F2", ("source_unknown", "sources_agree")),
        (Corroboration(1, official=True), "B6", ("official_source", "single_source")),
        (Corroboration(1, confirmed=1), "F1", ("source_unknown", "confirmed_on_spot")),
        (Corroboration(1, not_found=1), "F5", ("source_unknown", "not_found_on_spot")),
        (Corroboration(2, not_found=1), "F4", ("source_unknown", "not_found_on_spot")),
        (Corroboration(2, confirmed=1, not_found=1), "F3", ("source_unknown", "findings_differ")),
        (Corroboration(1, history=((4, 0),)), "C6", ("source_new", "single_source")),
        (Corroboration(1, history=((9, 0),)), "B6", ("source_history", "single_source")),
        (Corroboration(1, history=((10, 0),)), "A6", ("source_history", "single_source")),
        (Corroboration(1, history=((3, 3),)), "C6", ("source_history", "single_source")),
        (Corroboration(1, history=((2, 5),)), "D6", ("source_history", "single_source")),
        (Corroboration(1, history=((0, 5),)), "E6", ("source_history", "single_source")),
        (Corroboration(2, history=((0, 5), (10, 0))), "A3", ("source_history", "two_sources")),
    ],
)
def test_the_grade_and_its_reasons(known: Corroboration, grade: str, reasons: tuple[str, str]) -> None:
    suggested = suggest_grade(known)
    assert (str(suggested.grade), suggested.reasons) == (grade, reasons)


@given(corroborations)
def test_there_is_a_grade_for_everything(known: Corroboration) -> None:
    suggest_grade(known)


@given(corroborations)
def test_another_confirmation_never_makes_it_less_credible(known: Corroboration) -> None:
    more = replace(known, confirmed=known.confirmed + 1)
    if known.not_found == 0 or known.confirmed:
        assert suggest_grade(more).grade.info <= suggest_grade(known).grade.info


@given(corroborations)
def test_another_source_never_makes_it_less_credible(known: Corroboration) -> None:
    assert suggest_grade(replace(known, sources=known.sources + 1)).grade.info <= suggest_grade(known).grade.info


@given(corroborations, st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_another_known_person_never_makes_the_source_worse(known: Corroboration, person: tuple[int, int]) -> None:
    more = replace(known, history=(*known.history, person))
    assert suggest_grade(more).grade.source <= suggest_grade(known).grade.source
