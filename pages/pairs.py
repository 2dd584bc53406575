"""Paired districts: the border they share, contact points, what was exchanged, and the sheet to hand across."""

from dashboard.navigation import admitted
from dashboard.panels import pairs

pairs.show(admitted(__file__))
