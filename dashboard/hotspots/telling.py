"""Figures as a summary tells them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from dashboard.hotspots.answer import Remark
from geo.ingest.points import EPOCH, Points

__all__ = ["beside", "day", "few", "plain", "where"]


def beside(points: Points, found: pd.DataFrame) -> pd.DataFrame:
    """The file's own columns and the results; of equal names the file's gets the ending ``_given``."""
    own = points.rows.rename(
        columns={name: f"{name}_given" for name in points.rows.columns if str(name) in found.columns}
    )
    return pd.concat([own.reset_index(drop=True), found.reset_index(drop=True)], axis=1)


def few(points: Points) -> tuple[Remark, ...]:
    """The warning of few points."""
    return (("hotspots.few", {"n": len(points)}),) if len(points) < 30 else ()


def where(points: Points, x: float, y: float) -> dict[str, float]:
    """A place as the file gives places: degrees, or metres."""
    if points.plane is None:
        return {"x": x, "y": y}
    lon, lat = points.plane.degrees(x, y)
    return {"lon": round(float(lon), 6), "lat": round(float(lat), 6)}


def day(points: Points, t: float) -> str | float:
    """A day as the points tell time: a date, or a number."""
    return str((EPOCH + pd.Timedelta(days=float(np.floor(t)))).date()) if points.dated else float(t)


def plain(value: Any) -> Any:
    """A value that JSON can hold; nothing for what is not finite."""
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
