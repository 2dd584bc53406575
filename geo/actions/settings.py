"""Change the numbers that an administrator sets: clocks that run follow at once."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.actions.administration import administers
from geo.actions.audit import audit
from geo.errors import NotFound
from geo.model.person import Person
from geo.model.setting import SETTINGS

__all__ = ["put_setting"]


def put_setting(connection: Connection, key: str, value: float, by: Person | None = None) -> bool:
    """Set a number; whether it was another one before. The default is kept as nothing, and so follows another default.

    Raises
    ------
    geo.errors.WatchError
        ``setting.unknown``, ``setting.out_of_range``, ``setting.whole_hours``; ``people.not_administrator``.
    """
    administers(connection, by)
    setting = SETTINGS.get(key)
    if setting is None:
        raise NotFound("setting.unknown", key=key)
    setting.refuse_unfit(value)
    values = {"key": key, "value": value, "by": by.id if by else None}
    if value == setting.default:
        changed = connection.execute(text("delete from setting where key = :key"), values).rowcount
    else:
        changed = connection.execute(
            text(
                "insert into setting as old (key, value, changed_by) values (:key, to_jsonb(cast(:value as float8)), :by)"
                " on conflict (key) do update set value = excluded.value, changed_by = excluded.changed_by, changed_at = now()"
                " where old.value is distinct from excluded.value"
            ),
            values,
        ).rowcount
    if changed:
        audit(connection, "setting.put", f"setting:{key}", value=f"{value:g}")
    return bool(changed)
