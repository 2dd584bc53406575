"""The mail server as a setting names it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

__all__ = ["MailServer", "mail_server"]

PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in.

    Attributes
    ----------
    safety
        ``starttls`` and ``smtps`` encrypt and check the server's certificate; ``smtp`` does neither.
    password
        Never shown.
    """

    safety: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)


def mail_server(url: str) -> MailServer:
    """Read ``starttls://user:password@host:587``.

    Raises
    ------
    ValueError
        In words that hold nothing of the address, for it may hold a password.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in PORTS or not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("starttls://user:password@host:587, smtps://user:password@host:465 or smtp://host:25")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if user and parts.scheme == "smtp" and not _is_here(host):
        raise ValueError("a password needs starttls:// or smtps://: smtp:// would send it unencrypted")
    if not (user + password).isprintable():
        raise ValueError("the user name or password holds characters that cannot be typed")
    return MailServer(parts.scheme, host, port or PORTS[parts.scheme], user, password)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
