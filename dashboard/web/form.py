"""Forms of our own pages: small, and only from our own pages."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from dashboard import store
from dashboard.web.origin import is_secure, own_origins
from dashboard.web.visitors import session_token
from geo.credentials.keys import derived_key
from geo.errors import WatchError

__all__ = ["FormTooLarge", "check_form", "form_cookie", "keep_form_cookie", "make_form_token", "read_form", "signer"]

LARGEST = 16_384
"""Bytes of a whole form."""
HOURS = 12


class FormTooLarge(WatchError):
    """More than a form of ours can be."""


def signer(purpose: str) -> URLSafeTimedSerializer:
    """Signs what the browser carries from one page to the next."""
    return URLSafeTimedSerializer(derived_key(store.signing_key(), "sign-in"), salt=purpose)


async def read_form(request: Request) -> dict[str, str]:
    """Fields of an URL-encoded form.

    Raises
    ------
    geo.errors.WatchError
        ``sign_in.form``: it is none, or too large.
    """
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise FormTooLarge("sign_in.form")
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise WatchError("sign_in.form")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError as error:
        raise WatchError("sign_in.form") from error
    return {name: value.replace("\0", "") for name, value in pairs}


def _cookie_name(request: Request) -> str:
    return "__Host-watch-form" if is_secure(request, store.settings().public_url) else "watch-form"


def form_cookie(request: Request) -> str:
    """The browser's secret that forms are bound to: the one it has, else a new one."""
    kept = request.cookies.get(_cookie_name(request), "")
    return kept if len(kept) == 22 else secrets.token_urlsafe(16)


def keep_form_cookie(request: Request, response: Response, value: str) -> None:
    """Give the browser its secret."""
    if request.cookies.get(_cookie_name(request)) != value:
        secure = is_secure(request, store.settings().public_url)
        response.set_cookie(_cookie_name(request), value, path="/", secure=secure, httponly=True, samesite="lax")


def _bound_to(request: Request, cookie: str) -> str:
    session = session_token(request.cookies) or ""
    return hashlib.sha256(f"{cookie}:{session}".encode()).hexdigest()


def make_form_token(request: Request, cookie: str) -> str:
    """What stands hidden in a form: signed, and bound to this browser and session."""
    return str(signer("form").dumps(_bound_to(request, cookie)))


def check_form(request: Request, fields: Mapping[str, str]) -> None:
    """Take a form only from a page of ours, in the browser and session that it was made for.

    Raises
    ------
    geo.errors.WatchError
        ``sign_in.form``
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "null")
    is_foreign = site not in {None, "same-origin", "none"}
    # Under `Referrer-Policy: no-referrer` browsers send the origin `null` with our own forms too.
    if is_foreign or (origin != "null" and origin not in own_origins(request, store.settings().public_url)):
        raise WatchError("sign_in.form")
    cookie = request.cookies.get(_cookie_name(request), "")
    try:
        said = signer("form").loads(fields.get("form", ""), max_age=HOURS * 3600)
    except BadData as error:
        raise WatchError("sign_in.form") from error
    if not cookie or not hmac.compare_digest(str(said), _bound_to(request, cookie)):
        raise WatchError("sign_in.form")
