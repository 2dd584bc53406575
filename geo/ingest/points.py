"""Any CSV or GeoJSON of points for the statistics: x, y in metres or lon, lat; t; a value; a crime type."""

from __future__ import annotations

import io
import json
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.analysis.arrays import Floats
from geo.analysis.plane import Plane
from geo.errors import AnalysisRefused, FileRefused, WatchError
from geo.ingest.dates import parse_when
from geo.ingest.encodings import decode
from geo.ingest.problems import CellRefused, quoted

__all__ = ["EPOCH", "Points", "days_of", "read_points"]

EPOCH = pd.Timestamp("1970-01-01")
"""Day 0 of dates, in Asia/Bangkok."""
MAX_BYTES = 2**30
FEATURE_X, FEATURE_Y = "geometry x", "geometry y"
OTHER_NAMES = {"lon": ("longitude", "long", "lng"), "lat": ("latitude",)}


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points ready for a statistic.

    Attributes
    ----------
    rows
        The columns as they came, one row a point.
    x, y
        Metres, shape (n,).
    plane
        Back to degrees; nothing where the file was in metres.
    t, dated
        Days, shape (n,), or nothing; whether they are dates (days since `EPOCH`).
    value
        Of ``--value-column``, or nothing.
    kind
        Crime type, or nothing.
    district, channel, day_only
        Of incidents of the store: code of the district or None, way it was reported, and whether its hour is not known.
    """

    rows: pd.DataFrame
    x: Floats
    y: Floats
    plane: Plane | None
    t: Floats | None = None
    dated: bool = False
    value: Floats | None = None
    kind: np.ndarray[Any, Any] | None = None
    district: np.ndarray[Any, Any] | None = None
    channel: np.ndarray[Any, Any] | None = None
    day_only: np.ndarray[Any, Any] | None = None

    def __len__(self) -> int:
        return len(self.x)

    def only(self, keep: np.ndarray[Any, Any]) -> Points:
        """Those for which ``keep`` is true."""
        optional = ("t", "value", "kind", "district", "channel", "day_only")
        parts = {name: part[keep] for name in optional if (part := getattr(self, name)) is not None}
        rows = self.rows[keep].reset_index(drop=True)
        return replace(self, rows=rows, x=self.x[keep], y=self.y[keep], **parts)


def read_points(path: Path, *, planar: bool | None, value_column: str = "") -> Points:
    """The points of a file; one that cannot be read whole is refused.

    Parameters
    ----------
    planar
        Whether x and y are metres; nothing: as the names of the columns say.
    value_column
        Name of the column of values.

    Raises
    ------
    FileRefused
        ``file.not_found``, ``file.unreadable``, ``file.too_large``, ``analysis.ending``, ``analysis.file_unreadable``, ``analysis.not_points``.
    AnalysisRefused
        ``analysis.columns``, ``analysis.looks_like_degrees``, ``analysis.no_column``, ``analysis.value_unreadable``,
        ``analysis.date_unreadable``, ``analysis.degrees_impossible``, ``analysis.no_points``.
    """
    rows = _rows(path)
    names = {str(name).strip().lower(): str(name) for name in reversed(list(rows.columns))}
    for name, others in OTHER_NAMES.items():
        for other in others:
            if name not in names and other in names:
                names[name] = names[other]
    seen = ", ".join(map(str, rows.columns)) or "-"
    if planar is None:
        planar = not {"lon", "lat"} <= names.keys() and FEATURE_X not in names
        guessed = planar
    else:
        guessed = False
    wanted = ("x", "y") if planar else ("lon", "lat")
    if FEATURE_X in names:  # a GeoJSON says where by its geometry
        wanted, guessed = (FEATURE_X, FEATURE_Y), False
    if any(name not in names for name in wanted):
        raise AnalysisRefused("analysis.columns", wanted="lon, lat" if not planar else "x, y", seen=seen)
    if rows.empty:
        raise AnalysisRefused("analysis.no_points")
    first, second = (_numbers(rows[names[name]], name) for name in wanted)
    if guessed and np.abs(first).max() <= 180 and np.abs(second).max() <= 90:
        raise AnalysisRefused("analysis.looks_like_degrees")
    plane = None
    if not planar:
        bad = (np.abs(first) > 180) | (np.abs(second) > 90)
        if bad.any():
            at = int(bad.argmax())
            raise AnalysisRefused(
                "analysis.degrees_impossible", row=at + 1, lon=float(first[at]), lat=float(second[at])
            )
        plane = Plane.around(first, second)
        first, second = plane.metres(first, second)
    t, dated = days_of(rows[names["t"]]) if "t" in names else (None, False)
    value = None
    if value_column:
        column = value_column if value_column in rows else names.get(value_column.strip().lower())
        if column is None:
            raise AnalysisRefused("analysis.no_column", column=value_column, seen=seen)
        value = _numbers(rows[column], value_column)
    kind = rows[names["crime_type"]].fillna("").to_numpy(dtype=object) if "crime_type" in names else None
    rows = rows.drop(columns=[FEATURE_X, FEATURE_Y], errors="ignore")
    return Points(rows, first, second, plane, t, dated, value, kind)


def days_of(column: pd.Series[Any]) -> tuple[Floats, bool]:
    """Moments as days: numbers as they are, dates as days since `EPOCH` in Asia/Bangkok; and whether they are dates.

    Raises
    ------
    AnalysisRefused
        ``analysis.date_unreadable`` with the row.
    """
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64)
    if np.isfinite(numbers).all():
        return numbers, False
    codes, written = pd.factorize(column.astype("string").str.strip(), use_na_sentinel=True)
    days = np.array([_day(text) for text in written] + [np.nan])[codes]
    bad = ~np.isfinite(days)
    if bad.any():
        at = int(bad.argmax())
        raise AnalysisRefused("analysis.date_unreadable", row=at + 1, value=quoted(_shown(column.iloc[at])))
    return days, True


def _day(text: str) -> float:
    try:
        moment = pd.Timestamp(text) if text[:4].isdigit() and text[4:5] == "-" and text[:4] < "2300" else None
    except ValueError:
        moment = None
    if moment is None:
        try:
            moment = pd.Timestamp(parse_when(text).at)
        except CellRefused:
            return float("nan")
    if moment.tzinfo is not None:
        moment = moment.tz_convert("Asia/Bangkok").tz_localize(None)
    return float((moment - EPOCH) / pd.Timedelta(days=1))


def _numbers(column: pd.Series[Any], name: str) -> Floats:
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64)
    bad = ~np.isfinite(numbers)
    if bad.any():
        at = int(bad.argmax())
        raise AnalysisRefused(
            "analysis.value_unreadable", row=at + 1, column=name, value=quoted(_shown(column.iloc[at]))
        )
    return numbers


def _shown(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)


def _rows(path: Path) -> pd.DataFrame:
    kind = {".csv": "CSV", ".txt": "CSV", ".tsv": "CSV", ".geojson": "GeoJSON", ".json": "GeoJSON"}.get(
        path.suffix.lower()
    )
    if not path.is_file():
        raise FileRefused("file.not_found", name=str(path))
    if kind is None:
        raise FileRefused("analysis.ending", file=path.name)
    if path.stat().st_size > MAX_BYTES:
        raise FileRefused("file.too_large", megabytes=MAX_BYTES // 2**20)
    try:
        text, _ = decode(path.read_bytes())
        return _table(text) if kind == "CSV" else _features(text)
    except WatchError:
        raise
    except OSError as wrong:
        raise FileRefused("file.unreadable", name=str(path), reason=wrong.strerror or "") from wrong
    except pd.errors.EmptyDataError as wrong:
        raise AnalysisRefused("analysis.no_points") from wrong
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
        reason = str(wrong).splitlines()[0][:120] if str(wrong) else type(wrong).__name__
        raise FileRefused("analysis.file_unreadable", file=path.name, kind=kind, reason=reason) from wrong


def _table(text: str) -> pd.DataFrame:
    head = text.split("\n", 1)[0]
    mark = max(",;\t|", key=head.count)
    with warnings.catch_warnings():
        # A first row longer than the headings is only warned of, and would lose its end.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        try:
            return pd.read_csv(io.StringIO(text), sep=mark, dtype=str, keep_default_na=False, index_col=False)
        except pd.errors.ParserWarning as wrong:
            raise ValueError("rows have more cells than there are headings") from wrong


def _features(text: str) -> pd.DataFrame:
    collection = json.loads(text)
    features = collection["features"]
    places, rows = [], []
    for number, feature in enumerate(features, 1):
        shape = feature.get("geometry") or {}
        if shape.get("type") != "Point" or len(shape.get("coordinates") or ()) < 2:
            raise FileRefused("analysis.not_points", row=number)
        places.append(shape["coordinates"][:2])
        rows.append(feature.get("properties") or {})
    table = pd.DataFrame(rows, index=range(len(rows)))
    table[FEATURE_X], table[FEATURE_Y] = ([place[i] for place in places] for i in (0, 1))
    return table
