"""The body of a call: read piece by piece up to a limit, and as JSON of one meaning only."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.requests import Request

from dashboard.web.api_problem import LONGEST_NAME, ApiRefused
from geo.ingest.text import clean

__all__ = ["LARGEST", "read_body", "strict_json"]

LARGEST = 8 * 2**20
"""Bytes of a whole body; photos are a third larger in it than by themselves."""
PATIENCE_S = 60.0
MOST_DIGITS = 20
DEEPEST = 30


async def read_body(request: Request) -> bytes:
    """The whole body.

    Raises
    ------
    ApiRefused
        ``api.media_type`` (415), ``api.too_large`` (413: told before the rest is read), ``api.slow`` (408).
    """
    kind, _, _ = request.headers.get("content-type", "").partition(";")
    if kind.strip().lower() != "application/json":
        raise ApiRefused("api.media_type", 415)
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise ApiRefused("api.encoding", 415)
    too_large = ApiRefused("api.too_large", 413, mb=LARGEST // 2**20)
    said = request.headers.get("content-length", "")
    if said.isascii() and said.isdigit() and (len(said) > MOST_DIGITS or int(said) > LARGEST):
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE_S):
            async for piece in request.stream():
                body += piece
                if len(body) > LARGEST:
                    raise too_large
    except TimeoutError as error:
        raise ApiRefused("api.slow", 408, seconds=int(PATIENCE_S)) from error
    return bytes(body)


def strict_json(body: bytes) -> dict[str, Any]:
    """A JSON object that every reader understands alike.

    Raises
    ------
    ApiRefused
        ``api.json``: not UTF-8, not JSON, or half a character; ``api.object``, ``api.too_deep``, ``api.number``,
        ``api.duplicate_key``.
    """
    try:
        found = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once_each,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_short,
        )
        json.dumps(found, ensure_ascii=False).encode("utf-8")  # half a surrogate pair is no character
    except RecursionError as error:
        raise ApiRefused("api.too_deep", 400) from error
    except ValueError as error:
        raise ApiRefused("api.json", 400) from error
    if not isinstance(found, dict):
        raise ApiRefused("api.object", 400)
    level: list[Any] = [found]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
        level = [one for one in level if isinstance(one, dict | list)]
    if level:
        raise ApiRefused("api.too_deep", 400)
    return found


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        name = clean(twice)[:LONGEST_NAME]
        raise ApiRefused("api.duplicate_key", 400, name, name=name)
    return made


def _no_number(_said: str) -> Any:
    raise ApiRefused("api.number", 400)


def _short(said: str) -> int:
    if len(said) > MOST_DIGITS:
        raise ApiRefused("api.number", 400)
    return int(said)


def _finite(said: str) -> float:
    number = float(said)
    if abs(number) == float("inf"):
        raise ApiRefused("api.number", 400)
    return number
