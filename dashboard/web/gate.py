"""The gate before the pages: nobody without a session gets a Streamlit session, an export or a file."""

from __future__ import annotations

from urllib.parse import quote

from anyio import to_thread
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.web.visitors import Visitors, session_token, viewer_from_cookie, visitors
from dashboard.web.words import language_of, page
from geo.errors import DatabaseUnavailable
from geo.model.person import Person

__all__ = ["BY_ADDRESS", "BY_TOKEN", "ENDS", "OPEN", "PUBLIC", "Gate", "is_public", "viewer_from_cookie"]

OPEN = (
    "/report",
    "/api/reports",
    "/api/openapi.json",
    "/public",
    "/sign-in",
    "/sign-out",
    "/account",
    "/assets",
    "/health",
)
"""For everybody; an account's page finds out itself whose it is, and says kindly that a session is over."""
BY_TOKEN = ("/tiles", "/layers", "/live", "/basemap.pmtiles", "/component")
"""For the map's sandboxed frame, which sends no cookie: its tokens say what it may see. Its scripts are no secret."""
BY_ADDRESS = ("/calendars",)
"""For telephones that subscribe to a calendar: a secret in the address says whose it is."""
PUBLIC = OPEN + BY_TOKEN + BY_ADDRESS
NO_STORE = {"Cache-Control": "no-store"}


def is_public(path: str, public: tuple[str, ...] = PUBLIC) -> bool:
    """Whether a path lies under one of these. One that climbs or hides its parts never does."""
    if any(part in {"", ".", ".."} for part in path.split("/")[1:-1]) or "\\" in path or path.endswith(("/..", "/.")):
        return False
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in public)


async def _nothing(_request: Request) -> Response:
    return PlainTextResponse("", 404, NO_STORE)


ENDS: list[BaseRoute] = [
    Route(path, _nothing) for prefix in PUBLIC if prefix != "/component" for path in (prefix, f"{prefix}/{{rest:path}}")
]
"""After our own routes: what is nowhere under a public prefix would else be Streamlit's, which answers all with its page."""


class Gate:
    """Finds out who asks and lets only people through; for all but the public routes.

    Without a session: 401, for a browser that opens a page 303 to the sign-in page, 403 for a websocket before it is
    accepted. Behind it the person is in ``scope["watch.person"]`` and ``request.state.person``; public routes know nobody.

    Parameters
    ----------
    app
        What lies behind.
    public
        Prefixes that everybody may open.
    known
        Who finds people by their tokens.
    """

    def __init__(self, app: ASGIApp, public: tuple[str, ...] = PUBLIC, known: Visitors = visitors) -> None:
        self.app = app
        self._public = public
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        if is_public(scope["path"], self._public):
            await self.app(scope, receive, send)
            return
        token = session_token(request.cookies)
        try:
            person = self._known.remembered(token) or await to_thread.run_sync(self._known.person, token)
        except DatabaseUnavailable:
            await self._refuse(scope, receive, send, await to_thread.run_sync(_busy, request))
            return
        if (answer := _refusal(request, person)) is not None:
            await self._refuse(scope, receive, send, answer)
            return
        state = {**scope.get("state", {}), "person": person}
        await self.app({**scope, "state": state, "watch.person": person}, receive, send)

    @staticmethod
    async def _refuse(scope: Scope, receive: Receive, send: Send, answer: Response) -> None:
        if scope["type"] == "websocket":
            await receive()  # websocket.connect; closed before it is accepted, the server answers 403
            await send({"type": "websocket.close", "code": 4401, "reason": ""})
        else:
            await answer(scope, receive, send)


def _opens_page(request: HTTPConnection) -> bool:
    if request.scope.get("method") not in {"GET", "HEAD"}:
        return False
    mode = request.headers.get("sec-fetch-mode")
    return mode == "navigate" if mode else "text/html" in request.headers.get("accept", "")


def _refusal(request: HTTPConnection, person: Person | None) -> Response | None:
    path = request.scope["path"]
    if person is not None and not person.must_change_password:
        return None
    if not _opens_page(request):
        return PlainTextResponse("", 401, NO_STORE)
    if person is not None:
        return RedirectResponse("/account", 303, NO_STORE)
    query = request.scope.get("query_string", b"").decode("latin-1")
    wanted = path + (f"?{query}" if query else "")
    return RedirectResponse("/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='/')}", 303, NO_STORE)


def _busy(request: HTTPConnection) -> Response:
    """The database does not answer, and nobody can be found in it; a page says so in words and tries again."""
    if not _opens_page(request):
        return PlainTextResponse("", 503, NO_STORE | {"Retry-After": "2"})
    asked = Request(request.scope)
    return page(asked, "busy.html", language_of(asked), 503)
