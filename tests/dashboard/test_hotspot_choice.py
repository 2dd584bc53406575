"""What is chosen on the hotspot page stands in its address, and an address can do no harm."""

from __future__ import annotations

from datetime import date
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from dashboard.hotspot_choice import AGAINST, CHOICE_KEYS, QUESTIONS, Choice, choice_of, choice_query
from dashboard.hotspots.asked import Asked, Base
from dashboard.hotspots.question import METHODS, Method

asked = st.builds(
    Asked,
    bandwidth=st.none() | st.integers(2, 25).map(lambda km: km * 1000.0),
    adaptive=st.booleans(),
    cell=st.none() | st.integers(2, 25).map(lambda km: km * 1000.0),
    uncorrected=st.booleans(),
    eps=st.sampled_from([500.0, 1000.0, 2500.0]),
    min_points=st.integers(3, 50),
    days=st.integers(7, 60),
    share=st.sampled_from([0.5, 0.8, 0.95]),
)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
before = st.none() | st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))
choices = st.builds(
    Choice, method=st.sampled_from(METHODS), base=st.sampled_from([Base.PUBLIC, Base.PATROLS]), unverified=st.booleans(),
    points=st.booleans(), against=st.just("custom"), before=before, side_by_side=st.booleans(), asked=asked,
)  # fmt: skip


@given(choices)
def test_a_copied_link_asks_the_same(choice: Choice) -> None:
    query = choice_query(choice)
    assert set(query) <= set(CHOICE_KEYS)
    assert choice_of(query) == choice


@given(st.dictionaries(st.sampled_from(CHOICE_KEYS), st.text(max_size=80)))
def test_no_address_fails(query: dict[str, str]) -> None:
    assert choice_of(query).method in METHODS


def test_parameters_out_of_all_reason_are_as_usual() -> None:
    odd = {"with": "bandwidth-1e999 cell-nan eps--5 min_points-1 share-7 days-1e6 adaptive permutations-100000000"}
    assert choice_of(odd).asked == Asked(adaptive=True)


def test_the_usual_choice_leaves_the_address_empty_and_every_method_answers_one_question() -> None:
    assert choice_query(Choice()) == {}
    answering = [method for methods in QUESTIONS.values() for method in methods]
    assert sorted(answering) == sorted(get_args(Method))
    assert all(choice_of({"against": code}).against == code for code in AGAINST)
