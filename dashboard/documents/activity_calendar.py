"""The calendar of activities as iCalendar (RFC 5545), for telephones and mail programs that subscribe to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from dashboard.activity_words import Known, district_words
from dashboard.i18n import name, t
from geo.crs import TIMEZONE
from geo.ingest.text import clean
from geo.model.activity import ActivityState
from geo.queries.activity_calendar import Entry

__all__ = ["FRESH", "activity_feed", "place_line"]

FRESH = timedelta(hours=4)
"""How often a program should ask again."""
STATES = {ActivityState.PLANNED: "TENTATIVE", ActivityState.HELD: "CONFIRMED", ActivityState.CANCELLED: "CANCELLED"}
_ZONE = ZoneInfo(TIMEZONE)


def activity_feed(entries: Iterable[Entry], known: Known) -> bytes:
    """One event for each entry, known again by its number when it is changed: what, when, where, and nothing else of it."""
    lang = known.lang
    made = Calendar()
    made.add("prodid", "-//NTS-Mekong Watch//activities//TH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", t("activities.title", lang))
    made.add("x-wr-calname", t("activities.title", lang))
    made.add("x-wr-timezone", TIMEZONE)
    made.add("refresh-interval", FRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT4H")
    for one in entries:
        event = Event()
        event.add("uid", f"activity-{one.id}@nts-mekong-watch")
        event.add("dtstamp", one.changed_at)
        event.add("last-modified", one.changed_at)
        event.add("sequence", one.revision - 1)
        _when(event, one)
        kind = t(f"activities.kind.{one.kind}", lang)
        event.add("summary", clean(f"{kind}: {one.title}"))
        event.add("location", clean(place_line(one, known)))
        event.add("categories", [kind])
        event.add("status", STATES[one.state])
        event.add("transp", "TRANSPARENT" if one.begins is None else "OPAQUE")
        event.add("class", "PRIVATE")
        made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _when(event: Event, one: Entry) -> None:
    if one.begins is None:  # whole days; the end is the day after the last one
        event.add("dtstart", one.first_day)
        event.add("dtend", one.last_day + timedelta(days=1))
        return
    event.add("dtstart", datetime.combine(one.first_day, one.begins, _ZONE))
    if one.ends is not None:
        event.add("dtend", datetime.combine(one.last_day, one.ends, _ZONE))
    elif one.last_day > one.first_day:
        event.add("dtend", datetime.combine(one.last_day + timedelta(days=1), datetime.min.time(), _ZONE))


def place_line(one: Entry, known: Known) -> str:
    """Where it is, on one line; words of people among it."""
    area = name({"name_th": one.area_th, "name_en": one.area_en}, known.lang)
    partner = one.partner or name({"name_th": one.partner_th, "name_en": one.partner_en}, known.lang)
    parts = (
        one.place or "", one.village or "", t("case.subdistrict", known.lang, name=area) if area else "",
        district_words(one.district, known), t("activities.with_partner", known.lang, partner=partner) if partner else "",
    )  # fmt: skip
    return " · ".join(part for part in parts if part)
