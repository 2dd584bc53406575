"""Accounts: who may sign in, in which role, for which places."""

from dashboard.navigation import admitted
from dashboard.panels import admin_people

admin_people.show(admitted(__file__).person)
