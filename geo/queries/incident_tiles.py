"""Incidents as Mapbox vector tiles, at a cost that does not follow their number.

Far out a tile is a grid of circles with counts, read from ``incident_count``. Near it is read from the incidents
themselves, unless they are too many to be told apart there. Both are contiguous ranges of the Z-order key, scanned
in the index alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, text

from geo.model import IncidentFilter, Scope
from geo.queries.conditions import codes, counted, incidents_by_day, levels

__all__ = ["EXTENT", "NEAR_LIMIT", "incident_tile", "morton", "tile_query"]

EXTENT = 4096
KEY_ZOOM = 26
NEAR_ZOOM = 12
"""From here on incidents are drawn one by one, where that many can be."""
NEAR_LIMIT = 15_000
"""More than these in one tile are drawn as counts: a tile of 256 pixels has 4,096 cells of 4 x 4 pixels."""
ALWAYS_NEAR_ZOOM = 17
FINE = 14
"""Up to this zoom a tile holds too many cells of a finer level."""
ROUGH_LEVEL = 12
"""Size of the cells in which those who see all districts see what is not verified yet; the view incident_outline and the
policy on ``incident_count`` say the same."""
UNVERIFIED = ("received", "verifying")
STATUS_LETTER = {
    "received": "r", "verifying": "v", "verified": "y", "unfounded": "u", "duplicate": "d", "referred": "f", "closed": "c",
}  # fmt: skip

DAY_BY_DAY = 400
"""Up to this many days are told one by one."""

_EVEN = bytes(sum((byte >> 2 * bit & 1) << bit for bit in range(4)) for byte in range(256))
"""The even bits of each byte put together: to read them is faster than to shift them about."""
_RANGES = (
    'min(crime_type collate "C") as t0, max(crime_type collate "C") as t1,'
    ' min(status collate "C") as s0, max(status collate "C") as s1'
)
"""Whether a cell has one type and one status; bytes are compared faster than words."""
_STATUS = "case s " + " ".join(f"when '{k}' then '{v}'" for k, v in STATUS_LETTER.items()) + " end"


def morton(x: int, y: int) -> int:
    """Z-order number of tile ``x``, ``y`` at its zoom: x in the even bits, y in the odd ones."""
    key = 0
    for bit in range(KEY_ZOOM):
        key |= ((x >> bit) & 1) << (2 * bit) | ((y >> bit) & 1) << (2 * bit + 1)
    return key


@dataclass(frozen=True, slots=True)
class _Grid:
    """One tile's cells: their zoom, the level that they are read at, and the tile's range of keys there."""

    z: int
    x: int
    y: int
    cell_zoom: int
    level: int

    def keys(self, at: int) -> tuple[int, int]:
        """First and last key of the tile at zoom ``at``; one key where the tile is smaller than a cell of it."""
        key, steps = morton(self.x, self.y), 2 * (at - self.z)
        return (key << steps, ((key + 1) << steps) - 1) if steps >= 0 else (key >> -steps, key >> -steps)

    def values(self) -> dict[str, Any]:
        """Bound values of the tile's ranges."""
        low, high = self.keys(KEY_ZOOM)
        first, last = self.keys(self.level)
        return {"from_key": low, "to_key": high, "from_cell": first, "to_cell": last, "even": _EVEN}

    def pixel(self, axis: str, of: int) -> str:
        """SQL of a position, counted in cells of zoom ``of`` from the tile's corner, in pixels of the tile."""
        return f"{axis} * {EXTENT / 2 ** (of - self.z)!r}::float8"


def _axes(key: str, bits: int) -> tuple[str, str]:
    """SQL of x and y of a key with so many bits for each: ``zkey_axis`` as one expression, ten times faster."""
    steps = range(0, 2 * bits, 8)

    def axis(shift: int) -> str:
        taken = (f"get_byte(:even, (({key} >> {step + shift}) & {_mask(2 * bits - step)})::int)" for step in steps)
        return "(" + " | ".join(f"({one} << {step // 2})" for one, step in zip(taken, steps, strict=True)) + ")"

    return axis(0), axis(1)


def _mask(bits: int) -> int:
    return (1 << min(8, bits)) - 1


