"""A centre's report of a month for a word processor, to be worked on further."""

from __future__ import annotations

from dashboard.documents.month_pack import MonthPack
from dashboard.documents.month_pdf import paper
from dashboard.documents.typesetting import pngs
from dashboard.documents.word_paper import WordPaper

__all__ = ["month_word"]

MAP_CM, MAP_DPI = 12, 180


def month_word(pack: MonthPack) -> bytes:
    """The DOCX, with the same words and numbers as the PDF."""
    data, pictures = paper(pack)
    words = data["words"]
    made = WordPaper(pack.lang, data["title"], pack.now)
    made.title(
        data["title"],
        data["centre"],
        *(one for one in (data["state"], data["as_of"], data["version"], data["demo"]) if one),
    )
    first, *more = data["narrative"]
    made.heading(first["title"])
    made.text(first["words"] or words["nothing_written"], faint=not first["words"])
    heads = [words["figure"], words["this"], words["before"], words["change"]]
    for section in data["sections"]:
        made.heading(section["title"])
        if not section["lines"]:
            made.text(words["none_there"], faint=True)
            continue
        rows = [
            [one["label"], f"{one['value']}{'*' if one['corrected'] else ''}", one["before"], one["change"]]
            for one in section["lines"]
        ]
        made.table(heads, rows, (9.6, 2.4, 2.4, 2.2))
        if section["group"] == "totals":
            made.text(words["map"], bold=True)
            picture = pngs("meeting_maps", {"lang": pack.lang, "maps": [data["sheet"]["map"]]}, pictures, MAP_DPI)
            made.picture(picture[0], MAP_CM)
    made.heading(words["decisions"])
    for one in data["decisions"]:
        made.text(one["words"])
        made.text(one["more"], faint=True)
    if not data["decisions"]:
        made.text(words["no_decisions"], faint=True)
    for part in more:
        made.heading(part["title"])
        made.text(part["words"] or words["nothing_written"], faint=not part["words"])
    if data["corrections"]:
        made.heading(words["corrections"])
        for one in data["corrections"]:
            made.text(f"* {one['label']}", bold=True)
            made.text(f"{one['words']} ({words['by']} {one['by']})")
    signed = [f"{words['signature']} {data['signed_by'] or '……………………………………'}", data["signed_on"], data["centre"]]
    made.signature([line for line in signed if line])
    made.text(f"{data['chain']} · {words['reports_not_crime']}", faint=True)
    return made.content()
