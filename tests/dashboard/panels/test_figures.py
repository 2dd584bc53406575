"""Tables beside the map."""

from __future__ import annotations

from datetime import date

from dashboard.panels.figures import district_table, type_rows, week_rows
from geo.model import CrimeType, District, IncidentFilter
from geo.queries.figures import DistrictCount, Figures

CHOSEN = IncidentFilter(date(2026, 10, 28), date(2026, 11, 24))
TYPES = {
    "drug_trafficking": CrimeType("drug_trafficking", 1, "ยาเสพติด", "Drugs", colour="#009e73"),
    "contraband": CrimeType("contraband", 2, "สินค้าหนีภาษี", "Contraband", colour="#56b4e9"),
    "wildlife_trafficking": CrimeType("wildlife_trafficking", 3, "สัตว์ป่า", "Wildlife"),
    "illegal_logging": CrimeType("illegal_logging", 4, "ไม้เถื่อน", "Logging"),
}
DISTRICTS = {"4901": District("4901", "เมืองมุกดาหาร", "Mueang Mukdahan")}
FOUND = Figures(
    total=60,
    before=50,
    by_type={"contraband": 30, "wildlife_trafficking": 15, "drug_trafficking": 10, "illegal_logging": 5},
    by_district=(DistrictCount("4901", 40, 4), DistrictCount(None, 15, 15), DistrictCount("1001", 5, 20)),
    by_week={date(2026, 10, 26): 12, date(2026, 11, 2): 16, date(2026, 11, 9): 0, date(2026, 11, 16): 14, date(2026, 11, 23): 18},
)  # fmt: skip


def test_types_without_a_colour_are_one_row_and_nothing_is_lost() -> None:
    rows = type_rows(FOUND, TYPES, "th")
    assert [row.name for row in rows] == ["สินค้าหนีภาษี", "ยาเสพติด", "ประเภทอื่น"]
    assert [row.n for row in rows] == [30, 10, 20]
    assert sum(row.n for row in rows) == FOUND.total


def test_weeks_that_the_period_cuts_are_marked() -> None:
    rows = week_rows(FOUND, CHOSEN, "th")
    assert [row.n for row in rows] == [12, 16, 0, 14, 18]
    assert [row.whole for row in rows] == [False, True, True, True, False]
    assert rows[0].period.startswith("28 ต.ค.")


def test_no_percentage_where_fewer_than_five_were_before() -> None:
    rows = district_table(FOUND, DISTRICTS, "en")
    assert rows[0].change == "+36"
    assert rows[2].change == "−75%"


def test_an_unknown_district_is_said_in_words() -> None:
    rows = district_table(FOUND, DISTRICTS, "th")
    assert [row.district for row in rows][:2] == ["เมืองมุกดาหาร", "ไม่ทราบอำเภอ"]
    assert sum(row.n for row in rows) == FOUND.total
