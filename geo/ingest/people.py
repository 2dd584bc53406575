"""Rows of a list of people who are to get an account, understood: mostly a district's headmen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from geo.errors import FileRefused
from geo.ingest import tabular
from geo.ingest.account import Remark
from geo.ingest.agencies import AgencyWords
from geo.ingest.district_words import DistrictWords
from geo.ingest.headers import Vocabulary
from geo.ingest.problems import CellRefused, quoted
from geo.ingest.reading import Reading, read_rows
from geo.ingest.table import Row, Table
from geo.ingest.text import ascii_digits, cell_text, clean, is_blank, match_key
from geo.model.person import DISTRICT_ROLES, Role

__all__ = ["PEOPLE_WORDS", "NewPerson", "people_table", "read_people"]

_HEADINGS = {
    "name": "ชื่อ-สกุล | ชื่อ - สกุล | ชื่อ–สกุล | ชื่อสกุล | ชื่อ-นามสกุล | ชื่อ นามสกุล | ชื่อและนามสกุล | ชื่อ | full name | person",
    "login": "ชื่อผู้ใช้ | ชื่อผู้ใช้งาน | ชื่อเข้าใช้ | user name | username | user | account",
    "role": "บทบาท | ตำแหน่ง | หน้าที่ | position",
    "district": "อำเภอ | อ. | รหัสอำเภอ | amphoe | amphur | district code",
    "province": "จังหวัด | จ. | จว. | changwat",
    "subdistrict": "ตำบล | ต. | รหัสตำบล | tambon | sub-district | subdistrict code",
    "village": "หมู่ที่ | หมู่ | หมู่บ้าน | บ้าน | moo | village no",
    "agency": "หน่วยงาน | สังกัด | organisation | organization",
    "language": "ภาษา | lang",
}
PEOPLE_WORDS = {name: tuple(words.split(" | ")) for name, words in _HEADINGS.items()}
"""Field to headings, the surest first."""

_ROLES = {
    Role.COORDINATOR: "กำนัน ผู้ใหญ่บ้าน ผู้ใหญ่ ผู้ประสานงาน ผู้ประสานงานหมู่บ้าน ผู้ประสานงานตำบล ผู้ช่วยผู้ใหญ่บ้าน ผญบ ผญบ. headman kamnan"
    " villageheadman subdistrictheadman",
    Role.OFFICER: "เจ้าหน้าที่ เจ้าหน้าที่อำเภอ ปลัด ปลัดอำเภอ districtofficer",
    Role.CHIEF: "นายอำเภอ หัวหน้า districtchief",
    Role.COMMANDER: "ผู้บังคับบัญชา ผู้บัญชาการ",
    Role.PLANNER: "นักวิเคราะห์ นักวางแผน นักวิเคราะห์และวางแผน analyst",
    Role.AGENCY: "หน่วยงาน หน่วยงานรับเรื่อง partneragency",
    Role.NATIONAL: "ส่วนกลาง ศูนย์ส่วนกลาง nationalcentre nationalcenter",
    Role.ADMINISTRATOR: "ผู้ดูแลระบบ ผู้ดูแล admin",
}
_ROLE_OF = {match_key(word): role for role, words in _ROLES.items() for word in [*words.split(), role.value]}
_LANGUAGE_OF = {
    match_key(w): code for code, words in {"th": "th thai ไทย", "en": "en english อังกฤษ"}.items() for w in words.split()
}
_SUBDISTRICT = re.compile(r"^(?:ตำบล|ต\.)\s*|\b(?:sub-?district|tambon)\b\.?", re.IGNORECASE)
MAX_NAME, MAX_VILLAGE = 100, 200


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who is to get an account, and the row that says so."""

    row: int
    login: str
    name: str
    role: Role
    district: str | None = None
    area_code: str | None = None
    village: str | None = None
    agency: str | None = None
    language: str = "th"


def people_table(content: bytes, name: str) -> Table:
    """The rows of a CSV or XLSX, not yet looked at one by one.

    Raises
    ------
    FileRefused
        ``file.*``: the file as a whole; there has to be a column with names.
    """
    table = tabular.read_table(content, name, Vocabulary(PEOPLE_WORDS))
    table.require("name")
    return table


