"""The sheet for a counterpart across the border, in Thai, English and the neighbour's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dashboard.documents.referral_pack import Names
from dashboard.documents.typesetting import pdf, printable
from dashboard.i18n import t
from dashboard.i18n.crime_types import own_name
from dashboard.i18n.dates import day, local
from dashboard.i18n.sheet import NEIGHBOURS, words
from geo.errors import WatchError
from geo.model import CrimeType, District
from geo.queries.counterpart import CounterpartSheet

__all__ = ["counterpart_pdf", "sheet_data"]


def counterpart_pdf(sheet: CounterpartSheet, neighbour: str, names: Names, now: datetime) -> bytes:
    """The PDF for an office in ``LA`` or ``KH``.

    Raises
    ------
    WatchError
        ``documents.no_neighbour``: the district does not touch this neighbour; and as `dashboard.documents.typesetting.pdf`.
    """
    return pdf("counterpart", sheet_data(sheet, neighbour, names, now), {}, now)


def sheet_data(sheet: CounterpartSheet, neighbour: str, names: Names, now: datetime) -> dict[str, Any]:
    """Everything that the template is given."""
    if neighbour not in sheet.neighbours:
        raise WatchError("documents.no_neighbour")
    langs = ("th", "en", NEIGHBOURS[neighbour])
    said = {lang: words(lang) for lang in langs}
    place = names.districts.get(sheet.district_code)

    def label(key: str) -> list[str]:
        return [said[lang]["sheet"][key] for lang in langs]

    rows = [
        ("reference", [sheet.public_id]),
        ("day", [_day(sheet.day, lang) for lang in langs]),
        ("type", _types(sheet.crime_types, names.types, langs)),
        ("place", [_place(sheet, place, lang, said[lang]["sheet"]["country"]) for lang in langs]),
        ("state", [said[lang]["status"][sheet.status.value] for lang in langs]),
    ]
    if sheet.outcome is not None:
        rows.append(("outcome", [said[lang]["outcome"].get(sheet.outcome, sheet.outcome) for lang in langs]))
    return {
        "title": label("title"),
        "marking": " · ".join(label("marking")),
        "demo": " · ".join(label("demo")) if sheet.is_demo else "",
        "office": [
            printable(t("paper.office", lang, district=_name(place, lang), province=_name(place, lang, "province")))
            if place
            else t("paper.office_unknown", lang)
            for lang in ("th", "en")
        ],
        "labels": {key: label(key) for key in ("from", "to", "text")},
        "rows": [{"label": label(key), "words": values} for key, values in rows],
        "text": printable(sheet.open_text),
        "note": label("note"),
        "made": " · ".join(f"{said[lang]['sheet']['made']} {_day(local(now).date(), lang)}" for lang in langs),
        "reference": sheet.public_id,
    }


def _day(value: date, lang: str) -> str:
    """A day; in a neighbour's language in numbers of the common era, which nobody misreads."""
    return day(value, lang) if lang in ("th", "en") else f"{value:%d/%m/%Y}"


def _types(codes: tuple[str, ...], types: Mapping[str, CrimeType], langs: tuple[str, ...]) -> list[str]:
    """Types in each language; what has no name in the neighbour's is left to the English line."""
    lines = []
    for lang in langs:
        called = [own_name(types[code], lang) if code in types else code for code in codes]
        if any(called):
            lines.append(", ".join(printable(one) for one in called if one))
    return lines


def _place(sheet: CounterpartSheet, place: District | None, lang: str, country: str) -> str:
    """Sub-district, district and province; names are known in Thai and English."""
    if lang not in ("th", "en"):
        return country
    below = sheet.subdistrict_th if lang == "th" else sheet.subdistrict_en
    parts = [t("case.subdistrict", lang, name=below)] if below else []
    if place is not None:
        parts.append(t("card.district_of", lang, district=_name(place, lang), province=_name(place, lang, "province")))
    return printable((" " if lang == "th" else ", ").join([*parts, country]))


def _name(place: District, lang: str, what: str = "name") -> str:
    return str(getattr(place, f"{what}_{lang}") or getattr(place, f"{what}_th") or "")
