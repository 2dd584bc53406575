"""Rotas, as far as the reader may see them; with the reader's rights (`geo.db.scope.enter`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.model.rota import Duty, NewRota, Rota, RotaPost, RotaShift, RotaState, Window

__all__ = ["duty", "rota", "rotas"]

_ROTA = (
    "select r.*, m.name as made_name, p.name as published_name, w.name as withdrawn_name from rota r"
    " join person m on m.id = r.made_by left join person p on p.id = r.published_by"
    " left join person w on w.id = r.withdrawn_by where {where} order by r.first_day desc, r.id desc"
)


def rotas(connection: Connection, *, limit: int = 50) -> tuple[Rota, ...]:
    """The rotas of the reader's districts, the latest first, without places and shifts."""
    rows = connection.execute(text(_ROTA.format(where="true") + " limit :limit"), {"limit": limit}).mappings()
    return tuple(_rota(row, (), ()) for row in rows)


def rota(connection: Connection, number: int) -> Rota:
    """One rota with its places and shifts.

    Raises
    ------
    NotFound
        ``rota.not_found``: there is none, or it is not for this reader.
    """
    row = connection.execute(text(_ROTA.format(where="r.id = :id")), {"id": number}).mappings().first()
    if row is None:
        raise NotFound("rota.not_found", number=number)
    posts = connection.execute(
        text(
            "select p.name, st_x(p.geom) as lon, st_y(p.geom) as lat, p.value, p.probability, c.code as checkpoint"
            " from rota_post p left join checkpoint c on c.id = p.checkpoint_id where p.rota_id = :id order by p.place"
        ),
        {"id": number},
    )
    shifts = connection.execute(
        text(
            "select s.day, s.slot, s.team, s.place, s.drawn, s.reason, p.name as changed_by, s.changed_at from rota_shift s"
            " left join person p on p.id = s.changed_by where s.rota_id = :id order by s.day, s.slot, s.team"
        ),
        {"id": number},
    )
    return _rota(
        row,
        tuple(
            RotaPost(one.name, one.lon, one.lat, tuple(one.value), tuple(one.probability), one.checkpoint)
            for one in posts
        ),
        tuple(RotaShift(**one) for one in shifts.mappings()),
    )


def duty(connection: Connection) -> tuple[Duty, ...]:
    """Shifts of published rotas that are on or begin within 36 hours, in order of time.

    Everybody in a centre reads those at places of the own districts, officers too, who see no rota; the function
    ``duty_shifts`` of the database sees to it.
    """
    rows = connection.execute(text("select title, place, lon, lat, begins, ends, team from duty_shifts()"))
    return tuple(Duty(*row) for row in rows)


def _rota(row: Mapping[Any, Any], posts: tuple[RotaPost, ...], shifts: tuple[RotaShift, ...]) -> Rota:
    return Rota(
        id=row["id"],
        what=NewRota(
            title=row["title"],
            districts=tuple(row["districts"]),
            first_day=row["first_day"],
            days=row["days"],
            windows=tuple(Window(*hours) for hours in zip(row["starts"], row["ends"], strict=True)),
            teams=tuple(row["teams"]),
            floor=row["floor"],
            reason=row["reason"],
            asked=row["asked"],
            posts=posts,
        ),
        seed=row["seed"],
        draws=row["draws"],
        state=RotaState(row["state"]),
        made_by=row["made_name"],
        made_at=row["made_at"],
        published_by=row["published_name"],
        published_at=row["published_at"],
        withdrawn_by=row["withdrawn_name"],
        withdrawn_at=row["withdrawn_at"],
        withdrawn_why=row["withdrawn_why"],
        is_demo=row["is_demo"],
        shifts=shifts,
    )