def read_people(
    table: Table,
    districts: DistrictWords,
    agencies: AgencyWords,
    subdistricts: Callable[[str], Mapping[str, str]],
    *,
    most: int,
) -> Reading[NewPerson]:
    """Understand every row. Who has no role is a coordinator; who has no login gets one from where they work.

    Parameters
    ----------
    subdistricts
        Code and names (as `geo.ingest.text.match_key` makes them) of the sub-districts of a district, to their codes.
    most
        Rows of a file.

    Raises
    ------
    FileRefused
        ``file.no_rows``, ``file.too_many_rows``; what reading rows refuses.
    """
    logins: dict[str, int] = {}

    def understand(row: Row, remarks: list[Remark]) -> NewPerson:
        person = _person(table, row, districts, agencies, subdistricts)
        if (other := logins.setdefault(person.login, row.number)) != row.number:
            raise CellRefused("row.login_twice", login=person.login, other=other)
        return person

    reading = read_rows(table, understand)
    if reading.read > most:
        raise FileRefused("file.too_many_rows", limit=most)
    return reading


def _person(
    table: Table,
    row: Row,
    districts: DistrictWords,
    agencies: AgencyWords,
    subdistricts: Callable[[str], Mapping[str, str]],
) -> NewPerson:
    def said(field: str) -> str:
        cell = table.cell(row, field)
        return "" if is_blank(cell) else clean(cell_text(cell))

    name = said("name")
    if not name:
        raise CellRefused("people.name_missing")
    for text, most in ((name, MAX_NAME), (said("village"), MAX_VILLAGE)):
        if len(text) > most:
            raise CellRefused("row.too_long", value=quoted(text), limit=most)
    role = _role(said("role"))
    district = area = village = agency = None
    if role in DISTRICT_ROLES:
        district = districts.find(table.cell(row, "district"), table.cell(row, "province"))
        code = ascii_digits(said("subdistrict")).removesuffix(".0")
        if district is None and re.fullmatch(r"\d{6}(\d\d)?", code):
            district = code[:4]
        if district is None:
            raise CellRefused("row.district_missing")
    if role is Role.COORDINATOR:
        village = said("village").removesuffix(".0") or None
        if place := said("subdistrict"):
            area = _subdistrict(place, subdistricts(str(district)))
    if role is Role.AGENCY:
        agency = agencies.code(table.cell(row, "agency"))
        if agency is None:
            raise CellRefused("row.agency_missing")
    language = said("language")
    code = _LANGUAGE_OF.get(match_key(language), "") if language else "th"
    if not code:
        raise CellRefused("row.language_unknown", value=quoted(language))
    login = said("login").lower() or _login(area, village)
    return NewPerson(row.number, login, name, role, district, area, _moo(village), agency, code)


def _role(said: str) -> Role:
    if not said:
        return Role.COORDINATOR
    try:
        return _ROLE_OF[match_key(said)]
    except KeyError:
        raise CellRefused("row.role_unknown", value=quoted(said)) from None


def _subdistrict(said: str, known: Mapping[str, str]) -> str:
    digits = ascii_digits(said).removesuffix(".0")
    code = known.get(digits) or known.get(match_key(_SUBDISTRICT.sub("", said))) or known.get(match_key(said))
    if code is None:
        raise CellRefused("row.subdistrict_unknown", value=quoted(said))
    return code


def _login(area: str | None, village: str | None) -> str:
    """Of a sub-district headman its code, of a village headman with the number of the village; else nobody can guess one."""
    number = re.search(r"\d+", ascii_digits(village or ""))
    if area is None or (village and number is None):
        raise CellRefused("row.login_needed")
    return f"{area}.m{int(number[0])}" if number else area


def _moo(village: str | None) -> str | None:
    """The number of a village alone is said as people say it."""
    return f"หมู่ {int(ascii_digits(village))}" if village and ascii_digits(village).isdigit() else village
