"""The rows of a hotspot answer as CSV or GeoJSON, whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd
import shapely

from dashboard.hotspots.answer import Answer
from dashboard.hotspots.telling import beside
from dashboard.spreadsheet import safe_cell
from geo.errors import AnalysisRefused
from geo.ingest.points import Points

__all__ = ["check_ending", "write_answer"]


def check_ending(path: Path) -> None:
    """Refuse a name that says nothing of its kind (``analysis.ending``), or a folder that is not there."""
    if path.suffix.lower() not in {".csv", ".geojson"}:
        raise AnalysisRefused("analysis.ending", file=path.name)
    if not path.absolute().parent.is_dir():
        raise AnalysisRefused("analysis.out_folder", file=str(path), reason=os.strerror(2))


def write_answer(path: Path, answer: Answer, points: Points) -> int:
    """Write the rows; a file of that name is replaced only when all is written.

    Parameters
    ----------
    points
        What was asked about: their own columns stand before what was found of each of them.

    Returns
    -------
    Number of rows.

    Raises
    ------
    AnalysisRefused
        ``analysis.out_folder``.
    """
    if answer.each is not None:
        answer = replace(answer, rows=beside(points, answer.each), shapes=shapely.points(points.x, points.y))
    rows, shapes = answer.rows_in_degrees(), answer.shapes_in_degrees()
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    except OSError as wrong:
        raise AnalysisRefused("analysis.out_folder", file=str(path), reason=wrong.strerror or "") from wrong
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            if path.suffix.lower() == ".csv":
                _csv(rows, stream)
            else:
                _geojson(rows, shapes, stream)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError as wrong:
        Path(name).unlink(missing_ok=True)
        raise AnalysisRefused("analysis.out_folder", file=str(path), reason=wrong.strerror or "") from wrong
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return len(rows)


def _csv(rows: pd.DataFrame, stream: TextIO) -> None:
    table = rows.copy()
    table.columns = [safe_cell(str(name)) for name in rows.columns]
    for number in range(len(rows.columns)):
        column = rows.iloc[:, number]
        if not pd.api.types.is_numeric_dtype(column):
            # A number keeps its minus; any other text that begins so would be computed by a spreadsheet.
            plain = pd.to_numeric(column, errors="coerce").notna()
            table.isetitem(number, [v if ok else safe_cell(_text(v)) for v, ok in zip(column, plain, strict=True)])
    table.to_csv(stream, index=False, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")


def _geojson(rows: pd.DataFrame, shapes: np.ndarray[Any, Any] | None, stream: TextIO) -> None:
    drawn = [None] * len(rows) if shapes is None else shapely.to_geojson(shapes)
    columns = {str(name): [_json(value) for value in rows.iloc[:, at]] for at, name in enumerate(rows.columns)}
    stream.write('{"type": "FeatureCollection", "features": [')
    for at, shape in enumerate(drawn):
        properties = json.dumps({name: values[at] for name, values in columns.items()}, ensure_ascii=False)
        stream.write(
            f'{"," if at else ""}\n{{"type": "Feature", "geometry": {shape or "null"}, "properties": {properties}}}'
        )
    stream.write("\n]}\n")


def _text(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)


def _json(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
