"""Links to pages by their names: the one that a role begins with lies at ``/``, and so do those that are not for it."""

from __future__ import annotations

from pathlib import PurePath

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.access import Viewer
from dashboard.navigation import SPECS, PageSpec, visible
from geo.model.person import Person

__all__ = ["StartPage"]


def _path(spec: PageSpec) -> str:
    return f"/{PurePath(spec.file).stem}"


class StartPage:
    """Behind the gate: sends a person who asks for their first page by its name to ``/``, with what was asked of it.

    Who follows a link to a page of another role comes to their own first page too, instead of to "page not found".
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything else."""
        person: Person | None = scope.get("watch.person")
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and person is not None:
            own = [_path(spec) for spec in visible(Viewer(person))]
            asked = scope["path"].rstrip("/")
            if own and asked in {_path(spec) for spec in SPECS} and asked not in own[1:]:
                query = scope.get("query_string", b"").decode("latin-1") if asked == own[0] else ""
                answer = RedirectResponse("/" + (f"?{query}" if query else ""), 303, {"Cache-Control": "no-store"})
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)
