"""``python -m dashboard notifications …``: whether messages get through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.console import language, say

if TYPE_CHECKING:
    from dashboard.outbox.rounds import Outbox

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    group = typer.Typer(no_args_is_help=True, help="Messages by e-mail and webhook about what happens to cases.")
    group.command("test")(test)
    group.command("send")(send)
    app.add_typer(group, name="notifications")


def _outbox() -> Outbox:
    from dashboard.outbox.rounds import Outbox
    from dashboard.settings import DashboardSettings
    from geo.db.engine import page_engine

    settings = DashboardSettings()
    return Outbox(page_engine(settings), settings)


def test(to: Annotated[str, typer.Option("--to", metavar="ADDRESS", help="Where the trial e-mail goes.")]) -> None:
    """Send a trial e-mail through the mail server of the settings."""
    import secrets

    from geo.errors import WatchError
    from geo.model.notification import email_address

    address = email_address(to)
    if address is None:
        raise WatchError("notify.email_form")
    _outbox().try_mail(address, language(), secrets.token_hex(16))
    say("cli.notifications.tried", to=address)


def send() -> None:
    """Send now what is due; the running application does so by itself."""
    say("cli.notifications.sent", n=_outbox().round())
