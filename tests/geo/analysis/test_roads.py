"""Networks from lines, and ways along them, against Floyd and Warshall's all-pairs paths."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import floyd_warshall

from geo.analysis import roads as ways
from geo.analysis.patrolling.on_road import road_ways
from geo.analysis.road_network import network
from geo.analysis.road_ways import FAR, every_way
from geo.analysis.site_grid import road_sites
from geo.errors import AnalysisRefused


def lines(*texts: str) -> np.ndarray:
    return np.array([shapely.from_wkt(one) for one in texts], dtype=object)


def test_lines_meet_where_they_share_a_vertex_and_not_where_they_cross() -> None:
    found = network(
        lines(
            "linestring (102 17, 102.002 17, 102.004 17)",
            "linestring (102.002 17, 102.002 17.002)",
            "linestring (102.001 16.999, 102.001 17.001)",
            "linestring (102.003 17.001, 102.003 17.001, 102.0030000000001 17.0029)",
        )
    )
    assert sorted(found.line) == [0, 0, 1, 2, 3]
    assert len(found.lon) == 8
    assert found.metres[found.line == 0] == pytest.approx([212.8, 212.8], abs=0.5)
    assert shapely.get_num_points(found.shape).tolist() == [2] * 5
    kept = found.only(found.lat < 17.0005)
    assert (len(kept.lon), sorted(kept.line)) == (3, [0, 0])

    long = network(
        lines("linestring (102 17, 102.03 17)", "linestring (102 17, 102 17.0001, 102.0001 17.0001, 102 17)")
    )
    assert (long.line == 0).sum() == 6, "a place every 550 m"
    assert long.metres[long.line == 0].sum() == pytest.approx(6 * 532, abs=3)
    with pytest.raises(AnalysisRefused, match="no_lines"):
        network(lines("linestring (102 17, 102.000000001 17)"))


@st.composite
def networks(draw: st.DrawFn) -> tuple[ways.Roads, np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, m = int(random.integers(2, 12)), int(random.integers(1, 30))
    at = random.uniform(0, 20_000, (n, 2))
    first, last = random.integers(0, n, m), random.integers(0, n, m)
    metres = np.hypot(*(at[first] - at[last]).T) * random.uniform(1, 2, m)
    one_way = random.random(m) < 0.3
    net = ways.roads(*at.T, first, last, metres, metres / 500, one_way)
    table = np.full((n, n), np.inf)
    np.fill_diagonal(table, 0)
    for a, b, length, alone in zip(first, last, metres, one_way, strict=True):
        table[a, b] = min(table[a, b], length)
        if not alone:
            table[b, a] = min(table[b, a], length)
    return net, floyd_warshall(table), random.uniform(0, 20_000, (9, 2)), random.uniform(0, 20_000, (4, 2))


@settings(max_examples=50, deadline=None)
@given(networks(), st.floats(100, 40_000), st.booleans())
def test_ways_are_the_shortest(
    made: tuple[ways.Roads, np.ndarray, np.ndarray, np.ndarray], limit: float, by: bool
) -> None:
    net, table, at, sites = made
    walk, drive = (60 / 5000, 1 / 500) if by else (1, 1)
    limit = limit / 500 if by else limit
    found = ways.costs(net, *at.T, *sites.T, limit, minutes=by)
    nodes = np.column_stack([net.x, net.y])
    for i, place in enumerate(at):
        for j, site in enumerate(sites):
            to, back = np.hypot(*(nodes - place).T), np.hypot(*(nodes - site).T)
            straight = np.hypot(*(place - site))
            options = [straight * walk] if straight <= ways.AFOOT_M else []
            if to.min() <= ways.BESIDE_M and back.min() <= ways.BESIDE_M:
                options.append(table[back.argmin(), to.argmin()] * drive + walk * (to.min() + back.min()))
            best = min(options, default=np.inf)
            stored = dict(zip(found[[i]].indices, found[[i]].data, strict=True))
            if best <= limit:
                assert stored[j] == pytest.approx(best)
            else:
                assert j not in stored
    along = [shapely.LineString([site, site + 1]) for site in sites]
    covered = ways.reached(net, *at.T, along, limit, minutes=by)
    more = ways.reached(net, *at.T, along, 2 * limit, minutes=by)
    assert (covered <= more).all()


def test_a_patrol_reaches_along_its_roads() -> None:
    net = ways.roads([0, 5000, 5000], [0, 0, 8000], [0, 1], [1, 2], [5000, 8000], [5, 8], [False, False])
    way = [shapely.LineString([(-3000, 0), (100, 0)])]
    assert ways.reached(net, [5000, 5000, 0], [100, 7900, 1900], way, 6000).tolist() == [True, False, True]
    assert ways.reached(net, [5000, 5000], [100, 7900], way, 15, minutes=True).tolist() == [True, True]
    assert ways.reached(net, [5000], [0], [], 6000).tolist() == [False]


@settings(max_examples=30, deadline=None)
@given(networks(), st.booleans())
def test_every_way_is_the_shortest_or_said_to_be_an_estimate(
    made: tuple[ways.Roads, np.ndarray, np.ndarray, np.ndarray], by: bool
) -> None:
    net, _, at, sites = made
    found, guessed = every_way(net, *at.T, *sites.T, minutes=by)
    far = FAR["minutes" if by else "metres"]
    known = ways.costs(net, *at.T, *sites.T, 3 * far, minutes=by)
    reached = sparse.csr_array((np.ones(known.nnz), known.indices, known.indptr), known.shape).toarray() > 0
    assert (reached | guessed).all()
    assert found[~guessed] == pytest.approx(known.toarray()[~guessed])
    assert (known.toarray()[guessed & reached] > far * (1 - 1e-9)).all(), "only what is far by road is estimated"
    straight = np.hypot(*(at[:, None] - sites[None]).transpose(2, 0, 1))
    assert (found[guessed] >= straight[guessed] * (1.3 * 60 / 40_000 if by else 1.3) - 1e-6).all()


def test_suggested_places_stand_on_roads_apart_and_where_most_meet() -> None:
    random = np.random.default_rng(2)
    x, y = random.uniform(0, 30_000, (2, 400))
    joined = random.integers(1, 5, 400)
    land = shapely.box(0, 0, 30_000, 30_000)
    border = shapely.LineString([(0, 0), (30_000, 0)])
    chosen = road_sites(x, y, joined, land, 3_000, border, 9_000)
    at = np.column_stack([x, y])[chosen]
    apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) + np.eye(len(at)) * 9e9
    assert apart.min() > 3_000
    assert ((at[:, 1] <= 9_000) & (at.min(axis=1) >= 500) & (at[:, 0] <= 29_500)).all()
    assert joined[chosen[0]] == 4
    assert not len(road_sites(x, y, joined, land, 3_000, shapely.LineString([(0, 90_000), (1, 90_000)]), 9_000))
    with pytest.raises(AnalysisRefused, match="not_positive"):
        road_sites(x, y, joined, land, 0, border, 9_000)


@settings(max_examples=30, deadline=None)
@given(networks())
def test_ways_of_patrols_are_the_shortest_and_lead_where_they_say(
    made: tuple[ways.Roads, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    net, table, at, _ = made
    found = road_ways(net, *at.T)
    assert found is not None
    inside = np.array(
        [int(np.flatnonzero((net.x == x) & (net.y == y))[0]) for x, y in zip(found.x, found.y, strict=True)]
    )
    assert np.isfinite(table[np.ix_(inside, inside)]).all(), "one part in which all are connected"
    beside = np.hypot(*(np.column_stack([found.x, found.y])[found.node] - at).T)
    for a in range(len(at)):
        for b in range(len(at)):
            way = inside[found.way(a, b)]
            assert found.road[a, b] == pytest.approx(table[way[0], way[-1]])
            assert sum(table[i, j] for i, j in pairwise(way)) == pytest.approx(found.road[a, b])
            assert found.foot[a, b] == pytest.approx(0 if a == b else beside[a] + beside[b])
    quick, slow = found.seconds(40.0, 1.3), found.seconds(4.0, 1.3)
    assert (quick <= slow).all()
    assert road_ways(net, at[:, 0] + 9e6, at[:, 1]) is None
