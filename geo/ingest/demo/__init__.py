"""Demonstration data on the real border: `fill` draws it and writes it."""

from geo.ingest.demo.fill import fill

__all__ = ["fill"]