def _far(grid: _Grid, scope: Scope, chosen: IncidentFilter) -> tuple[str, dict[str, Any]]:
    """Rows (cell, crime_type, status, n, fx, fy) from the counts, and from the incidents on days in no whole block."""
    parts, values = counted(chosen, scope, grid.level)
    source = incidents_by_day(scope) if grid.level <= ROUGH_LEVEL else "incident"
    found = [
        "select cell, crime_type, status, sum(n)::int as n, sum(fx) as fx, sum(fy) as fy from incident_count"
        f" where {part.where} and cell between :from_cell and :to_cell group by 1, 2, 3 having sum(n) > 0"
        if part.length
        else _from_incidents(grid, source, part.where, part.status)
        for part in parts
    ]
    return " union all ".join(found), values | grid.values()


def _from_incidents(grid: _Grid, source: str, where: str, status: str) -> str:
    """The same rows from the incidents; a cell's place is that of one of its incidents."""
    bits = KEY_ZOOM - grid.level
    fx, fy = (f"n * (({axis} + 0.5::float8) / {1 << bits})::real" for axis in _axes("k", bits))
    return (
        f"select cell, crime_type, status, n, {fx} as fx, {fy} as fy"
        f" from (select zkey >> {2 * bits} as cell, crime_type, {status} as status, count(*)::int as n, min(zkey) as k from {source}"
        f" where zkey between :from_key and :to_key and {where} group by 1, 2, 3 offset 0) i"
    )


def _placed_far(grid: _Grid, scope: Scope, chosen: IncidentFilter) -> tuple[str, dict[str, Any]]:
    """Rows (n, px, py, t, s) of a tile's cells, from the counts: px and py in pixels of the tile."""
    found, values = _far(grid, scope, chosen)
    x, y = _axes("(cell - :from_cell)", max(1, grid.level - grid.z))
    px, py = (grid.pixel(f"sum(n * {axis} + {f}) / sum(n)", grid.level) for axis, f in ((x, "fx"), (y, "fy")))
    return (
        f"""
select sum(n) as n, {px} as px, {py} as py,
       case when min(t0) = max(t1) then min(t0) end as t, case when min(s0) = max(s1) then min(s0) end as s
from (select cell, sum(n)::int as n, sum(fx::float8) as fx, sum(fy::float8) as fy, {_RANGES} from ({found}) f group by cell) cells
group by cell >> {2 * (grid.level - grid.cell_zoom)}""",
        values,
    )


def _placed_near(grid: _Grid, scope: Scope, chosen: IncidentFilter) -> tuple[str, dict[str, Any]]:
    """The same from the incidents; a cell's place is that of one of its incidents."""
    where, values = codes(chosen, scope)
    values |= grid.values()
    if chosen.days <= DAY_BY_DAY:
        # Told the days one by one, PostgreSQL can go to each day's part of the tile instead of reading every day of it.
        values["days"] = [chosen.first + timedelta(days=n) for n in range(chosen.days)]
        period = "day = any(:days)"
    else:
        values |= {"first": chosen.first, "last": chosen.last}
        period = "day between :first and :last"
    x, y = (grid.pixel(f"({axis} + 0.5::float8)", KEY_ZOOM) for axis in _axes("(k - :from_key)", KEY_ZOOM - grid.z))
    return (
        f"""
select n, {x} as px, {y} as py, case when t0 = t1 then t0 end as t, case when s0 = s1 then s0 end as s
from (select count(*) as n, min(zkey) as k, {_RANGES} from incident
      where zkey between :from_key and :to_key and {period}{where} group by zkey >> {2 * (KEY_ZOOM - grid.level)} offset 0) c""",
        values,
    )


