"""``python -m dashboard …``: every module in ``dashboard/commands`` adds its own by ``register(app)``."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import typer
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, OperationalError
from typer.core import TyperGroup

from dashboard import commands, console
from geo.errors import DatabaseUnavailable, WatchError

__all__ = ["app"]

FAILED = 2
"""Exit code of everything that a person can put right."""


class ErrorBoundary(TyperGroup):
    """The one place where an expected failure becomes a line of words and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what is meant for people is said, everything else stays a traceback."""
        try:
            return super().invoke(ctx)
        except WatchError as error:
            console.explain(error)
        except OperationalError as error:
            reason = str(error.orig).strip().splitlines() or ["-"]
            console.explain(DatabaseUnavailable("cluster.no_answer", reason=reason[0]))
        except ArgumentError:
            console.explain(DatabaseUnavailable("cluster.bad_url"))
        except ValidationError as error:
            if not error.title.endswith("Settings"):
                raise
            console.explain(error)
        raise typer.Exit(FAILED)


app = typer.Typer(
    cls=ErrorBoundary,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="NTS-Mekong Watch: the live map of what is reported along the Thai-Lao and Thai-Cambodian borders.",
)

for _module in pkgutil.iter_modules(commands.__path__):
    importlib.import_module(f"{commands.__name__}.{_module.name}").register(app)
