"""How a person wants to be told, and where: ways, addresses, and what is sent in one message."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from geo.errors import WatchError
from geo.model.person import Person

__all__ = ["Addresses", "Notice", "Parcel", "Way", "email_address", "is_public_host", "webhook_address"]

LONGEST_EMAIL, LONGEST_URL = 254, 500
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}"
)
_URL = re.compile(r"https://[!-~]+")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Way(StrEnum):
    """How somebody is told of a kind of news, beside the list in the application."""

    NONE = "none"
    EMAIL = "email"
    WEBHOOK = "webhook"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where messages for a person go, and in which language. Nothing where they named no address."""

    email: str | None
    webhook: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Notice:
    """All that a message says of a case: number of the notification, kind of news, number of the case."""

    id: int
    kind: str
    public_id: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be sent to one person in one message; while it is held nobody else sends it.

    Attributes
    ----------
    way
        `Way.EMAIL`, `Way.WEBHOOK` or `Way.DIGEST`.
    ids
        Numbers of the notifications.
    last_try
        Those that are given up where this fails.
    """

    person: Person
    way: Way
    to: Addresses
    ids: tuple[int, ...]
    last_try: tuple[int, ...]


def email_address(said: str) -> str | None:
    """An e-mail address as it is kept; nothing where nothing is said.

    Raises
    ------
    geo.errors.WatchError
        ``notify.email_form``: it is none. Line breaks and names are not part of one.
    """
    said = said.strip()
    if said and (len(said) > LONGEST_EMAIL or not _EMAIL.fullmatch(said)):
        raise WatchError("notify.email_form")
    return said or None


def webhook_address(said: str, *, private: bool = False) -> str | None:
    """A webhook's address as it is kept: https, with a host of the internet; nothing where nothing is said.

    A name can lead anywhere: where it leads is looked at again whenever something is sent.

    Parameters
    ----------
    private
        Whether hosts of one's own network may be named.

    Raises
    ------
    geo.errors.WatchError
        ``notify.webhook_form``, ``notify.webhook_private``.
    """
    said = said.strip()
    if not said:
        return None
    if len(said) > LONGEST_URL or not _URL.fullmatch(said) or "\\" in said:
        raise WatchError("notify.webhook_form")
    try:
        parts = urlsplit(said)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise WatchError("notify.webhook_form") from error
    if not host or port == 0 or "@" in parts.netloc or parts.fragment:
        raise WatchError("notify.webhook_form")
    try:
        literal = str(ipaddress.ip_address(host))
    except ValueError:
        if host.rstrip(".").rpartition(".")[2] in {"localhost", "local", "internal"} and not private:
            raise WatchError("notify.webhook_private") from None
        return said
    if not is_public_host(literal, private=private):
        raise WatchError("notify.webhook_private")
    return said


def is_public_host(address: str, *, private: bool = False) -> bool:
    """Whether a network address is one of the internet, so that nobody has our server ask what only it can reach.

    Parameters
    ----------
    address
        IPv4 or IPv6.
    private
        Whether those of one's own network and of this machine will do too. What only the machine's host answers
        (link-local: metadata of clouds) never does.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public_host(str(inner), private=private)
    if found.is_multicast or found.is_unspecified or found.is_link_local:
        return False
    return found.is_global or (private and (found.is_private or found.is_loopback))
