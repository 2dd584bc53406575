"""Take files out of a stranger's zip: names, number and sizes are looked at before anything is unpacked."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from geo.errors import FileRefused
from geo.ingest.limits import MAX_ZIP_MEMBERS

__all__ = ["checked_members", "extract"]

MAX_UNPACKED = 2**30
MAX_RATIO = 200
"""Attribute tables of Shapefiles are mostly spaces and pack to a fiftieth; a bomb packs to a thousandth."""
RATIO_FROM = 32 * 2**20


def checked_members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files in a zip that may be unpacked, folders left out.

    Raises
    ------
    FileRefused
        ``zip.too_many``, ``zip.bomb``, ``zip.path``, ``zip.locked``.
    """
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MAX_ZIP_MEMBERS:
        raise FileRefused("zip.too_many", limit=MAX_ZIP_MEMBERS)
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        is_link = member.external_attr >> 16 & 0o170000 == 0o120000
        if path.is_absolute() or ".." in path.parts or ":" in member.filename or is_link:
            raise FileRefused("zip.path")
        if member.flag_bits & 1:
            raise FileRefused("zip.locked")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed):
        raise FileRefused("zip.bomb", megabytes=MAX_UNPACKED // 2**20)
    return members


def extract(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], targets: Sequence[Path]) -> None:
    """Write members to the given files; never more than the size that was checked.

    Raises
    ------
    FileRefused
        ``zip.broken``.
    """
    for member, target in zip(members, targets, strict=True):
        try:
            with archive.open(member) as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as wrong:
            raise FileRefused("zip.broken") from wrong
