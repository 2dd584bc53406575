"""The sheet of a pair to hand across the border, in Thai, English and the neighbour's language: counts, a map, contact points.

It holds no person, no place finer than a sub-district and no count under five.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from dashboard.documents.district_map import DrawnMap
from dashboard.documents.pair_map import draw_pair
from dashboard.documents.referral_pack import Names
from dashboard.documents.typesetting import pdf, printable
from dashboard.i18n import t
from dashboard.i18n.dates import day, local, month
from dashboard.i18n.sheet import NEIGHBOURS, words
from geo.actions.joint_log import LogKind
from geo.analysis.sheet_counts import hide_small
from geo.model import District
from geo.model.pair import ContactPoint
from geo.queries.pair_sheet import PairSheet
from geo.queries.pairs import VISITS
from geo.queries.paper_ground import PaperGround

__all__ = ["pair_pdf", "pair_sheet_data", "shown_counts"]

Shown = Mapping[str, int | None]


def shown_counts(sheet: PairSheet, types: Sequence[str]) -> tuple[Shown, Shown, Shown]:
    """Counts by type, month (``2026-11``) and sub-district code, the small ones hidden.

    Parameters
    ----------
    types
        Codes of all types there are.
    """
    counts = sheet.counts
    by_type = dict.fromkeys([*types, *counts["crime_type"]], 0) | counts.groupby("crime_type")["n"].sum().to_dict()
    told = counts.groupby(counts["month"].map(lambda one: f"{one:%Y-%m}"))["n"].sum().to_dict()
    by_month = {f"{one:%Y-%m}": int(told.get(f"{one:%Y-%m}", 0)) for one in _months(sheet.first, sheet.last)}
    below = counts.groupby("subdistrict")["n"].sum().to_dict()
    by_place = {code: int(below.get(code, 0)) for code, _, _ in sheet.subdistricts}
    return hide_small({str(key): int(n) for key, n in by_type.items()}), hide_small(by_month), hide_small(by_place)


def pair_pdf(sheet: PairSheet, ground: PaperGround | None, names: Names, now: datetime) -> bytes:
    """The PDF. Raises as `dashboard.documents.typesetting.pdf`."""
    drawn = None if ground is None else draw_pair(ground, sheet.stretch, sheet.pair.district_code)
    pictures = {} if drawn is None else {"map.svg": drawn.svg.encode()}
    return pdf("pair", pair_sheet_data(sheet, drawn, names, now), pictures, now)


def pair_sheet_data(sheet: PairSheet, drawn: DrawnMap | None, names: Names, now: datetime) -> dict[str, Any]:
    """Everything that the template is given."""
    of = sheet.pair
    langs = ("th", "en", NEIGHBOURS[of.neighbour])
    said = {lang: words(lang) for lang in langs}
    place = names.districts.get(of.district_code)

    def label(key: str, table: str = "pair", **values: object) -> list[str]:
        return [said[lang][table][key].format(**values) for lang in langs]

    by_type, by_month, by_place = shown_counts(sheet, [code for code, kind in names.types.items() if kind.active])
    called = {code: (thai, english) for code, thai, english in sheet.subdistricts}
    km, within = f"{sheet.stretch.km:.0f}", f"{sheet.metres / 1000:.0f}"
    return {
        "title": label("title"),
        "marking": " · ".join(label("marking", "sheet")),
        "demo": " · ".join(label("demo", "sheet")) if of.is_demo else "",
        "facts": [
            {"label": label("from", "sheet"), "words": _office(place)},
            {"label": label("to", "sheet"), "words": _counterpart(sheet, said[langs[2]]["sheet"]["country_own"])},
            {"label": label("period"), "words": [_period(sheet.first, sheet.last, lang) for lang in langs]},
            {"label": label("border"), "words": label("border_said", km=km, within=within)},
        ],
        "map": None if drawn is None else _map(drawn, names.districts, of.district_code, label),
        "types": {
            "title": label("by_type"),
            "rows": [{"words": _type(code, names, langs), "n": f"{n:,}"} for code, n in _most(by_type)],
        },
        "months": {
            "title": label("by_month"),
            "rows": [
                {"words": [month(date.fromisoformat(f"{code}-01"), "th"), f"{code[5:]}/{code[:4]}"], "n": "–" if n is None else f"{n:,}"}
                for code, n in by_month.items()
            ],
        },
        "places": {
            "title": label("by_subdistrict"),
            "rows": [{"words": [printable(one) for one in called[code]], "n": f"{n:,}"} for code, n in _most(by_place)],
        },
        "hidden": label("hidden"),
        "none": label("none"),
        "joint": {
            "title": label("joint"),
            "rows": [{"words": label(kind, "pair_kind"), "n": str(sheet.joint.get(kind, 0))} for kind in (*(one.value for one in LogKind), *VISITS)],
        },
        "contacts": {
            "title": label("contacts"),
            "rows": [_contact(one, label) for one in sheet.contacts],
        },
        "note": label("note"),
        "made": " · ".join(f"{said[lang]['sheet']['made']} {_day(local(now).date(), lang)}" for lang in langs),
    }  # fmt: skip


def _most(counts: Shown) -> list[tuple[str, int]]:
    """What is shown, the largest first."""
    return sorted(((code, n) for code, n in counts.items() if n is not None), key=lambda one: (-one[1], one[0]))


def _months(first: date, last: date) -> list[date]:
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(begin, end + 1)]


def _period(first: date, last: date, lang: str) -> str:
    return f"{_day(first, lang)} – {_day(last, lang)}"


def _day(value: date, lang: str) -> str:
    """A day; in a neighbour's language in numbers of the common era, which nobody misreads."""
    return day(value, lang) if lang in ("th", "en") else f"{value:%d/%m/%Y}"


