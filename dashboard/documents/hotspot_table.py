"""A hotspot answer as it is taken away: its rows, and how they were come by, in one file."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import shapely

from dashboard.documents.tables import MOST, Cell, Table, write
from dashboard.hotspots.answer import Answer
from dashboard.i18n import has, t

__all__ = ["FORMS", "file_of", "forms_of"]

FORMS: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}
"""Media types."""
WIDTH = 16


def forms_of(answer: Answer) -> tuple[str, ...]:
    """The kinds of files that can hold an answer: its rows may be too many for a workbook, or have no place."""
    forms = ["csv"]
    if len(answer.rows) <= MOST["xlsx"]:
        forms.append("xlsx")
    if answer.shapes is not None:
        forms.append("geojson")
    return tuple(forms)


def file_of(answer: Answer, form: str, about: Sequence[tuple[str, str]], lang: str) -> bytes:
    """The file.

    Parameters
    ----------
    form
        One of `FORMS`.
    about
        Label and words of what must be known: method, parameters, filter, moment.
    """
    if form == "geojson":
        return _geojson(answer, about)
    rows = answer.rows_in_degrees()
    table = Table(
        title=t(f"hotspots_page.short.{answer.summary['method']}", lang),
        about=about,
        about_title=t("export.about.title", lang),
        heads=[(_head(str(name), lang), WIDTH) for name in rows.columns],
        rows=_cells(answer),
    )
    out = io.BytesIO()
    write(table, form, out)
    return out.getvalue()


def _head(name: str, lang: str) -> str:
    key = f"hotspots_page.rows.{name}"
    return t(key, lang) if has(key) else name


def _cells(answer: Answer) -> Iterator[list[Cell]]:
    rows = answer.rows_in_degrees()
    for row in rows.itertuples(index=False, name=None):
        yield [_plain(value) for value in row]


def _plain(value: Any) -> Cell:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value if isinstance(value, int | float | str) else str(value)


def _geojson(answer: Answer, about: Sequence[tuple[str, str]]) -> bytes:
    """Features in WGS 84; what must be known stands beside them under ``about``."""
    shapes, rows = answer.shapes_in_degrees(), answer.rows_in_degrees()
    assert shapes is not None
    names = [str(name) for name in rows.columns]
    features = [
        {
            "type": "Feature",
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
            "properties": dict(zip(names, map(_plain, row), strict=True)),
        }
        for shape, row in zip(shapes, rows.itertuples(index=False, name=None), strict=True)
    ]
    collection = {"type": "FeatureCollection", "about": dict(about), "features": features}
    return json.dumps(collection, ensure_ascii=False, allow_nan=False).encode()
