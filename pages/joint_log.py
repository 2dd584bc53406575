"""The joint log of a district centre: what was said and done with agencies and offices across the border."""

from dashboard.navigation import admitted
from dashboard.panels import joint_log

joint_log.show(admitted(__file__).person)
