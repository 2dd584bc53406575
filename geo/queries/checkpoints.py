"""Checkpoints as they stand on a day, for the map, for tables and for the card of one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model import Scope
from geo.queries.features import feature_collection

__all__ = ["card", "checkpoint_list", "checkpoints"]

_STATUS = """case
    when status = 'closed' or valid_to < :on then 'closed'
    when valid_from > :on then 'planned'
    when status = 'planned' and valid_from is not null then 'active'
    else status end"""
"""What the dates say goes before what was written down: a plan whose day has come is active, an active one
whose days are over is closed. A closed one stays closed."""

_CODES = f"code, kind, {_STATUS} as status, agency, district_code, valid_from, valid_to, is_demo"


def _own(scope: Scope) -> str:
    return "true" if scope.districts is None else "district_code = any(:scope)"


def _values(scope: Scope, on: date) -> dict[str, Any]:
    return {"scope": list(scope.districts or ()), "on": on}


def checkpoints(connection: Connection, scope: Scope, on: date) -> dict[str, Any]:
    """Checkpoints in scope as GeoJSON points (WGS 84), with their status on the day ``on`` (Asia/Bangkok).

    Properties: code, kind, status, agency, district_code, valid_from, valid_to, is_demo.
    """
    rows = connection.execute(
        text(f"select {_CODES}, st_asgeojson(geom, 5) as geometry from checkpoint where {_own(scope)} order by code"),
        _values(scope, on),
    )
    return feature_collection(rows.mappings())


def checkpoint_list(connection: Connection, scope: Scope, on: date) -> pd.DataFrame:
    """The same checkpoints as a frame for tables, one row each, with ``name``, ``lon`` and ``lat``."""
    rows = connection.execute(
        text(
            f"select {_CODES}, name, st_x(geom) as lon, st_y(geom) as lat from checkpoint"
            f" where {_own(scope)} order by district_code, name, code"
        ),
        _values(scope, on),
    )
    return pd.DataFrame(rows.all(), columns=list(rows.keys()))


def card(connection: Connection, scope: Scope, code: str, on: date) -> dict[str, Any]:
    """Everything a card shows of one checkpoint, with its status on the day ``on``.

    Raises
    ------
    NotFound
        There is no such checkpoint in this scope.
    """
    row = (
        connection.execute(
            text(
                f"select {_CODES}, name, note, source, plan_id, st_x(geom) as lon, st_y(geom) as lat from checkpoint"
                f" where code = :code and {_own(scope)}"
            ),
            _values(scope, on) | {"code": code},
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound("checkpoint.not_found", reference=code)
    return dict(row)
