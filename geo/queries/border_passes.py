"""When each kilometre of border was last passed by a patrol, how often, and by whom."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, text

from geo.model import Scope

__all__ = ["SEGMENT_COLUMNS", "segments"]

SEGMENT_COLUMNS = (
    "id",
    "section",
    "part",
    "number",
    "district",
    "neighbour",
    "undetermined",
    "km",
    "last_at",
    "passes",
    "km_passed",
)

_SEGMENTS = """
select g.id, g.section_code as section, g.part, g.number, s.district_code as district, s.neighbour, s.undetermined, g.km,
       l.last_at, coalesce(l.passes, 0) as passes, coalesce(l.km, 0)::float8 as km_passed,
       st_asbinary(st_simplify(g.geom, 0.0003)) as shape
from border_segment g join border_section s on s.code = g.section_code
left join (
    select b.segment_id, max(b.last_at) as last_at, count(*) filter (where b.last_at >= :first) as passes,
           sum(b.km) filter (where b.last_at >= :first) as km
    from border_pass b where b.last_at <= :now and (cast(:agency as text) is null or b.agency = :agency)
    group by b.segment_id) l on l.segment_id = g.id
where cast(:own as text[]) is null or s.district_code = any(:own)
order by s.neighbour, s.district_code, g.part, g.number"""


def segments(
    connection: Connection, scope: Scope, now: datetime, first: datetime, agency: str | None = None
) -> pd.DataFrame:
    """The pieces of border of the districts in scope, in their order, with when a patrol last passed each.

    Every agency's patrols count, whoever asks: when the border was passed is known to all who watch it.

    Parameters
    ----------
    first
        Since when ``passes`` (runs) and ``km_passed`` (kilometres of tracks along the piece) are counted.
    agency
        Code of the one whose patrols count.

    Returns
    -------
    DataFrame
        `SEGMENT_COLUMNS`, ``hours`` since the last pass (infinite where there was none) and ``line`` (shapely, WGS 84).
    """
    rows = connection.execute(
        text(_SEGMENTS),
        {
            "now": now, "first": first, "agency": agency,
            "own": None if scope.districts is None else list(scope.districts),
        },
    ).all()  # fmt: skip
    frame = pd.DataFrame([row[:-1] for row in rows], columns=list(SEGMENT_COLUMNS))
    last = pd.to_datetime(frame["last_at"], utc=True)
    frame["hours"] = ((pd.Timestamp(now) - last).dt.total_seconds() / 3600).fillna(np.inf)
    frame["line"] = [shapely.from_wkb(bytes(row[-1])) for row in rows]
    return frame
