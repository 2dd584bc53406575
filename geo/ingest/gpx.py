"""Points of GPX files, read one at a time by a parser that opens nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from geo.errors import FileRefused
from geo.ingest.limits import MAX_ROWS
from geo.ingest.text import clean

__all__ = ["MAX_DEPTH", "GpxPoint", "read_gpx"]

MAX_DEPTH = 40
"""Elements inside each other; GPX with extensions needs about ten."""

MAX_NAME = 200
POINTS = {"trkpt": "track", "rtept": "route", "wpt": "waypoint"}


@dataclass(frozen=True, slots=True)
class GpxPoint:
    """One point as the file gives it.

    Attributes
    ----------
    number
        Counted from 1 through the whole file.
    kind
        ``track``, ``route`` or ``waypoint``.
    track
        Which track of the file, counted from 1; 0 outside of tracks.
    name
        Name of the track, else its description, cleaned; may be empty.
    lat, lon, time
        As written; ``None`` where missing.
    """

    number: int
    kind: str
    track: int
    name: str
    lat: str | None
    lon: str | None
    time: str | None


def read_gpx(data: bytes) -> Iterator[GpxPoint]:
    """All points of a GPX 1.0 or 1.1 file in their order, one at a time.

    Raises
    ------
    FileRefused
        ``track.not_gpx``, ``track.xml_broken`` (with the line), ``file.too_many_rows``, ``track.xml_unsafe``:
        entities and document types, which no GPX file needs, and which make a parser read other files or fill
        the memory.
    """
    try:
        yield from _points(iterparse(BytesIO(data), events=("start", "end"), forbid_dtd=True))
    except DefusedXmlException as error:
        raise FileRefused("track.xml_unsafe") from error
    except ParseError as error:
        raise FileRefused("track.xml_broken", line=error.position[0]) from error
    except (LookupError, ValueError) as error:  # an encoding that does not exist, or that XML cannot be in
        raise FileRefused("track.xml_broken", line=1) from error


def _points(events: Iterator[tuple[str, Element]]) -> Iterator[GpxPoint]:
    stack: list[Element] = []
    inside_point = 0
    number = track = 0
    name = description = ""
    for event, element in events:
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            if (not stack and tag != "gpx") or len(stack) >= MAX_DEPTH:
                raise FileRefused("track.not_gpx")
            stack.append(element)
            if tag == "trk":
                track, name, description = track + 1, "", ""
            inside_point += tag in POINTS
            continue
        stack.pop()
        parent = stack[-1].tag.rpartition("}")[2] if stack else ""
        if tag in POINTS:
            inside_point -= 1
            number += 1
            if number > MAX_ROWS:
                raise FileRefused("file.too_many_rows", limit=MAX_ROWS)
            in_track = tag == "trkpt"
            yield GpxPoint(
                number=number,
                kind=POINTS[tag],
                track=track if in_track else 0,
                name=(name or description) if in_track else "",
                lat=element.get("lat"),
                lon=element.get("lon"),
                time=_child(element, "time"),
            )
        elif parent == "trk" and tag == "name":
            name = clean(element.text or "")[:MAX_NAME]
        elif parent == "trk" and tag == "desc":
            description = clean(element.text or "")[:MAX_NAME]
        if not inside_point and stack:
            stack[-1].remove(element)  # what was read is let go


def _child(element: Element, wanted: str) -> str | None:
    for child in element:
        if child.tag.rpartition("}")[2] == wanted:
            return (child.text or "").strip() or None
    return None
