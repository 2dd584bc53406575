"""The papers of a referral: what is referred and what is asked, and a page to sign and send back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.documents.district_map import draw
from dashboard.documents.position import degrees_words, grid_words
from dashboard.documents.typesetting import pdf, printable
from dashboard.i18n import name, t
from dashboard.i18n.dates import day, distance, local, moment
from geo.model import Agency, CrimeType, District
from geo.model.case import Outcome
from geo.queries.paper_ground import PaperGround
from geo.queries.referral_paper import PaperPhoto, ReferralPaper

__all__ = ["MARKINGS", "MOST_PHOTOS", "MOST_TOLD", "Names", "PackChoice", "pack_data", "referral_pack"]

MARKINGS = ("official", "confidential", "secret")
"""How closely it is held; the words are ``paper.marking.…``."""
MOST_PHOTOS = 8
MOST_TOLD = 20
MOST_CHECKS = 20
_LABELS = (
    "title", "to", "asked", "answer_by", "facts", "map", "legend_point", "legend_border", "legend_undetermined",
    "legend_crossing", "map_credit", "checks", "told", "told_note", "photos", "page", "keep", "ack_title", "ack_intro",
    "ack_code", "ack_accept", "ack_return", "ack_outcome", "ack_reason", "ack_details", "ack_date", "ack_name",
    "ack_position", "ack_signature", "ack_phone", "ack_send_back", "ack_choose", "reference",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called: crime types, districts and agencies by code."""

    types: Mapping[str, CrimeType]
    districts: Mapping[str, District]
    agencies: Mapping[str, Agency]


@dataclass(frozen=True, slots=True)
class PackChoice:
    """What the officer chose.

    Attributes
    ----------
    lang
        ``th`` or ``en``.
    marking
        One of `MARKINGS`.
    told
        Whether the reports' own words are laid in.
    """

    lang: str = "th"
    marking: str = MARKINGS[0]
    told: bool = False


def referral_pack(
    paper: ReferralPaper,
    ground: PaperGround | None,
    photos: Sequence[tuple[PaperPhoto, bytes]],
    choice: PackChoice,
    names: Names,
    code: str,
    now: datetime,
) -> bytes:
    """The PDF.

    Parameters
    ----------
    photos
        Those that the officer chose.
    code
        `dashboard.documents.acknowledgement.acknowledgement_code` of the referral.
    now
        Aware moment of printing.

    Raises
    ------
    geo.errors.WatchError
        As `dashboard.documents.typesetting.pdf`.
    """
    data, pictures = pack_data(paper, ground, photos, choice, names, code, now)
    return pdf("referral", data, pictures, now)


