"""Reports: the month of a centre, which centres have sent theirs, and the quarter of the national centre."""

from dashboard.navigation import admitted
from dashboard.panels import reports

reports.show(admitted(__file__).person)
