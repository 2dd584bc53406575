"""Hotspots: where incidents lie together, whether that is new, and how far to believe it."""

from dashboard.navigation import admitted
from dashboard.panels import hotspots

hotspots.show(admitted(__file__))
