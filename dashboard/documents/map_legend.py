"""The legend of a map on paper: what is explained, in which order, and by which sign.

A key is a word, or a word and a code: ``border``, ``gi:3``, ``emerging:hot_new``, ``type:contraband``; ``type:`` are the
types without a colour of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.documents.map_signs import (
    EMERGING,
    HATCHES,
    checkpoint_sign,
    count_circle,
    crossing_sign,
    emerging_sign,
    hexagon,
    type_sign,
    unverified_sign,
)
from dashboard.maps.palette import DAY
from geo.model import CrimeType

__all__ = ["HEXAGON_KEYS", "TEMPER", "colour_of", "legend_order", "legend_sign", "type_key"]

TEMPER = {"hot": 1, "cold": -1}
HEXAGON_KEYS = (
    *(f"gi:{gi}" for gi in (3, 2, 1, 0, -1, -2, -3)),
    *(f"temper:{temper}" for temper in TEMPER),
    *(f"emerging:{temper}_{kind}" for temper in TEMPER for kind in EMERGING),
)


def colour_of(kind: str, types: Mapping[str, CrimeType]) -> str | None:
    return types[kind].colour if kind in types else None


def type_key(kind: str, types: Mapping[str, CrimeType]) -> str:
    return f"type:{kind}" if colour_of(kind, types) else "type:"


def legend_order(key: str, types: Mapping[str, CrimeType]) -> tuple[int, str]:
    """Types in their order, the others last."""
    code = key.partition(":")[2]
    return (types[code].sort, code) if code in types else (10**6, "")


_HEXAGON = "M22 2L33.3 8.5V21.5L22 28L10.7 21.5V8.5Z"


def legend_sign(key: str, types: Mapping[str, CrimeType]) -> str:
    """The sign of a key of a legend as an SVG of 44 by 30."""
    group, _, of = key.partition(":")
    match group:
        case "border" | "undetermined":
            dashes = ' stroke-dasharray="11 8"' if group == "undetermined" else ""
            inner = f'<path d="M3 15H41" stroke="{DAY["border"]}" stroke-width="6.5"{dashes}/>'
        case "gi" | "temper":
            inner = hexagon(_HEXAGON, int(of) if group == "gi" else TEMPER[of])
        case "emerging":
            temper, _, kind = of.partition("_")
            inner = hexagon(_HEXAGON, TEMPER[temper]) + emerging_sign(22, 15, kind)
        case "unverified":
            inner = unverified_sign(22, 15, 12)
        case "type":
            inner = type_sign(22, 15, 11, colour_of(of, types))
        case "crossing":
            inner = crossing_sign(22, 15)
        case "checkpoint":
            inner = checkpoint_sign(22, 15, of)
        case "count":
            inner = count_circle(22, 15, 12)
        case _:
            inner = f'<circle cx="22" cy="15" r="12" fill="{DAY["ink"]}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 30" width="44" height="30"><defs>{HATCHES}</defs>{inner}</svg>'
