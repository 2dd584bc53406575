"""The account of an imported file for people: refused rows and remarks as CSV, in both languages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from dashboard.i18n import t
from dashboard.messages import sentence
from dashboard.spreadsheet import csv_bytes
from geo.errors import FileRefused, WatchError
from geo.ingest.account import Refusal, Remark
from geo.ingest.text import cell_text

__all__ = ["account_bytes", "account_path", "reason", "write_account"]

_LANGUAGES = ("th", "en")


def reason(told: Refusal | Remark, lang: str) -> str:
    """Why a row was refused, or what was remarked about it, in words."""
    if isinstance(told, Refusal):
        return sentence(WatchError(told.code, **told.params), lang)
    because = sentence(told.because, lang) if told.because else ""
    return t(f"import.remark.{told.code}", lang, **told.params, because=because)


def account_bytes(headings: Sequence[str], told: Sequence[Refusal | Remark]) -> bytes:
    """A CSV: row number, code, reason in Thai and English, then the row's cells as they were.

    It can be corrected and imported again.
    """
    head = ["แถวที่ | row no.", "รหัสสาเหตุ | code", "สาเหตุ", "reason"]
    lines = [[*head, *headings]]
    for one in told:
        why = [reason(one, lang) for lang in _LANGUAGES]
        lines.append([str(one.row.number), one.code, *why, *map(cell_text, one.row.cells)])
    return csv_bytes(lines)


def account_path(file: Path, kind: str, content: bytes) -> Path:
    """Where to write: ``<stem>.<kind>.csv`` beside the file.

    A list that is there may have been corrected by hand: another one with other content gets a number.
    """
    number = 1
    while True:
        path = file.with_name(f"{file.stem}.{kind}{'' if number == 1 else f'-{number}'}.csv")
        if not path.exists() or (path.is_file() and path.read_bytes() == content):
            return path
        number += 1


def write_account(path: Path, content: bytes) -> None:
    """Write the whole list or nothing.

    Raises
    ------
    FileRefused
        ``file.account_unwritable``.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as wrong:
        part.unlink(missing_ok=True)
        raise FileRefused("file.account_unwritable", name=str(path), reason=wrong.strerror or "-") from wrong
