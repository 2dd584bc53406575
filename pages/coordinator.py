"""A coordinator's page: what people told in the village, handed in to the district centre."""

from dashboard.navigation import admitted
from dashboard.panels import coordinator

coordinator.show(admitted(__file__).person)
