"""All routes of the way in: one list for the server."""

from __future__ import annotations

from starlette.routing import BaseRoute

from dashboard.web import account, sign_in, sign_in_oidc

__all__ = ["routes"]

routes: list[BaseRoute] = [*sign_in.routes, *sign_in_oidc.routes, *account.routes]
"""``/sign-in``, ``/sign-out``, ``/account`` and what lies under them."""
