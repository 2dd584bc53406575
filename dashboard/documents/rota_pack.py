"""A rota to take away: as a workbook, as a paper, and as a calendar for the telephones of those who go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO

from icalendar import Calendar, Event

from dashboard.documents.position import grid_words
from dashboard.documents.tables import Cell, Table, write_book
from dashboard.documents.typesetting import pdf, printable
from dashboard.i18n import t
from dashboard.i18n.dates import clock, day, moment
from dashboard.rota_words import judged, score_words, warnings, weekday_words, weeks, when_words, why
from geo.model.rota import Rota, RotaShift

__all__ = ["RotaPack", "rota_book", "rota_calendar", "rota_pdf"]


@dataclass(frozen=True, slots=True)
class RotaPack:
    """A rota, the language it is wanted in, and now.

    Attributes
    ----------
    place
        Position of the one place whose shifts are wanted: who goes there needs no others. All without it.
    """

    rota: Rota
    lang: str
    now: datetime
    place: int | None = None

    @property
    def shifts(self) -> tuple[RotaShift, ...]:
        """Those that are wanted."""
        return tuple(one for one in self.rota.shifts if self.place is None or one.place == self.place)

    def about(self) -> list[tuple[str, str]]:
        """What it is, how it came about, and whom it is for."""
        one, lang = self.rota, self.lang
        rows = [
            ("title", one.what.title),
            ("period", when_words(one, lang)),
            ("state", t(f"rota.state.{one.state}", lang)),
            ("made", t("rota.paper.made_by", lang, name=one.made_by, at=moment(one.made_at, lang))),
        ]
        if self.place is None:  # who goes to one place needs to know nothing of the others
            found = judged(one)
            rows += [
                ("reason", one.what.reason),
                ("drawn", t("rota.paper.drawn_with", lang, seed=one.seed, draws=one.draws)),
                ("score", "\n".join(dict.fromkeys([score_words(found.guess, lang), *warnings(one, found, lang)]))),
            ]
        rows.append(("secret", t("rota.paper.secret_words", lang)))
        return [(t(f"rota.paper.{key}", lang), words) for key, words in rows]


def rota_book(pack: RotaPack) -> bytes:
    """The XLSX: shifts, and places with their probabilities."""
    lang, what = pack.lang, pack.rota.what

    def column(key: str) -> str:
        return t(f"rota.column.{key}", lang)

    def shifts() -> Iterator[list[Cell]]:
        for one in pack.shifts:
            begins, ends = what.windows[one.slot].on(one.day)
            post = what.posts[one.place]
            drawn = what.posts[one.drawn].name if one.drawn != one.place else ""
            yield [
                one.day,
                begins,
                ends,
                one.team,
                post.name,
                grid_words(post.lon, post.lat),
                post.lat,
                post.lon,
                drawn,
                one.reason,
            ]

    def places() -> Iterator[list[Cell]]:
        for number, post in enumerate(what.posts, 1):
            yield [
                number,
                post.name,
                grid_words(post.lon, post.lat),
                *(round(p, 4) for p in post.probability),
                *(round(v, 2) for v in post.value),
            ]

    heads = [
        ("day", 12),
        ("begins", 17),
        ("ends", 17),
        ("team", 8),
        ("place", 34),
        ("mgrs", 22),
        ("lat", 11),
        ("lon", 11),
        ("drawn", 34),
        ("why", 50),
    ]
    tables = [
        Table(
            t("rota.paper.shifts", lang),
            pack.about(),
            t("rota.paper.about", lang),
            [(column(key), width) for key, width in heads],
            shifts(),
        )
    ]
    if pack.place is None:
        windows = [(f"{column('probability')} {window}", 14) for window in what.windows] + [
            (f"{column('value')} {window}", 14) for window in what.windows
        ]
        tables.append(
            Table(
                t("rota.paper.places", lang), pack.about(), t("rota.paper.about", lang),
                [(column("number"), 8), (column("place"), 34), (column("mgrs"), 22), *windows], places(),
            )
        )  # fmt: skip
    out = BytesIO()
    write_book(tables, out)
    return out.getvalue()


def rota_calendar(pack: RotaPack) -> bytes:
    """The iCalendar (RFC 5545): one event for each shift, which a newer one of the same rota replaces."""
    made = Calendar()
    made.add("prodid", "-//NTS-Mekong Watch//rota//TH")
    made.add("version", "2.0")
    made.add("name", pack.rota.what.title)
    for one in pack.shifts:
        begins, ends = pack.rota.what.windows[one.slot].on(one.day)
        post = pack.rota.what.posts[one.place]
        event = Event()
        event.add("uid", f"rota-{pack.rota.id}-{one.day:%Y%m%d}-{one.slot}-{one.team}@nts-mekong-watch")
        event.add("dtstamp", pack.now)
        event.add("sequence", int((one.changed_at or pack.rota.made_at).timestamp()))
        event.add("dtstart", begins)
        event.add("dtend", ends)
        event.add("class", "CONFIDENTIAL")
        event.add("summary", t("rota.paper.event", pack.lang, place=post.name, team=one.team))
        event.add("location", f"{post.name} {grid_words(post.lon, post.lat)}")
        event.add("geo", (post.lat, post.lon))
        made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def rota_pdf(pack: RotaPack) -> bytes:
    """The PDF: what it is and why, the places, and each week as a table.

    Raises
    ------
    geo.errors.WatchError
        As `dashboard.documents.typesetting.pdf`.
    """
    lang, what = pack.lang, pack.rota.what
    by_day: dict[tuple[date, int], list[RotaShift]] = {(one.day, one.slot): [] for one in pack.shifts}
    for one in pack.shifts:
        by_day[one.day, one.slot].append(one)
    told = []
    for first, last in weeks(what):
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        rows = [
            [str(window), *(" · ".join(_cell(one) for one in by_day.get((on, slot), ())) for on in days)]
            for slot, window in enumerate(what.windows)
        ]
        told.append({"days": [weekday_words(on, lang) for on in days], "rows": rows})
    places = [
        {
            "number": str(number),
            "name": printable(post.name),
            "grid": grid_words(post.lon, post.lat),
            "share": [f"{p:.0%}" for p in post.probability],
        }
        for number, post in enumerate(what.posts, 1)
        if pack.place in (None, number - 1)
    ]
    data = {
        "lang": lang,
        "title": printable(what.title),
        "marking": t("rota.paper.secret_short", lang),
        "demo": t("meeting_paper.demo", lang) if pack.rota.is_demo else "",
        "about": [{"label": label, "words": printable(words)} for label, words in pack.about()[1:]],
        "why": [printable(words) for words in why(what, lang)] if pack.place is None else [],
        "windows": [str(window) for window in what.windows],
        "places": places,
        "shares": pack.place is None,
        "weeks": told,
        "changed": [
            {
                "when": f"{day(one.day, lang)} {what.windows[one.slot]}",
                "what": printable(
                    t("rota.paper.moved", lang, was=what.posts[one.drawn].name, now=what.posts[one.place].name)
                ),
                "why": printable(one.reason),
            }
            for one in pack.shifts
            if one.reason
        ],
        "words": {
            key: t(f"rota.paper.{key}", lang) for key in ("places", "weeks_title", "changes", "number", "place", "mgrs")
        },
        "made": t("rota.paper.printed", lang, at=f"{day(pack.now.date(), lang)} {clock(pack.now, lang)}"),
    }
    return pdf("rota", data, {}, pack.now)


def _cell(one: RotaShift) -> str:
    return f"{one.place + 1}*" if one.place != one.drawn else str(one.place + 1)