def pack_data(
    paper: ReferralPaper,
    ground: PaperGround | None,
    photos: Sequence[tuple[PaperPhoto, bytes]],
    choice: PackChoice,
    names: Names,
    code: str,
    now: datetime,
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Everything that the template is given: its data, and its pictures by file name."""
    lang = choice.lang
    agency = name(names.agencies[paper.agency], lang) if paper.agency in names.agencies else paper.agency
    pictures = {f"{number}.jpg": content for number, (_, content) in enumerate(photos[:MOST_PHOTOS], 1)}
    data: dict[str, Any] = {
        "lang": lang,
        "words": {label: t(f"paper.{label}", lang) for label in _LABELS},
        "marking": t(f"paper.marking.{choice.marking}", lang),
        "demo": t("paper.demo", lang) if paper.is_demo else "",
        "office": _office(paper.district_code, names, lang),
        "agency": printable(agency),
        "only_for": printable(t("paper.only_for", lang, agency=agency)),
        "reference": paper.public_id,
        "code": code,
        "asked": printable(paper.asked) or t("paper.asked_usual", lang),
        "answer_by": moment(local(paper.answer_due), lang),
        "sent": t("paper.sent", lang, at=moment(local(paper.sent_at), lang)),
        "printed": t("paper.printed", lang, at=moment(local(now), lang)),
        "facts": [{"label": t(f"paper.fact.{key}", lang), "words": words} for key, words in _facts(paper, names, lang)],
        "map": None,
        "checks": [
            {
                "head": t("paper.check_head", lang, unit=t(f"unit_kind.{one.unit_kind}", lang), at=moment(local(one.done_at), lang)),
                "finding": t(f"finding.{one.finding}", lang),
                "found": printable(one.found),
            }
            for one in paper.checks[:MOST_CHECKS]
        ],
        "no_checks": t("paper.no_checks", lang),
        "told": [
            {"at": moment(local(one.received_at), lang), "words": printable(one.description)}
            for one in paper.told[:MOST_TOLD]
        ]
        if choice.told
        else [],
        "photos": [
            {
                "file": f"{number}.jpg",
                "words": printable(_caption(number, photo, lang), 300),
            }
            for number, (photo, _) in enumerate(photos[:MOST_PHOTOS], 1)
        ],
        "outcomes": [t(f"outcome.{one.value}", lang) for one in Outcome],
    }  # fmt: skip
    if ground is not None:
        drawn = draw(ground, paper.district_code, paper.lon, paper.lat)
        pictures["map.svg"] = drawn.svg.encode()
        data["map"] = {
            "file": "map.svg",
            "ratio": drawn.ratio,
            "point": paper.lon is not None,
            "crossings": drawn.crossings,
            "undetermined": drawn.undetermined,
            "scale": t("dates.kilometres", lang, n=f"{drawn.scale_km:g}"),
            "scale_share": drawn.scale_share,
            "names": [
                {"words": printable(name(names.districts[at], lang), 60), "x": x, "y": y, "own": at == paper.district_code}
                for at, x, y in drawn.names
                if at in names.districts
            ],
        }  # fmt: skip
    return data, pictures


def _office(district: str | None, names: Names, lang: str) -> str:
    row = names.districts.get(district or "")
    if row is None:
        return t("paper.office_unknown", lang)
    return printable(t("paper.office", lang, district=name(row, lang), province=name(row, lang, "province")))


def _caption(number: int, photo: PaperPhoto, lang: str) -> str:
    words = t("paper.photo", lang, n=number, at=day(local(photo.added_at).date(), lang))
    return f"{words} {photo.note}" if photo.note else words


def _facts(paper: ReferralPaper, names: Names, lang: str) -> list[tuple[str, str]]:
    when = local(paper.occurred_at)
    facts = [
        ("reference", paper.public_id),
        ("type", ", ".join(name(names.types[one], lang) if one in names.types else one for one in paper.crime_types)),
        ("when", day(when.date(), lang) if paper.occurred_day_only else moment(when, lang)),
        ("reported", t("paper.reported", lang, at=moment(local(paper.reported_at), lang), n=paper.reports)),
        ("where", _where(paper, names, lang)),
    ]
    if paper.location_note:
        facts.append(("place", printable(paper.location_note, 1_000)))
    if paper.lon is not None and paper.lat is not None:
        metres = "" if paper.snap_distance_m is None else distance(paper.snap_distance_m, lang)
        facts += [
            ("grid", grid_words(paper.lon, paper.lat)),
            ("degrees", degrees_words(paper.lon, paper.lat)),
            ("location", t(f"card.location_{paper.location_check}", lang, distance=metres)),
        ]
    else:
        facts.append(("grid", t("paper.no_point", lang)))
    facts.append(("grade", _grade(paper, lang)))
    return facts


def _where(paper: ReferralPaper, names: Names, lang: str) -> str:
    parts = []
    if below := name({"name_th": paper.subdistrict_th, "name_en": paper.subdistrict_en}, lang):
        parts.append(t("case.subdistrict", lang, name=below))
    row = names.districts.get(paper.district_code or "")
    if row is not None:
        parts.append(t("card.district_of", lang, district=name(row, lang), province=name(row, lang, "province")))
    return printable(" ".join(parts)) or t("card.no_district", lang)


def _grade(paper: ReferralPaper, lang: str) -> str:
    if paper.grade is None:
        return t("case.no_grade", lang)
    source, info = t(f"grade_source.{paper.grade.source}", lang), t(f"grade_info.{paper.grade.info}", lang)
    return f"{paper.grade} – {t('case.grade_words', lang, source=source, info=info)}"
