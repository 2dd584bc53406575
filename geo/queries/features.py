"""Rows as GeoJSON for the map: codes, numbers, dates; never a text that a person wrote."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

__all__ = ["feature_collection"]


def feature_collection(rows: Iterable[Mapping[Any, Any]]) -> dict[str, Any]:
    """FeatureCollection of rows whose column ``geometry`` is GeoJSON text (WGS 84), the others properties.

    Dates and times become ISO 8601 text; a row without geometry keeps ``null``, so that a list can show it.
    """
    features = []
    for row in rows:
        properties = {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()}
        del properties["geometry"]
        geometry = None if row["geometry"] is None else json.loads(row["geometry"])
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}
