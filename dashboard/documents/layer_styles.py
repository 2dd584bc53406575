"""How QGIS draws the layers of a meeting's GeoPackage by itself: the colours and lines of the map on paper, as QML.

QGIS reads them from a table ``layer_styles`` beside the layers; other programs leave it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from xml.etree import ElementTree as ET

import pandas as pd

from dashboard.documents.map_signs import AROUND, BEYOND, GI, OWN
from dashboard.i18n import name, t
from dashboard.maps.palette import DAY, OTHER_TYPE
from geo.model import CrimeType

__all__ = ["layer_styles"]

Look = tuple[str, Mapping[str, str]]
"""Kind of a symbol's layer (``SimpleFill``, ``SimpleLine``, ``SimpleMarker``) and its properties."""
_KINDS = {"SimpleFill": "fill", "SimpleLine": "line", "SimpleMarker": "marker"}
_MM = "MM"


def _rgba(colour: str, alpha: int = 255) -> str:
    return ",".join(map(str, (*bytes.fromhex(colour.removeprefix("#")), alpha)))


def _fill(colour: str | None, edge: str, width: float, alpha: int = 255, dashed: bool = False) -> Look:
    return "SimpleFill", {
        "color": _rgba(colour or "#ffffff", alpha), "style": "solid" if colour else "no", "outline_color": _rgba(edge),
        "outline_width": str(width), "outline_width_unit": _MM, "outline_style": "dash" if dashed else "solid",
    }  # fmt: skip


def _line(colour: str, width: float, dashed: bool) -> Look:
    return "SimpleLine", {
        "line_color": _rgba(colour), "line_width": str(width), "line_width_unit": _MM, "line_style": "dash" if dashed else "solid",
        "capstyle": "round", "joinstyle": "round",
    }  # fmt: skip


def _marker(shape: str, colour: str, edge: str, size: float, alpha: int = 255) -> Look:
    return "SimpleMarker", {
        "name": shape, "color": _rgba(colour, alpha), "outline_color": _rgba(edge), "outline_width": "0.3", "size": str(size),
        "size_unit": _MM,
    }  # fmt: skip


def layer_styles(types: Mapping[str, CrimeType], lang: str, made_at: datetime) -> pd.DataFrame:
    """The rows of ``layer_styles``, with the columns that QGIS asks for; ``made_at`` is aware."""
    hexagons = [
        (str(gi), t(f"meeting.gi.{gi}" if gi else "meeting_screen.legend.some", lang),
         _fill(colour, "#7d2415" if gi > 0 else GI[-3] if gi < 0 else "#a8a397", 0.2, 200, gi < 0))
        for gi, colour in GI.items()
    ]  # fmt: skip
    posts = (("active", "square", DAY["active"]), ("planned", "square", "#ffffff"), ("closed", "cross2", DAY["closed"]))
    kinds = [
        (code, name(kind, lang), _marker("circle", kind.colour or OTHER_TYPE, "#ffffff", 2))
        for code, kind in types.items()
    ]
    made = {
        "around": _categories(
            "country",
            [
                (code, said, _fill(AROUND if code == "TH" else BEYOND, DAY["border_district"], 0.15))
                for code, said in (("TH", "TH"), *((code, t(f"neighbour.{code}", lang)) for code in ("LA", "KH")))
            ],
        ),
        "districts": _single(_fill(OWN, DAY["target"], 0.5)),
        "border": _categories(
            "undetermined",
            [
                (value, t(f"meeting_paper.legend.{key}", lang), _line(DAY["border"], 1.1, key == "undetermined"))
                for value, key in (("false", "border"), ("true", "undetermined"))
            ],
        ),
        "hexagons": _categories("gi", hexagons),
        "unverified": _single(_marker("circle", "#ffffff", DAY["count"], 5, 160), "n_written", DAY["ink"]),
        "incidents": _categories("crime_type", [*kinds, ("", t("meeting_screen.legend.other", lang), _marker("circle", OTHER_TYPE, "#ffffff", 2))]),
        "crossings": _single(_marker("diamond", "#ffffff", DAY["ink"], 3)),
        "checkpoints": _categories(
            "status",
            [
                (status, t(f"meeting_paper.legend.checkpoint_{status}", lang), _marker(shape, colour, DAY["ink"], 3))
                for status, shape, colour in posts
            ],
        ),
        "top_places": _single(_marker("circle", DAY["ink"], "#ffffff", 5.5), "rank", "#ffffff"),
        "decisions": _single(_marker("star", DAY["new"], "#ffffff", 5)),
    }  # fmt: skip
    return pd.DataFrame(
        [
            {
                "f_table_catalog": "", "f_table_schema": "", "f_table_name": layer, "f_geometry_column": "geom",
                "styleName": layer, "styleQML": qml, "styleSLD": "", "useAsDefault": True, "description": "", "owner": "", "update_time": pd.Timestamp(made_at).tz_convert("UTC"),
            }
            for layer, qml in made.items()
        ]
    )  # fmt: skip


def _single(look: Look, label: str | None = None, ink: str = "#000000") -> str:
    """One symbol for all features, and where asked a column written over each."""
    root = _root(label is not None)
    drawn = ET.SubElement(root, "renderer-v2", {"type": "singleSymbol", "symbollevels": "0", "enableorderby": "0"})
    _symbol(ET.SubElement(drawn, "symbols"), "0", look)
    if label is not None:
        settings = ET.SubElement(ET.SubElement(root, "labeling", {"type": "simple"}), "settings")
        style = {
            "fieldName": label,
            "fontSize": "8",
            "fontFamily": "Sarabun",
            "fontWeight": "75",
            "textColor": _rgba(ink),
        }
        ET.SubElement(settings, "text-style", style)
        ET.SubElement(settings, "placement", {"placement": "1", "quadOffset": "4"})
        ET.SubElement(settings, "rendering", {"displayAll": "1"})
    return _written(root)


def _categories(column: str, rows: Iterable[tuple[str, str, Look]]) -> str:
    """A symbol for each value of a column."""
    root = _root(False)
    drawn = ET.SubElement(
        root, "renderer-v2", {"type": "categorizedSymbol", "attr": column, "symbollevels": "0", "enableorderby": "0"}
    )
    categories, symbols = ET.SubElement(drawn, "categories"), ET.SubElement(drawn, "symbols")
    for number, (value, label, look) in enumerate(rows):
        ET.SubElement(
            categories,
            "category",
            {
                "value": value,
                "type": "bool" if value in {"true", "false"} else "string",
                "label": label,
                "symbol": str(number),
                "render": "true",
            },
        )
        _symbol(symbols, str(number), look)
    return _written(root)


def _root(labelled: bool) -> ET.Element:
    return ET.Element(
        "qgis", {"version": "3.22", "styleCategories": "Symbology|Labeling", "labelsEnabled": str(int(labelled))}
    )


def _symbol(parent: ET.Element, number: str, look: Look) -> None:
    kind, properties = look
    symbol = ET.SubElement(
        parent, "symbol", {"type": _KINDS[kind], "name": number, "alpha": "1", "clip_to_extent": "1"}
    )
    layer = ET.SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    for key, value in properties.items():
        ET.SubElement(layer, "prop", {"k": key, "v": value})


def _written(root: ET.Element) -> str:
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(root, "unicode")
