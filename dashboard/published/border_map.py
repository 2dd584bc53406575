"""The border districts as a drawing: shaded by count, hatched where the count is not shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from dashboard.documents.map_plane import WIDE, MapPlane
from dashboard.geojson_lines import lines_of
from dashboard.maps.palette import DAY, SEQUENTIAL
from geo.queries.release_ground import ReleaseGround

__all__ = ["PAPER", "border_map", "legend_sign"]

LOWEST, HIGHEST = 1.0, 1.8
LEAST = 3.0
"""Corners nearer to each other than this are one, of a thousand for the width."""
_TENTHS = re.compile(r"-?\d+\.\d")
PAPER: Mapping[str, str] = {
    "ground": DAY["neighbour"], "land": DAY["land"], "edge": DAY["border"], "line": DAY["border_district"], "hatch": DAY["district"],
    "hatched": "#8f8779", **{f"c{number}": colour for number, colour in enumerate(SEQUENTIAL["day"][1:])},
}  # fmt: skip
"""Colours for paper. On the screen classes of the same names get theirs from the page's style, by day and by night."""


def border_map(
    ground: ReleaseGround, classes: Mapping[str, int | None], titles: Mapping[str, str], label: str, paper: bool = False
) -> str:
    """The drawing as SVG.

    Parameters
    ----------
    classes
        Shade of each district by code; nothing for what is not shown.
    titles
        What is said of each district by code.
    label
        What the whole is, for who does not see it.
    paper
        With colours of its own.
    """
    plane = MapPlane(ground.box, LOWEST, HIGHEST)
    parts = [
        f'<rect width="1000" height="{plane.high:.0f}" {_look("ground", paper)}/>',
        f'<path d="{_path(plane, ground.country, True)}" {_look("land", paper)}/>',
    ]
    for code, shape in ground.districts.items():
        found = classes.get(code)
        look = 'fill="url(#hatch)"' if found is None else _look(f"c{found}", paper)
        title = f"<title>{escape(titles[code])}</title>" if code in titles else ""
        parts.append(f'<path d="{_path(plane, shape, True)}" {look} {_stroke("line", paper, 2)}>{title}</path>')
    for undetermined, shape in ground.border:
        dashes = ' stroke-dasharray="14 10"' if undetermined else ""
        parts.append(f'<path d="{_path(plane, shape, False)}" fill="none" {_stroke("edge", paper, 5)}{dashes}/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:.0f} {plane.high:.0f}" role="img" aria-label="{escape(label)}"'
        f"{_size(plane, paper)}>{_hatch(paper)}{''.join(parts)}</svg>"
    )


def _path(plane: MapPlane, shape: Mapping[str, Any], closed: bool) -> str:
    """The lines of a shape in whole thousandths of the width: no screen shows more, and the page is a third lighter."""
    return _TENTHS.sub(lambda found: f"{float(found[0]):.0f}", plane.path(lines_of(shape), closed, LEAST))


def _size(plane: MapPlane, paper: bool) -> str:
    return f' width="1000" height="{plane.high:.0f}"' if paper else ""


def _look(name: str, paper: bool) -> str:
    return f'fill="{PAPER[name]}"' if paper else f'class="{name}"'


def _stroke(name: str, paper: bool, width: int) -> str:
    colour = f'stroke="{PAPER[name]}"' if paper else f'class="s-{name}"'
    return f'{colour} stroke-width="{width}" stroke-linejoin="round"'


def _hatch(paper: bool) -> str:
    return (
        '<defs><pattern id="hatch" width="12" height="12" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="12" height="12" {_look("hatch", paper)}/><path d="M3 0V12" {_stroke("hatched", paper, 3)}/></pattern></defs>'
    )


def legend_sign(shade: int | None, paper: bool = False) -> str:
    """The sign of a shade for a legend."""
    look = 'fill="url(#hatch)"' if shade is None else _look(f"c{shade}", paper)
    # On the page the pattern is the map's; a file of its own needs its own.
    own = f"{_hatch(paper)}" if paper else ""
    size = ' width="60" height="36"' if paper else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 36" aria-hidden="true"{size}>{own}'
        f'<rect x="1" y="1" width="58" height="34" {look} {_stroke("edge", paper, 2)}/></svg>'
    )
