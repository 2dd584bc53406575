"""A centre's report of a month as PDF."""

from __future__ import annotations

from typing import Any

from dashboard.documents.meeting_pdf import map_of
from dashboard.documents.month_pack import MonthPack, month_data
from dashboard.documents.thai_digits import thai_digits
from dashboard.documents.typesetting import pdf, printable

__all__ = ["month_pdf", "page_numbers", "paper"]

MOST_PAGES = 60


def month_pdf(pack: MonthPack) -> bytes:
    """The PDF.

    Raises
    ------
    geo.errors.WatchError
        As `dashboard.documents.typesetting.pdf`.
    """
    return pdf("month", *paper(pack), pack.now)


def paper(pack: MonthPack) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Everything that the template is given: its data, and its pictures by file name."""
    data = month_data(pack)
    pictures: dict[str, bytes] = {}
    data["sheet"]["map"] = map_of(data["sheet"]["map"], "map.svg", pack.as_meeting(), pictures)
    data["pages"] = page_numbers(pack.digits)
    for one in data["narrative"]:
        one["words"] = printable(one["words"])
    for one in (*data["decisions"], *data["corrections"]):
        one["words"] = printable(one["words"])
    return data, pictures


def page_numbers(digits: bool) -> list[str]:
    """Numbers of pages as they are printed, from 1."""
    numbers = [str(page) for page in range(1, MOST_PAGES + 1)]
    return [thai_digits(one) if digits else one for one in numbers]
