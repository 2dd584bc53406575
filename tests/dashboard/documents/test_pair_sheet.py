"""The sheet of a pair: three languages without an empty box, small counts hidden, and text that is only text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pypdfium2
import pytest

from dashboard.documents.pair_sheet import pair_pdf, pair_sheet_data
from dashboard.documents.referral_pack import Names
from dashboard.pair_months import chosen, months
from geo.model import CrimeType, District
from geo.model.pair import ContactPoint, ContactWay, Pair, PairWords, Side, Stretch
from geo.queries.pair_sheet import PairSheet
from geo.queries.paper_ground import PaperBorder, PaperCrossing, PaperDistrict, PaperGround
from tests.dashboard.documents.conftest import NOW, acts, missing_glyphs, text_of

LINE = {"type": "MultiLineString", "coordinates": [[[102.70, 17.86], [102.76, 17.89], [102.85, 17.95]]]}
ZONE = {
    "type": "Polygon",
    "coordinates": [[[102.68, 17.84], [102.86, 17.90], [102.85, 17.95], [102.70, 17.86], [102.68, 17.84]]],
}
LAND = {
    "type": "Polygon",
    "coordinates": [[[102.6, 17.7], [102.9, 17.7], [102.85, 17.95], [102.70, 17.86], [102.6, 17.7]]],
}
BOX = (102.6, 17.7, 102.95, 18.0)
GROUND = PaperGround(
    BOX, (PaperDistrict("4301", "เมืองหนองคาย", "Mueang Nong Khai", 102.75, 17.8, LAND),), (PaperBorder(True, LINE),),
    (PaperCrossing("permanent", 102.71, 17.87),),
)  # fmt: skip
NAMES = Names(
    {
        code: CrimeType(code, n, f"ชนิด {code}", f"Type {code}", "ປະເພດ", "ប្រភេទ", None, True, None, n, True, True)
        for n, code in enumerate(("drugs", "goods", "people"), 1)
    },
    {"4301": District("4301", "เมืองหนองคาย", "Mueang Nong Khai", "หนองคาย", "Nong Khai", ("LA", "KH"), "named")},
    {},
)
PLACES = (("430101", "ในเมือง", "Nai Mueang"), ("430102", "มีชัย", "Mi Chai"), ("430103", "โพธิ์ชัย", "Pho Chai"))


def sheet(neighbour: str = "LA", office: str = "งานความมั่นคง") -> PairSheet:
    local = "ຫາດຊາຍຟອງ" if neighbour == "LA" else "ប៉ោយប៉ែត"
    counts = [
        ("drugs", date(2026, 9, 1), "430101", 31), ("goods", date(2026, 10, 1), "430102", 17), ("people", date(2026, 10, 1), "430103", 3),
        ("goods", date(2026, 8, 1), None, 8),
    ]  # fmt: skip
    return PairSheet(
        Pair(7, "4301", neighbour, PairWords("Hadxaifong", "หาดทรายฟอง", local, (), date(2025, 1, 1), "ลับ-เอกสาร"), None, True),
        Stretch(LINE, ZONE, 40.3, False, True, BOX), 5000.0, date(2026, 8, 1), date(2026, 10, 31),
        pd.DataFrame(counts, columns=["crime_type", "month", "subdistrict", "n"]), PLACES, {"meeting": 2},
        (ContactPoint(1, Side.TH, office, ContactWay.RADIO, "24 ชม.", date(2026, 1, 1), None, date(2026, 1, 1), True),),
    )  # fmt: skip


@pytest.mark.parametrize("neighbour", ["LA", "KH"])
def test_it_is_set_in_three_languages_without_an_empty_box(neighbour: str) -> None:
    made = pair_pdf(sheet(neighbour), GROUND, NAMES, NOW)
    assert missing_glyphs(made) == 0
    assert acts(made) == []
    said = text_of(made)
    for word in (
        "อำเภอคู่ขนาน",
        "Paired districts",
        {"LA": "ເມືອງຄູ່ຂະໜານ", "KH": "ស្រុកគូ"}[neighbour][:4],
        "Hadxaifong",
        "31",
    ):
        assert word in said, word
    document = pypdfium2.PdfDocument(made)
    page = document[0].render(scale=0.5).to_pil().convert("RGB")
    document.close()
    reds = [
        colour for _, colour in page.getcolors(1 << 20) or [] if colour[0] > 150 and colour[1] < 90 and colour[2] < 90
    ]
    assert reds, "the shared border is drawn"


def test_small_counts_and_all_that_would_give_them_away_are_not_on_it() -> None:
    data = pair_sheet_data(sheet(), None, NAMES, NOW)
    assert [(row["words"][1], row["n"]) for row in data["types"]["rows"]] == [
        ("Type drugs", "31")
    ]  # 3 is hidden, and 25 with it
    assert [row["n"] for row in data["months"]["rows"]] == ["8", "31", "20"]
    assert [(row["words"], row["n"]) for row in data["places"]["rows"]] == [(["ในเมือง", "Nai Mueang"], "31")]
    held = str(data)
    for hidden in ("โพธิ์ชัย", "Type people", "ลับ-เอกสาร", "'3'", "'25'"):
        assert hidden not in held, hidden
    assert not re.search(r"\b1[78]\.\d{2,}|\b102\.\d{2,}", held)  # no coordinates
    assert {row["n"] for row in data["joint"]["rows"]} == {"0", "2"}
    empty = replace(sheet(), counts=sheet().counts.iloc[:0], contacts=())
    assert pair_sheet_data(empty, None, NAMES, NOW)["types"]["rows"] == []
    assert "Under 5 or not known" in text_of(pair_pdf(empty, None, NAMES, NOW))


def test_hostile_offices_are_only_text() -> None:
    written = '{{7*7}} #import "/etc/passwd" $x$ #link("http://beacon.test/x")[x] \u202e*_`'
    said = text_of(pair_pdf(sheet(office=written), GROUND, NAMES, NOW))
    for canary in ("{{7*7}}", "#import", '#link("http://beacon.test/x")'):
        assert canary in re.sub(r"\s+", " ", said), canary


def test_whole_months_alone_are_counted() -> None:
    assert months(12, date(2026, 11, 27)) == (date(2025, 11, 1), date(2026, 10, 31))
    assert months(3, date(2026, 3, 31)) == (date(2025, 12, 1), date(2026, 2, 28))
    assert [chosen(said, (2, 5), 5) for said in ("2", "7", "", "٢", "9999999")] == [2, 5, 5, 5, 5]