def _placed_rough(grid: _Grid, scope: Scope, chosen: IncidentFilter) -> tuple[str, dict[str, Any]] | None:
    """What is not verified yet, for those who see it roughly, in a tile whose cells are smaller than that: the counts of
    whole cells of `ROUGH_LEVEL`, each in the middle of its cell; nothing where none is asked for."""
    wanted = tuple(status for status in UNVERIFIED if not chosen.statuses or status in chosen.statuses)
    if not wanted:
        return None
    up = max(0, grid.z - ROUGH_LEVEL)  # a tile smaller than a cell shows the cell if its middle lies in the tile
    whole = _Grid(grid.z - up, grid.x >> up, grid.y >> up, ROUGH_LEVEL, ROUGH_LEVEL)
    found, values = _far(whole, scope, replace(chosen, statuses=wanted))
    side = EXTENT * 2.0 ** (grid.z - ROUGH_LEVEL)
    px, py = (
        f"({axis} + 0.5::float8) * {side!r}::float8 - {corner * EXTENT}"
        for axis, corner in zip(_axes("cell", ROUGH_LEVEL), (grid.x, grid.y), strict=True)
    )
    sql = f"""
select * from (
    select n, {px} as px, {py} as py, case when t0 = t1 then t0 end as t, case when s0 = s1 then s0 end as s
    from (select cell, sum(n) as n, {_RANGES} from ({found}) f group by cell) c) r
where px >= 0 and px < {EXTENT} and py >= 0 and py < {EXTENT}"""
    return re.sub(r"(?<!:):([a-z]\w*)", r":rough_\1", sql), {f"rough_{name}": value for name, value in values.items()}


def tile_query(scope: Scope, chosen: IncidentFilter, z: int, x: int, y: int, near: bool) -> tuple[str, dict[str, Any]]:
    """SQL and values that give one vector tile as bytes.

    Layer ``incidents``: points with ``n`` (incidents in the cell) and, for one type, ``t`` (crime_type.id), for one
    status ``s`` (its letter in ``STATUS_LETTER``). Each stands at the mean place of its incidents.
    """
    if near:
        cell_zoom = min(KEY_ZOOM, z + 6)
        grid = _Grid(z, x, y, cell_zoom, cell_zoom)
        placed, values = _placed_near(grid, scope, chosen)
    else:
        kept = levels(chosen)
        cell_zoom = min(z + 3, max(kept) if z > FINE else FINE)
        level = next(level for level in kept if level >= cell_zoom)
        grid = _Grid(z, x, y, cell_zoom, level)
        placed, values = _placed_far(grid, scope, chosen)
    if scope.rough and grid.level > ROUGH_LEVEL and (rough := _placed_rough(grid, scope, chosen)):
        placed, values = f"{placed} union all {rough[0]}", values | rough[1]
    return (
        f"""
with placed as ({placed})
select st_asmvt(m, 'incidents', {EXTENT}, 'geom') from (
    select st_makepoint(round(px), round(py)) as geom, n::int as n, ct.id as t, {_STATUS} as s
    from placed left join crime_type ct on ct.code = placed.t order by n desc) m""",
        values,
    )


def _few(connection: Connection, scope: Scope, chosen: IncidentFilter, z: int, x: int, y: int) -> bool:
    """Whether a tile's incidents can be drawn one by one."""
    fine = [level for level in levels(chosen) if level >= z]
    if not fine:
        return True
    parts, values = counted(chosen, scope, fine[0])
    source = incidents_by_day(scope) if fine[0] <= ROUGH_LEVEL else "incident"
    sums = [
        f"coalesce((select sum(n) from incident_count where {part.where} and cell between :from_cell and :to_cell), 0)"
        if part.length
        else f"(select count(*) from {source} where {part.where} and zkey between :from_key and :to_key)"
        for part in parts
    ]
    values |= _Grid(z, x, y, fine[0], fine[0]).values()
    del values["even"]
    return int(connection.execute(text(f"select {' + '.join(sums)}"), values).scalar_one()) <= NEAR_LIMIT


def incident_tile(connection: Connection, scope: Scope, chosen: IncidentFilter, z: int, x: int, y: int) -> bytes:
    """One vector tile of the incidents that ``chosen`` keeps; empty bytes where there are none.

    Parameters
    ----------
    z, x, y
        Web Mercator tile address, 0 <= z <= 22.

    Raises
    ------
    ValueError
        The address is not a tile.
    """
    if not (0 <= z <= 22 and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise ValueError(f"no tile {z}/{x}/{y}")
    near = z >= ALWAYS_NEAR_ZOOM or (z >= NEAR_ZOOM and _few(connection, scope, chosen, z, x, y))
    sql, values = tile_query(scope, chosen, z, x, y, near)
    return bytes(connection.execute(text(sql), values).scalar() or b"")
