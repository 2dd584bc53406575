"""Rows of a list of checkpoints, understood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from geo.crs import REGION
from geo.errors import FileRefused
from geo.ingest import tabular
from geo.ingest.account import Remark
from geo.ingest.agencies import AgencyWords
from geo.ingest.coordinates import Region
from geo.ingest.dates import BANGKOK, parse_when
from geo.ingest.headers import Vocabulary
from geo.ingest.place_columns import PLACE_WORDS, require_place
from geo.ingest.problems import CellRefused, quoted
from geo.ingest.reading import Reading, read_rows, require_located
from geo.ingest.table import Row, Table
from geo.ingest.text import Cell, cell_text, clean, is_blank, match_key
from geo.model import CheckpointStatus
from geo.model.checkpoint import CheckpointEntry

__all__ = ["CHECKPOINT_WORDS", "checkpoint_table", "kind_said", "read_checkpoints"]

MAX_NAME = 200
MAX_NOTE = 2000
PLANNED_AHEAD = timedelta(days=20 * 365)
"""No plan reaches farther: a later day is a slip."""

_HEADINGS = {
    "reference": "รหัสจุดตรวจ | รหัสด่าน | รหัสจุดสกัด | รหัสจุด | รหัส | เลขที่ | checkpoint id | checkpoint code | "
    "code | id | ref | reference no",
    "name": "ชื่อจุดตรวจ | ชื่อด่าน | ชื่อด่านตรวจ | ชื่อจุดสกัด | ชื่อจุด | ชื่อ | จุดตรวจ | ด่านตรวจ | จุดสกัด | "
    "checkpoint name | checkpoint",
    "kind": "ประเภทจุดตรวจ | ประเภทด่าน | ประเภท | ชนิด | type | checkpoint type | category",
    "agency": "หน่วยงานรับผิดชอบ | หน่วยงานที่รับผิดชอบ | หน่วยรับผิดชอบ | ผู้รับผิดชอบ | หน่วยงาน | สังกัด | หน่วย | "
    "responsible agency | organisation | organization | unit",
    "status": "สถานะ | สถานภาพ | state",
    "valid_from": "วันที่เริ่ม | วันที่เริ่มต้น | วันเริ่ม | เริ่มวันที่ | เริ่ม | ตั้งแต่วันที่ | ตั้งแต่ | วันที่จัดตั้ง | วันที่เปิด | "
    "start date | start | from | since | opened",
    "valid_to": "วันที่สิ้นสุด | วันสิ้นสุด | สิ้นสุด | ถึงวันที่ | ถึง | วันที่ปิด | วันที่ยกเลิก | end date | end | to | until | closed on",
    "note": "หมายเหตุ | รายละเอียด | remarks | remark | notes | description",
}
CHECKPOINT_WORDS = {name: tuple(words.split(" | ")) for name, words in _HEADINGS.items()} | PLACE_WORDS
"""Field to headings, the surest first."""

_KINDS = {
    "checkpoint": "จุดตรวจ ด่านตรวจ ด่าน จุดตรวจร่วม จุดตรวจถาวร ด่านความมั่นคง จุดตรวจความมั่นคง ทางบก roadcheckpoint land road",
    "interception": "จุดสกัด จุดสกัดกั้น สกัด สกัดกั้น ด่านสกัด จุดตรวจจุดสกัด interceptionpoint",
    "river": "ทางน้ำ จุดตรวจทางน้ำ จุดตรวจทางเรือ ด่านทางน้ำ ทางเรือ ลำน้ำ แม่น้ำ เรือ rivercheckpoint water boat",
}
_STATUSES = {
    CheckpointStatus.PLANNED: "แผน วางแผน ตามแผน อยู่ในแผน เตรียมการ อยู่ระหว่างจัดตั้ง จะจัดตั้ง เสนอ proposed plan",
    CheckpointStatus.ACTIVE: "เปิด เปิดใช้งาน ใช้งาน ใช้งานอยู่ ปฏิบัติงาน ปฏิบัติงานอยู่ เปิดทำการ เปิดดำเนินการ ดำเนินการ"
    " ปัจจุบัน open opened operating operational current inuse",
    CheckpointStatus.CLOSED: "ปิด ปิดแล้ว ปิดทำการ ยกเลิก ยกเลิกแล้ว เลิก ยุบ ยุบเลิก ถอน ถอนกำลัง เลิกใช้งาน"
    " inactive cancelled canceled removed ended",
}
_KIND_OF = {match_key(w): kind for kind, words in _KINDS.items() for w in [*words.split(), kind]}
_STATUS_OF = {match_key(w): s.value for s, words in _STATUSES.items() for w in [*words.split(), s.value]}
_NO_END = {match_key(w) for w in ("ปัจจุบัน", "ถึงปัจจุบัน", "ไม่มีกำหนด", "ไม่กำหนด", "open", "present", "ongoing")}


def checkpoint_table(path: Path, given: Mapping[str, str] | None = None) -> Table:
    """The rows of a CSV, XLSX, GeoJSON or GeoPackage, not yet looked at one by one.

    Parameters
    ----------
    given
        Heading to field, for headings that are not known.

    Raises
    ------
    FileRefused
        ``file.*``, ``checkpoint.no_header``: the file as a whole; also while rows are taken.
    """
    try:
        table = tabular.read_file(path, Vocabulary(CHECKPOINT_WORDS, given))
    except FileRefused as refused:
        if refused.code != "file.no_header":
            raise
        raise FileRefused("checkpoint.no_header", **refused.params) from refused
    table.require("name")
    require_place(table)
    return table


def read_checkpoints(
    table: Table, agencies: AgencyWords, *, region: Region = REGION, now: datetime | None = None
) -> Reading[CheckpointEntry]:
    """Understand every row of a table.

    Rows are refused with ``checkpoint.name_missing``, ``checkpoint.kind_unknown``,
    ``checkpoint.status_unknown``, ``checkpoint.dates_reversed`` and ``row.*``; latitude and longitude that
    were put right are remarked.

    Raises
    ------
    FileRefused
        ``file.no_rows``; what reading rows refuses.
    """
    moment = now or datetime.now(BANGKOK)
    return read_rows(table, lambda row, remarks: _entry(table, row, agencies, region, moment, remarks))


def _entry(
    table: Table, row: Row, agencies: AgencyWords, region: Region, now: datetime, remarks: list[Remark]
) -> CheckpointEntry:
    name = _text(table.cell(row, "name"))[:MAX_NAME]
    if not name:
        raise CellRefused("checkpoint.name_missing")
    first, last = _day(table, row, "valid_from", now), _day(table, row, "valid_to", now)
    if first and last and last < first:
        raise CellRefused("checkpoint.dates_reversed", first=first, last=last)
    kind = kind_said(table.cell(row, "kind"))
    if kind is None and "kind" not in table.columns and name.startswith("จุดสกัด"):
        kind = "interception"  # a list without kinds has them in the names
    status = _word(table.cell(row, "status"), _STATUS_OF, "checkpoint.status_unknown")
    agency = agencies.code(table.cell(row, "agency"))
    place = require_located(table, row, region, remarks)
    return CheckpointEntry(
        row=row.number,
        reference=_text(table.cell(row, "reference"))[:MAX_NAME],
        name=name,
        kind=kind,
        agency=agency,
        status=status,
        valid_from=first,
        valid_to=last,
        note=_text(table.cell(row, "note"), lines=True)[:MAX_NOTE] or None,
        lon=place.lon,
        lat=place.lat,
    )


def kind_said(cell: Cell) -> str | None:
    """The kind of checkpoint that a cell says; nothing where it is blank.

    Raises
    ------
    CellRefused
        ``checkpoint.kind_unknown``.
    """
    return _word(cell, _KIND_OF, "checkpoint.kind_unknown")


def _text(cell: Cell, *, lines: bool = False) -> str:
    return "" if is_blank(cell) else clean(cell_text(cell), lines=lines)


def _word(cell: Cell, meanings: Mapping[str, str], refusal: str) -> str | None:
    if is_blank(cell):
        return None
    written = cell_text(cell)
    if (found := meanings.get(match_key(written))) is None:
        raise CellRefused(refusal, value=quoted(written))
    return found


def _day(table: Table, row: Row, name: str, now: datetime) -> date | None:
    cell = table.cell(row, name)
    if is_blank(cell) or match_key(cell_text(cell)) in _NO_END:
        return None
    return parse_when(cell, now=now + PLANNED_AHEAD, epoch=table.epoch).at.date()
