"""A release on paper, in any of the four languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.documents.typesetting import pdf, printable
from dashboard.i18n.four_languages import drafts, words
from dashboard.published.border_map import border_map, legend_sign
from dashboard.published.names import Names
from dashboard.published.page import MOST_QUARTERS, credit, legend, shades
from dashboard.published.rows import KindRow, kind_rows, place_rows, quarter_rows
from geo.model.release import ShownRelease
from geo.queries.release_ground import ReleaseGround

__all__ = ["paper_data", "release_pdf"]


def release_pdf(
    release: ShownRelease, releases: Sequence[ShownRelease], ground: ReleaseGround | None, names: Names
) -> bytes:
    """The PDF.

    Raises
    ------
    WatchError
        As `dashboard.documents.typesetting.pdf`.
    """
    data, pictures = paper_data(release, releases, ground, names)
    return pdf("public", data, pictures, release.published_at)


def paper_data(
    release: ShownRelease, releases: Sequence[ShownRelease], ground: ReleaseGround | None, names: Names
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Everything that the template is given: its data, and its pictures by file name."""
    figures = release.figures
    said = words("public", names.lang)
    kinds = kind_rows(figures, names)
    until = [one for one in releases if one.quarter <= release.quarter]
    pictures = {}
    if ground is not None:
        pictures["map.svg"] = border_map(ground, shades(release), {}, said["map"], paper=True).encode()
    signs = [None, *range(len(legend(names)) - 1)]
    for number, shade in enumerate(signs):
        pictures[f"sign-{number}.svg"] = legend_sign(shade, paper=True).encode()
    note = release.note.get(names.lang) or release.note.get("en") or release.note.get("th") or ""
    data = {
        "lang": names.lang,
        "words": {key: words for key, words in said.items() if isinstance(words, str)},
        "quarter": names.quarter(release.quarter),
        "published": names.say("published_on", day=names.day(release.published_at), version=release.version),
        "demo": release.is_demo,
        "draft": drafts("public", names.lang) > 0,
        "total": _number(figures.total, said),
        "note": printable(note),
        "kinds": [_row(row, said) for row in kinds],
        "most": max((row.count or 0 for row in kinds), default=0),
        "quarters": [
            {"name": row.name, "count": _number(row.count, said)} for row in quarter_rows(until, names)[-MOST_QUARTERS:]
        ],
        "places": [
            {
                "name": row.name,
                "count": _number(row.count, said),
                "kinds": " · ".join(f"{one.name} {one.count:,}" for one in row.kinds),
                "province": row.is_province,
            }
            for row in place_rows(figures, names)
        ],
        "map": ground is not None,
        "undetermined": ground is not None and any(one for one, _ in ground.border),
        "legend": [words for _, words in legend(names)],
        "hidden_share": names.say("hidden_share", hidden=f"{figures.hidden:,}", size=f"{figures.size:,}"),
        "boundaries": names.say("boundaries", credit=credit(names.lang)),
    }
    return data, pictures


def _number(count: int | None, said: Mapping[str, str]) -> str:
    return said["not_shown"] if count is None else f"{count:,}"


def _row(row: KindRow, said: Mapping[str, str]) -> dict[str, Any]:
    return {"name": printable(row.name), "count": _number(row.count, said), "length": row.count or 0}
