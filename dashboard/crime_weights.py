"""What an incident of a type counts, as somebody says it at the keyboard: ``trafficking_in_persons=5,contraband=1``."""

from __future__ import annotations

import math
from typing import Any

import typer

__all__ = ["instead", "weights"]


def weights(said: str) -> dict[str, float]:
    """Weight by code of what was said.

    Raises
    ------
    typer.BadParameter
        A part is no code and number of 0 or more.
    """
    found: dict[str, float] = {}
    for part in filter(None, (one.strip() for one in said.split(","))):
        code, _, number = part.partition("=")
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not code.strip() or not (math.isfinite(value) and value >= 0):
            raise typer.BadParameter(part, param_hint="--crime-weights")
        found[code.strip()] = value
    return found


def instead(connection: Any, said: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """The weights that the page begins with, with what was said in their place.

    Raises
    ------
    AnalysisRefused
        ``siting.no_such_type``.
    """
    from geo.errors import AnalysisRefused
    from geo.model.plan import USUAL_WEIGHTS
    from geo.queries.places import crime_types

    known = crime_types(connection)
    for code in said:
        if code not in known:
            raise AnalysisRefused("siting.no_such_type", crime_type=code, known=", ".join(known))
    return tuple((dict(USUAL_WEIGHTS) | said).items())
