"""``python -m dashboard export`` and ``import``: everything leaves in forms that outlive this program, and comes back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.console import language, say
from dashboard.i18n import LANGUAGES, t
from geo.errors import WatchError
from geo.settings import StoreSettings

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["register"]

README = ("title", "csv", "gpkg", "files", "dictionary", "manifest", "back", "secrets", "care")
"""Its lines, in order."""


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("export")(take_everything)
    app.command("import")(bring_everything)


def take_everything(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new ZIP archive.")],
    with_reporters: Annotated[
        bool, typer.Option("--with-reporters", help="With the contacts of reporters, in clear; asks for a password.")
    ] = False,
    administrator: Annotated[
        str | None, typer.Option("--as", metavar="LOGIN", help="The administrator who asks for reporters' contacts.")
    ] = None,
) -> None:
    """Export everything to FILE: CSV, GeoPackage, photos and a data dictionary; reporters' contacts stay unless asked for."""
    from dashboard import contact, store
    from dashboard.dictionary import described
    from geo.actions.audit import act_as, audit
    from geo.db.engine import database_url, open_store
    from geo.db.take_out import take_out

    if with_reporters != (administrator is not None):
        raise WatchError("everything.who_asks")
    engine = open_store()
    person = None if administrator is None else _administrator(engine, administrator)
    key = store.signing_key()
    with engine.begin() as connection:  # before it leaves: whoever cannot be written down takes nothing
        act_as(connection, person)
        audit(connection, "store.take_out", "store", with_reporters=with_reporters)
    say("cli.everything.taking", file=file)
    taken = take_out(
        database_url(StoreSettings()),
        file,
        described=described,
        languages=LANGUAGES,
        readme="\n\n".join(_readme(lang) for lang in LANGUAGES) + "\n",
        opened=(lambda sealed: contact.unseal(key, sealed)) if with_reporters else None,
    )
    rows, megabytes = sum(taken.rows.values()), taken.size / 1024**2
    say("cli.everything.taken", file=file, tables=len(taken.rows), rows=rows, megabytes=megabytes)
    say("cli.everything.with_reporters" if with_reporters else "cli.everything.without_reporters")


def bring_everything(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Archive made by export.")],
) -> None:
    """Import an archive of export into an empty installation, all of it or nothing. Accounts come without passwords."""
    from dashboard import contact, store
    from geo.db.bring_in import bring_in
    from geo.db.engine import database_url, open_store
    from geo.db.migrate import migrate

    migrate(open_store())
    key = store.signing_key()
    say("cli.everything.bringing", file=file)
    brought = bring_in(database_url(StoreSettings()), file, lambda words: contact.seal(key, words))
    say("cli.everything.brought", file=file, tables=len(brought.rows), rows=sum(brought.rows.values()))
    say("cli.everything.passwords")


def _readme(lang: str) -> str:
    """What the archive says of itself."""
    return "\n".join(t(f"everything.readme.{part}", lang) for part in README)


def _administrator(engine: Engine, login: str) -> int:
    """Number of the administrator at the keyboard, proven by password, and by code where the account has one."""
    from dashboard.web.sign_in import keys
    from geo.actions.sign_in import prove_code, prove_password
    from geo.model.person import Role

    person = prove_password(engine, keys(), login, _ask("cli.everything.password", hidden=True))
    if person.has_totp:
        person = prove_code(engine, keys(), person.id, _ask("cli.everything.code", hidden=False))
    if person.role != Role.ADMINISTRATOR:
        raise WatchError("everything.not_administrator", login=login)
    return person.id


def _ask(key: str, *, hidden: bool) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(t(key, language()), hide_input=hidden))
    return sys.stdin.readline().rstrip("\r\n")
