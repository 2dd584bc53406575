"""An incident filter as the query part of a tile's address, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from dashboard.filter_state import EARLIEST, LATEST
from geo.model import IncidentFilter

__all__ = ["decode", "encode"]

_LISTS = {"type": "crime_types", "district": "districts", "status": "statuses", "channel": "channels"}

_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def encode(chosen: IncidentFilter) -> str:
    """Canonical text: equal filters give equal addresses, so that every cache on the way can share a tile."""
    pairs = [("from", chosen.first.isoformat()), ("to", chosen.last.isoformat())]
    pairs += [(name, ".".join(sorted(values))) for name, field in _LISTS.items() if (values := getattr(chosen, field))]
    return urlencode(pairs)


def decode(query: Mapping[str, str]) -> IncidentFilter:
    """The filter of an address.

    Raises
    ------
    ValueError
        A day is missing, is not one or is out of all reason, or a code is unknown or cannot be one.
    """
    lists = {field: tuple(filter(None, query.get(name, "").split("."))) for name, field in _LISTS.items()}
    if any(_CODE.fullmatch(code) is None for codes in lists.values() for code in codes):
        raise ValueError("not a code")
    first, last = (date.fromisoformat(query.get(name, "")) for name in ("from", "to"))
    if first < EARLIEST or last > LATEST:
        raise ValueError(f"no incident is kept before {EARLIEST} or after {LATEST}")
    return IncidentFilter(first=first, last=last, **lists)
