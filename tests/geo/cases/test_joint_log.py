"""The joint log of a district: who reads it and in which order, and that what is to come is no entry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from geo.actions.case_history import StepRefused
from geo.actions.joint_log import LogKind, add_log_entry
from geo.queries.case_parts import district_log
from tests.geo.cases.conftest import MUKDAHAN, NONG_KHAI

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def wrote(office: Any, who: str, district: str, kind: LogKind, said: str, **more: Any) -> None:
    with office.acting(who) as connection:
        add_log_entry(connection, office.ids[who], district, kind, said, **more)


def read(office: Any, who: str, district: str) -> list[tuple[str, str | None, str | None]]:
    with office.acting(who) as connection:
        return [(entry.said, entry.of, entry.person) for entry in district_log(connection, district)]


def test_a_district_reads_its_own_log_with_that_of_its_cases_by_when_it_was(office: Any) -> None:
    case = office.case()
    wrote(office, "officer", NONG_KHAI, LogKind.CALL, "โทรแล้ว", agency="customs", public_id=case)
    wrote(office, "chief", NONG_KHAI, LogKind.MISSION, "ลาดตระเวนร่วม", counterpart="แขวงเวียงจันทน์", at=YESTERDAY)
    wrote(office, "neighbour", MUKDAHAN, LogKind.MEETING, "ประชุม", agency="bpp")
    ours = [("โทรแล้ว", case, "คุณ officer"), ("ลาดตระเวนร่วม", None, "คุณ chief")]
    assert read(office, "second", NONG_KHAI) == ours
    assert read(office, "neighbour", NONG_KHAI) == read(office, "officer", MUKDAHAN) == []
    assert read(office, "commander", NONG_KHAI) == ours[1:]  # the case is not verified yet
    assert [row[0] for row in office.rows("select subject from audit_log where action = 'log.add' order by id")] == [
        f"incident:{case}", f"district:{NONG_KHAI}", f"district:{MUKDAHAN}",
    ]  # fmt: skip


def test_what_is_still_to_come_is_not_entered(office: Any) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    with pytest.raises(StepRefused) as error:
        wrote(office, "officer", NONG_KHAI, LogKind.MEETING, "ประชุม", agency="bpp", at=soon)
    assert error.value.code == "log.in_future"
    assert read(office, "officer", NONG_KHAI) == []
