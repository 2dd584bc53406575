"""The live border map: what is reported, where, and how far checking has got."""

from dashboard.access import everyone
from dashboard.panels import live_map

live_map.show(everyone())
