"""Suggested places never lie off the land, at its edge, or farther from the border than asked."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.site_grid import MOST_CANDIDATES, site_grid
from geo.errors import AnalysisRefused

KM = 1000.0


def land_of(seed: int) -> tuple[shapely.Geometry, shapely.Geometry]:
    """Land of three rough patches that touch, and the winding line along which another country begins."""
    random = np.random.default_rng(seed)
    x = np.arange(0, 61) * KM
    north = np.cumsum(random.normal(0, 700, len(x)))
    south = north - random.uniform(8 * KM, 30 * KM)
    patches = []
    for begin, end in ((0, 20), (20, 41), (41, 60)):
        part = slice(begin, end + 1)
        top, foot = np.column_stack([x[part], north[part]]), np.column_stack([x[part], south[part]])
        patches.append(shapely.Polygon(np.vstack([top, foot[::-1]])))
    border = shapely.LineString(np.column_stack([x, north]))
    return shapely.union_all(patches[:2]) if seed % 3 == 0 else shapely.MultiPolygon(patches), border


@given(
    seed=st.integers(0, 10**6),
    spacing=st.sampled_from([800.0, 1500.0, 3000.0, 7000.0]),
    within=st.sampled_from([1200.0, 4000.0, 60_000.0]),
    inset=st.sampled_from([0.0, 500.0, 2000.0]),
)
@settings(max_examples=40)
def test_no_place_lies_in_water_over_the_border_at_the_edge_or_too_far(seed, spacing, within, inset):
    land, border = land_of(seed)
    x, y = site_grid(land, spacing, border, within, inset)
    whole = shapely.union_all(shapely.get_parts(land))
    for place in shapely.points(np.column_stack([x, y])):
        assert whole.contains(place)
        assert whole.boundary.distance(place) >= inset * (1 - 1e-2)
        assert border.distance(place) <= within * (1 + 1e-9)
    assert (np.abs(x / spacing - np.rint(x / spacing)) < 1e-9).all()
    fewer, _ = site_grid(land, spacing, border, within / 2, inset)
    assert len(fewer) <= len(x)  # and where a place lies does not hang on the reach
    if within > 10 * KM and inset == 0:
        square = shapely.area(whole) / spacing**2
        assert 0.5 * square - 30 <= len(x) <= 1.5 * square + 30


def test_a_grid_that_would_be_too_fine_is_refused_with_one_that_is_not() -> None:
    land, border = land_of(1)
    with pytest.raises(AnalysisRefused) as refused:
        site_grid(land, 100.0, border, 30_000)
    assert refused.value.code == "siting.grid_too_fine"
    x, _ = site_grid(land, float(refused.value.params["least"]), border, 30_000)  # type: ignore[arg-type]
    assert 0 < len(x) <= MOST_CANDIDATES * 1.02
    assert len(site_grid(land, 1000.0, shapely.Point(10**6, 10**6), 500.0)[0]) == 0
