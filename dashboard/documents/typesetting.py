"""Set a page with typst: a fixed template of ours, and what stands on it as data.

Text of others is never part of a template. It comes as JSON and is shown letter by letter: nothing in it is markup, and
typst reads no file but those that were laid into the folder of this one paper.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from geo.errors import WatchError
from geo.ingest.text import clean

__all__ = ["FONT_FILES", "LONGEST", "pdf", "pngs", "printable"]

TEMPLATES = Path(__file__).with_name("templates")
_PACKAGES = Path(__file__).resolve().parents[2] / "node_modules" / "@expo-google-fonts"
FONT_FILES = tuple(
    _PACKAGES / package / weight / f"{family}_{weight}.ttf"
    for package, family in (
        ("sarabun", "Sarabun"),
        ("noto-sans-lao", "NotoSansLao"),
        ("noto-sans-khmer", "NotoSansKhmer"),
    )
    for weight in ("400Regular", "700Bold")
)
"""From the npm packages that package-lock.json pins: typst reads TrueType, not the fonts of the web."""
LONGEST = 4_000
"""Characters of one text on paper; the rest is read on the screen."""
_UNBROKEN = re.compile(r"[^\s\u200b]{40,}")
_STEP = 20
_SPACE = "\u200b"


def printable(text: str | None, longest: int = LONGEST) -> str:
    """Text as it is set: no control characters, not longer than the paper bears, and breakable wherever it must be."""
    kept = clean(text or "", lines=True)
    if len(kept) > longest:
        kept = f"{kept[:longest].rstrip()}…"
    return _UNBROKEN.sub(lambda run: _breakable(run[0]), kept)


def _breakable(run: str) -> str:
    """A long run with places to break: typst finds words of Thai, Lao and Khmer by itself, but none in a heap of letters."""
    pieces = re.split(r"([\u0e00-\u0eff\u1780-\u17ff]+)", run)
    return "".join(
        piece if at % 2 and not re.search(r"(.)\1{7}", piece) else _with_breaks(piece)
        for at, piece in enumerate(pieces)
    )


def _with_breaks(piece: str) -> str:
    return _SPACE.join(piece[at : at + _STEP] for at in range(0, len(piece), _STEP))


@cache
def _fonts() -> typst.Fonts:
    if not all(file.is_file() for file in FONT_FILES):
        raise WatchError("documents.no_fonts")
    return typst.Fonts(include_system_fonts=False, font_paths=[str(file.parent) for file in FONT_FILES])


def pdf(template: str, data: Mapping[str, Any], pictures: Mapping[str, bytes], made: datetime) -> bytes:
    """A paper.

    Parameters
    ----------
    template
        Name of a file in ``templates/``, without its ending.
    data
        What stands on it: texts, numbers, lists and mappings of them.
    pictures
        Files that the data names: ``map.svg``, ``1.jpg``; our own drawings, and photos rebuilt from their pixels.
    made
        Aware moment that the file tells as its date.

    Raises
    ------
    WatchError
        ``documents.no_fonts``: the fonts were never installed.
    """
    made_pdf = _set(template, data, pictures, timestamp=int(made.timestamp()))
    assert isinstance(made_pdf, bytes)
    return made_pdf


def pngs(template: str, data: Mapping[str, Any], pictures: Mapping[str, bytes], dots_per_inch: float) -> list[bytes]:
    """The pages of a paper as pictures, for documents that take no drawing of ours. As `pdf` otherwise."""
    made = _set(template, data, pictures, format="png", ppi=dots_per_inch)
    return made if isinstance(made, list) else [made]


def _set(template: str, data: Mapping[str, Any], pictures: Mapping[str, bytes], **how: Any) -> bytes | list[bytes]:
    fonts = _fonts()
    with TemporaryDirectory(prefix="watch-paper-") as name:
        folder = Path(name)
        for file in TEMPLATES.glob("*.typ"):
            (folder / file.name).write_bytes(file.read_bytes())
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for title, content in pictures.items():
            (folder / title).write_bytes(content)
        made: bytes | list[bytes] = typst.compile(
            folder / f"{template}.typ", root=folder, font_paths=fonts, package_path=folder / "none",
            package_cache_path=folder / "none", **how,
        )  # fmt: skip
    return made
