"""``python -m dashboard load-boundaries`` and ``border-section``: the ground that everything stands on."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.console import language, say
from dashboard.i18n import t
from dashboard.messages import sentence
from geo.errors import FileRefused, WatchError

if TYPE_CHECKING:
    from geo.ingest.official import OfficialLoad
    from geo.ingest.progress import Step

__all__ = ["register", "tell"]


class Level(StrEnum):
    """What the features of a boundary file are."""

    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    VILLAGE = "village"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("load-boundaries")(load_boundaries)
    app.command("border-section")(border_section)


def tell(step: Step) -> None:
    """Say what a load of boundaries is doing."""
    params = {k: sentence(v, language()) if isinstance(v, WatchError) else v for k, v in step.params.items()}
    say(f"cli.{step.code}", **params)


def load_boundaries(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="GeoPackage, GeoJSON or zipped Shapefile.")],
    level: Annotated[Level, typer.Option(help="What the features of FILE are.")],
    layer: Annotated[
        str | None, typer.Option(help="Layer of a GeoPackage, or Shapefile in the zip, that is meant.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Whose boundaries these are, with the licence; shown on the map.")
    ] = None,
) -> None:
    """Replace boundaries by those of an official FILE, all at once or not at all.

    Features are matched by DOPA code or by name; what is refused goes to FILE's .rejects.csv with the reason.
    """
    from geo.db.engine import open_store
    from geo.db.migrate import migrate
    from geo.ingest.boundaries import load_shipped
    from geo.ingest.official import load_official, read_official
    from geo.settings import StoreSettings

    say("cli.boundaries.file", name=file.name)
    official = read_official(file, level.value, layer)
    settings = StoreSettings()
    engine = open_store(settings)
    migrate(engine)
    load_shipped(engine, settings.var_dir, say=tell)
    rejects = file.with_name(f"{file.name}.rejects.csv")
    written: list[Path] = []

    def write(account: OfficialLoad) -> None:
        if account.refused:
            _write_rejects(rejects, account)
            written.append(rejects)

    try:
        account = load_official(engine, official, source=source, say=tell, before_commit=write)
    except BaseException:
        for path in written:  # the store took nothing: no list may say that it did
            path.unlink(missing_ok=True)
        raise
    finally:
        engine.dispose()
    _summarise(account, written)


def _summarise(account: OfficialLoad, written: list[Path]) -> None:
    say(
        "cli.boundaries.sum",
        layer=account.layer,
        read=account.read,
        replaced=account.replaced,
        joined=account.joined,
        already=account.already,
        refused=len(account.refused),
    )
    if account.repaired:
        say("cli.boundaries.repaired", n=account.repaired)
    if account.sections is not None:
        say("cli.boundaries.followed", sections=account.sections, relocated=account.relocated)
    for path in written:
        say("cli.boundaries.rejects", file=path)


def _write_rejects(path: Path, account: OfficialLoad) -> None:
    """The list of refused features for Excel: with a byte order mark, no cell taken for a formula."""
    sheet = io.StringIO(newline="")
    rows = csv.writer(sheet)
    rows.writerow([t(f"cli.boundaries.reject_{name}", language()) for name in ("number", "label", "reason")])
    for refused in account.refused:
        reason = sentence(refused.reason, language())
        rows.writerow([refused.number, *(_no_formula(cell) for cell in (refused.label, reason))])
    try:
        path.write_bytes(sheet.getvalue().encode("utf-8-sig", "replace"))
    except OSError as wrong:
        raise FileRefused("boundaries.rejects", name=str(path), reason=wrong.strerror or "") from wrong


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def border_section(
    code: Annotated[str, typer.Argument(metavar="CODE", help="District and neighbour, such as 3304-KH.")],
    undetermined: Annotated[
        bool, typer.Option("--undetermined/--agreed", help="Drawn dashed, with no side taken, or as agreed.")
    ],
    note: Annotated[str | None, typer.Option(help="Why; kept with the section.")] = None,
) -> None:
    """Mark a border section as undetermined, or as agreed."""
    from geo.actions.boundaries import mark_section
    from geo.db.engine import open_store
    from geo.db.migrate import migrate

    engine = open_store()
    migrate(engine)
    code = code.strip().upper()
    with engine.begin() as connection:
        mark_section(connection, code, undetermined, note)
    engine.dispose()
    say("cli.boundaries.undetermined" if undetermined else "cli.boundaries.agreed", section=code)
