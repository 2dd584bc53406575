"""A meeting on paper: a cover, every district on a page of its own, the decisions, and how it was computed."""

from __future__ import annotations

from typing import Any

from dashboard.documents.map_legend import legend_sign
from dashboard.documents.meeting_about import about, cover, foot
from dashboard.documents.meeting_decided import decision_lines
from dashboard.documents.meeting_pack import MeetingPack, district_name, where
from dashboard.documents.meeting_pages import overview_rows, page
from dashboard.documents.typesetting import pdf, printable
from dashboard.i18n import t

__all__ = ["map_of", "meeting_data", "meeting_pdf"]

SHAPE, OVERVIEW_SHAPE = (0.6, 0.9), (0.8, 1.4)
"""Lowest and highest height of the maps by their width."""
_LABELS = (
    "kind", "page", "filter", "changed", "types", "weeks", "places", "no_places", "decisions", "no_decisions",
    "no_decisions_at_all", "all_decisions", "districts", "method", "no_types", "owner",
)  # fmt: skip
_COLUMNS = ("rank", "district", "province", "place", "count", "type", "last", "signs", "now", "before", "change")


def meeting_pdf(pack: MeetingPack) -> bytes:
    """The PDF.

    Raises
    ------
    geo.errors.WatchError
        As `dashboard.documents.typesetting.pdf`.
    """
    data, pictures = meeting_data(pack)
    return pdf("meeting", data, pictures, pack.now)


def meeting_data(pack: MeetingPack) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Everything that the template is given: its data, and its pictures by file name."""
    lang = pack.lang
    pictures: dict[str, bytes] = {}
    sheets = []
    for sheet in pack.sheets:
        one = page(pack, sheet, SHAPE)
        one |= {
            "title": district_name(sheet, lang),
            "where": where(sheet, lang),
            "decisions": decision_lines(pack, sheet.district),
            "map": map_of(one["map"], f"map-{sheet.district}.svg", pack, pictures),
        }
        sheets.append(one)
    overview = None
    if pack.overview is not None:
        overview = page(pack, pack.overview, OVERVIEW_SHAPE)
        overview["map"] = map_of(overview["map"], "map.svg", pack, pictures)
    words = {key: t(f"meeting_paper.{key}", lang) for key in _LABELS}
    data = {
        "lang": lang,
        "words": words | {key: t(f"meeting_paper.column.{key}", lang) for key in _COLUMNS},
        "foot": foot(pack),
        "cover": cover(pack),
        "overview": overview,
        "rows": overview_rows(pack),
        "decisions": decision_lines(pack) if pack.overview is not None else [],
        "sheets": sheets,
        "method": _method(pack),
    }
    return data, pictures


def map_of(one: dict[str, Any], file: str, pack: MeetingPack, pictures: dict[str, bytes]) -> dict[str, Any]:
    """A page's map for a template: its drawing and the signs of its legend go to the pictures."""
    pictures[file] = one.pop("svg").encode()
    for row in one["legend"]:
        row["file"] = f"sign-{row['key'].replace(':', '-')}.svg"
        pictures.setdefault(row["file"], legend_sign(row["key"], pack.names.types).encode())
    return one | {"file": file}


def _method(pack: MeetingPack) -> list[dict[str, str]]:
    """What the whole is, and what each figure means."""
    lang = pack.lang
    rows = [*about(pack), (t("meeting_paper.weeks", lang), t("meeting_paper.note.weeks", lang))]
    rows += [
        (t(f"meeting.figure.{one.name}", lang), t(f"meeting_screen.help.{one.name}", lang))
        for one in pack.first.figures
    ]
    said: dict[str, str] = {}
    for label, words in rows:
        said[label] = f"{said[label]}\n{printable(words)}" if label in said else printable(words)
    return [{"label": label, "words": words} for label, words in said.items()]
