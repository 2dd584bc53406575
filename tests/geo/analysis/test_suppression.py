"""What is hidden cannot be worked out, by a reader whose linear programme is not ours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.margins import Margins
from geo.analysis.suppression import SMALLEST, Earlier, primary, protected
from geo.analysis.suppression_audit import narrow
from tests.reader_attack import Published, exact_ranges, grown, ranges

COUNTS = st.one_of(st.integers(0, 12), st.integers(0, 60))


def published(margins: Margins, cells: np.ndarray, hidden: np.ndarray) -> Published:
    """The table as a reader sees it."""
    provinces = [f"{10 + n}" for n in range(margins.provinces)]
    places = ["", *provinces, *(f"{10 + province}{n:02d}" for n, province in enumerate(margins.province_of))]
    kinds = ["", *(f"k{n}" for n in range(margins.kinds))]
    return {
        (place, kind): None if hidden[row, column] else int(cells[row, column])
        for row, place in enumerate(places)
        for column, kind in enumerate(kinds)
    }


@st.composite
def small_tables(draw: st.DrawFn) -> tuple[Margins, np.ndarray]:
    provinces = draw(st.integers(1, 3))
    more = draw(st.lists(st.integers(0, provinces - 1), max_size=2))
    margins = Margins(np.array(sorted([*range(provinces), *more])), draw(st.integers(1, 3)))
    size = len(margins.province_of) * margins.kinds
    counts = draw(st.lists(COUNTS, min_size=size, max_size=size))
    return margins, margins.filled(np.reshape(counts, (-1, margins.kinds)))


@settings(max_examples=50)
@given(small_tables())
def test_no_small_figure_is_shown_and_no_hidden_one_is_pinned(made: tuple[Margins, np.ndarray]) -> None:
    margins, cells = made
    hidden = protected(margins, cells)
    assert (cells[~hidden] >= SMALLEST).all()
    assert (hidden | ~primary(cells)).all()
    assert not narrow(margins, cells, hidden).any()
    table = published(margins, cells, hidden)
    for (_, cell), (least, most) in exact_ranges([table]).items():
        assert most - least >= 5, (cell, least, most)


@settings(max_examples=15)
@given(small_tables(), st.data())
def test_two_versions_of_a_quarter_tell_no_more_than_one(made: tuple[Margins, np.ndarray], data: st.DataObject) -> None:
    margins, cells = made
    size = len(margins.province_of) * margins.kinds
    added = data.draw(st.lists(st.sampled_from([0, 0, 0, 1, 3, 12]), min_size=size, max_size=size))
    later = cells + margins.filled(np.reshape(added, (-1, margins.kinds)))
    hidden = protected(margins, cells)
    hidden_later = protected(margins, later, [Earlier(cells, hidden)])
    assert (hidden_later | ~hidden).all()
    change = later - cells
    shown_twice = ~hidden & ~hidden_later
    assert not ((change[shown_twice] > 0) & (change[shown_twice] < SMALLEST)).any()
    tables = [published(margins, cells, hidden), published(margins, later, hidden_later)]
    for more in (None, grown(tables)):  # also for whoever takes for granted that cases are only ever added
        for (n, cell), (least, most) in exact_ranges(tables, more).items():
            row, column = divmod(list(tables[n]).index(cell), margins.kinds + 1)
            was_shown = n == 1 and not hidden[row, column]
            # What was shown before and hidden now for others' sake may be known to be as it was: that is no small figure.
            if not was_shown or more is None or 0 < change[row, column] < SMALLEST:
                assert most - least >= 5, (n, cell, least, most)


def test_a_province_of_one_district_and_a_kind_alone_do_not_give_each_other_away() -> None:
    margins = Margins(np.array([0, 1, 1]), 2)
    cells = margins.filled([[3, 40], [50, 60], [12, 70]])
    hidden = protected(margins, cells)
    assert hidden[1, 1]  # province and district are the same figure
    assert hidden[3, 1]
    assert all(most - least >= 5 for least, most in exact_ranges([published(margins, cells, hidden)]).values())


@pytest.mark.parametrize("counts", [[[0, 0], [0, 0]], [[4, 0], [0, 5]], [[500, 600], [700, 800]]])
def test_nothing_and_plenty(counts: list[list[int]]) -> None:
    margins = Margins(np.array([0, 1]), 2)
    cells = margins.filled(counts)
    hidden = protected(margins, cells)
    assert hidden.all() if sum(map(sum, counts)) < SMALLEST else not hidden.any()


def test_a_whole_border_is_hidden_and_attacked_in_seconds() -> None:
    chance = np.random.default_rng(3)
    margins = Margins(np.sort(np.r_[np.arange(17), chance.integers(0, 17, 50)]), 9)
    rates = chance.gamma(0.7, 1.0, (67, 1)) * chance.gamma(0.7, 1.0, (1, 9)) * 25
    cells = margins.filled(chance.poisson(rates))
    hidden = protected(margins, cells)
    assert hidden.mean() < 0.95
    assert not hidden[0, 0]
    widths = ranges([published(margins, cells, hidden)])
    assert len(widths) == hidden.sum()
    assert min(widths.values()) >= 5
    # The attack works: without the figures beside the small ones it finds many.
    assert min(ranges([published(margins, cells, primary(cells))]).values()) < 5
