"""Signing in with an account of an OpenID Connect provider, where the settings name one."""

from __future__ import annotations

import base64
import functools
import hmac
import json
import secrets
from dataclasses import asdict

from anyio import to_thread
from cryptography.fernet import Fernet, InvalidToken
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import store
from dashboard.web.origin import is_safe_way, is_secure, own_path
from dashboard.web.provider import Provider, Trip
from dashboard.web.sign_in import enter, show_sign_in
from dashboard.web.words import language_of
from geo.credentials.keys import derived_key
from geo.db.transaction import transaction
from geo.errors import WatchError
from geo.queries.people import person_by_subject

__all__ = ["routes"]

TRIP_S = 600
"""So long somebody may take at the provider's."""


@functools.cache
def _provider() -> Provider | None:
    settings = store.settings()
    if not settings.oidc_issuer:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    return Provider(settings.oidc_issuer, settings.oidc_client_id, secret, settings.oidc_name)


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key(store.signing_key(), "oidc-trip")))


def _cookie(request: Request) -> str:
    return "__Host-watch-trip" if is_secure(request, store.settings().public_url) else "watch-trip"


def _return_address(request: Request) -> str:
    base = store.settings().public_url or f"{request.url.scheme}://{request.headers.get('host', '')}"
    return f"{base.rstrip('/')}/sign-in/oidc/callback"


async def _leave(request: Request) -> Response:
    """``GET /sign-in/oidc?next=…``: off to the provider."""
    lang, wanted = language_of(request), own_path(request.query_params.get("next"))

    def work() -> Response:
        provider = _provider()
        if provider is None:
            return PlainTextResponse("", 404)
        if not is_safe_way(request, store.settings().public_url):
            return show_sign_in(request, lang, wanted)
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        trip = Trip(state, nonce, verifier, wanted)
        try:
            response = RedirectResponse(
                provider.address(trip, _return_address(request)), 303, {"Cache-Control": "no-store"}
            )
        except WatchError as error:
            return show_sign_in(request, lang, wanted, error)
        sealed = _box().encrypt(json.dumps(asdict(trip)).encode()).decode()
        secure = is_secure(request, store.settings().public_url)
        response.set_cookie(
            _cookie(request), sealed, max_age=TRIP_S, path="/", secure=secure, httponly=True, samesite="lax"
        )
        return response

    return await to_thread.run_sync(work)


async def _return(request: Request) -> Response:
    """``GET /sign-in/oidc/callback?code=…&state=…``: back again."""
    lang = language_of(request)

    def work() -> Response:
        provider = _provider()
        if provider is None:
            return PlainTextResponse("", 404)
        wanted = "/"
        try:
            trip = _trip(request, provider)
            wanted = own_path(trip.wanted)
            subject = provider.subject(trip, _return_address(request), request.query_params.get("code", ""))
            with transaction(store.engine()) as connection:
                found = person_by_subject(connection, f"{provider.issuer} {subject}")
            if found is None:
                raise WatchError("sign_in.oidc_unlinked", provider=provider.label, subject=subject[:255])
            response = enter(request, found, "oidc", wanted)
        except WatchError as error:
            response = show_sign_in(request, lang, wanted, error)
        secure = is_secure(request, store.settings().public_url)
        response.delete_cookie(_cookie(request), path="/", secure=secure, httponly=True, samesite="lax")
        return response

    return await to_thread.run_sync(work)


def _trip(request: Request, provider: Provider) -> Trip:
    """What this browser set out with; an answer to somebody else's question is refused."""
    query = request.query_params
    try:
        sealed = request.cookies.get(_cookie(request), "").encode()
        trip = Trip(**json.loads(_box().decrypt(sealed, ttl=TRIP_S)))
    except (InvalidToken, ValueError, TypeError) as error:
        raise WatchError("sign_in.oidc_failed", provider=provider.label) from error
    is_ours = hmac.compare_digest(query.get("state", "").encode(), trip.state.encode())
    is_theirs = query.get("iss", provider.issuer) == provider.issuer  # RFC 9207
    if not (is_ours and is_theirs and query.get("code")) or "error" in query:
        raise WatchError("sign_in.oidc_failed", provider=provider.label)
    return trip


routes = [
    Route("/sign-in/oidc", _leave, methods=["GET"]),
    Route("/sign-in/oidc/callback", _return, methods=["GET"]),
]
