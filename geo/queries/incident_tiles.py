"""Incidents as Mapbox vector tiles, at a cost that does not follow their number.

Far out a tile is a grid of circles with counts, read from ``incident_count``; near, from zoom 13, it is read from the
incidents themselves. Both are contiguous ranges of the Z-order key, scanned in the index alone.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from geo.model import IncidentFilter, Scope
from geo.queries.conditions import codes, split_period

__all__ = ["BUFFER", "EXTENT", "LEVELS", "incident_tile", "morton", "tile_query"]

EXTENT = 4096
KEY_ZOOM = 26
LEVELS: dict[int, tuple[int, ...]] = {9: (7, 56), 12: (7, 56), 15: (56,)}
"""Levels kept in ``incident_count`` and the block lengths, in days, that each has."""
NEAR_ZOOM = 13
BUFFER = 0
STATUS_LETTER = {
    "received": "r", "verifying": "v", "verified": "y", "unfounded": "u", "duplicate": "d", "referred": "f", "closed": "c",
}  # fmt: skip

_STATUS = "case s " + " ".join(f"when '{k}' then '{v}'" for k, v in STATUS_LETTER.items()) + " end"


def morton(x: int, y: int) -> int:
    """Z-order number of tile ``x``, ``y`` at its zoom: x in the even bits, y in the odd ones."""
    key = 0
    for bit in range(KEY_ZOOM):
        key |= ((x >> bit) & 1) << (2 * bit) | ((y >> bit) & 1) << (2 * bit + 1)
    return key


def _cell_zoom(z: int) -> int:
    """Zoom of the grid cells that a tile of zoom ``z`` is divided in: 32 pixels far out, 4 near."""
    return min(KEY_ZOOM, z + (6 if z >= NEAR_ZOOM else 3))


def tile_query(scope: Scope, chosen: IncidentFilter, z: int, x: int, y: int) -> tuple[str, dict[str, Any]]:
    """SQL and values that give one vector tile as bytes.

    Layer ``incidents``: points with ``n`` (incidents in the cell) and, for one type, ``t`` (crime_type.id), for one
    status ``s`` (its letter in ``STATUS_LETTER``). Each stands at the mean place of its incidents.
    """
    where, values = codes(chosen, scope)
    cell_zoom = _cell_zoom(z)
    level = next((lv for lv in LEVELS if lv >= cell_zoom), cell_zoom)
    key = morton(x, y)
    up, down = 2 * (KEY_ZOOM - level), 2 * (level - z)
    values |= {
        "from_key": key << (2 * (KEY_ZOOM - z)), "to_key": ((key + 1) << (2 * (KEY_ZOOM - z))) - 1,
        "from_cell": key << down, "to_cell": ((key + 1) << down) - 1,
        "level": level, "x0": x << (level - z), "y0": y << (level - z), "scale": EXTENT / (1 << (level - z)),
    }  # fmt: skip
    period = split_period(chosen.first, chosen.last, LEVELS.get(level, ()))
    parts: list[str] = []
    for tier, length in ((1, 7), (2, 56)):
        if period.blocks.get(length):
            values[f"blocks{tier}"] = period.blocks[length]
            parts.append(
                f"select cell, crime_type, status, sum(n) as n, sum(fx) as fx, sum(fy) as fy from incident_count"
                f" where level = :level and tier = {tier} and block = any(:blocks{tier})"
                f" and cell between :from_cell and :to_cell{where} group by 1, 2, 3 having sum(n) > 0"
            )
    if z >= NEAR_ZOOM:
        values |= {"first": chosen.first, "last": chosen.last}
        days = "day between :first and :last"
    else:
        values["days"] = period.days
        days = "day = any(:days)"
    if z >= NEAR_ZOOM or period.days:
        place = f"(1::bigint << {up // 2})"
        parts.append(
            f"select cell, crime_type, status, n,"
            f" n * ((zkey_axis(k) & ({place} - 1)) + 0.5) / {place} as fx,"
            f" n * ((zkey_axis(k >> 1) & ({place} - 1)) + 0.5) / {place} as fy"
            f" from (select zkey >> {up} as cell, crime_type, status, count(*) as n, min(zkey) as k from incident"
            f" where {days} and zkey between :from_key and :to_key{where} group by 1, 2, 3) near"
        )
    shift = 2 * (level - cell_zoom)
    return (
        f"""
with found as ({" union all ".join(parts)}),
cells as (
    select cell, sum(n) as n, sum(fx) as fx, sum(fy) as fy, min(crime_type) as t0, max(crime_type) as t1,
           min(status) as s0, max(status) as s1 from found group by cell),
placed as (
    select cell >> {shift} as c, sum(n) as n, sum(n * (zkey_axis(cell) - :x0) + fx) / sum(n) as px,
           sum(n * (zkey_axis(cell >> 1) - :y0) + fy) / sum(n) as py,
           case when min(t0) = max(t1) then min(t0) end as t, case when min(s0) = max(s1) then min(s0) end as s
    from cells group by 1)
select st_asmvt(m, 'incidents', {EXTENT}, 'geom') from (
    select st_makepoint(round(px * :scale), round(py * :scale)) as geom, n::int as n, ct.id as t, {_STATUS} as s
    from placed left join crime_type ct on ct.code = placed.t order by n desc) m""",
        values,
    )


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
    sql, values = tile_query(scope, chosen, z, x, y)
    return bytes(connection.execute(text(sql), values).scalar() or b"")
