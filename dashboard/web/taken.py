"""What papers and tables share that people take away: who asks, what is refused, and how a file is handed over.

Every request is answered for the person of its own session and for nobody else: there is no address under which a file
that was made for one person could be fetched by another.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import IO

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from dashboard.messages import sentence
from dashboard.web.words import language_of, page
from geo.errors import DatabaseUnavailable, NotFound, WatchError
from geo.model.person import Person, Role

__all__ = ["Busy", "answered", "handed_over", "person_of"]

CHUNK = 1 << 16


class Busy(WatchError):
    """Too many are at it; nothing was made."""


def person_of(request: Request, roles: Collection[Role], code: str) -> Person:
    """Who asks, by the gate; of one of these roles.

    Raises
    ------
    WatchError
        ``code``: theirs is another role, or another site sent them here.
    """
    person: Person = request.scope["watch.person"]
    if person.role not in roles or request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        raise WatchError(code)
    return person


def answered(request: Request, make: Callable[[], Response]) -> Response:
    """The response, or a page that says in words why there is none."""
    try:
        return make()
    except WatchError as error:
        lang = language_of(request)
        return page(request, "refused.html", lang, _status(error), said=sentence(error, lang))


def _status(error: WatchError) -> int:
    match error:
        case DatabaseUnavailable() | Busy():
            return 503
        case NotFound():
            return 404
    return 403 if error.code.endswith(".not_yours") else 409


def handed_over(name: str, media_type: str, content: bytes | IO[bytes], size: int) -> Response:
    """A file to be saved; kept by nobody on its way.

    Parameters
    ----------
    name
        File name of ASCII letters, digits, dots and hyphens.
    content
        The whole, or an open file that is read from its beginning and closed.
    """
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "Content-Length": str(size),
    }
    if isinstance(content, bytes):
        return Response(content, media_type=media_type, headers=headers)
    return StreamingResponse(_read(content), media_type=media_type, headers=headers)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk
