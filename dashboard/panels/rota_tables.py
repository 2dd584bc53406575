"""A rota as tables: the chances of places by part of the day in shades, and each week with the places by their numbers."""

from __future__ import annotations

import html
from collections import defaultdict
from datetime import date, timedelta

from dashboard.i18n import t
from dashboard.rota_words import weekday_words
from geo.model.rota import NewRota, Rota, RotaShift

__all__ = ["RULES", "chances", "week_table"]

RULES = """
.rota-scroll{overflow-x:auto;scrollbar-width:thin}
.rota-table{border-collapse:collapse;font-size:0.95rem;line-height:1.5;width:100%;font-variant-numeric:tabular-nums}
.rota-table :is(th,td){border:1px solid var(--office-line);padding:0.25rem 0.55rem;text-align:center;white-space:nowrap}
.rota-table th{font-weight:400;color:var(--office-faint);font-size:0.88rem}
.rota-table th[scope=row]{text-align:left;color:inherit;white-space:normal;min-width:9rem}
.rota-week th[scope=row]{min-width:6.5rem;white-space:nowrap}
.rota-week td{font-weight:600}
.rota-week .rota-hand{font-weight:800;background:rgba(213,94,0,0.22)}
.rota-week .rota-today{box-shadow:inset 0 3px 0 var(--office-primary)}
"""
"""Style of both, to be put into the page once."""
DEEPEST = 0.75
"""How far a chance of 1 covers the ground: figures are read on it by day and by night."""


def chances(what: NewRota, lang: str) -> str:
    """Places × parts of the day with the chance in each cell, in shades: for `st.html`."""
    heads = "".join(f'<th scope="col">{html.escape(str(window))}</th>' for window in what.windows)
    rows = "".join(
        f'<tr><td>{number}</td><th scope="row">{html.escape(post.name)}</th>'
        + "".join(f'<td style="background:rgba(0,114,178,{DEEPEST * p:.2f})">{p:.0%}</td>' for p in post.probability)
        + "</tr>"
        for number, post in enumerate(what.posts, 1)
    )
    number, place = (html.escape(t(key, lang)) for key in ("rota.number", "rota.column.place"))
    return (
        f'<div class="rota-scroll"><table class="rota-table rota-chances"><thead><tr><th scope="col">{number}</th>'
        f'<th scope="col">{place}</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def week_table(one: Rota, first: date, last: date, today: date, lang: str) -> str:
    """The shifts of some days: parts of the day × days, places by their numbers with their names beside the pointer."""
    what = one.what
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    here: dict[tuple[date, int], list[RotaShift]] = defaultdict(list)
    for shift in one.shifts:
        here[shift.day, shift.slot].append(shift)
    heads = "".join(f'<th scope="col"{_today(on == today)}>{html.escape(weekday_words(on, lang))}</th>' for on in days)
    rows = "".join(
        f'<tr><th scope="row">{html.escape(str(window))}</th>'
        + "".join(_cell(here[on, slot], what) for on in days)
        + "</tr>"
        for slot, window in enumerate(what.windows)
    )
    return (
        f'<div class="rota-scroll"><table class="rota-table rota-week"><thead><tr><th></th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _today(is_today: bool) -> str:
    return ' class="rota-today"' if is_today else ""


def _cell(shifts: list[RotaShift], what: NewRota) -> str:
    said = " · ".join(f"✎{one.place + 1}" if one.place != one.drawn else str(one.place + 1) for one in shifts)
    named = html.escape(", ".join(what.posts[one.place].name for one in shifts), quote=True)
    changed = ' class="rota-hand"' if any(one.place != one.drawn for one in shifts) else ""
    return f'<td{changed} title="{named}">{said}</td>'
