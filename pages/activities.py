"""Work with people: training, outreach, meetings with agencies and visits across the border."""

from dashboard.navigation import admitted
from dashboard.panels import activities

activities.show(admitted(__file__))
