"""The page that a role begins with lies at ``/``: a link that names it leads there, instead of to "page not found"."""

from __future__ import annotations

from pathlib import PurePath

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.access import Viewer
from dashboard.navigation import visible
from geo.model.person import Person

__all__ = ["StartPage"]


class StartPage:
    """Behind the gate: sends a person who asks for their first page by its name to ``/``, with what was asked of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything else."""
        person: Person | None = scope.get("watch.person")
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and person is not None:
            pages = visible(Viewer(person))
            if pages and scope["path"].rstrip("/") == f"/{PurePath(pages[0].file).stem}":
                query = scope.get("query_string", b"").decode("latin-1")
                answer = RedirectResponse("/" + (f"?{query}" if query else ""), 303, {"Cache-Control": "no-store"})
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)
