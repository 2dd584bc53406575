"""Meetings, their sheets and their decisions, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model.json_form import from_json
from geo.model.meeting import CameSince, Decision, DecisionState, Meeting, MeetingFilter, MeetingLayer, MeetingState
from geo.model.meeting_sheet import DecisionSoFar, MeetingSheet, OverviewSheet

__all__ = [
    "came_since",
    "decision",
    "decisions_of",
    "meeting",
    "meetings",
    "mine",
    "open_before",
    "overdue",
    "overview",
    "sheet",
    "sheets",
    "so_far",
]

_MEETING = (
    "select m.*, p.name as prepared_name from meeting m left join person p on p.id = m.prepared_by where {where}"
    " order by m.held_on desc, m.id desc"
)
_DECISION = (
    "select d.*, st_x(d.geom) as lon, st_y(d.geom) as lat, m.title, m.held_on, o.name as owner_name,"
    " b.name as decided_name, e.name as ended_name, c.code as checkpoint, c.name as checkpoint_name, l.title as plan_title"
    " from decision d join meeting m on m.id = d.meeting_id left join person o on o.id = d.owner_id"
    " left join person b on b.id = d.decided_by left join person e on e.id = d.ended_by"
    " left join checkpoint c on c.id = d.checkpoint_id left join plan l on l.id = d.plan_id where {where}"
    " order by d.state <> 'open', d.due, d.id"
)


def meetings(connection: Connection, *, limit: int = 50) -> tuple[Meeting, ...]:
    """The meetings of the reader's districts, the latest day first. With the reader's rights (`geo.db.scope.enter`)."""
    rows = connection.execute(text(_MEETING.format(where="true") + " limit :limit"), {"limit": limit}).mappings()
    return tuple(_meeting(row) for row in rows)


def meeting(connection: Connection, number: int) -> Meeting:
    """One meeting.

    Raises
    ------
    NotFound
        ``meeting.not_found``: there is none, or none of the reader's districts is in it.
    """
    row = connection.execute(text(_MEETING.format(where="m.id = :id")), {"id": number}).mappings().first()
    if row is None:
        raise NotFound("meeting.not_found", number=number)
    return _meeting(row)


def _meeting(row: Mapping[Any, Any]) -> Meeting:
    return Meeting(
        id=row["id"],
        title=row["title"],
        held_on=row["held_on"],
        prepared_by=row["prepared_by"],
        prepared_name=row["prepared_name"],
        state=MeetingState(row["state"]),
        districts=tuple(row["districts"]),
        filter=MeetingFilter(
            row["first_day"],
            row["last_day"],
            tuple(row["crime_types"]),
            tuple(row["channels"]),
            row["verified_only"],
        ),
        layers=tuple(MeetingLayer(layer) for layer in row["layers"]),
        as_of=row["as_of"],
        hides_small=row["hides_small"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        is_demo=row["is_demo"],
    )


def sheet(connection: Connection, number: int, district: str) -> MeetingSheet:
    """The sheet of one district.

    Raises
    ------
    NotFound
        ``meeting.no_sheet``: there is none, or it is not for this reader.
    """
    content = connection.execute(
        text("select content from meeting_sheet where meeting_id = :id and district_code = :district"),
        {"id": number, "district": district},
    ).scalar()
    if content is None:
        raise NotFound("meeting.no_sheet", number=number, district=district)
    return from_json(MeetingSheet, content)


def sheets(connection: Connection, number: int) -> dict[str, MeetingSheet]:
    """All sheets of districts that the reader may see, by code, in the meeting's order."""
    rows = connection.execute(
        text("select district_code, content from meeting_sheet where meeting_id = :id and place > 0 order by place"),
        {"id": number},
    )
    return {code: from_json(MeetingSheet, content) for code, content in rows}


def so_far(connection: Connection, number: int) -> tuple[DecisionSoFar, ...]:
    """What the sheets that the reader may see say of earlier decisions, without reading the sheets."""
    rows = connection.execute(
        text(
            "select jsonb_array_elements(content -> 'so_far') from meeting_sheet where meeting_id = :id and place > 0"
            " and content ? 'so_far' order by place"
        ),
        {"id": number},
    )
    return tuple(from_json(DecisionSoFar, content) for (content,) in rows)


def overview(connection: Connection, number: int) -> OverviewSheet | None:
    """The overview; nothing for a reader who may not see all of the meeting's districts."""
    content = connection.execute(
        text("select content from meeting_sheet where meeting_id = :id and place = 0"), {"id": number}
    ).scalar()
    return None if content is None else from_json(OverviewSheet, content)


def came_since(connection: Connection, number: int) -> CameSince:
    """How many incidents came within the meeting's choice after its snapshot, in the reader's districts."""
    rows = connection.execute(
        text("select district_code, n from meeting_came(:id) order by n desc, district_code"), {"id": number}
    )
    by_district = {str(code): int(n) for code, n in rows}
    return CameSince(sum(by_district.values()), by_district)


# ---------------------------------------------------------------- decisions
def decision(connection: Connection, number: int) -> Decision:
    """One decision.

    Raises
    ------
    NotFound
        ``decision.not_found``: there is none, or it is of another's district.
    """
    found = _decisions(connection, "d.id = :id", id=number)
    if not found:
        raise NotFound("decision.not_found", number=number)
    return found[0]


def decisions_of(connection: Connection, number: int) -> tuple[Decision, ...]:
    """What one meeting decided, what is open first, by its day."""
    return _decisions(connection, "d.meeting_id = :id", id=number)


def open_before(connection: Connection, districts: tuple[str, ...], before: int | None = None) -> tuple[Decision, ...]:
    """What is not done in these districts: what the next meeting opens on.

    Parameters
    ----------
    before
        Number of a meeting whose own decisions are left out.
    """
    return _decisions(
        connection,
        "d.state = 'open' and d.district_code = any(:districts) and d.meeting_id is distinct from cast(:before as integer)",
        districts=list(districts),
        before=before,
    )


def mine(connection: Connection, who: int) -> tuple[Decision, ...]:
    """What a person has to do."""
    return _decisions(connection, "d.state = 'open' and d.owner_id = :who", who=who)


def overdue(connection: Connection) -> tuple[Decision, ...]:
    """What is open though its day has passed."""
    return _decisions(connection, "d.state = 'open' and d.due < timezone('Asia/Bangkok', now())::date")


def _decisions(connection: Connection, where: str, **values: Any) -> tuple[Decision, ...]:
    rows = connection.execute(text(_DECISION.format(where=where)), values).mappings()
    return tuple(
        Decision(
            id=row["id"],
            meeting_id=row["meeting_id"],
            meeting_title=row["title"],
            held_on=row["held_on"],
            district=row["district_code"],
            words=row["words"],
            owner_id=row["owner_id"],
            owner_name=row["owner_name"],
            agency=row["agency"],
            due=row["due"],
            lon=row["lon"],
            lat=row["lat"],
            area_code=row["area_code"],
            checkpoint=row["checkpoint"],
            checkpoint_name=row["checkpoint_name"],
            state=DecisionState(row["state"]),
            reason=row["reason"],
            decided_name=row["decided_name"],
            decided_at=row["decided_at"],
            ended_name=row["ended_name"],
            ended_at=row["ended_at"],
            is_demo=row["is_demo"],
            plan=row["plan_id"],
            plan_title=row["plan_title"],
        )
        for row in rows
    )
