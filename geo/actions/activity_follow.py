"""What is to be done after an activity: set it, and say that it is done."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.actions.case_history import StepRefused
from geo.actions.case_steps import own_rows
from geo.errors import NotFound, WatchError
from geo.ingest.text import clean
from geo.model.activity import LONGEST
from geo.model.person import Person

__all__ = ["add_follow_up", "finish_follow_up"]


def add_follow_up(
    connection: Connection,
    person: Person,
    activity: int,
    words: str,
    due: date,
    *,
    owner_id: int | None = None,
    agency: str | None = None,
) -> int:
    """Set something to be done; its number. Without an owner and an agency the centre does it.

    Raises
    ------
    NotFound
        ``activity.not_found``.
    StepRefused
        ``activity.…``: ``no_words``, ``too_long``, ``one_owner``, ``unknown_owner``, ``unknown_agency``; ``case.not_yours``.
    """
    said = clean(words)
    if not said:
        raise StepRefused("activity.no_words")
    if len(said) > LONGEST["follow_up"]:
        field = WatchError("activity.field.follow_up")
        raise StepRefused("activity.too_long", field=field, most=LONGEST["follow_up"])
    if owner_id is not None and agency is not None:
        raise StepRefused("activity.one_owner")
    known = connection.execute(
        text(
            "select exists (select from activity where id = :id) as activity, cast(:owner as integer) is null"
            " or exists (select from person where id = :owner and active) as owner, cast(:agency as text) is null"
            " or exists (select from agency where code = :agency) as agency"
        ),
        {"id": activity, "owner": owner_id, "agency": agency},
    ).one()
    if not known.activity:
        raise NotFound("activity.not_found", number=activity)
    for name in ("owner", "agency"):
        if not getattr(known, name):
            raise StepRefused(f"activity.unknown_{name}")
    with own_rows():
        number = connection.execute(
            text(
                "insert into activity_follow_up (activity_id, words, owner_id, agency, due, made_by)"
                " values (:id, :words, :owner, :agency, :due, :by) returning id"
            ),
            {"id": activity, "words": said, "owner": owner_id, "agency": agency, "due": due, "by": person.id},
        ).scalar_one()
    audit(connection, "activity.follow_up", f"activity:{activity}", follow_up=int(number), due=str(due))
    return int(number)


def finish_follow_up(connection: Connection, person: Person, follow_up: int) -> None:
    """Say that it is done.

    Raises
    ------
    StepRefused
        ``activity.is_done``: it is, or it is not this person's to say.
    """
    with own_rows():
        of = connection.execute(
            text(
                "update activity_follow_up set done_at = now(), done_by = :by where id = :id and done_at is null"
                " returning activity_id"
            ),
            {"id": follow_up, "by": person.id},
        ).scalar()
    if of is None:
        raise StepRefused("activity.is_done")
    audit(connection, "activity.follow_up_done", f"activity:{of}", follow_up=follow_up)
