"""An outing for those who go on it: where, when, with whom, as a file for a receiver and as a page of paper.

Whoever plans an outing (a run of a route, a suggested round trip) says it as an `Outing`;
`dashboard.documents.patrol_files` makes the GPX and the KML of it, `dashboard.documents.patrol_paper` the PDF.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Outing", "Post"]


@dataclass(frozen=True, slots=True)
class Post:
    """A place to pass or to stop at.

    Attributes
    ----------
    name
        In the reader's language.
    lon, lat
        Degrees, WGS 84.
    at
        Aware moment of arrival, where it is planned.
    about
        Whether ``at`` follows from the length of the way alone.
    note
        What is to be done there.
    """

    name: str
    lon: float
    lat: float
    at: datetime | None = None
    about: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outing:
    """One team's way, in words of the reader's language.

    Attributes
    ----------
    title
        What it is called.
    posts
        In the order in which they are passed, the first is where it begins.
    line
        Pieces of the way, each of (lon, lat) in degrees, WGS 84.
    agency
        Name of the agency; may be empty.
    notes
        What they have to know, as somebody wrote it.
    reference
        Code by which it is found again; may be empty.
    kind
        How they go: a word of ours; may be empty.
    state
        Where it stands: a word of ours; may be empty.
    unit, contact
        Who goes, and how they are reached.
    begins, ends
        Aware moments.
    is_demo
        Made up for trying things out: every page and file says so.
    """

    title: str
    posts: tuple[Post, ...]
    line: tuple[tuple[tuple[float, float], ...], ...]
    agency: str = ""
    notes: str = ""
    reference: str = ""
    kind: str = ""
    state: str = ""
    unit: str = ""
    contact: str = ""
    begins: datetime | None = None
    ends: datetime | None = None
    is_demo: bool = False

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north in degrees of way and posts; nothing where there are none."""
        at = [point for piece in self.line for point in piece] + [(post.lon, post.lat) for post in self.posts]
        if not at:
            return None
        lons, lats = zip(*at, strict=True)
        return min(lons), min(lats), max(lons), max(lats)
