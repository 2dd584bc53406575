"""An outing on one page: map, posts with their grid references, times, and how those who go are reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboard.documents.patrol_map import draw_outing
from dashboard.documents.patrol_pack import Outing
from dashboard.documents.position import degrees_words, grid_words
from dashboard.documents.typesetting import pdf, printable
from dashboard.i18n import name, t
from dashboard.i18n.dates import clock, day, duration, local, moment
from geo.model import District
from geo.queries.paper_ground import PaperGround

__all__ = ["MOST_POSTS", "outing_data", "outing_pdf"]

MOST_POSTS = 16
"""Posts that a page has room for; the files have all."""
LONGEST_NOTE = 700
_LABELS = (
    "number", "post", "grid", "degrees", "time", "passed", "notes", "legend_way", "legend_border",
    "legend_undetermined", "legend_crossing", "map_credit", "keep", "signature", "came_back", "found",
)  # fmt: skip


def outing_pdf(
    outing: Outing, ground: PaperGround | None, districts: Mapping[str, District], lang: str, now: datetime
) -> bytes:
    """The PDF, one page.

    Parameters
    ----------
    ground
        `geo.queries.paper_ground.ground_in` of the outing's box; without it there is no map.
    districts
        By code, for their names.
    now
        Aware moment of printing.

    Raises
    ------
    geo.errors.WatchError
        As `dashboard.documents.typesetting.pdf`.
    """
    data, pictures = outing_data(outing, ground, districts, lang, now)
    return pdf("patrol", data, pictures, now)


def outing_data(
    outing: Outing, ground: PaperGround | None, districts: Mapping[str, District], lang: str, now: datetime
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Everything that the template is given: its data, and its picture by file name."""
    left = len(outing.posts) - MOST_POSTS
    data: dict[str, Any] = {
        "lang": lang,
        "words": {label: t(f"patrol_paper.{label}", lang) for label in _LABELS},
        "title": printable(outing.title, 200),
        "state": outing.state,
        "demo": t("patrol_paper.demo", lang) if outing.is_demo else "",
        "printed": t("patrol_paper.printed", lang, at=moment(local(now), lang)),
        "facts": [
            {"label": t(f"patrol_paper.fact.{key}", lang), "words": printable(words, 200)} for key, words in _facts(outing, lang)
        ],
        "notes": printable(outing.notes, LONGEST_NOTE),
        "posts": [
            {
                "name": printable(post.name, 80),
                "note": printable(post.note, 120),
                "grid": grid_words(post.lon, post.lat),
                "degrees": degrees_words(post.lon, post.lat),
                "time": ("≈ " if post.about else "") + clock(post.at, lang) if post.at else "",
            }
            for post in outing.posts[:MOST_POSTS]
        ],
        "left": t("patrol_paper.left", lang, n=left) if left > 0 else "",
        "map": None,
    }  # fmt: skip
    if ground is None:
        return data, {}
    drawn = draw_outing(ground, outing)
    own = drawn.ground
    data["map"] = {
        "file": "map.svg",
        "ratio": own.ratio,
        "crossings": own.crossings,
        "undetermined": own.undetermined,
        "scale": t("dates.kilometres", lang, n=f"{own.scale_km:g}"),
        "scale_share": own.scale_share,
        "posts": [{"n": number, "x": x, "y": y} for number, x, y in drawn.posts],
        "names": [
            {"words": printable(name(districts[at], lang), 60), "x": x, "y": y} for at, x, y in own.names if at in districts
        ],
    }  # fmt: skip
    return data, {"map.svg": own.svg.encode()}


def _facts(outing: Outing, lang: str) -> list[tuple[str, str]]:
    when = ""
    if outing.begins is not None:
        when = moment(outing.begins, lang)
        if outing.ends is not None:
            same = local(outing.ends).date() == local(outing.begins).date()
            until = clock(outing.ends, lang) if same else moment(outing.ends, lang)
            when = t(
                "patrol_paper.when", lang, begins=when, ends=until, takes=duration(outing.ends - outing.begins, lang)
            )
    told = [("when", when), ("agency", outing.agency), ("unit", outing.unit), ("contact", outing.contact),
            ("kind", outing.kind), ("reference", outing.reference)]  # fmt: skip
    return [(key, words) for key, words in told if words] or [
        ("when", day(local(outing.begins).date(), lang) if outing.begins else "–")
    ]
