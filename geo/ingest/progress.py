"""What a long command is doing: a code and its values, said in words by whoever listens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

__all__ = ["Say", "Step"]


class Step:
    """One line of progress. ``code`` is the key of the sentence, ``params`` are its values."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return " ".join([self.code, *(f"{name}={value}" for name, value in self.params.items())])


Say: TypeAlias = Callable[[Step], object]
"""Takes a step; ``print`` will do."""
