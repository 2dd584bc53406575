"""The tables that the project ships are whole and fit the store."""

from __future__ import annotations

import re

from geo.ingest.facts import DATA, border_districts, rows, shape_codes

GROUNDS = ("#f7f7f5", "#12181f")
"""A light and a dark ground of the map."""
LEAST_CONTRAST = 2.0
"""Points also have an outline; without it WCAG asks 3."""


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_each_table_has_its_rows() -> None:
    assert len(border_districts()) == 67
    assert len(shape_codes()) == 928
    assert len({row["code"] for row in shape_codes().values()}) == 928
    crossings = list(rows("border_crossings"))
    assert len({row["code"] for row in crossings}) == len(crossings) == 59
    assert {row["dopa_code"] for row in crossings} <= set(border_districts())


def test_what_is_said_of_the_target_districts_is_said_with_its_source() -> None:
    found = [(fact.target, fact.target_source) for fact in border_districts().values()]
    assert {target for target, _ in found} == {"named", "likely", "unknown"}
    assert all((source is None) == (target == "unknown") for target, source in found)
    assert all("https://nts-mekong.com" in source for _, source in found if source)


def test_eight_crime_types_have_a_colour_that_shows_on_light_and_dark() -> None:
    types = list(rows("crime_types"))
    colours = [row["colour"] for row in types if row["colour"]]
    assert len(colours) == len(set(colours)) == 8
    for colour in colours:
        assert re.fullmatch("#[0-9a-f]{6}", colour)
        for ground in GROUNDS:
            dark, light = sorted((luminance(colour), luminance(ground)))
            assert (light + 0.05) / (dark + 0.05) >= LEAST_CONTRAST
    assert [row["code"] for row in types if row["is_crime"] == "false"] == ["suspicious_activity"]
    assert all(row["name_th"] and row["name_en"] for row in types)


def test_agencies_have_the_names_that_the_programme_uses() -> None:
    names = {row["code"]: row["name_th"] for row in rows("agencies")}
    assert {"local_police", "immigration", "bpp", "mekong_riverine", "customs", "rangers", "vdc"} <= set(names)
    assert {"district_office", "oncb", "isoc"} <= set(names)
    assert all(names.values())


def test_every_table_is_described_with_its_source_and_licence() -> None:
    described = (DATA / "README.md").read_text(encoding="utf-8")
    assert all(f"`{file.name}`" in described for file in DATA.glob("*.csv"))
