"""Places of which nothing was heard for long: who is to be called, and who was."""

from dashboard.navigation import admitted
from dashboard.panels import silence

silence.show(admitted(__file__))
