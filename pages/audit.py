"""The audit log, read and verified."""

from dashboard.navigation import admitted
from dashboard.panels import admin_audit

admin_audit.show(admitted(__file__).person)
