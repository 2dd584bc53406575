"""A file as rows of cells with their spreadsheet row numbers, whatever kind of file it is.

What a file is, its first bytes say; its name must agree. GDAL never opens one.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from geo.errors import FileRefused
from geo.ingest import delimited, geojson, gpkg, workbook
from geo.ingest.headers import Vocabulary
from geo.ingest.limits import MAX_BYTES
from geo.ingest.table import Row, Table

__all__ = ["EXTENSIONS", "Row", "Table", "kind_of", "read_bytes", "read_file", "read_table"]

EXTENSIONS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".geojson": "geojson",
    ".json": "geojson",
    ".gpkg": "gpkg",
}

_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


def read_file(path: Path, vocabulary: Vocabulary, *, least: int = 2) -> Table:
    """The table in a file; for the command line, GeoPackages too.

    Raises
    ------
    FileRefused
        As `read_table`; ``file.not_found``, ``file.unreadable``.
    """
    data = read_bytes(path)
    if kind_of(path.name, data) == "gpkg":
        return replace(gpkg.read(path, vocabulary, least), labels=vocabulary.labels)
    return read_table(data, path.name, vocabulary, least=least)


def read_table(data: bytes, name: str, vocabulary: Vocabulary, *, least: int = 2) -> Table:
    """The table in the bytes of a file.

    Parameters
    ----------
    name
        File name; its ending must agree with the content.
    vocabulary
        By which the row of headings is found: the one with most recognised fields.
    least
        Fewest recognised fields that make a row of headings.

    Raises
    ------
    FileRefused
        ``file.*`` with what is wrong. Rows are read as they are taken, so also from ``Table.rows``.
    """
    kind = kind_of(name, data)
    if kind == "gpkg":
        raise FileRefused("file.gpkg_from_command_line")
    readers = {"xlsx": workbook.read, "geojson": geojson.read, "csv": delimited.read}
    return replace(readers[kind](data, vocabulary, least), labels=vocabulary.labels)


def read_bytes(path: Path) -> bytes:
    """All bytes of a file that is not too large.

    Raises
    ------
    FileRefused
        ``file.not_found``, ``file.unreadable``, ``file.too_large``.
    """
    if not path.is_file():
        raise FileRefused("file.not_found", name=str(path))
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileRefused("file.too_large", megabytes=MAX_BYTES // 2**20)
        return path.read_bytes()
    except OSError as wrong:
        raise FileRefused("file.unreadable", name=str(path), reason=wrong.strerror or "") from wrong


def kind_of(name: str, data: bytes) -> str:
    """``csv``, ``xlsx``, ``geojson`` or ``gpkg``, from the first bytes; the ending of the name must agree.

    Raises
    ------
    FileRefused
        ``file.empty``, ``file.too_large``, ``file.type_unknown``, ``file.old_excel``, ``file.web_page``,
        ``file.binary``, ``file.content_differs``.
    """
    if len(data) > MAX_BYTES:
        raise FileRefused("file.too_large", megabytes=MAX_BYTES // 2**20)
    if not data.strip(b" \t\r\n\0"):
        raise FileRefused("file.empty")
    found = _by_content(data)
    ending = Path(name).suffix.lower()
    expected = EXTENSIONS.get(ending)
    if expected is None:
        raise FileRefused("file.type_unknown", ending=ending or "-", endings=" ".join(EXTENSIONS))
    if found != expected:
        raise FileRefused("file.content_differs", ending=ending, found=found)
    return found


def _by_content(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        return "xlsx"
    if data.startswith(b"SQLite format 3\0"):
        return "gpkg"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused("file.old_excel")
    if data.startswith(_BINARY):
        raise FileRefused("file.binary")
    start = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = data[2:512].replace(b"\0", b"").lstrip()
    if start.startswith((b"{", b"[{")):
        return "geojson"
    if start[:1] == b"<":
        raise FileRefused("file.web_page")
    return "csv"
