"""Referrals: what was sent to an agency, and what came of it."""

from dashboard.navigation import admitted
from dashboard.panels import referrals

referrals.show(admitted(__file__).person)
