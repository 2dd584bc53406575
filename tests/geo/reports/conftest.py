"""The districts and people of the meetings' tests."""

from __future__ import annotations

from tests.geo.meetings.conftest import hall

__all__ = ["hall"]
