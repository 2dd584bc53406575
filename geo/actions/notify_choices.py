"""What a person chooses: how they want to be told of each kind of news, and where messages go."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, text

from geo.actions.audit import act_as, audit
from geo.actions.notify import kinds_for
from geo.errors import WatchError
from geo.model.case import Event
from geo.model.notification import Way, email_address, webhook_address
from geo.model.person import Person

__all__ = ["set_addresses", "set_ways"]

LANGUAGES = ("th", "en")


def set_ways(connection: Connection, person: Person, ways: Mapping[Event, Way]) -> None:
    """Choose how to be told from now on; of what happened before nothing is sent. With the person's own rights.

    Kinds that are not named stay as they are; kinds that this person is never told of are left out.
    """
    for kind in kinds_for(person.role):
        way = ways.get(kind)
        if way is Way.NONE:
            connection.execute(
                text("delete from notification_choice where person_id = :who and kind = :kind"),
                {"who": person.id, "kind": kind.value},
            )
        elif way is not None:
            connection.execute(
                text(
                    "insert into notification_choice (person_id, kind, way) values (:who, :kind, :way)"
                    " on conflict (person_id, kind) do update set way = excluded.way"
                ),
                {"who": person.id, "kind": kind.value, "way": way.value},
            )
    audit(connection, "notify.ways", f"person:{person.id}", **{kind.value: way.value for kind, way in ways.items()})


def set_addresses(
    connection: Connection, person: Person, email: str, webhook: str, language: str, *, private: bool = False
) -> None:
    """Say where messages go and in which language, empty for nowhere. With the rights of the web process.

    Raises
    ------
    geo.errors.WatchError
        ``notify.…``: an address is none, or leads into the own network (unless ``private``); ``notify.demo``: a
        demonstration has no addresses, for everybody may use it.
    """
    if person.is_demo:
        raise WatchError("notify.demo")
    if language not in LANGUAGES:
        raise WatchError("notify.language")
    kept = {"email": email_address(email), "webhook": webhook_address(webhook, private=private), "language": language}
    act_as(connection, person.id)
    connection.execute(
        text("update person set email = :email, webhook_url = :webhook, language = :language where id = :id"),
        kept | {"id": person.id},
    )
    audit(
        connection, "notify.addresses", f"person:{person.id}", email=kept["email"] is not None,
        webhook=kept["webhook"] is not None,
    )  # fmt: skip
