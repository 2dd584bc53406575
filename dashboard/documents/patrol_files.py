"""An outing as GPX 1.1 and KML 2.2, for receivers and for maps."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from dashboard.documents.patrol_pack import Outing, Post
from dashboard.documents.position import degrees_words, grid_words
from dashboard.i18n import t
from dashboard.i18n.dates import moment
from geo.ingest.text import clean

__all__ = ["outing_gpx", "outing_kml"]

_GPX = "http://www.topografix.com/GPX/1/1"
_KML = "http://www.opengis.net/kml/2.2"
_SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
register_namespace("xsi", _SCHEMA)
PLACES = 6
"""Decimals of a degree: some 0.1 m."""


def outing_gpx(outing: Outing, lang: str, now: datetime) -> bytes:
    """A GPX 1.1: the way as a track without times, which nobody takes for one that was walked, and a way point a post.

    Parameters
    ----------
    now
        Aware moment of making it.
    """
    root = Element("gpx", {"version": "1.1", "creator": "NTS-Mekong Watch", "xmlns": _GPX})
    root.set(f"{{{_SCHEMA}}}schemaLocation", f"{_GPX} {_GPX}/gpx.xsd")
    about = SubElement(root, "metadata")
    _text(about, "name", outing.title)
    _text(about, "desc", _about(outing, lang))
    _text(about, "time", f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    for number, post in enumerate(outing.posts, 1):
        point = SubElement(root, "wpt", {"lat": f"{post.lat:.{PLACES}f}", "lon": f"{post.lon:.{PLACES}f}"})
        _text(point, "name", f"{number} {post.name}")
        _text(point, "desc", " · ".join(_post(post, lang)))
        _text(point, "sym", "Flag, Blue")
    if outing.line:
        track = SubElement(root, "trk")
        _text(track, "name", outing.title)
        for piece in outing.line:
            segment = SubElement(track, "trkseg")
            for lon, lat in piece:
                SubElement(segment, "trkpt", {"lat": f"{lat:.{PLACES}f}", "lon": f"{lon:.{PLACES}f}"})
    return _written(root)


def outing_kml(outing: Outing, lang: str) -> bytes:
    """A KML 2.2: the way as a line, and a place for each post with the time at which somebody is there."""
    root = Element("kml", {"xmlns": _KML})
    document = SubElement(root, "Document")
    _text(document, "name", outing.title)
    _text(document, "description", html.escape(_about(outing, lang)))
    style = SubElement(document, "Style", {"id": "way"})
    drawn = SubElement(style, "LineStyle")
    _text(drawn, "color", "ff7d5f3d")
    _text(drawn, "width", "4")
    if outing.line:
        place = SubElement(document, "Placemark")
        _text(place, "name", outing.title)
        _text(place, "styleUrl", "#way")
        parent = SubElement(place, "MultiGeometry") if len(outing.line) > 1 else place
        for piece in outing.line:
            line = SubElement(parent, "LineString")
            _text(line, "tessellate", "1")
            _text(line, "coordinates", " ".join(f"{lon:.{PLACES}f},{lat:.{PLACES}f}" for lon, lat in piece))
    for number, post in enumerate(outing.posts, 1):
        place = SubElement(document, "Placemark")
        _text(place, "name", f"{number} {post.name}")
        _text(place, "description", html.escape("\n".join(_post(post, lang))))
        if post.at is not None:
            _text(SubElement(place, "TimeStamp"), "when", f"{post.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
        _text(SubElement(place, "Point"), "coordinates", f"{post.lon:.{PLACES}f},{post.lat:.{PLACES}f}")
    return _written(root)


def _about(outing: Outing, lang: str) -> str:
    """What stands on the paper, in lines."""
    told = [("reference", outing.reference), ("state", outing.state), ("kind", outing.kind), ("agency", outing.agency),
            ("unit", outing.unit), ("contact", outing.contact),
            ("begins", moment(outing.begins, lang) if outing.begins else ""),
            ("ends", moment(outing.ends, lang) if outing.ends else ""), ("notes", outing.notes)]  # fmt: skip
    lines = [f"{t(f'patrol_paper.fact.{key}', lang)}: {words}" for key, words in told if words]
    return "\n".join([*([t("patrol_paper.demo", lang)] if outing.is_demo else []), *lines])


def _post(post: Post, lang: str) -> Iterable[str]:
    yield grid_words(post.lon, post.lat)
    yield degrees_words(post.lon, post.lat)
    if post.at is not None:
        yield t("patrol_paper.about" if post.about else "patrol_paper.at", lang, at=moment(post.at, lang))
    if post.note:
        yield post.note


def _text(parent: Element, tag: str, words: str) -> None:
    if kept := clean(words, lines=True):
        SubElement(parent, tag).text = kept


def _written(root: Element) -> bytes:
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))
