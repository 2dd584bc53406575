"""A meeting as slides that can be changed: text as text, tables as tables, the map as a picture of the same drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from PIL import Image

from dashboard.documents.meeting_about import cover, foot
from dashboard.documents.meeting_decided import decision_lines
from dashboard.documents.meeting_pack import MeetingPack, district_name, where
from dashboard.documents.meeting_pages import overview_rows, page
from dashboard.documents.meeting_pdf import map_of
from dashboard.documents.slide_parts import FAINT, INK, Box, Column, Deck, Words
from dashboard.documents.typesetting import pngs
from dashboard.i18n import t
from geo.model.meeting_sheet import MeetingSheet

__all__ = ["meeting_slides"]

SHAPE, OVERVIEW_SHAPE = (0.5, 0.7), (0.6, 0.95)
DOTS = 160.0
"""Per inch of a picture that is as wide as its place on the slide."""
COLOURS = 128
"""Of a picture: what is drawn has few, and so it stays small."""
DISTRICTS, DECISIONS = 15, 6
"""Rows of one slide."""
MOST_FOUND, MOST_TOP, MOST_OPEN = 4, 5, 2
"""Lines for which there is room at a size that is read from the back of a room."""
LONG = 40
"""Letters of a title that is set smaller."""
_MAP, _SIDE = Box(0.4, 2.02, 6.3, 5.0), Box(6.95, 1.98, 6.0, 5.05)


def meeting_slides(pack: MeetingPack) -> bytes:
    """The PPTX.

    Raises
    ------
    geo.errors.WatchError
        As `dashboard.documents.typesetting.pngs`.
    """
    sheets = [page(pack, sheet, SHAPE) for sheet in pack.sheets]
    overview = None if pack.overview is None else page(pack, pack.overview, OVERVIEW_SHAPE)
    pictures = iter(_pictures(pack, [one["map"] for one in (overview, *sheets) if one is not None]))
    deck = Deck(pack.lang, cover(pack)["title"])
    if overview is not None:
        _first(deck, pack, overview, next(pictures))
        _glance(deck, pack, [one["title"] for one in overview["figures"]])
    for sheet, one in zip(pack.sheets, sheets, strict=True):
        _district(deck, pack, sheet, one, next(pictures))
    every = decision_lines(pack)
    if overview is not None or len(every) > MOST_OPEN:
        _decided(deck, pack, every)
    return deck.saved()


def _pictures(pack: MeetingPack, maps: Sequence[dict[str, Any]]) -> list[tuple[bytes, float]]:
    """The maps with their legends, and the height of each by its width."""
    files: dict[str, bytes] = {}
    drawn = [map_of(one, f"map-{number}.svg", pack, files) for number, one in enumerate(maps)]
    made = []
    for content in pngs("meeting_maps", {"lang": pack.lang, "maps": drawn}, files, DOTS):
        picture = Image.open(BytesIO(content)).convert("RGB")
        out = BytesIO()
        picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "PNG")
        made.append((out.getvalue(), picture.height / picture.width))
    return made


# ---------------------------------------------------------------- what stands on every slide


def _frame(deck: Deck, pack: MeetingPack, title: str, beside: str, right: Sequence[str]) -> Any:
    """A slide with its title, two lines at its right, and its foot."""
    slide, under = deck.slide(), foot(pack)
    deck.title(
        slide,
        Box(0.32, 0.12, 8.9, 0.78),
        [[Words(title, 28 if len(title) < LONG else 20, True), Words(f"  {beside}", 14, colour=FAINT)]],
    )
    lines = [[Words(line, 14 if at == 0 else 11, at == 0, INK if at == 0 else FAINT)] for at, line in enumerate(right)]
    deck.text(slide, Box(9.1, 0.12, 3.9, 0.78), lines, right=True, middle=True)
    said = " · ".join(one for one in (under["demo"], under["filter"], under["as_of"], under["reports"]) if one)
    deck.text(slide, Box(0.32, 7.08, 12.7, 0.32), [[Words(said, 9, colour=FAINT)]], middle=True)
    return slide


def _figures(deck: Deck, slide: Any, figures: Sequence[Mapping[str, str]]) -> None:
    wide, gap = 2.42, 0.1
    for number, one in enumerate(figures):
        lines = [[Words(one["title"], 11, colour=FAINT)], [Words(one["value"], 22, True)], [Words(one["under"], 10)]]
        box = Box(0.4 + number * (wide + gap), 0.92, wide, 1.02)
        deck.text(slide, box, lines, plate=True, shrinks=True)


def _changed(deck: Deck, pack: MeetingPack, slide: Any, said: Sequence[str], high: float) -> None:
    lines = [[Words(t("meeting_paper.changed", pack.lang), 15, True)]]
    lines += [[Words(f"• {line}", 13)] for line in said[:MOST_FOUND]]
    deck.text(slide, Box(_SIDE.left, _SIDE.top, _SIDE.wide, high), lines, shrinks=True)


def _table(
    deck: Deck, pack: MeetingPack, slide: Any, left: float, top: float, columns: Mapping[str, float],
    rows: Sequence[Sequence[str]], points: float,
) -> None:  # fmt: skip
    """A table; columns by the key of their head with their width in inches, counts to the right."""
    heads = [
        Column(t(f"meeting_paper.column.{key}", pack.lang), wide, key in {"count", "now", "before", "change"})
        for key, wide in columns.items()
    ]
    deck.table(slide, left, top, heads, rows, points, points * 0.025)


def _notes(pack: MeetingPack, one: Mapping[str, Any]) -> list[str]:
    """What whoever presents a slide can say of it when asked."""
    under, lang = foot(pack), pack.lang
    said = [
        f"{t('meeting_paper.filter', lang)}: {under['filter']}", under["as_of"], one["few"],
        f"{t('meeting_paper.method', lang)}: {one['method']}", cover(pack)["small"], under["reports"], under["credit"],
    ]  # fmt: skip
    return [line for line in said if line]


# ---------------------------------------------------------------- slides


def _first(deck: Deck, pack: MeetingPack, one: Mapping[str, Any], picture: tuple[bytes, float]) -> None:
    told = cover(pack)
    slide = _frame(deck, pack, told["title"], "", [told["held"], told["before"], told["came"]])
    _figures(deck, slide, one["figures"])
    deck.picture(slide, _MAP, *picture, t("meeting_paper.overview", pack.lang))
    _changed(deck, pack, slide, one["changed"], 1.7)
    rows = [[row["name"], row["now"], row["before"], row["change"]] for row in one["types"]]
    if rows:
        columns = {"kind": 3.2, "now": 0.9, "before": 0.95, "change": 0.95}
        _table(deck, pack, slide, _SIDE.left, 3.8, columns, rows, 12)
    deck.notes(slide, _notes(pack, one))


def _glance(deck: Deck, pack: MeetingPack, figures: Sequence[str]) -> None:
    """Districts at a glance, with their five figures."""
    rows = overview_rows(pack)
    told = cover(pack)
    for start in range(0, len(rows), DISTRICTS):
        slide = _frame(deck, pack, t("meeting_paper.districts", pack.lang), "", [told["period"], told["before"]])
        heads = [
            Column(t("meeting_paper.column.district", pack.lang), 3.0),
            Column(t("meeting_paper.column.province", pack.lang), 2.0),
            *(Column(title, 1.5, True) for title in figures),
        ]
        some = [[row["district"], row["province"], *row["figures"]] for row in rows[start : start + DISTRICTS]]
        deck.table(slide, 0.4, 1.0, heads, some, 13, 0.37)


def _district(
    deck: Deck, pack: MeetingPack, sheet: MeetingSheet, one: Mapping[str, Any], picture: tuple[bytes, float]
) -> None:
    told, lang = cover(pack), pack.lang
    title = district_name(sheet, lang)
    slide = _frame(deck, pack, title, where(sheet, lang), [told["period"], told["before"]])
    _figures(deck, slide, one["figures"])
    deck.picture(slide, _MAP, *picture, title)
    _changed(deck, pack, slide, one["changed"], 1.42)
    rows = [[row["rank"], row["place"], row["count"], row["type"]] for row in one["places"][:MOST_TOP]]
    if rows:
        columns = {"rank": 0.45, "place": 2.35, "count": 0.8, "type": 2.4}
        _table(deck, pack, slide, _SIDE.left, 3.42, columns, rows, 10.5)
    else:
        none = [[Words(t("meeting_paper.no_places", lang), 12, colour=FAINT)]]
        deck.text(slide, Box(_SIDE.left, 3.42, _SIDE.wide, 0.4), none)
    _open(deck, pack, slide, decision_lines(pack, sheet.district))
    deck.notes(slide, _notes(pack, one))


def _open(deck: Deck, pack: MeetingPack, slide: Any, lines: Sequence[Mapping[str, Any]]) -> None:
    """The first decisions of a district; all stand on slides of their own."""
    said = [[Words(t("meeting_paper.decisions", pack.lang), 15, True)]]
    for line in lines[:MOST_OPEN]:
        said += [[Words(line["words"], 13)], [Words(_under(line), 10.5, line["late"], FAINT)]]
    if not lines:
        said.append([Words(t("meeting_paper.no_decisions", pack.lang), 12, colour=FAINT)])
    if len(lines) > MOST_OPEN:
        said.append([Words(t("meeting_paper.more", pack.lang, n=len(lines) - MOST_OPEN), 9.5, colour=FAINT)])
    deck.text(slide, Box(_SIDE.left, 5.66, _SIDE.wide, 1.4), said, shrinks=True)


def _under(line: Mapping[str, Any]) -> str:
    return " · ".join(
        one for one in (line["owner"], line["due"], line["ended"], line["since"], line["place"], line["so_far"]) if one
    )


def _decided(deck: Deck, pack: MeetingPack, lines: Sequence[Mapping[str, Any]]) -> None:
    """All decisions, in tables."""
    told, lang = cover(pack), pack.lang
    title = t("meeting_paper.all_decisions", lang)
    for start in range(0, max(len(lines), 1), DECISIONS):
        slide = _frame(deck, pack, title, "", [told["held"], foot(pack)["as_of"]])
        rows = [
            [
                line["district"],
                line["words"],
                line["owner"],
                line["ended"] or line["due"],
                " · ".join(one for one in (line["since"], line["so_far"]) if one),
            ]
            for line in lines[start : start + DECISIONS]
        ]
        if rows:
            columns = {"district": 1.8, "words": 5.2, "owner": 2.0, "due": 1.7, "since": 1.8}
            _table(deck, pack, slide, 0.4, 1.0, columns, rows, 12)
        else:
            none = [[Words(t("meeting_paper.no_decisions_at_all", lang), 14, colour=FAINT)]]
            deck.text(slide, Box(0.4, 1.0, 12.5, 0.5), none)
