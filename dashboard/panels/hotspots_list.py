"""A list beside the map: a click on a row moves the map there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import streamlit as st

from dashboard import session
from dashboard.i18n import t
from dashboard.panels.hotspots_view import Box

__all__ = ["count_column", "listed", "text_column"]

ROW_PX, MOST_PX = 35, 430
NARROW = {"number": 42, "p": 60}


def listed(
    key: str,
    columns: Mapping[str, Sequence[Any]],
    heads: Mapping[str, Any],
    boxes: Sequence[Box | None] = (),
) -> None:
    """A table; with boxes its rows can be chosen.

    Parameters
    ----------
    columns
        Values by name of column, in the order to show.
    heads
        Column of ``st.column_config`` for each name.
    boxes
        Where the map goes for each row.
    """
    table = pa.table({name: pa.array(list(values)) for name, values in columns.items()})
    height = min(MOST_PX, ROW_PX * (table.num_rows + 1) + 3)
    if not boxes:
        st.dataframe(table, hide_index=True, height=height, width="stretch", column_config=heads, key=key)
        return

    def chosen() -> None:
        rows = session.value(key)["selection"]["rows"]
        row = rows[0] if rows and rows[0] < len(boxes) else None
        session.go_to_box(row, None if row is None else boxes[row])

    st.dataframe(
        table, hide_index=True, height=height, width="stretch", column_config=heads, key=key,
        selection_mode="single-row", on_select=chosen,
    )  # fmt: skip


def text_column(lang: str, code: str, *, helped: bool = False) -> Any:
    """A column of words under ``hotspots_page.column.…``."""
    return st.column_config.TextColumn(
        t(f"hotspots_page.column.{code}", lang), help=t(f"hotspots_page.column_help.{code}", lang) if helped else None
    )


def count_column(lang: str, code: str, *, helped: bool = False, form: str = "localized") -> Any:
    """A narrow column of numbers."""
    return st.column_config.NumberColumn(
        t(f"hotspots_page.column.{code}", lang), width=NARROW.get(code, 70), format=form,
        help=t(f"hotspots_page.column_help.{code}", lang) if helped else None,
    )  # fmt: skip
