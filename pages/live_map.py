"""The live border map: what is reported, where, and how far checking has got."""

from dashboard.navigation import admitted
from dashboard.panels import live_map

live_map.show(admitted(__file__))
