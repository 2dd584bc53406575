"""Patrols: what is planned and out, where nobody passed for long, and what those who go take along."""

from dashboard.navigation import admitted
from dashboard.panels import patrols

patrols.show(admitted(__file__))
