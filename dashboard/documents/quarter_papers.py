"""The report of a quarter as PDF, DOCX and XLSX: the same words and numbers in each."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from dashboard.documents.month_pdf import page_numbers
from dashboard.documents.quarter_pack import QuarterPack, quarter_data
from dashboard.documents.tables import Table, write_book
from dashboard.documents.typesetting import pdf
from dashboard.documents.word_paper import WordPaper
from dashboard.i18n import t

__all__ = ["quarter_book", "quarter_paper", "quarter_pdf", "quarter_word"]


def quarter_pdf(pack: QuarterPack) -> bytes:
    """The PDF.

    Raises
    ------
    geo.errors.WatchError
        As `dashboard.documents.typesetting.pdf`.
    """
    return pdf("quarter", quarter_paper(pack), {}, pack.now)


def quarter_paper(pack: QuarterPack) -> dict[str, Any]:
    """Everything that the template is given."""
    return quarter_data(pack) | {"pages": page_numbers(pack.digits)}


def quarter_word(pack: QuarterPack) -> bytes:
    """The DOCX."""
    data = quarter_data(pack)
    w = data["words"]
    made = WordPaper(pack.lang, data["title"], pack.now)
    state = " · ".join(one for one in (data["state"], data["as_of"], data["version"], data["demo"]) if one)
    made.title(data["title"], data["centre"], state)

    def narrative(part: dict[str, str]) -> None:
        made.heading(part["title"])
        made.text(part["words"] or w["nothing_written"], faint=not part["words"])

    narrative(data["narrative"][0])
    made.heading(w["targets"])
    rows = [
        [one["label"], one["target"], f"{one['result']} {one['of']}".strip(), one["judged"]] for one in data["targets"]
    ]
    made.table(["", w["target"], w["result"], ""], rows, (7, 2, 3.6, 4))
    made.heading(w["trend"])
    made.table(
        ["", *data["trend_heads"]], [[one["quarter"], *one["cells"]] for one in data["trend"]], (4.6, 3, 3, 3, 3)
    )
    made.text(f"{w['decisions']}: {data['decided']}")
    made.heading(w["types"])
    made.table(
        ["", w["incidents"], w["before"]],
        [[one["name"], one["now"], one["before"]] for one in data["types"]],
        (10.6, 3, 3),
    )
    made.heading(w["centres"])
    made.text(w["centres_note"], faint=True)
    heads = [w["centre"], w["incidents"], w["before"], w["change"], *data["indicators"]]
    made.table(
        heads,
        [
            [one["name"], one["incidents"], one["before"], one["change"],
             *(f"▼ {said}" if under else said for said, under in zip(one["shares"], one["under"], strict=True))]
            for one in data["centres"]
        ],
        (2.9, 1.4, 1.6, 2, 1.8, 1.8, 1.8, 1.8, 1.8),
    )  # fmt: skip
    for group in data["said"]:
        made.heading(group["title"])
        for one in group["rows"]:
            made.text(one["who"], faint=True)
            made.text(one["words"])
        if not group["rows"]:
            made.text(group["none"], faint=True)
    for part in data["narrative"][1:]:
        narrative(part)
    made.heading(w["corrections"])
    for one in data["corrections"]:
        made.text(f"{one['who']} · {one['label']}: {one['words']}")
    if not data["corrections"]:
        made.text(w["corrections_none"], faint=True)
    signed = [f"{w['signature']} {data['signed_by'] or '……………………………………'}", data["signed_on"], data["centre"]]
    made.signature([line for line in signed if line])
    made.text(f"{data['chain']} · {w['internal']} · {w['reports_not_crime']}", faint=True)
    return made.content()


def quarter_book(pack: QuarterPack) -> bytes:
    """The XLSX; what is hidden on paper is hidden in it."""
    data = quarter_data(pack)
    w = data["words"]
    about = [
        (data["title"], data["centre"]),
        (data["version"], data["state"]),
        (w["internal"], data["as_of"]),
        ("SHA-256", data["chain"]),
    ]
    cover = t("reports.title", pack.lang)
    centres = [
        [one["name"], one["reports"], one["incidents"], one["before"], one["change"], *one["shares"], one["hours"]]
        for one in data["centres"]
    ]
    heads = [(w["centre"], 26), (w["reports"], 30), (w["incidents"], 12), (w["before"], 12), (w["change"], 18)]
    tables = [
        Table(w["targets"], about, cover, [(w["targets"], 40), (w["target"], 10), (w["result"], 16), ("n", 18), ("", 30)],
              [[one["label"], one["target"], one["result"], one["of"], one["judged"]] for one in data["targets"]]),
        Table(w["centres"], about, cover, [*heads, *((said, 18) for said in data["indicators"]), (w["hours"], 12)], centres),
        Table(w["types"], about, cover, [(w["types"], 46), (w["incidents"], 12), (w["before"], 12)],
              [[one["name"], one["now"], one["before"]] for one in data["types"]]),
        Table(w["trend"], about, cover, [(w["trend"], 14), *((said, 12) for said in data["trend_heads"])],
              [[one["quarter"], *one["cells"]] for one in data["trend"]]),
        Table(t("quarter.write", pack.lang), about, cover, [("", 30), ("", 34), ("", 100)],
              [[part["title"], "", part["words"]] for part in data["narrative"]]
              + [[group["title"], one["who"], one["words"]] for group in data["said"] for one in group["rows"]]),
    ]  # fmt: skip
    out = BytesIO()
    write_book(tables, out)
    return out.getvalue()
