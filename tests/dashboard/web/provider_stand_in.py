"""A small OpenID Connect provider: real HTTP, real signatures, and every mistake that a false one could make."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

__all__ = ["CLIENT", "SECRET", "StandIn", "stand_in"]

CLIENT, SECRET = "watch", "a secret & more"


class StandIn:
    """What the provider says next.

    Attributes
    ----------
    subject
        Whom it signs in.
    claims, header
        What is different from an honest ID token.
    sign_with
        Key of the signature; ``None`` for none at all.
    """

    def __init__(self) -> None:
        self.issuer = ""
        self.key = RSAKey.generate_key(2048, parameters={"kid": "one"})
        self.sign_with: RSAKey | OctKey | None = self.key
        self.subject = "7"
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.metadata: dict[str, Any] = {}
        self.given: dict[str, dict[str, str]] = {}
        self.refused: list[str] = []

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent back to: everybody is signed in at once."""
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["scope"] == "openid"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.given[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], 'iss': self.issuer})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The ID token for a code, once, for who has the secret and the verifier."""
        asked = self.given.pop(form.get("code", ""), None)
        basic = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        quoted = "Basic " + base64.b64encode(f"{CLIENT}:a+secret+%26+more".encode()).decode()
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        wrong = (
            "code" if asked is None
            else "client" if authorization not in {basic, quoted}
            else "verifier" if challenge != asked["code_challenge"]
            else "address" if form.get("redirect_uri") != asked["redirect_uri"]
            else ""
        )  # fmt: skip
        if wrong or asked is None:
            self.refused.append(wrong)
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"],
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.sign_with is None:
            head, body = ({"alg": "none"}, claims)
            token = (
                ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in (head, body))
                + "."
            )
        else:
            token = jwt.encode(self.header, claims, self.sign_with, algorithms=[self.header["alg"]])
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": token}

    def known(self) -> dict[str, Any]:
        """The metadata."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        } | self.metadata


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """The provider, on an address of this machine."""
    provider = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, status: int, body: Any, location: str = "") -> None:
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def do_GET(self) -> None:
            path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            if path == "/.well-known/openid-configuration":
                self._answer(200, provider.known())
            elif path == "/keys":
                self._answer(200, {"keys": [provider.key.as_dict(private=False)]})
            else:
                self._answer(302, {}, provider.authorize({name: values[0] for name, values in query.items()}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*provider.token(form, self.headers.get("Authorization", "")))

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
