"""Our own addresses: which origins are ours, whether the line is encrypted, and which paths one may be sent to."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

__all__ = ["is_safe_way", "is_secure", "own_origins", "own_path"]


def own_origins(request: HTTPConnection, public_url: str) -> set[str]:
    """Origins from which our own forms come: the one asked, and the public one of a proxy before us."""
    scheme = {"ws": "http", "wss": "https"}.get(request.url.scheme, request.url.scheme)
    origins = {f"{scheme}://{request.headers.get('host', '')}"}
    if public_url:
        parts = urlsplit(public_url)
        origins.add(f"{parts.scheme}://{parts.netloc}")
    return origins


def is_secure(request: HTTPConnection, public_url: str) -> bool:
    """Whether the reader's line is encrypted, here or at the proxy before us, so that cookies may be marked secure."""
    return request.url.scheme in {"https", "wss"} or public_url.startswith("https://")


def is_safe_way(request: HTTPConnection, public_url: str) -> bool:
    """Whether a password may travel here: encrypted, within this machine, or as the administrator said openly."""
    if is_secure(request, public_url) or public_url:
        return True
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def own_path(wanted: str | None) -> str:
    """``wanted`` where it is a path of ours that shows a page, else the start page: nobody is sent to another host."""
    path = wanted or "/"
    parts = urlsplit(path)
    is_plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    if not is_plain or parts.scheme or parts.netloc or len(path) > 2000:
        return "/"
    return "/" if parts.path.startswith(("/sign-in", "/sign-out", "/_stcore", "/media")) else path
