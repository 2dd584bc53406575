"""Meetings: prepare one, run it on a projector, keep what was decided, and see what came of it."""

from dashboard.navigation import admitted
from dashboard.panels import meeting

meeting.show(admitted(__file__).person)
