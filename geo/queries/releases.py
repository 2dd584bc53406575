"""Releases: what everybody may read of them, and what those see who make them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from geo.analysis.suppression import Earlier
from geo.errors import NotFound
from geo.model.json_form import from_json
from geo.model.quarter import Quarter
from geo.model.release import Figures, Release, ReleaseState, ShownRelease

__all__ = ["earlier_versions", "release", "releases", "shown_releases"]

_RELEASE = (
    "select r.*, m.name as made_name, p.name as published_name from public_release r left join person m on m.id = r.made_by"
    " left join person p on p.id = r.published_by where {where} order by r.quarter desc, r.version desc, r.id desc"
)


def shown_releases(connection: Connection) -> tuple[ShownRelease, ...]:
    """What the public is shown, the latest quarter first; a demonstration only where nothing real was ever published.

    With the rights of `geo.model.Reach.VISITOR`, which may read no more.
    """
    rows = connection.execute(text("select * from public_release_shown order by quarter desc")).mappings().all()
    real = [row for row in rows if not row["is_demo"]]
    return tuple(
        ShownRelease(
            id=row["id"],
            quarter=Quarter.read(row["quarter"]),
            version=row["version"],
            made_at=row["made_at"],
            published_at=row["published_at"],
            figures=from_json(Figures, row["figures"]),
            note={str(lang): str(words) for lang, words in row["note"].items()},
            is_demo=row["is_demo"],
        )
        for row in (real or rows)
    )


def releases(connection: Connection) -> tuple[Release, ...]:
    """Every release, the latest quarter and version first."""
    return tuple(_release(row) for row in connection.execute(text(_RELEASE.format(where="true"))).mappings())


def release(connection: Connection, number: int) -> Release:
    """One release.

    Raises
    ------
    NotFound
        ``release.not_found``: there is none, or not for this reader.
    """
    row = connection.execute(text(_RELEASE.format(where="r.id = :id")), {"id": number}).mappings().first()
    if row is None:
        raise NotFound("release.not_found", number=number)
    return _release(row)


def earlier_versions(connection: Connection, quarter: Quarter, *, demo: bool) -> tuple[tuple[Figures, Earlier], ...]:
    """Versions of a quarter that readers have or may have kept, the first one first: withdrawn ones too."""
    rows = connection.execute(
        text(
            "select figures, counts from public_release where quarter = :quarter and is_demo = :demo and state <> 'prepared'"
            " order by version"
        ),
        {"quarter": str(quarter), "demo": demo},
    )
    found = []
    for shown, counts in rows:
        figures = from_json(Figures, shown)
        hidden = np.array([[cell is None for cell in line] for line in figures.cells])
        found.append((figures, Earlier(np.array(counts, dtype=np.int64), hidden)))
    return tuple(found)


def _release(row: Mapping[Any, Any]) -> Release:
    return Release(
        id=row["id"],
        quarter=Quarter.read(row["quarter"]),
        version=row["version"],
        state=ReleaseState(row["state"]),
        figures=from_json(Figures, row["figures"]),
        made_at=row["made_at"],
        made_by=row["made_name"],
        published_at=row["published_at"],
        published_by=row["published_name"],
        withdrawn_at=row["withdrawn_at"],
        reason=row["reason"],
        is_demo=row["is_demo"],
        note={str(lang): str(words) for lang, words in row["note"].items()},
        note_approved=row["note_approved_at"] is not None,
    )
