"""The data dictionary: what tables and columns mean, for those who read an archive without this program."""

from __future__ import annotations

from dashboard.i18n import LANGUAGES, has, t

__all__ = ["described"]


def described(table: str, column: str | None) -> list[str]:
    """Meaning of a table, or of one of its columns, in each of `LANGUAGES`: its own where it has one, else that of its name."""
    own = f"dictionary.table.{table}" if column is None else f"dictionary.of.{table}.{column}"
    key = own if column is None or has(own) else f"dictionary.column.{column}"
    return [t(key, lang) for lang in LANGUAGES]
