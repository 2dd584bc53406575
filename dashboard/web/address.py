"""Where a request comes from: known for a moment, to count by, and kept nowhere."""

from __future__ import annotations

import ipaddress

from starlette.requests import HTTPConnection

from dashboard import store

__all__ = ["place_of"]


def place_of(request: HTTPConnection) -> str:
    """The sender's network address; of IPv6 the half that names a household.

    ``X-Forwarded-For`` is believed only from the proxies that the settings name, and of it only the entry that the
    proxy itself wrote, the last one.
    """
    address = request.client.host if request.client else ""
    if address in store.settings().trusted_proxies:
        address = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip() or address
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
