"""Make a rota, draw it again, change a shift by hand, publish it, withdraw it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, text

from geo.actions.audit import audit
from geo.actions.case_history import StepRefused
from geo.actions.case_steps import own_rows
from geo.analysis.patrolling.drawn import drawn_shifts
from geo.analysis.patrolling.game import coverage_by_window
from geo.errors import NotFound
from geo.ingest.text import clean
from geo.model.person import Person, scope_of
from geo.model.rota import (
    FEWEST_DAYS,
    LONGEST_REASON,
    LONGEST_TITLE,
    MAKES,
    MOST_DAYS,
    MOST_POSTS,
    NewRota,
    Rota,
    RotaShift,
    RotaState,
)
from geo.queries.places import district_names
from geo.queries.rotas import rota

__all__ = ["SEEDS", "change_shift", "draw_again", "make_rota", "publish_rota", "withdraw_rota", "worked_out"]

SEEDS = 2**31
"""A seed that a person can read out over a telephone."""


def worked_out(what: NewRota) -> NewRota:
    """The same with the probabilities that the values of its places ask for.

    Raises
    ------
    AnalysisRefused
        As `coverage_by_window`.
    """
    found = coverage_by_window([post.value for post in what.posts], what.teams, floor=what.floor).probability
    posts = tuple(
        replace(post, probability=tuple(map(float, row))) for post, row in zip(what.posts, found, strict=True)
    )
    return replace(what, posts=posts)


def make_rota(connection: Connection, person: Person, what: NewRota, *, seed: int | None = None) -> int:
    """Work out the probabilities, draw the shifts and keep both as a draft, in the caller's transaction; its number.

    The transaction has the person's rights (`geo.db.scope.enter`).

    Parameters
    ----------
    seed
        0 to `SEEDS` - 1; one that nobody knows by default.

    Raises
    ------
    StepRefused
        ``rota.not_allowed``, ``rota.no_title``, ``rota.title_long``, ``rota.no_reason``, ``rota.reason_long``, ``rota.days``,
        ``rota.few_posts``, ``rota.many_posts``, ``rota.windows``, ``rota.no_districts``, ``rota.unknown_district``,
        ``rota.not_your_district``.
    AnalysisRefused
        As `coverage_by_window`.
    """
    if person.role not in MAKES:
        raise StepRefused("rota.not_allowed")
    checked = worked_out(_checked(connection, person, what))
    drawn_with = secrets.randbelow(SEEDS) if seed is None else seed
    with own_rows():
        number = _kept(connection, person, checked, drawn_with)
        _keep_posts(connection, number, checked)
        _keep_shifts(connection, number, drawn_shifts(checked, drawn_with))
    # Neither seed nor place: the log has more readers than the rota.
    audit(connection, "rota.make", f"rota:{number}", posts=len(checked.posts), days=checked.days)
    return number


def _checked(connection: Connection, person: Person, what: NewRota) -> NewRota:
    title = clean(what.title)
    if not title:
        raise StepRefused("rota.no_title")
    if len(title) > LONGEST_TITLE:
        raise StepRefused("rota.title_long", most=LONGEST_TITLE)
    if not FEWEST_DAYS <= what.days <= MOST_DAYS:
        raise StepRefused("rota.days", least=FEWEST_DAYS, most=MOST_DAYS)
    if len(what.posts) < 2:
        raise StepRefused("rota.few_posts")
    if len(what.posts) > MOST_POSTS:
        raise StepRefused("rota.many_posts", most=MOST_POSTS)
    ends = [window.end for window in what.windows]
    following = [window.start for window in what.windows[1:]]
    if (
        not what.windows
        or any(
            not (0 <= window.start < 24 and window.start < window.end <= window.start + 24) for window in what.windows
        )
        or any(end > start for end, start in zip(ends[:-1], following, strict=True))
        or ends[-1] > what.windows[0].start + 24
    ):
        raise StepRefused("rota.windows")
    if not what.districts:
        raise StepRefused("rota.no_districts")
    known, scope = district_names(connection), scope_of(person)
    for code in what.districts:
        if code not in known:
            raise StepRefused("rota.unknown_district", district=code)
        if scope.districts is not None and code not in scope.districts:
            raise StepRefused("rota.not_your_district", district=code)
    return replace(what, title=title, reason=_reason(what.reason))


def _reason(words: str) -> str:
    reason = clean(words)
    if not reason:
        raise StepRefused("rota.no_reason")
    if len(reason) > LONGEST_REASON:
        raise StepRefused("rota.reason_long", most=LONGEST_REASON)
    return reason


def _kept(connection: Connection, person: Person, what: NewRota, seed: int) -> int:
    return int(
        connection.execute(
            text(
                "insert into rota (title, districts, first_day, days, starts, ends, teams, floor, reason, asked, seed, made_by,"
                " is_demo) values (:title, :districts, :first_day, :days, :starts, :ends, :teams, :floor, :reason,"
                " cast(:asked as jsonb), :seed, :by, :demo) returning id"
            ),
            {
                "title": what.title,
                "districts": list(what.districts),
                "first_day": what.first_day,
                "days": what.days,
                "starts": [window.start for window in what.windows],
                "ends": [window.end for window in what.windows],
                "teams": list(what.teams),
                "floor": what.floor,
                "reason": what.reason,
                "asked": json.dumps(what.asked, ensure_ascii=False),
                "seed": seed,
                "by": person.id,
                "demo": person.is_demo,
            },
        ).scalar_one()
    )


def _keep_posts(connection: Connection, number: int, what: NewRota) -> None:
    connection.execute(
        text(
            "insert into rota_post (rota_id, place, name, checkpoint_id, geom, value, probability) values (:rota, :place, :name,"
            " (select id from checkpoint where code = :checkpoint), st_point(:lon, :lat, 4326), :value, :probability)"
        ),
        [
            {
                "rota": number,
                "place": place,
                "name": post.name,
                "checkpoint": post.checkpoint,
                "lon": post.lon,
                "lat": post.lat,
                "value": list(post.value),
                "probability": list(post.probability),
            }
            for place, post in enumerate(what.posts)
        ],
    )


def _keep_shifts(connection: Connection, number: int, shifts: Sequence[RotaShift]) -> None:
    connection.execute(
        text("insert into rota_shift (rota_id, day, slot, team, place, drawn) values (:rota, :day, :slot, :team, :place, :place)"),
        [
            {"rota": number, "day": one.day, "slot": one.slot, "team": one.team, "place": one.place}
            for one in shifts
        ],
    )  # fmt: skip


def draw_again(connection: Connection, person: Person, number: int, *, seed: int | None = None) -> int:
    """Draw the shifts of a draft with another seed; what was changed by hand is gone. The seed.

    Raises
    ------
    NotFound
        ``rota.not_found``.
    StepRefused
        ``rota.not_allowed``, ``rota.not_draft``.
    """
    held = _held(connection, person, number, RotaState.DRAFT)
    drawn_with = secrets.randbelow(SEEDS) if seed is None else seed
    with own_rows():
        connection.execute(text("delete from rota_shift where rota_id = :id"), {"id": number})
        connection.execute(
            text("update rota set seed = :seed, draws = draws + 1 where id = :id"), {"seed": drawn_with, "id": number}
        )
        _keep_shifts(connection, number, drawn_shifts(held.what, drawn_with))
    audit(connection, "rota.redraw", f"rota:{number}", draws=held.draws + 1)
    return drawn_with


def change_shift(
    connection: Connection, person: Person, number: int, *, day: date, slot: int, team: int, place: int, reason: str
) -> None:
    """Send a team to another place in one window of one day.

    Raises
    ------
    NotFound
        ``rota.not_found``, ``rota.no_shift``.
    StepRefused
        ``rota.not_allowed``, ``rota.withdrawn``, ``rota.no_reason``, ``rota.reason_long``, ``rota.same_place``, ``rota.taken`` (another team
        is there at that time), ``rota.over`` (the shift of a published rota is over).
    """
    held = _held(connection, person, number, RotaState.DRAFT, RotaState.PUBLISHED)
    why = _reason(reason)
    there = [one for one in held.shifts if (one.day, one.slot) == (day, slot)]
    mine = next((one for one in there if one.team == team), None)
    if mine is None or not 0 <= place < len(held.what.posts):
        raise NotFound("rota.no_shift")
    if mine.place == place:
        raise StepRefused("rota.same_place")
    if any(one.place == place for one in there):
        raise StepRefused("rota.taken")
    now = connection.execute(text("select now()")).scalar_one()
    if held.state is RotaState.PUBLISHED and held.what.windows[slot].on(day)[1] <= now:
        raise StepRefused("rota.over")
    with own_rows():
        connection.execute(
            text(
                "update rota_shift set place = :place, reason = :reason, changed_by = :by, changed_at = now()"
                " where rota_id = :id and day = :day and slot = :slot and team = :team"
            ),
            {"place": place, "reason": why, "by": person.id, "id": number, "day": day, "slot": slot, "team": team},
        )
    audit(connection, "rota.change", f"rota:{number}", day=str(day))


def publish_rota(connection: Connection, person: Person, number: int) -> None:
    """Put a draft into force: its shifts are when the places are to be manned.

    Raises
    ------
    NotFound
        ``rota.not_found``.
    StepRefused
        ``rota.not_allowed``, ``rota.not_draft``, ``rota.past`` (its last day is over).
    """
    held = _held(connection, person, number, RotaState.DRAFT)
    if held.last_day < connection.execute(text("select timezone('Asia/Bangkok', now())::date")).scalar_one():
        raise StepRefused("rota.past")
    with own_rows():
        connection.execute(
            text("update rota set state = 'published', published_by = :by, published_at = now() where id = :id"),
            {"by": person.id, "id": number},
        )
    audit(connection, "rota.publish", f"rota:{number}", changed=sum(one.reason is not None for one in held.shifts))


def withdraw_rota(connection: Connection, person: Person, number: int, *, reason: str) -> None:
    """Take a rota back: it may have become known.

    Raises
    ------
    NotFound
        ``rota.not_found``.
    StepRefused
        ``rota.not_allowed``, ``rota.withdrawn``, ``rota.no_reason``, ``rota.reason_long``.
    """
    _held(connection, person, number, RotaState.DRAFT, RotaState.PUBLISHED)
    with own_rows():
        connection.execute(
            text(
                "update rota set state = 'withdrawn', withdrawn_by = :by, withdrawn_at = now(), withdrawn_why = :why"
                " where id = :id"
            ),
            {"by": person.id, "id": number, "why": _reason(reason)},
        )
    audit(connection, "rota.withdraw", f"rota:{number}")


def _held(connection: Connection, person: Person, number: int, *states: RotaState) -> Rota:
    """The rota, locked until the transaction ends."""
    if person.role not in MAKES:
        raise StepRefused("rota.not_allowed")
    # Nobody changes it between being read and being written: shifts have no lock of their own.
    connection.execute(text("select pg_advisory_xact_lock(hashtext('rota'), :id)"), {"id": number})
    held = rota(connection, number)
    if held.state not in states:
        raise StepRefused("rota.withdrawn" if held.state is RotaState.WITHDRAWN else "rota.not_draft")
    return held
