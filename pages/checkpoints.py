"""Checkpoints: where they stand, where the next ones should, and the plans."""

from dashboard.navigation import admitted
from dashboard.panels import checkpoints

checkpoints.show(admitted(__file__))
