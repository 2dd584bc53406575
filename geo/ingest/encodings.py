"""Bytes to text without mojibake: Unicode where it is valid, else TIS-620/CP874 where it is valid Thai."""

from __future__ import annotations

import codecs
import re

from geo.errors import FileRefused

__all__ = ["decode"]

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_THAI = re.compile("[\u0e01-\u0e5b]")
_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_STRAY = re.compile(
    f"(?<![\u0e01-\u0e2e\u0e45{_MARKS}])[{_MARKS}]"  # a mark with no consonant to stand on
    f"|(?<![\u0e01-\u0e2e\u0e30\u0e32{_MARKS}])[\u0e30\u0e32\u0e33]"  # ะ า ำ after no syllable
    "|[\u0e40-\u0e44](?![\u0e01-\u0e2e\u0e40])"  # เ แ โ ใ ไ before no consonant ("เเ" is a habit of typists)
    "|(?<![\u0e24\u0e26])\u0e45"  # ๅ after neither ฤ nor ฦ
)
"""What Thai never is, and what letters of other code pages turn into when they are taken for Thai."""

_STRAY_SHARE = 0.005
"""Typing slips leave a few of them in a real file."""

_CONTROL_SHARE = 0.01


def decode(data: bytes) -> tuple[str, str]:
    """Text of ``data`` and the name of its encoding.

    Raises
    ------
    FileRefused
        ``file.empty``, ``file.binary``, ``file.encoding_unknown``.
    """
    if not data.strip(b" \t\r\n\0"):
        raise FileRefused("file.empty")
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], name), name
    if b"\0" in data[:4096]:
        for name, high in (("utf-16-le", 1), ("utf-16-be", 0)):
            if data[high:4096:2].count(0) > len(data[:4096]) // 8 and not data[1 - high : 4096 : 2].count(0):
                return _strict(data, name), name
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _thai(data), "cp874"
    return _text_only(text), "utf-8"


def _strict(data: bytes, name: str) -> str:
    try:
        text = data.decode(name)
    except UnicodeDecodeError as wrong:
        raise FileRefused("file.encoding_unknown") from wrong
    if not text.strip():
        raise FileRefused("file.empty")
    return _text_only(text)


def _thai(data: bytes) -> str:
    try:
        text = data.decode("cp874")
    except UnicodeDecodeError as wrong:
        raise FileRefused("file.binary" if _looks_binary(data) else "file.encoding_unknown") from wrong
    _text_only(text)
    letters = len(_THAI.findall(text))
    if len(_STRAY.findall(text)) > letters * _STRAY_SHARE:
        raise FileRefused("file.encoding_unknown")
    return text


def _text_only(text: str) -> str:
    head = text[:100_000]
    if sum(c < " " and c not in "\t\r\n\f" for c in head) > len(head) * _CONTROL_SHARE:
        raise FileRefused("file.binary")
    return text


def _looks_binary(data: bytes) -> bool:
    head = data[:100_000]
    return sum(byte < 32 and byte not in b"\t\r\n\f" for byte in head) > len(head) * _CONTROL_SHARE
