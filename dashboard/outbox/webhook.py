"""Hands messages to people's webhooks: over https, to the internet alone, following nobody elsewhere.

Whoever names a webhook has our server ask something. So the address is resolved here, refused where it leads into the own
network, and the connection goes to the very address that was looked at. One answer line is read, and nothing more.
"""

from __future__ import annotations

import asyncio
import hmac
import socket
import ssl
import time
from hashlib import sha256
from urllib.parse import SplitResult, urlsplit

from dashboard.outbox.faults import NotSent
from dashboard.outbox.letter import Letter
from geo.model.notification import is_public_host

__all__ = ["post", "signature", "webhook_key"]

TIMEOUT_S = 15.0
"""For everything together."""
TEMPORARY = frozenset({408, 425, 429})
LONGEST_LINE = 1000


def webhook_key(installation: bytes, person: int) -> str:
    """What a person's receiver checks signatures with. Each person has another one."""
    return hmac.digest(installation, f"webhook:{person}".encode(), sha256).hex()


def signature(key: str, moment: str, body: bytes) -> str:
    """``sha256=…`` of the time and the body, as it stands in ``X-Watch-Signature``."""
    return "sha256=" + hmac.digest(key.encode(), moment.encode() + b"." + body, sha256).hex()


def post(url: str, said: Letter, key: str, *, private: bool = False, context: ssl.SSLContext | None = None) -> None:
    """Send a message.

    Parameters
    ----------
    url
        As `geo.model.notification.webhook_address` keeps it.
    private
        Whether it may lead into one's own network.
    context
        What certificates are believed; those of this machine unless said otherwise.

    Raises
    ------
    NotSent
        ``notify.webhook_private``, ``notify.webhook_down``, ``notify.webhook_refused``.
    """
    try:
        asyncio.run(_deliver(urlsplit(url), said, key, private, context or ssl.create_default_context()))
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
        raise NotSent("notify.webhook_down", reason=type(error).__name__) from None


async def _deliver(parts: SplitResult, said: Letter, key: str, private: bool, context: ssl.SSLContext) -> None:
    host, port = parts.hostname or "", parts.port or 443
    async with asyncio.timeout(TIMEOUT_S):
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(row[4][0]) for row in found]
        if not addresses or not all(is_public_host(address, private=private) for address in addresses):
            raise NotSent("notify.webhook_private", again=False)
        reader, writer = await _connect(addresses, port, host, context)
        try:
            writer.write(_request(parts, said, key))
            await writer.drain()
            line = await reader.readuntil(b"\n")
        finally:
            writer.transport.abort()
    _judge(line)


async def _connect(
    addresses: list[str], port: int, host: str, context: ssl.SSLContext
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """To the first of the addresses that answers; its certificate has to be the host's."""
    problem: OSError = OSError("no address")
    for address in dict.fromkeys(addresses):
        try:
            return await asyncio.open_connection(address, port, ssl=context, server_hostname=host, limit=LONGEST_LINE)
        except OSError as error:
            problem = error
    raise problem


def _request(parts: SplitResult, said: Letter, key: str) -> bytes:
    moment = str(int(time.time()))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = (
        f"POST {path} HTTP/1.1",
        f"Host: {parts.netloc}",
        "User-Agent: NTS-Mekong-Watch",
        "Content-Type: application/json; charset=utf-8",
        f"Content-Length: {len(said.data)}",
        f"X-Watch-Id: {said.key}",
        f"X-Watch-Timestamp: {moment}",
        f"X-Watch-Signature: {signature(key, moment, said.data)}",
        "Connection: close",
    )
    return "\r\n".join((*head, "", "")).encode("ascii") + said.data


def _judge(line: bytes) -> None:
    """What the receiver made of it. A redirection is not followed: it would lead where nobody looked."""
    words = line.decode("latin-1").split()
    if len(words) < 2 or not words[0].startswith("HTTP/1.") or not (words[1].isdigit() and len(words[1]) == 3):
        raise NotSent("notify.webhook_down", reason="not HTTP")
    status = int(words[1])
    if not 200 <= status < 300:
        again = status >= 500 or status in TEMPORARY
        raise NotSent("notify.webhook_refused", again=again, answer=status)
