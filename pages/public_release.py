"""Public statistics: make the figures of a quarter, look at them, publish them."""

from dashboard import session
from dashboard.navigation import admitted
from dashboard.panels import public_release

public_release.show(admitted(__file__), session.language())
