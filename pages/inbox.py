"""The district centre's inbox: cases in the order in which they need a person."""

from dashboard.navigation import admitted
from dashboard.panels import inbox

inbox.show(admitted(__file__).person)
