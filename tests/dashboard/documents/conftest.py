"""The office of the tests of cases, with one case that was referred, and what its papers say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pypdf
import pypdfium2
import pytest
from PIL import Image
from pypdf.generic import ContentStream

from dashboard.documents.referral_pack import Names
from geo.queries import places
from tests.geo.cases.conftest import Office, office  # noqa: F401 - a fixture

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Bangkok"))


def jpeg(colour: str = "#336699") -> bytes:
    """A photo."""
    out = BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


@dataclass(frozen=True)
class Referred:
    """A case in Nong Khai that was sent to customs."""

    public_id: str
    referral: int
    photos: tuple[int, ...]


@pytest.fixture
def referred(office: Office) -> Referred:  # noqa: F811
    """It has a grade, an answered check, two photos, words, a contact and an officer."""
    public_id = office.case(status="referred", area_code="430105", told="พบเรือสองลำ")
    number = office.one("select id from incident where public_id = :p", p=public_id)
    put = office.put
    put("update incident set location_note = 'ท่าน้ำหลังวัด' where id = :i", i=number)
    put(
        "insert into case_file (incident_id, source_grade, info_grade, graded_by) values (:i, 'B', 2, :w)", i=number,
        w=office.ids["officer"],
    )  # fmt: skip
    put(
        "insert into fact_check (incident_id, unit_kind, unit, due_at, asked_by, finding, found, done_by, done_at) values"
        " (:i, 'vdc', 'อส. สมชาย', now(), :w, 'confirmed', 'พบรอยเรือ', :w, now())",
        i=number, w=office.ids["officer"],
    )  # fmt: skip
    photos = tuple(
        put(
            "insert into evidence (incident_id, media_type, content, sha256, note) values (:i, 'image/jpeg', :c, '', 'ฝั่งไทย')"
            " returning id",
            i=number, c=jpeg(colour),
        )
        for colour in ("#336699", "#996633")
    )  # fmt: skip
    referral = put(
        "insert into referral (incident_id, agency, sent_by, note, answer_due) values (:i, 'customs', :w, 'ขอให้ตรวจท่าน้ำ',"
        " now() + interval '3 days') returning id",
        i=number, w=office.ids["officer"],
    )  # fmt: skip
    put(
        "insert into report_contact (report_id, sealed) select id, '\\x1234' from report where incident_id = :i",
        i=number,
    )
    return Referred(public_id, referral, photos)


@pytest.fixture
def names(office: Office) -> Names:  # noqa: F811
    """What codes are called."""
    with office.owner.connect() as connection:
        return Names(places.crime_types(connection), places.district_names(connection), places.agencies(connection))


def text_of(pdf: bytes) -> str:
    """What stands on all pages, with letters that the setter broke apart put together again."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    finally:
        document.close()
    return re.sub(r"[\u200b\ufffe]", "", "\n".join(pages))


def missing_glyphs(pdf: bytes) -> int:
    """How many letters are shown as an empty box: the glyph 0 of a font."""
    missing = 0
    reader = pypdf.PdfReader(BytesIO(pdf))
    for page in reader.pages:
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in {b"Tj", b"TJ"}:
                parts = operands[0] if operator == b"TJ" else operands
                for part in parts:
                    if isinstance(part, bytes | str):
                        raw = part if isinstance(part, bytes) else part.original_bytes
                        missing += sum(raw[at : at + 2] == b"\0\0" for at in range(0, len(raw), 2))
    return missing


def acts(pdf: bytes) -> list[str]:
    """What a PDF could do when it is opened or clicked: links, scripts, files inside, forms."""
    reader = pypdf.PdfReader(BytesIO(pdf))
    root = reader.trailer["/Root"]
    found = [key for key in ("/OpenAction", "/AA", "/AcroForm") if key in root]
    found += [f"name:{key}" for key in root.get("/Names", {}) if key in {"/JavaScript", "/EmbeddedFiles"}]
    found += ["/Annots" for page in reader.pages if page.get("/Annots")]
    return found
