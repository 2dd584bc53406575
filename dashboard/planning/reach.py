"""How far a checkpoint reaches."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Reach"]


@dataclass(frozen=True, slots=True)
class Reach:
    metres: float = 10_000.0
