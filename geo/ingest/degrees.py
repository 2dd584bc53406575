"""Degrees in the spellings of maps and phones: decimal, degrees and minutes, degrees, minutes and seconds."""

from __future__ import annotations

import re

from geo.ingest.problems import CellRefused, quoted
from geo.ingest.text import ascii_digits, clean

__all__ = ["Degrees", "parse_degrees", "split_pair"]

Degrees = tuple[float, str]
"""A value in degrees and the axis that a hemisphere letter names: ``lat``, ``lon`` or nothing."""

_WORDS = re.compile(
    r"latitude|longitude|lat|long|lon|lng|ละติจูด|ลองจิจูด|ลองติจูด|พิกัด|เส้นรุ้ง|เส้นแวง"
    r"|เหนือ|ตะวันออก|ใต้|ตะวันตก|north|south|east|west|degrees|deg|องศา|minutes|min|พิลิปดา|ฟิลิปดา|ลิปดา|seconds|sec"
)
_MEANING = {
    **dict.fromkeys(("เหนือ", "north"), "n"),
    **dict.fromkeys(("ใต้", "south"), "s"),
    **dict.fromkeys(("ตะวันออก", "east"), "e"),
    **dict.fromkeys(("ตะวันตก", "west"), "w"),
    **dict.fromkeys(("องศา", "degrees", "deg"), "°"),
    **dict.fromkeys(("ลิปดา", "minutes", "min"), "'"),
    **dict.fromkeys(("พิลิปดา", "ฟิลิปดา", "seconds", "sec"), '"'),
}
_ALIKE = {"°": "º˚∘", "'": "′’‘´`ʹ", '"': "″”“ʺ", "-": "−–—", "+": "＋", ",": "，", ".": "．"}
_SIGNS = {ord(char): plain for plain, chars in _ALIKE.items() for char in chars}
_NUMBER = r"\d{1,3}(?:[.,]\d+)?"
_ONE = re.compile(
    rf"(?P<before>[nsew])?\s*(?P<sign>[+-])?\s*(?P<d>{_NUMBER})\s*°?"
    rf"(?:[\s:-]*(?<!\d)(?P<m>\d{{1,2}}(?:[.,]\d+)?)\s*'?(?:[\s:-]*(?<!\d)(?P<s>\d{{1,2}}(?:[.,]\d+)?)\s*\"?)?)?"
    r"\s*(?P<after>[nsew])?"
)
_PLAIN = re.compile(r"[+-]?\d{1,3}(?:\.\d+)?(?:e-?\d{1,3})?")


def _prepare(text: str) -> str:
    text = ascii_digits(clean(text)).casefold().translate(_SIGNS).replace("''", '"')
    return _WORDS.sub(lambda m: _MEANING.get(m[0], " "), text).strip(" :=;,()[]")


def parse_degrees(text: str) -> Degrees:
    """One coordinate in degrees, comma decimals too, and the axis if a hemisphere letter names it.

    Raises
    ------
    CellRefused
        ``row.coordinate_unreadable``.

    Examples
    --------
    >>> parse_degrees("N17-52-46")
    (17.879444444444445, 'lat')
    >>> parse_degrees("102,7125")
    (102.7125, '')
    """
    prepared = _prepare(text)
    if _PLAIN.fullmatch(prepared):
        return float(prepared), ""
    match = _ONE.fullmatch(prepared)
    if match is None or (match["before"] and match["after"]):
        raise CellRefused("row.coordinate_unreadable", value=quoted(text))
    parts = [match[name].replace(",", ".") for name in "dms" if match[name]]
    numbers = [float(part) for part in parts]
    # 17.5° 30' would say the same thing twice; 70 minutes are a slip.
    if any("." in part for part in parts[:-1]) or any(number >= 60 for number in numbers[1:]):
        raise CellRefused("row.coordinate_unreadable", value=quoted(text))
    value = sum(number / 60**power for power, number in enumerate(numbers))
    letter = match["before"] or match["after"] or ""
    if match["sign"] == "-" and letter:
        raise CellRefused("row.coordinate_unreadable", value=quoted(text))
    if match["sign"] == "-" or letter in ("s", "w"):
        value = -value
    return value, {"n": "lat", "s": "lat", "e": "lon", "w": "lon"}.get(letter, "")


def split_pair(text: str) -> tuple[str, str]:
    """The two coordinates that one cell holds, in the order written.

    Raises
    ------
    CellRefused
        ``row.coordinate_unreadable``: not two, or no telling where one ends.
    """
    prepared = _prepare(text)
    lettered = re.fullmatch(r"([^nsew]+[nsew])[\s,;/|]*([^nsew]+[nsew])", prepared) or re.fullmatch(
        r"([nsew][^nsew]+?)[\s,;/|]*([nsew][^nsew]+)", prepared
    )
    if lettered:
        return lettered[1].strip(" ,;/|"), lettered[2]
    for separator in (r"\s*[;|/]\s*", r",\s+|\s+,", r","):
        halves = [half for half in re.split(separator, prepared) if half]
        if len(halves) == 2:
            return halves[0], halves[1]
    # 17,88,102,71 and 17 52 46 102 42 36: cut in the middle.
    for separator, counts in ((",", (4,)), (" ", (2, 4, 6))):
        parts = [part for part in prepared.split(separator) if part]
        if len(parts) in counts:
            middle = len(parts) // 2
            return separator.join(parts[:middle]), separator.join(parts[middle:])
    raise CellRefused("row.coordinate_unreadable", value=quoted(text))
