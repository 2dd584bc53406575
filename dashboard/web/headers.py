"""Headers that confine what a page and the map's frame may do."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["SafeHeaders"]

SANDBOX = b"sandbox allow-scripts allow-popups"
"""For component frames: their scripts run, but in an origin of their own, out of reach of the page and its cookies."""

COMMON = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(), payment=(), usb=()"),
]
PAGE = (
    b"default-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; style-src 'self' 'unsafe-inline';"
    b" script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src 'self' blob:; connect-src 'self' ws: wss:;"
    b" frame-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
"""For pages: nothing is fetched from another host, so text of others cannot betray who reads it."""

FORM = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self';"
    b" connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""For the public form and statistics, the way in and the meeting's screen: nothing written into the page runs, whoever wrote it."""
_FORMS = ("/report", "/public", "/sign-in", "/sign-out", "/account", "/notifications", "/meetings")


def _policy(path: str) -> bytes:
    if "/component/" in path:
        return SANDBOX
    return FORM if any(path == form or path.startswith(f"{form}/") for form in _FORMS) else PAGE


class SafeHeaders:
    """Adds the headers to every HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete its answer's headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = _policy(scope["path"])

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *COMMON, (b"content-security-policy", policy)]
            await send(message)

        await self.app(scope, receive, with_headers)