def _office(place: District | None) -> list[str]:
    if place is None:
        return [t("paper.office_unknown", lang) for lang in ("th", "en")]
    return [
        printable(t("paper.office", lang, district=_name(place, lang), province=_name(place, lang, "province")))
        for lang in ("th", "en")
    ]


def _name(place: District, lang: str, what: str = "name") -> str:
    return str(getattr(place, f"{what}_{lang}") or getattr(place, f"{what}_th") or "")


def _counterpart(sheet: PairSheet, country: str) -> list[str]:
    own = sheet.pair.words
    thai = f"{own.name_th or own.name_en} {t(f'neighbour.{sheet.pair.neighbour}', 'th')}"
    english = f"{own.name_en}, {t(f'neighbour.{sheet.pair.neighbour}', 'en')}"
    local_name = [f"{own.name_local} {country}"] if own.name_local else []
    return [printable(one) for one in (thai, english, *local_name)]


def _type(code: str, names: Names, langs: Sequence[str]) -> list[str]:
    kind = names.types.get(code)
    called = [code] if kind is None else [getattr(kind, f"name_{lang}", None) for lang in langs]
    return [printable(one) for one in called if one]


def _contact(one: ContactPoint, label: Any) -> dict[str, Any]:
    return {
        "side": label(f"side_{one.side}"),
        "office": printable(one.office),
        "way": label(one.way.value, "pair_way"),
        "hours": printable(one.hours),
    }


def _map(drawn: DrawnMap, districts: Mapping[str, District], own: str, label: Any) -> dict[str, Any]:
    return {
        "file": "map.svg",
        "ratio": drawn.ratio,
        "names": [
            {"words": printable(_name(districts[code], "th")), "more": printable(_name(districts[code], "en")), "x": x, "y": y, "own": code == own}
            for code, x, y in drawn.names
            if code in districts
        ],
        "scale": f"{drawn.scale_km:g} km",
        "scale_share": drawn.scale_share,
        "crossings": drawn.crossings,
        "undetermined": drawn.undetermined,
        "legend": {key: label(f"legend_{key}") for key in ("shared", "zone", "border", "undetermined", "crossing")},
    }  # fmt: skip
