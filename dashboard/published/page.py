"""Everything that the public page says of a release, and the document with it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from dashboard.i18n import t
from dashboard.i18n.four_languages import drafts
from dashboard.published.border_map import border_map, legend_sign
from dashboard.published.charts import bar, columns
from dashboard.published.names import Names
from dashboard.published.rows import CLASSES, class_of, kind_rows, place_rows, quarter_rows
from geo.model.release import ShownRelease
from geo.queries.release_ground import ReleaseGround

__all__ = ["MOST_QUARTERS", "credit", "legend", "page_data", "shades"]

MOST_QUARTERS = 12
"""Of the chart: three years."""


def page_data(
    release: ShownRelease, releases: Sequence[ShownRelease], ground: ReleaseGround | None, names: Names
) -> dict[str, Any]:
    """What the template is given beside the words themselves."""
    figures = release.figures
    quarters = quarter_rows(releases, names)[-MOST_QUARTERS:]
    kinds = kind_rows(figures, names)
    places = place_rows(figures, names)
    most_of_kind = max((row.count or 0 for row in kinds), default=0)
    most_of_place = max((row.count or 0 for row in places if not row.is_province), default=0)
    return {
        "quarter": names.quarter(release.quarter),
        "code": str(release.quarter),
        "quarters": [(str(one.quarter), names.quarter(one.quarter)) for one in releases],
        "published_on": names.say("published_on", day=names.day(release.published_at), version=release.version),
        "total": figures.total,
        "kinds": [(row, bar(row.count, most_of_kind)) for row in kinds],
        "columns": columns([(row.short, row.count) for row in quarters], names.say("chart")),
        "by_quarter": quarters,
        "places": [(row, "" if row.is_province else bar(row.count, most_of_place)) for row in places],
        "map": _map(release, ground, names) if ground else "",
        "undetermined": any(one for one, _ in ground.border) if ground else False,
        "legend": legend(names),
        "hidden_share": names.say("hidden_share", hidden=f"{figures.hidden:,}", size=f"{figures.size:,}"),
        "boundaries": names.say("boundaries", credit=credit(names.lang)),
        "note": release.note.get(names.lang) or release.note.get("en") or release.note.get("th") or "",
        "is_demo": release.is_demo,
        "is_draft": drafts("public", names.lang) > 0,
    }


def credit(lang: str) -> str:
    """Whose boundaries they are."""
    return t("public_credit", lang if lang in ("th", "en") else "en")


def shades(release: ShownRelease) -> dict[str, int | None]:
    """Shade of each district."""
    return {code: class_of(release.figures.district(code)[0]) for code in release.figures.districts}


def legend(names: Names) -> list[tuple[str, str]]:
    """Sign and words of each shade."""
    ends = [f"{begins}–{after - 1}" for begins, after in pairwise(CLASSES)]
    said = [*ends, names.say("and_more", n=CLASSES[-1])]
    return [(legend_sign(None), names.say("not_shown")), *((legend_sign(n), words) for n, words in enumerate(said))]


def _map(release: ShownRelease, ground: ReleaseGround, names: Names) -> str:
    said = {
        code: _told(names.district(code), release.figures.district(code)[0], names)
        for code in release.figures.districts
    }
    return border_map(ground, shades(release), said, names.say("map"))


def _told(place: str, count: int | None, names: Names) -> str:
    return f"{place}: {names.say('not_shown') if count is None else f'{count:,}'}"
