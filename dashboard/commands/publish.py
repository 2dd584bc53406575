"""``python -m dashboard publish`` and ``translations``: what the public is told, and in which words."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.console import say

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("publish")(publish)
    app.command("translations")(translations)


def publish(
    quarter: Annotated[str, typer.Argument(metavar="YYYY-QN", help="Quarter of the calendar year, such as 2026-Q3.")],
    reason: Annotated[str, typer.Option(help="Why it is made again; needed from the second version on.")] = "",
    prepare_only: Annotated[
        bool, typer.Option("--prepare-only", help="Leave it to the national centre to look at it and publish it.")
    ] = False,
) -> None:
    """Count a quarter, hide small figures and what they could be worked out from, and publish the rest at /public.

    A store without any real incident publishes demonstration data, and the page says so.
    """
    from geo.actions.demo import incident_numbers
    from geo.actions.releases import make_release, publish_release
    from geo.db.engine import open_store
    from geo.db.migrate import migrate
    from geo.model.quarter import Quarter
    from geo.queries.releases import release

    asked = Quarter.read(quarter)
    engine = open_store()
    try:
        migrate(engine)
        with engine.begin() as connection:
            real, invented = incident_numbers(connection)
            number = make_release(connection, asked, None, demo=not real and invented > 0, reason=reason)
            if not prepare_only:
                publish_release(connection, None, number)
            made = release(connection, number)
    finally:
        engine.dispose()
    say(
        "cli.release.made",
        quarter=str(asked),
        version=made.version,
        hidden=made.figures.hidden,
        size=made.figures.size,
    )
    if made.is_demo:
        say("cli.release.demo")
    say("cli.release.kept" if prepare_only else "cli.release.published")


def translations() -> None:
    """Say what is wrong in the file of words in four languages, and how much of it a native speaker has read."""
    from dashboard.i18n.four_languages import FILE, REVIEWED_LANGUAGES, entries, faults

    found = entries()
    wrong = list(faults(found))
    for line, key, what in wrong:
        say(f"cli.translations.fault_{what}", line=line, key=key)
    for lang in REVIEWED_LANGUAGES:
        reviewed = sum(one.states[lang] == "reviewed" for one in found)
        missing = sum(not one.words[lang] for one in found)
        say(
            "cli.translations.left",
            lang=lang,
            reviewed=reviewed,
            draft=len(found) - reviewed - missing,
            missing=missing,
        )
    say("cli.translations.file", file=str(FILE))
    if wrong:
        raise typer.Exit(2)
