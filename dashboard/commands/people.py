"""``python -m dashboard person …`` and ``audit …``: who may come in, and whether the log of all they did is whole."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.console import explain, language, say
from dashboard.i18n import t
from geo.errors import WatchError
from geo.model.person import Role

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from geo.model.person import Person

__all__ = ["register"]

BROKEN = 1
"""Exit code of ``audit verify`` where the chain does not hold."""

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="What the person types to sign in.")]
Districts = Annotated[
    list[str] | None, typer.Option("--district", metavar="CODE", help="District code, four digits; repeatable.")
]
Agency = Annotated[str | None, typer.Option(metavar="CODE", help="Agency of a person with the role agency.")]
Area = Annotated[str | None, typer.Option(metavar="CODE", help="Sub-district of a coordinator, six digits.")]
Village = Annotated[str | None, typer.Option(help="Village of a coordinator.")]
Random = Annotated[bool, typer.Option("--random", help="Make a password and print it once, instead of asking for one.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    person = typer.Typer(no_args_is_help=True, help="Accounts: who may sign in, in which role, for which districts.")
    person.command("add")(add)
    person.command("list")(list_people)
    person.command("change")(change)
    person.command("password")(password)
    person.command("link")(link)
    person.command("off")(off)
    app.add_typer(person, name="person")
    audit = typer.Typer(no_args_is_help=True, help="The log of every change, each entry chained to the one before.")
    audit.command("verify")(verify)
    audit.command("head")(head)
    app.add_typer(audit, name="audit")


def _store() -> Engine:
    from geo.db.engine import open_store
    from geo.db.migrate import migrate

    engine = open_store()
    migrate(engine)
    return engine


def _ask(random: bool) -> str:
    """A password: made, typed twice without echo, or a line of standard input where nobody sits there."""
    if random:
        from geo.credentials.passwords import random_password

        return random_password()
    if sys.stdin.isatty():
        return str(typer.prompt(t("cli.person.ask", language()), hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _tell(secret: str, random: bool) -> None:
    if random:
        say("cli.person.made_password", password=secret)


def add(
    login: Login,
    name: Annotated[str, typer.Option(help="Name that others see.")],
    role: Annotated[Role, typer.Option(help="What the person does.")],
    districts: Districts = None,
    agency: Agency = None,
    area: Area = None,
    village: Village = None,
    random: Random = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="The person comes in by OpenID Connect alone: see `person link`.")
    ] = False,
) -> None:
    """Make an account; the first administrator of real data is made like this.

    The password is asked for without echo, or read from standard input. It is a first one: the person
    chooses another at the first sign-in. Demonstration people can no longer come in once somebody real can.
    """
    from geo.actions.people import create_person

    secret = None if no_password else _ask(random)
    with _store().begin() as connection:
        made = create_person(
            connection, login, name, role, districts=tuple(districts or ()), agency=agency, area_code=area,
            village=village, password=secret,
        )  # fmt: skip
    say("cli.person.added", login=made.login, role=t(f"role.{made.role}", language()))
    if secret is not None:
        _tell(secret, random)


def list_people() -> None:
    """List the accounts: login, role, districts or agency, ways in, name."""
    from geo.queries.people import people

    with _store().connect() as connection:
        found = people(connection)
    lang = language()
    for person in found:
        place = person.agency or " ".join(person.districts) or "-"
        row = (person.login, t(f"role.{person.role}", lang), place, _state(person, lang), person.name)
        typer.echo("\t".join(row))
    say("cli.person.sum", n=len(found))


def _state(person: Person, lang: str) -> str:
    if not person.active:
        return t("cli.person.is_off", lang)
    ways = {
        "demo": person.is_demo,
        "password": person.has_password,
        "totp": person.has_totp,
        "oidc": person.linked,
    }
    return ", ".join(t(f"cli.person.way_{way}", lang) for way, on in ways.items() if on) or t("cli.person.no_way", lang)


def change(
    login: Login,
    role: Annotated[Role | None, typer.Option(help="Another role.")] = None,
    districts: Districts = None,
    agency: Agency = None,
    area: Area = None,
    village: Village = None,
    on: Annotated[bool, typer.Option("--on", help="Let somebody in again who was switched off.")] = False,
) -> None:
    """Change role or places; what is not given stays. It counts at the next step of a page that is open."""
    from geo.actions.people import change_person
    from geo.queries.people import person_by_login

    with _store().begin() as connection:
        old = person_by_login(connection, login)
        new = change_person(
            connection, old.id, role=role, districts=tuple(districts) if districts else None, agency=agency,
            area_code=area, village=village, active=True if on else None,
        )  # fmt: skip
    place = new.agency or " ".join(new.districts) or "-"
    say("cli.person.changed", login=new.login, role=t(f"role.{new.role}", language()), place=place)


def password(login: Login, random: Random = False) -> None:
    """Give a person a first password again; one-time codes are taken away, and they are signed out everywhere."""
    from geo.actions.people import set_password
    from geo.queries.people import person_by_login

    with _store().begin() as connection:
        found = person_by_login(connection, login)
        secret = _ask(random)
        set_password(connection, found.id, secret)
    say("cli.person.password_set", login=found.login)
    _tell(secret, random)


def link(
    login: Login,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="As the refusal at the sign-in said it.")] = "",
    issuer: Annotated[str, typer.Option(metavar="URL", help="Else the one of WATCH_OIDC_ISSUER.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take the link away.")] = False,
) -> None:
    """Let an account of the OpenID Connect provider sign in as this person."""
    from dashboard.settings import DashboardSettings
    from geo.actions.people import link_account
    from geo.queries.people import person_by_login

    issuer = issuer or DashboardSettings().oidc_issuer
    if not remove and not (issuer and subject):
        raise WatchError("people.link_what")
    with _store().begin() as connection:
        found = person_by_login(connection, login)
        link_account(connection, found.id, None if remove else f"{issuer} {subject}")
    say("cli.person.unlinked" if remove else "cli.person.linked", login=found.login)


def off(login: Login) -> None:
    """Switch a person off: signed out everywhere, at once. What they did stays on record."""
    from geo.actions.people import change_person
    from geo.queries.people import person_by_login

    with _store().begin() as connection:
        found = person_by_login(connection, login)
        change_person(connection, found.id, active=False)
    say("cli.person.off", login=found.login)


def verify() -> None:
    """Compute the audit log's chain again; exit code 1 and the first broken entry where it does not hold."""
    from geo.queries.audit import verify as verify_chain

    with _store().connect() as connection:
        chain = verify_chain(connection)
    if chain.broken is not None:
        explain(WatchError("audit.broken", entry=chain.broken, n=chain.entries))
        raise typer.Exit(BROKEN)
    say("cli.audit.whole", n=chain.entries, head=chain.head)


def head() -> None:
    """Print the number of entries and the hash of the last: write it down elsewhere, so that a cut end shows."""
    from geo.queries.audit import head as head_of

    with _store().connect() as connection:
        chain = head_of(connection)
    typer.echo(f"{chain.entries} {chain.head}")
