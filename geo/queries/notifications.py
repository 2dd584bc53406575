"""What a person is told in the application, and how they want to be told elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model.case import Event
from geo.model.notification import Addresses, Notice, Way

__all__ = [
    "Notification",
    "addresses",
    "case_of",
    "meeting_of",
    "month_asked",
    "notices",
    "notifications",
    "own_referral",
    "unread",
    "unread_of",
    "ways",
]


@dataclass(frozen=True, slots=True)
class Notification:
    """That something happened to a case; ``kind`` is a `geo.model.case.Event` of `geo.actions.notify.TOLD`.

    ``public_id`` is nothing where the case is no longer this person's to see. Of the kind ``decision_assigned`` it is a decision
    that was given to this person: ``decision`` is its number, and nothing where it is no longer theirs to see. Of the kind
    ``report_due`` it is ``month``, whose report is waited for.
    """

    id: int
    kind: str
    public_id: str | None
    at: datetime
    read: bool
    decision: int | None = None
    month: date | None = None


def notifications(connection: Connection, who: int, *, limit: int = 50) -> tuple[Notification, ...]:
    """One's own notifications, unread and then newest first."""
    rows = connection.execute(
        text(
            f"select n.id, n.kind, i.public_id, n.at, n.read_at is not null, {_decision(connection)}, n.month from notification n"
            " left join incident i on i.id = n.incident_id where n.person_id = :who"
            " order by n.read_at is not null, n.at desc, n.id desc limit :limit"
        ),
        {"who": who, "limit": limit},
    )
    return tuple(Notification(*row) for row in rows)


def unread(connection: Connection, who: int) -> int:
    """How many of one's own notifications nobody read yet."""
    return int(
        connection.execute(
            text("select count(*) from notification where person_id = :who and read_at is null"), {"who": who}
        ).scalar_one()
    )


def unread_of(connection: Connection, people: Collection[int]) -> dict[int, int]:
    """The same for several people at once, for who has pages open. With the rights of the web process."""
    rows = connection.execute(
        text(
            "select person_id, count(*) from notification where person_id = any(:people) and read_at is null"
            " group by person_id"
        ),
        {"people": list(people)},
    )
    found = {int(who): int(n) for who, n in rows}
    return {who: found.get(who, 0) for who in people}


def _decision(connection: Connection) -> str:
    """The decision of a notification as far as the reader may see it: coordinators and agencies read none."""
    may = connection.execute(text("select has_table_privilege('decision', 'select')")).scalar_one()
    return "(select d.id from decision d where d.id = n.decision_id)" if may else "null::integer"


def meeting_of(connection: Connection, who: int, number: int) -> int | None:
    """Number of the meeting that gave a person something to do, of one of their own notifications; nothing where it is of a
    case, or no longer this person's to see."""
    if not connection.execute(text("select has_table_privilege('decision', 'select')")).scalar_one():
        return None
    found = connection.execute(
        text(
            "select d.meeting_id from notification n join decision d on d.id = n.decision_id"
            " where n.id = :id and n.person_id = :who"
        ),
        {"id": number, "who": who},
    ).scalar()
    return None if found is None else int(found)


def month_asked(connection: Connection, who: int, number: int) -> date | None:
    """The month whose report one of one's own notifications asks for; nothing where it is of something else."""
    found: date | None = connection.execute(
        text("select month from notification where id = :id and person_id = :who"), {"id": number, "who": who}
    ).scalar()
    return found


def case_of(connection: Connection, who: int, number: int) -> str | None:
    """Number of the case of one of one's own notifications; nothing where it is no longer this person's to see.

    Raises
    ------
    geo.errors.NotFound
        ``notify.unknown``: there is none of this number, or it is somebody else's.
    """
    row = connection.execute(
        text(
            "select i.public_id from notification n left join incident i on i.id = n.incident_id"
            " where n.id = :id and n.person_id = :who"
        ),
        {"id": number, "who": who},
    ).first()
    if row is None:
        raise NotFound("notify.unknown")
    return None if row[0] is None else str(row[0])


def own_referral(connection: Connection, public_id: str) -> int | None:
    """Number of the newest referral of a case to one's own agency."""
    return connection.execute(
        text(
            "select max(r.id) from referral r join incident i on i.id = r.incident_id"
            " where i.public_id = :id and r.agency = watch_own_agency()"
        ),
        {"id": public_id},
    ).scalar()


def notices(connection: Connection, who: int, numbers: Collection[int]) -> tuple[Notice, ...]:
    """What a message may say of these notifications: nothing of cases that are no longer this person's to see."""
    rows = connection.execute(
        text(
            "select n.id, n.kind, i.public_id from notification n join incident i on i.id = n.incident_id"
            " where n.person_id = :who and n.id = any(:ids) order by n.at, n.id"
        ),
        {"who": who, "ids": list(numbers)},
    )
    return tuple(Notice(*row) for row in rows)


def ways(connection: Connection, who: int) -> dict[Event, Way]:
    """What a person chose; of kinds that are not named they are told in the application alone."""
    rows = connection.execute(text("select kind, way from notification_choice where person_id = :who"), {"who": who})
    known = {event.value: event for event in Event}
    return {known[kind]: Way(way) for kind, way in rows if kind in known}


def addresses(connection: Connection, who: int) -> Addresses:
    """Where messages for a person go. With the rights of the web process: other roles see names only."""
    row = connection.execute(
        text("select email, webhook_url, language from person where id = :who"), {"who": who}
    ).one()
    return Addresses(*row)
