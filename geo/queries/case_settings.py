"""Settings that administrators change: rows of ``setting``."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.model.clock import RECHECK_SHARE, Targets

__all__ = ["recheck_share", "targets"]


def targets(connection: Connection) -> Targets:
    """How long each thing may take, as set by the administrator."""
    rows = connection.execute(text("select key, value from setting where key like 'target.%'"))
    return Targets.from_settings({row.key: row.value for row in rows})


def recheck_share(connection: Connection) -> float:
    """Share of closed cases, 0 to 1, that is drawn for a re-check."""
    key, default = RECHECK_SHARE
    value = connection.execute(text("select value from setting where key = :key"), {"key": key}).scalar()
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    return default
