"""Hand out what is to be sent, so that of several processes each takes something else, and write down what came of it.

With the rights of the web process. Whoever takes a parcel moves its notifications' next attempt on (``try_at``) in a short
transaction of its own: until then nobody else takes them, and where the process dies they are taken again later.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from geo.model.notification import Parcel, Way
from geo.queries.notifications import addresses
from geo.queries.people import person

__all__ = ["MOST_TRIES", "SERVER_AWAY_S", "WAITS_S", "give_up", "mark_sent", "put_off", "take_parcel"]

WAITS_S = (600, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
"""Seconds from the beginning of an attempt to the next one. The first is longer than any attempt takes."""
MOST_TRIES = len(WAITS_S)
SERVER_AWAY_S = 60
"""Where our own mail server does not answer the attempt does not count, and all are tried again soon."""
PAUSE_S = 60
"""Between two messages of the same person: what happens meanwhile goes into one."""
MOST_AT_ONCE = 200

# Who chose it before it happened, has not read it yet, and has an address. A digest holds what happened before the last
# time when it was due, so that there is one a day.
_DUE = (
    "select n.id, n.person_id, c.way, n.at, n.tries from notification n"
    " join notification_choice c on c.person_id = n.person_id and c.kind = n.kind"
    " join person a on a.id = n.person_id"
    " where n.sent_at is null and n.read_at is null and n.at >= c.chosen_at and n.tries < :most_tries"
    " and (n.try_at is null or n.try_at <= now()) and a.active and not a.is_demo"
    " and case c.way when 'email' then :mail and a.email is not null when 'webhook' then a.webhook_url is not null"
    " when 'digest' then (:mail and a.email is not null or a.webhook_url is not null) and n.at < (select at from digest)"
    " else false end"
)
_DIGEST = (
    "with digest as (select date_trunc('day', now() - :hour * interval '1 hour', 'Asia/Bangkok')"
    " + :hour * interval '1 hour' as at)"
)
_CHOOSE = text(
    f"{_DIGEST}, due as ({_DUE})"
    " select p.id, d.way from (select person_id, way, min(at) as at from due group by person_id, way) d"
    " join person p on p.id = d.person_id"
    " where d.way = 'digest' or not exists (select from notification s where s.person_id = p.id"
    " and s.sent_at > now() - :pause * interval '1 second')"
    " order by d.at limit 1 for no key update of p skip locked"
)
_TAKE = text(
    f"{_DIGEST}, due as ({_DUE} and n.person_id = :who and c.way = :way order by n.at limit :most_at_once)"
    " update notification n set tries = n.tries + 1,"
    " try_at = now() + (cast(:waits as integer[]))[n.tries + 1] * interval '1 second' from due where due.id = n.id"
    " returning n.id, n.tries"
)


def take_parcel(connection: Connection, *, mail: bool, digest_hour: int, pause_s: float = PAUSE_S) -> Parcel | None:
    """Take what has waited longest, with everything else for the same person by the same way; nothing where nothing waits.

    The person's row is held until the transaction ends, so that no second message for them is made at the same time.

    Parameters
    ----------
    mail
        Whether e-mail can be sent here and now.
    digest_hour
        Hour of the day, in Thailand, from which the digest of what happened before it is due.
    """
    known = {
        "mail": mail, "hour": digest_hour, "most_tries": MOST_TRIES, "pause": pause_s, "waits": list(WAITS_S),
        "most_at_once": MOST_AT_ONCE,
    }  # fmt: skip
    for _ in range(5):  # somebody else may have taken all of it between the two statements
        chosen = connection.execute(_CHOOSE, known).first()
        if chosen is None:
            return None
        taken = connection.execute(_TAKE, known | {"who": chosen[0], "way": chosen[1]}).all()
        if taken:
            return Parcel(
                person=person(connection, chosen[0]),
                way=Way(chosen[1]),
                to=addresses(connection, chosen[0]),
                ids=tuple(sorted(row.id for row in taken)),
                last_try=tuple(sorted(row.id for row in taken if row.tries >= MOST_TRIES)),
            )
    return None


def mark_sent(connection: Connection, numbers: Collection[int]) -> None:
    """They are on their way, or there is nothing in them that may be sent."""
    connection.execute(text("update notification set sent_at = now() where id = any(:ids)"), {"ids": list(numbers)})


def put_off(connection: Connection, numbers: Collection[int]) -> None:
    """Our own mail server did not answer: the attempt does not count."""
    connection.execute(
        text(
            "update notification set tries = greatest(tries - 1, 0), try_at = now() + :s * interval '1 second'"
            " where id = any(:ids)"
        ),
        {"ids": list(numbers), "s": SERVER_AWAY_S},
    )


def give_up(connection: Connection, numbers: Collection[int]) -> None:
    """Do not try again: in the application they still stand."""
    connection.execute(
        text("update notification set tries = :most where id = any(:ids)"),
        {"ids": list(numbers), "most": MOST_TRIES},
    )
