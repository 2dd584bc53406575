"""``python -m dashboard api-key …``: which partners' systems may hand in reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.console import language, say
from dashboard.i18n import t

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    keys = typer.Typer(no_args_is_help=True, help="Keys by which partners' systems hand in reports at /api/reports.")
    keys.command("add")(add)
    keys.command("list")(list_keys)
    keys.command("revoke")(revoke)
    app.add_typer(keys, name="api-key")


def _store() -> Engine:
    from geo.db.engine import open_store
    from geo.db.migrate import migrate

    engine = open_store()
    migrate(engine)
    return engine


def add(partner: Annotated[str, typer.Argument(metavar="PARTNER", help="Whose system it is.")]) -> None:
    """Make a key and print it once; only a hash of it is kept.

    A partner may have several keys: make the new one, let the partner change over, revoke the old one.
    """
    from dashboard.settings import DashboardSettings
    from geo.actions.api_keys import make_key
    from geo.credentials.keys import derived_key

    secret = derived_key(DashboardSettings().signing_key(), "api-key")
    with _store().begin() as connection:
        made, shown = make_key(connection, secret, partner)
    say("cli.api_key.added", number=made.id, partner=made.partner)
    typer.echo(shown)


def list_keys() -> None:
    """List the keys: number, state, when it was made, when it was last used, partner."""
    from geo.queries.api_keys import api_keys

    with _store().connect() as connection:
        found = api_keys(connection)
    lang = language()
    for key in found:
        state = t("cli.api_key.is_revoked" if key.revoked_at else "cli.api_key.in_force", lang)
        typer.echo("\t".join((str(key.id), state, _said(key.created_at), _said(key.last_used_at), key.partner)))
    say("cli.api_key.sum", n=len(found))


def _said(moment: datetime | None) -> str:
    return moment.isoformat(" ", "minutes") if moment else "-"


def revoke(
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, max=2**31 - 1, help="As `api-key list` shows it.")],
) -> None:
    """Take a key out of force, at once and for good; reports that came in by it stay."""
    from geo.actions.api_keys import revoke_key

    with _store().begin() as connection:
        revoked = revoke_key(connection, number)
    say("cli.api_key.revoked", number=revoked.id, partner=revoked.partner)
