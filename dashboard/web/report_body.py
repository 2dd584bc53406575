"""A form as it comes over the line: read in pieces, never more than it may be, photos rebuilt before anything is kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import anyio
from anyio.to_thread import run_sync
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from dashboard.photos import MAX_BYTES, PhotoRefused, rebuilt
from geo.actions.intake import MAX_PHOTOS
from geo.ingest.text import clean

__all__ = ["MOST", "BodyRefused", "Photos", "read_body", "read_photos"]

MOST = MAX_PHOTOS * MAX_BYTES + 2**20
"""Bytes of a whole form: five photos, and the rest."""
PATIENCE = 2 * MOST
"""So much more is read and thrown away, so that the browser hears the refusal and not a broken line."""
_rebuilding = anyio.CapacityLimiter(2)


class BodyRefused(Exception):
    """``code`` is ``body`` (too much) or ``form`` (not to be read)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Measured:
    """A request's body, counted while it comes."""

    def __init__(self, request: Request) -> None:
        self._receive = request.receive
        self.read = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self.read += len(message.get("body", b""))
        if self.read > MOST:
            while message.get("more_body") and self.read < PATIENCE:
                message = await self._receive()
                self.read += len(message.get("body", b""))
            raise BodyRefused("body")
        return message


async def read_body(request: Request, *, files: int = MAX_PHOTOS + 5) -> FormData:
    """Fields and files of a form.

    Raises
    ------
    BodyRefused
        It is too large, or no form.
    """
    measured = Request(request.scope, _Measured(request))
    try:
        return await measured.form(max_files=files, max_fields=60, max_part_size=64 * 1024)
    except BodyRefused:
        raise
    except (HTTPException, ValueError, UnicodeError) as error:
        raise BodyRefused("form") from error


@dataclass
class Photos:
    """Photos of a form: those that can be kept, and what is wrong with the first that cannot."""

    kept: list[bytes] = field(default_factory=list)
    refused: tuple[str, dict[str, object]] | None = None


async def read_photos(form: FormData) -> Photos:
    """Rebuild every photo, two at a time in the whole process."""
    found = Photos()
    uploads = [u for u in form.getlist("photos") if isinstance(u, UploadFile) and (u.filename or u.size)]
    if len(uploads) > MAX_PHOTOS:
        found.refused = ("photos", {"n": MAX_PHOTOS})
        return found
    for upload in uploads:
        try:
            content = await upload.read(MAX_BYTES + 1)
            found.kept.append(await run_sync(rebuilt, content, limiter=_rebuilding))
        except PhotoRefused as error:
            name = clean(upload.filename or "")[-60:]
            found.refused = (error.code, {**error.params, "name": name})
            return found
    return found
