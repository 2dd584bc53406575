"""What an administrator sets: times, kinds of crime, agencies, the border, keys of partners."""

from dashboard.navigation import admitted
from dashboard.panels import admin_settings

admin_settings.show(admitted(__file__).person)
