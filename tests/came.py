"""Stands where the gate does in tests of routes: says who asks."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from geo.model.person import Person

__all__ = ["Came"]


class Came:
    """Whoever the header ``x-who`` names has come in.

    Parameters
    ----------
    people
        By that name.
    """

    def __init__(self, app: ASGIApp, people: dict[str, Person]) -> None:
        self.app, self.people = app, people

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            who = dict(scope["headers"])[b"x-who"].decode()
            scope = {**scope, "watch.person": self.people[who]}
        await self.app(scope, receive, send)
