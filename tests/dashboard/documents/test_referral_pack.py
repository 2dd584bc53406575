"""The papers of a referral: what stands on them, what never does, and that words of others are only words."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dashboard.documents.acknowledgement import acknowledgement_code
from dashboard.documents.referral_pack import MARKINGS, Names, PackChoice, pack_data, referral_pack
from dashboard.documents.typesetting import FONT_FILES, pdf, printable
from dashboard.i18n import t
from geo.errors import NotFound
from geo.queries.paper_ground import PaperGround, paper_ground
from geo.queries.referral_paper import PaperPhoto, ReferralPaper, photo_contents, referral_paper
from tests import hostile
from tests.dashboard.documents.conftest import NOW, Referred, acts, missing_glyphs, text_of
from tests.geo.cases.conftest import Office

SECRET = "forty letters that only this installation"
Read = tuple[ReferralPaper, PaperGround | None, tuple[tuple[PaperPhoto, bytes], ...]]


def read(office: Office, referral: int, who: str = "officer") -> Read:
    with office.acting(who) as connection:
        paper = referral_paper(connection, referral)
        return (
            paper,
            paper_ground(connection, paper.district_code, paper.lon, paper.lat),
            photo_contents(connection, paper.photos),
        )


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_pack_says_what_an_agency_needs_on_pages_without_an_empty_box(
    office: Office, referred: Referred, names: Names, lang: str
) -> None:
    code = acknowledgement_code(SECRET, referred.referral)
    began = time.monotonic()
    made = referral_pack(*read(office, referred.referral), PackChoice(lang, "confidential", True), names, code, NOW)
    assert time.monotonic() - began < 2
    said = text_of(made)
    for words in (referred.public_id, code, "48Q TE 60", "17.87000° N 102.74000° E", "B2"):
        assert words in said
    assert t("paper.marking.confidential", lang) in said
    assert ("พ.ย. 2569" if lang == "th" else "Nov 2026") in said
    assert ("ศุลกากร" if lang == "th" else "Customs") in said
    assert said.count(t("paper.ack_code", lang)) == 1
    assert missing_glyphs(made) == 0


def test_it_holds_no_person_no_contact_and_no_words_that_were_not_chosen(
    office: Office, referred: Referred, names: Names
) -> None:
    office.put("update report set village = 'บ้านลับ', entered_by = :h", h=office.ids["headman"])
    paper, ground, photos = read(office, referred.referral)
    data, pictures = pack_data(paper, ground, photos[:1], PackChoice(), names, "ABC-DEF", NOW)
    held = str(data)
    for secret in ("พบเรือสองลำ", "คุณ officer", "คุณ headman", "อส. สมชาย", "บ้านลับ", "1234"):
        assert secret not in held
    assert "พบรอยเรือ" in held
    assert set(pictures) == {"1.jpg", "map.svg"}
    assert "<text" not in pictures["map.svg"].decode()
    told, _ = pack_data(paper, ground, (), PackChoice(told=True), names, "ABC-DEF", NOW)
    assert "พบเรือสองลำ" in str(told)


def test_the_search_for_empty_boxes_finds_one(office: Office, referred: Referred, names: Names) -> None:
    office.put("update referral set note = 'ขอให้ตรวจ 日本'")
    made = referral_pack(*read(office, referred.referral), PackChoice(), names, "ABC-DEF", NOW)
    assert missing_glyphs(made) == 2


def test_only_the_district_reads_it(office: Office, referred: Referred) -> None:
    with pytest.raises(NotFound), office.acting("neighbour") as connection:
        referral_paper(connection, referred.referral)


def test_a_case_without_a_place_has_a_pack_without_a_map(office: Office, names: Names, referred: Referred) -> None:
    office.put("update incident set geom = null, district_code = null, location_note = null")
    with office.owner.connect() as connection:
        paper = referral_paper(connection, referred.referral)
        ground = paper_ground(connection, None, None, None)
    assert ground is None
    said = text_of(referral_pack(paper, ground, (), PackChoice("en"), names, "ABC-DEF", NOW))
    assert "No coordinates" in said


def test_every_district_of_the_border_can_be_drawn(office: Office, referred: Referred, names: Names) -> None:
    paper, _, _ = read(office, referred.referral)
    with office.owner.connect() as connection:
        for code, lon, lat in (
            ("2701", 102.1, 13.8),
            ("5708", 100.4, 20.3),
            ("2303", 102.8, 12.1),
            ("3411", None, None),
        ):
            ground = paper_ground(connection, code, lon, lat)
            assert ground is not None
            data, pictures = pack_data(paper, ground, (), PackChoice(), names, "ABC-DEF", NOW)
            assert 0.4 < data["map"]["ratio"] < 1.2
            assert b"nan" not in pictures["map.svg"]


def test_hostile_words_in_every_field_are_printed_and_do_nothing(
    office: Office, referred: Referred, names: Names, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    secret = tmp_path / "secret.txt"
    secret.write_text("what nobody may read")
    own = [
        '#read("/etc/passwd")', f'#read("{secret}")', f'#image("{secret}")', '#include "look.typ"', "#panic()", "#eval(\"7919*7907\")",
        "#{7919*7907}", "$7919 dot 7907$", "#7919*7907", "*bold* _slanted_ `raw` = head", "@reference <label>", "\\#text", "#import \"@preview/x:1.0.0\"",
        "]#pagebreak()[", "//comment", "/* comment", "#set page(paper: \"a0\")", "#link(\"http://beacon.test\")", "~ -- --- ... 'a' \"b\"",
    ]  # fmt: skip
    words = [
        one for one in own + hostile.corpus(made, "http://beacon.test/x") + hostile.naughty() if hostile.storable(one)
    ]
    number = office.one("select id from incident where public_id = :p", p=referred.public_id)
    who = office.ids["officer"]
    for word in words:
        office.put(
            "insert into fact_check (incident_id, unit_kind, unit, due_at, asked_by, finding, found, done_by, done_at) values"
            " (:i, 'vdc', :w, now(), :p, 'unclear', :w, :p, now())",
            i=number, w=word, p=who,
        )  # fmt: skip
        office.put("insert into report (incident_id, channel, description) values (:i, 'online', :w)", i=number, w=word)
    paper, ground, photos = read(office, referred.referral)
    shown = 0
    for start in range(0, len(words), 20):
        some = words[start : start + 20]
        office.put("update referral set note = :w", w="\n".join(some)[:10_000])
        office.put("update incident set location_note = :w", w=some[0])
        office.put("update evidence set note = :w", w=some[-1])
        again, _, photos = read(office, referred.referral)
        part = type(paper)(**{
            **{name: getattr(again, name) for name in paper.__slots__},
            "checks": paper.checks[1 + start : 1 + start + 20], "told": paper.told[1 + start : 1 + start + 20],
        })  # fmt: skip
        data, pictures = pack_data(part, ground, photos, PackChoice(told=True), names, "ABC-DEF", NOW)
        document = pdf("referral", data, pictures, NOW)
        said = text_of(document)
        assert hostile.COMPUTED not in said
        assert "what nobody may read" not in said
        assert "root:x:0" not in said
        assert acts(document) == []
        shown += sum(one in said for one in some if one in own)
    assert shown > len(own) * 0.8  # lines break where they like, so not every one stands on one line
    assert not made.exists()


def test_words_are_set_without_what_cannot_be_seen_and_break_where_they_must() -> None:
    assert printable("a\x00b\x07c\u202ed\ufeff") == "a b cd"
    assert len(printable("x " * 9000)) <= 4001
    assert max(map(len, printable("W" * 300).split("\u200b"))) <= 20
    thai = "ที่ทำการปกครองอำเภอเมืองหนองคายและศูนย์ประสานงานกลไกเฝ้าระวังลุ่มน้ำโขง"
    assert printable(thai) == thai  # typst finds its words


def test_a_code_tells_referrals_apart_and_is_not_guessed() -> None:
    codes = {acknowledgement_code(SECRET, number) for number in range(500)}
    assert len(codes) > 495
    assert acknowledgement_code(SECRET, 1) != acknowledgement_code(SECRET + "x", 1)
    assert all(len(code) == 7 and not set("ILOU") & set(code) for code in codes)


def test_every_font_is_there_and_every_marking_has_words() -> None:
    assert [file for file in FONT_FILES if not file.is_file()] == []
    assert all(t(f"paper.marking.{marking}", lang) for marking in MARKINGS for lang in ("th", "en"))
