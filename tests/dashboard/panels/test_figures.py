"""Tables beside the map."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.panels.figures import district_table, type_rows, week_rows
from geo.model import IncidentFilter
from geo.queries.figures import Figures

CHOSEN = IncidentFilter(date(2026, 10, 28), date(2026, 11, 24))
TYPES = pd.DataFrame(
    [
        {"code": "drug_trafficking", "name_th": "ยาเสพติด", "name_en": "Drugs", "colour": "#009e73"},
        {"code": "contraband", "name_th": "สินค้าหนีภาษี", "name_en": "Contraband", "colour": "#56b4e9"},
        {"code": "wildlife_trafficking", "name_th": "สัตว์ป่า", "name_en": "Wildlife", "colour": None},
        {"code": "illegal_logging", "name_th": "ไม้เถื่อน", "name_en": "Logging", "colour": None},
    ]
)
DISTRICTS = pd.DataFrame([{"code": "4901", "name_th": "เมืองมุกดาหาร", "name_en": "Mueang Mukdahan"}])
FOUND = Figures(
    total=60,
    before=50,
    by_type=pd.Series({"contraband": 30, "wildlife_trafficking": 15, "drug_trafficking": 10, "illegal_logging": 5}),
    by_district=pd.DataFrame({"n": [40, 15, 5], "before": [4, 15, 20]}, index=["4901", None, "1001"]),
    by_week=pd.Series({date(2026, 10, 26): 12, date(2026, 11, 2): 16, date(2026, 11, 9): 0, date(2026, 11, 16): 14, date(2026, 11, 23): 18}),
)  # fmt: skip


def test_types_without_a_colour_are_one_row_and_nothing_is_lost() -> None:
    rows = type_rows(FOUND, TYPES, "th")
    assert list(rows["name"]) == ["สินค้าหนีภาษี", "ยาเสพติด", "ประเภทอื่น"]
    assert list(rows["n"]) == [30, 10, 20]
    assert rows["n"].sum() == FOUND.total


def test_weeks_that_the_period_cuts_are_marked() -> None:
    rows = week_rows(FOUND, CHOSEN, "th")
    assert list(rows["n"]) == [12, 16, 0, 14, 18]
    assert list(rows["whole"]) == [False, True, True, True, False]
    assert rows["period"].iloc[0].startswith("28 ต.ค.")


def test_no_percentage_where_fewer_than_five_were_before() -> None:
    rows = district_table(FOUND, DISTRICTS, "en")
    assert rows["change"].iloc[0] == "+36"
    assert rows["change"].iloc[2] == "−75%"


def test_an_unknown_district_is_said_in_words() -> None:
    rows = district_table(FOUND, DISTRICTS, "th")
    assert list(rows["district"])[:2] == ["เมืองมุกดาหาร", "ไม่ทราบอำเภอ"]
    assert rows["n"].sum() == FOUND.total
