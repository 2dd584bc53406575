"""Districts: where they are hot together, and how many incidents they have for their people and for what was looked."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.hotspots.answer import Answer, Remark
from dashboard.hotspots.asked import Asked
from dashboard.hotspots.material import Ground, Material, Watch
from dashboard.hotspots.telling import few
from geo.analysis import hot_spots
from geo.analysis.neighbourhoods import AreaNeighbourhoods, Neighbourhoods, PlaceNeighbourhoods
from geo.analysis.rates import empirical_bayes
from geo.errors import AnalysisRefused
from geo.ingest.points import Points
from geo.model import Channel

__all__ = ["counts_of", "gi_districts", "ground_of", "rates"]

GAP = 500.0
"""Metres: districts whose simplified outlines come as near as this share an edge."""
ROSE = 1.1
"""More was looked or told where it is this many times as much as before."""
PER = 100_000
"""People a rate is told for."""


def ground_of(material: Material, method: str) -> Ground:
    """The districts of the store.

    Raises
    ------
    AnalysisRefused
        ``analysis.needs_store`` of a file, ``analysis.no_districts`` where none is in scope.
    """
    if material.ground is None:
        raise AnalysisRefused("analysis.needs_store", method=method)
    if material.ground.districts.empty:
        raise AnalysisRefused("analysis.no_districts")
    return material.ground


def counts_of(incidents: Points, ground: Ground) -> pd.Series[int]:
    """Incidents of each district, zeros too, by code."""
    return pd.Series(incidents.district).value_counts().reindex(ground.districts.index, fill_value=0).rename("count")


def gi_districts(material: Material, asked: Asked, watch: Watch) -> Answer:
    """Gi* of the counts of districts. Neighbours are those that share an edge or, with a distance, whose inner points lie within it.

    Rows: ``code``, ``name_th``, ``name_en``, ``count``, ``z``, ``p``, ``q``, ``neighbours``, ``class``; shapes are the districts.
    """
    ground = ground_of(material, "gi_districts")
    districts = ground.districts
    if ground.land is None:
        raise AnalysisRefused("analysis.no_boundaries")
    near: Neighbourhoods
    if asked.distance is None:
        near = AreaNeighbourhoods(districts["shape"].to_numpy(), GAP)
    else:
        near = PlaceNeighbourhoods(districts["x"], districts["y"], asked.distance)
    counts = counts_of(material.incidents, ground)
    found = hot_spots.gi_star_of(counts, near)
    if asked.uncorrected:
        found["class"] = hot_spots.confidence_class(found.z, found.p)
    rows = pd.concat([districts[["name_th", "name_en"]], counts, found], axis=1).reset_index()
    summary = {
        "method": "gi_districts",
        "n": len(material.incidents),
        "places": len(rows),
        "neighbours": "edge" if asked.distance is None else "distance",
        "distance": asked.distance,
        "outside": len(material.incidents) - int(counts.sum()),
        "corrected": not asked.uncorrected,
        **hot_spots.class_counts(found["class"]),
    }
    return Answer(summary, rows, districts["shape"].to_numpy(), placed=False, remarks=few(material.incidents))


def rates(material: Material, asked: Asked, watch: Watch) -> Answer:
    """Counts of districts beside rates, and beside what was done to learn of incidents, in this period and the earlier one.

    Rows: ``code``, ``name_th``, ``name_en``, ``count``, ``before``, ``population``, ``rate``, ``smoothed``, ``low``, ``high`` (incidents for
    100,000 people in the period; NaN where no population is known), ``patrol_hours``, ``patrol_hours_before``,
    ``reporting_places``, ``reporting_places_before``, of each channel ``channel_…`` and ``channel_…_before``, and ``effort_rose``.
    """
    ground = ground_of(material, "rates")
    assert material.earlier is not None
    assert material.effort is not None
    incidents, earlier, districts = material.incidents, material.earlier, ground.districts
    rows = districts[["name_th", "name_en"]].copy()
    rows["count"], rows["before"] = counts_of(incidents, ground), counts_of(earlier, ground)
    rows["population"] = districts["population"]
    known = rows[rows["population"] > 0]
    told = empirical_bayes(known["count"], known["population"]) * PER if len(known) else pd.DataFrame()
    for column, name in (("rate", "raw"), ("smoothed", "smoothed"), ("low", "low"), ("high", "high")):
        rows[column] = told[name] if len(known) else np.nan
    for ending, effort, period in zip(("", "_before"), material.effort, (incidents, earlier), strict=True):
        for name in ("patrol_hours", "reporting_places"):
            rows[name + ending] = effort[name].reindex(rows.index, fill_value=0.0)
        for channel in Channel:
            of = pd.Series(period.district)[pd.Series(period.channel) == channel].value_counts()
            rows[f"channel_{channel}{ending}"] = of.reindex(rows.index, fill_value=0)
    rose = {name: _rose(rows[name], rows[f"{name}_before"]) for name in ("patrol_hours", "reporting_places")}
    rows["effort_rose"] = rose["patrol_hours"] | rose["reporting_places"]
    sums = {
        name: float(rows[name].sum())
        for name in ("patrol_hours", "patrol_hours_before", "reporting_places", "reporting_places_before")
    }
    overall = any(sums[name] > sums[f"{name}_before"] * ROSE for name in ("patrol_hours", "reporting_places"))
    assert material.before is not None
    summary = {
        "method": "rates",
        "n": len(incidents),
        "before": len(earlier),
        "earlier_first": str(material.before.first),
        "earlier_last": str(material.before.last),
        "outside": len(incidents) - int(rows["count"].sum()),
        "places": len(rows),
        "with_population": len(known),
        "per": PER,
        "smoothing": "Marshall 1991, global",
        **sums,
        **{f"channel_{c}": int((pd.Series(incidents.channel) == c).sum()) for c in Channel},
        **{f"channel_{c}_before": int((pd.Series(earlier.channel) == c).sum()) for c in Channel},
        "effort_rose": overall,
        "effort_rose_in": int(rows["effort_rose"].sum()),
    }
    remarks: tuple[Remark, ...] = few(incidents)
    if overall and len(incidents) > len(earlier):
        remarks += (("hotspots.effort_rose", {}),)
    return Answer(summary, rows.reset_index(), districts["shape"].to_numpy(), placed=False, remarks=remarks)


def _rose(now: pd.Series[float], before: pd.Series[float]) -> pd.Series[bool]:
    return (now >= 1) & (now > before * ROSE)
