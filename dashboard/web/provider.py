"""An OpenID Connect provider (Core 1.0, code flow with PKCE): where it sends people, and whom it says they are."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from geo.errors import WatchError

__all__ = ["Provider", "Trip"]

log = logging.getLogger("watch.provider")

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures that are taken; what is signed with a shared secret or not at all is refused."""
WAIT_S = 8
KEPT_S = 3600.0
LEEWAY_S = 60


@dataclass(frozen=True, slots=True)
class Trip:
    """What the browser must bring back from the provider for the answer to be believed."""

    state: str
    nonce: str
    verifier: str
    wanted: str


class Provider:
    """One provider, known by its issuer.

    Parameters
    ----------
    issuer
        Address of the provider; its metadata must name the same.
    client_id, client_secret
        What it gave this installation; a client without a secret relies on PKCE.
    label
        Its name for people.
    """

    def __init__(self, issuer: str, client_id: str, client_secret: str, label: str) -> None:
        self.issuer, self.label = issuer, label
        self._id, self._secret = client_id, client_secret
        self._lock = threading.Lock()
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._read_at = float("-inf")

    def address(self, trip: Trip, redirect_uri: str) -> str:
        """Where to send the browser.

        Raises
        ------
        geo.errors.WatchError
            ``sign_in.oidc_silent``, ``sign_in.oidc_failed``
        """
        metadata, _ = self._known()
        with self._session(redirect_uri) as session:
            url, _ = session.create_authorization_url(
                metadata["authorization_endpoint"], state=trip.state, nonce=trip.nonce, code_verifier=trip.verifier
            )
        return str(url)

    def subject(self, trip: Trip, redirect_uri: str, code: str) -> str:
        """Whom the provider signed in: its own unchanging name of them, after every check of the token.

        Raises
        ------
        geo.errors.WatchError
            ``sign_in.oidc_silent``, ``sign_in.oidc_failed``
        """
        metadata, keys = self._known()
        try:
            with self._session(redirect_uri) as session:
                answer = session.fetch_token(
                    metadata["token_endpoint"], code=code, code_verifier=trip.verifier, timeout=WAIT_S,
                    allow_redirects=False,
                )  # fmt: skip
            claims = self._claims(answer, keys, trip.nonce)
        except (requests.ConnectionError, requests.Timeout) as error:
            raise self._silent(error) from error
        except (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise self._failed(error) from error
        return str(claims["sub"])

    def _claims(self, answer: dict[str, Any], keys: KeySet, nonce: str) -> CodeIDToken:
        try:
            token = jwt.decode(answer["id_token"], keys, algorithms=list(ALGORITHMS))
        except InvalidKeyIdError:  # signed with a key that it did not have when we asked
            with self._lock:
                self._read_at = float("-inf")
            token = jwt.decode(answer["id_token"], self._known()[1], algorithms=list(ALGORITHMS))
        options = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self._id},
            "nonce": {"essential": True, "value": nonce},
        }
        params = {"nonce": nonce, "client_id": self._id, "access_token": answer.get("access_token")}
        claims = CodeIDToken(token.claims, token.header, options, params)
        claims.validate(leeway=LEEWAY_S)
        if not claims["sub"] or not isinstance(claims["sub"], str):
            raise ValueError("a subject that is none")
        return claims

    def _session(self, redirect_uri: str) -> OAuth2Session:
        methods = self._metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        way = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        return OAuth2Session(
            self._id, self._secret or None, token_endpoint_auth_method=way if self._secret else "none",
            scope="openid", redirect_uri=redirect_uri, code_challenge_method="S256",
        )  # fmt: skip

    def _known(self) -> tuple[dict[str, Any], KeySet]:
        """Metadata and keys, asked for once an hour."""
        with self._lock:
            if self._keys is None or time.monotonic() - self._read_at > KEPT_S:
                try:
                    metadata = self._read(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                    if metadata.get("issuer") != self.issuer:
                        raise ValueError("the metadata are another issuer's")
                    self._keys = KeySet.import_key_set(self._read(metadata["jwks_uri"]))
                except (requests.ConnectionError, requests.Timeout) as error:
                    raise self._silent(error) from error
                except (requests.RequestException, JoseError, ValueError, KeyError, TypeError) as error:
                    raise self._failed(error) from error
                self._metadata, self._read_at = metadata, time.monotonic()
            return self._metadata, self._keys

    @staticmethod
    def _read(url: str) -> Any:
        answer = requests.get(url, timeout=WAIT_S, allow_redirects=False)
        answer.raise_for_status()
        return answer.json()

    def _silent(self, error: Exception) -> WatchError:
        log.warning("the provider does not answer: %s", type(error).__name__)
        return WatchError("sign_in.oidc_silent", provider=self.label)

    def _failed(self, error: Exception) -> WatchError:
        log.warning("the provider's answer was refused: %s: %s", type(error).__name__, str(error)[:200])
        return WatchError("sign_in.oidc_failed", provider=self.label)
