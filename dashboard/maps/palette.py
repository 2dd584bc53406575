"""The colours, once, for the map in the browser, its legends and the charts beside it.

The colour of a crime type is a column of its row, since administrators add types; here is the grey of those
that have none.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "CHANGE",
    "DAY",
    "DIVERGING",
    "EMERGING",
    "HEAT",
    "HOT_COLD",
    "NIGHT",
    "OTHER_TYPE",
    "SCORED",
    "SEQUENTIAL",
    "TEAMS",
    "Palette",
    "palette",
]

Palette = dict[str, str]

OTHER_TYPE: Final = "#7d7d7d"

SEQUENTIAL: Final = {
    "day": ("#e6ebf1", "#c6d2e2", "#a2b6d0", "#7d98bc", "#587aa5"),
    "night": ("#22303d", "#2a4259", "#355877", "#4a7297", "#6a92b8"),
}
"""Five classes from little to much, quieter than any incident drawn on them."""
DIVERGING: Final = {
    "day": ("#5f9e95", "#b3d3cd", "#f1eee6", "#e6cba6", "#c08f55"),
    "night": ("#5f9e95", "#36615c", "#2a3139", "#6b5637", "#b58549"),
}
"""Five classes from fewer through the same to more. Only where zero means something."""
HEAT: Final = {
    "day": ("#fdeed3", "#fdd49e", "#fc8d59", "#d7301f", "#8f0d0d"),
    "night": ("#4a2c22", "#7c3a26", "#b9502d", "#ee8349", "#ffd08a"),
}
"""Five classes of density from little to much, the same hue as hot places."""
HOT_COLD: Final = {
    "day": ("#2166ac", "#67a9cf", "#c3dcea", "#fbcdb4", "#ef8a62", "#b2182b"),
    "night": ("#6cb5ff", "#3f83bd", "#2f5876", "#7a4236", "#c95a43", "#ff8a73"),
}
"""Cold with 99, 95 and 90 % confidence, hot with 90, 95 and 99 %. Told apart by the colour-blind too."""
EMERGING: Final = {
    "day": {
        "hot_new": "#d0127c", "hot_consecutive": "#a3195b", "hot_intensifying": "#7a0c0c", "hot_persistent": "#c4281c",
        "hot_diminishing": "#f08b6c", "hot_sporadic": "#f6b26b", "hot_oscillating": "#e3c94f", "hot_historical": "#b9aea2",
        "cold_new": "#00838f", "cold_consecutive": "#006d77", "cold_intensifying": "#08306b", "cold_persistent": "#2166ac",
        "cold_diminishing": "#6baed6", "cold_sporadic": "#9ecae1", "cold_oscillating": "#b7d3c6", "cold_historical": "#c3c9cf",
    },
    "night": {
        "hot_new": "#ff6fc0", "hot_consecutive": "#e0559b", "hot_intensifying": "#ff5a4d", "hot_persistent": "#d9573f",
        "hot_diminishing": "#a8563f", "hot_sporadic": "#a8763a", "hot_oscillating": "#8f8338", "hot_historical": "#6b655f",
        "cold_new": "#3fd0d8", "cold_consecutive": "#2ba3ab", "cold_intensifying": "#6cb5ff", "cold_persistent": "#4a8fd0",
        "cold_diminishing": "#3d6f99", "cold_sporadic": "#35597a", "cold_oscillating": "#3b5f55", "cold_historical": "#56606a",
    },
}  # fmt: skip
"""What is new stands out by hue, what grows by depth; each class has a sign as well."""
CHANGE: Final = {
    "day": ("#2a7f74", "#93c7be", "#e4e0d4", "#ebc08a", "#b3660e", "#d5d5d5"),
    "night": ("#4fb3a6", "#2f6b63", "#3a4149", "#8a6a3c", "#e0a04f", "#2c333a"),
}
"""Down by a quarter and more, down, about the same, up, up by a quarter and more, too few to tell."""
SCORED: Final = {"count": "#8d9398", "kde": "#e06a3b", "kde_adaptive": "#f2b06a", "gi": "#3f83bd"}
"""Kinds of maps whose scores stand beside each other; the plain count is grey, as what all others are measured against."""

TEAMS: Final = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#7c1d1d", "#5b4a9c", "#4d4d4d", "#b3a100",
)  # fmt: skip
"""Ways of teams; source of the first six: Okabe and Ito 2008. Each has its number beside it."""

DAY: Final[Palette] = {
    "ground": "#dde5e8", "land": "#f8f6f0", "neighbour": "#edeae1", "coast": "#c3cdd0",
    "border": "#54475f", "border_halo": "#f8f6f0", "province": "#cdc6b6", "district": "#e0dacd",
    "border_district": "#b9b09f", "target": "#857a92", "likely": "#a59cae", "picked": "#1d2733",
    "name": "#4a463f", "name_strong": "#2d2a26", "name_faint": "#857f73", "name_halo": "#f8f6f0",
    "count": "#44566b", "count_ink": "#ffffff", "ring": "#ffffff", "ink": "#26313d",
    "active": "#17724f", "planned": "#4d6a86", "closed": "#7b7b78", "overdue": "#c02626", "plate": "#ffffff",
    "route": "#3d5f7d", "track": "#17724f", "track_past": "#7f8a90", "new": "#c02626",
    "panel": "#ffffff", "panel_ink": "#26313d", "panel_faint": "#5d6770", "panel_line": "#d9dde0",
    "live": "#17724f", "waiting": "#a15c00", "hot_line": "#7c1d1d",
}  # fmt: skip
NIGHT: Final[Palette] = {
    "ground": "#0d1318", "land": "#1c242c", "neighbour": "#151c22", "coast": "#2b3640",
    "border": "#cdbfdc", "border_halo": "#11171d", "province": "#36414b", "district": "#28323b",
    "border_district": "#46525d", "target": "#8d83a3", "likely": "#655f75", "picked": "#f3f6f8",
    "name": "#b4bcc3", "name_strong": "#e3e8ec", "name_faint": "#7d8790", "name_halo": "#151c22",
    "count": "#9db2c7", "count_ink": "#11171d", "ring": "#11171d", "ink": "#e3e8ec",
    "active": "#4cc38f", "planned": "#8fb1d1", "closed": "#8d9398", "overdue": "#ff6b5e", "plate": "#1c242c",
    "route": "#84a9c9", "track": "#4cc38f", "track_past": "#6c7880", "new": "#ff6b5e",
    "panel": "#1c242c", "panel_ink": "#e3e8ec", "panel_faint": "#a3adb5", "panel_line": "#36414b",
    "live": "#4cc38f", "waiting": "#f0b35a", "hot_line": "#ffb199",
}  # fmt: skip


def palette(night: bool) -> Palette:
    """Colours by role, for daylight or for the night watch. Both have the same roles."""
    return NIGHT if night else DAY
