"""Settings that administrators change: rows of ``setting``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from geo.model.clock import RECHECK_SHARE, Targets
from geo.model.setting import SETTINGS

__all__ = ["Kept", "numbers", "recheck_share", "targets"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A setting as it counts now, and who changed it last, where somebody did."""

    value: float
    changed_by: str | None = None
    changed_at: datetime | None = None


def numbers(connection: Connection) -> dict[str, Kept]:
    """Every one of `geo.model.setting.SETTINGS` by its key. Read as the web process itself."""
    rows = connection.execute(
        text(
            "select s.key, s.value, p.name, s.changed_at from setting s left join person p on p.id = s.changed_by"
            " where s.key = any(:keys)"
        ),
        {"keys": list(SETTINGS)},
    )
    found = {key: Kept(setting.default) for key, setting in SETTINGS.items()}
    for key, value, name, at in rows:
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[key] = Kept(float(value), name, at)
    return found


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
