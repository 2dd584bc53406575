"""Invented numbers of inhabitants, so that rates can be tried out where nobody has filled in real ones."""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

from sqlalchemy import Connection, text

__all__ = ["add_demo_population", "invented_population", "remove_demo_population"]

FEWEST, SPREAD = 18_000, 110_000
"""Districts along the border have some 20,000 to 130,000 inhabitants."""
_BORDER = "from area where level = 'district' and country = 'TH' and is_border and population"


def invented_population(code: str) -> int:
    """The number that a district is given, always the same: by it what was invented is known again."""
    return FEWEST + crc32(code.encode()) % SPREAD


def add_demo_population(connection: Connection) -> None:
    """Give border districts without a number of inhabitants an invented one."""
    codes = connection.execute(text(f"select code {_BORDER} is null")).scalars().all()
    _put(connection, {code: invented_population(code) for code in codes})


def remove_demo_population(connection: Connection) -> None:
    """Take invented numbers out again; what somebody filled in stays."""
    rows = connection.execute(text(f"select code, population {_BORDER} is not null")).all()
    _put(connection, {code: None for code, known in rows if known == invented_population(code)})


def _put(connection: Connection, of: Mapping[str, int | None]) -> None:
    if of:
        connection.execute(
            text("update area set population = :n where code = :code and level = 'district' and country = 'TH'"),
            [{"code": code, "n": n} for code, n in of.items()],
        )
