"""Which area of the store a feature of an official file is: by code, else by name and where it lies."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from geo.ingest.headers import Vocabulary
from geo.ingest.place_shape import PlaceRefused
from geo.ingest.problems import quoted
from geo.ingest.text import Cell, ascii_digits, cell_text, clean, is_blank, match_key
from geo.model.area import Area

__all__ = ["LEVELS", "PlaceIndex", "place_vocabulary"]

LEVELS = ("province", "district", "subdistrict", "village")
"""From the largest to the smallest; each lies in one of the level before."""
DIGITS = {"province": 2, "district": 4, "subdistrict": 6, "village": 8}
ELSEWHERE = 0.3
"""Degrees, about 33 km: a shape farther away from where its area lies has the wrong code or name."""

_CODES = {
    "province": "adm1_pcode prov_code province_code prov_id province_id pv_idn pv_code changwat_code รหัสจังหวัด",
    "district": "adm2_pcode amp_code amphoe_code amphur_code district_code dist_code ap_idn ap_code"
    " amphoe_idn amphoe_id amp_id district_id รหัสอำเภอ",
    "subdistrict": "adm3_pcode tam_code tambon_code subdistrict_code sub_district_code tb_idn tb_code"
    " tambon_idn tambon_id tam_id subdistrict_id รหัสตำบล",
    "village": "adm4_pcode vill_code village_code vil_code vl_code mooban_code muban_code village_id vill_id รหัสหมู่บ้าน",
    "own": "dopa_code pcode shapeiso code รหัส",
}
_NAMES = {
    "province": "adm1_th adm1_name1 prov_namt prov_name_th pv_tn changwat_t province_th province_name จังหวัด"
    " prov_nam_t prov_name province changwat adm1_en adm1_name prov_name_en pv_en prov_name_e province_en",
    "district": "adm2_th adm2_name1 amp_namt amphoe_t amphoe_th ap_tn amp_name_th amphoe_name_th district_th"
    " amphoe_name amp_nam_t อำเภอ เขต amp_name amphoe amphur district district_name",
    "district_en": "adm2_en adm2_name amp_name_e amphoe_e amphoe_en ap_en amp_name_en district_en",
    "subdistrict": "adm3_th adm3_name1 tam_namt tambon_t tambon_th tb_tn tam_name_th tambon_name_th"
    " subdistrict_th tambon_name tam_nam_t ตำบล แขวง tam_name tambon subdistrict",
    "subdistrict_en": "adm3_en adm3_name tam_name_e tambon_e tambon_en tb_en tam_name_en subdistrict_en",
    "village": "adm4_th vill_name vill_name_th village_name village_th muban mooban หมู่บ้าน ชื่อหมู่บ้าน village",
    "village_en": "adm4_en vill_name_en village_en",
    "own": "shapename name_th name ชื่อ",
    "own_en": "name_en",
}
_PREFIX = re.compile(
    r"^(?:จังหวัด|จว\.|จ\.|กิ่งอำเภอ|อำเภอ|อ\.|เขต|ตำบล|ต\.|แขวง|หมู่บ้าน)\s*"
    r"|\b(?:province|changwat|king amphoe|amphoe|amphur|khet|tambon|khwaeng|(?:sub-?)?district)\b\.?",
    re.IGNORECASE,
)


def place_vocabulary() -> Vocabulary:
    """Headings of codes (``district_code`` …) and names (``district``, ``district_en`` …) of every level."""
    words = {f"{level}_code": spellings.split() for level, spellings in _CODES.items()}
    return Vocabulary(words | {level: spellings.split() for level, spellings in _NAMES.items()})


class PlaceIndex:
    """The areas of the store that features of one level can be.

    Parameters
    ----------
    level
        district, subdistrict or village.
    areas
        Of all Thai levels that are needed: the level's own and those above it.
    """

    def __init__(self, level: str, areas: Iterable[Area]) -> None:
        self.level = level
        self.above = LEVELS[LEVELS.index(level) - 1]
        self.areas = {area.code: area for area in areas}
        self._named: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for area in self.areas.values():
            for key in dict.fromkeys(_name_key(name) for name in (area.name_th, area.name_en) if name):
                self._named[area.level, key].append(area.code)

    def find(self, row: Mapping[str, Cell], shape: BaseGeometry) -> str:
        """Code of the area that a feature is. One that is new has a full code, and lies in a known area.

        Raises
        ------
        PlaceRefused
            ``place.unknown_code``, ``place.unknown_parent``, ``place.unknown_name``, ``place.ambiguous``,
            ``place.no_name``, ``place.elsewhere``.
        """
        code = self.code_in(row, self.level, own=True)
        if code is None or (code not in self.areas and self.level == "district"):
            names = self._names_in(row)
            if not names and code is not None:
                raise PlaceRefused("place.unknown_code", value=code)
            code = self._by_name(names, row, shape)
        elif code not in self.areas and code[:-2] not in self.areas:
            raise PlaceRefused("place.unknown_parent", value=code, parent=code[:-2])
        if not self._is_near(code, shape):
            area = self.areas.get(code) or self.areas[code[:-2]]
            raise PlaceRefused("place.elsewhere", value=f"{code} {area.name_th or area.name_en}")
        return code

    def code_in(self, row: Mapping[str, Cell], level: str, *, own: bool = False) -> str | None:
        """Full DOPA code of a level, put together from columns where they hold two digits each."""
        digits = _digits(row.get(f"{level}_code"))
        if not digits and own:
            digits = _digits(row.get("own_code"))
        length = DIGITS[level]
        if len(digits) > length and not digits[length:].strip("0"):  # 49080000 is district 4908
            digits = digits[:length]
        if len(digits) == length:
            return digits
        if digits and len(digits) <= 2 and level != "province":
            parent = self.code_in(row, LEVELS[LEVELS.index(level) - 1])
            return parent + digits.zfill(2) if parent else None
        return None

    def _names_in(self, row: Mapping[str, Cell]) -> list[str]:
        cells = [row.get(field) for field in (self.level, f"{self.level}_en", "own", "own_en")]
        return [clean(cell_text(cell)) for cell in cells if not is_blank(cell)]

    def _by_name(self, names: Sequence[str], row: Mapping[str, Cell], shape: BaseGeometry) -> str:
        if not names:
            raise PlaceRefused("place.no_name")
        if self.level == "village":
            raise PlaceRefused("place.village_code", value=quoted(names[0]))
        found = next((codes for n in names if (codes := self._named.get((self.level, _name_key(n))))), [])
        for level in LEVELS[: LEVELS.index(self.level)]:
            inside = self._parents(row, level)
            if inside:
                found = [code for code in found if code.startswith(tuple(inside))]
        if not found:
            raise PlaceRefused("place.unknown_name", value=quoted(names[0]))
        near = found if len(found) == 1 else [code for code in found if self._is_near(code, shape, 0.0)]
        if len(near) != 1:
            raise PlaceRefused("place.ambiguous", value=quoted(names[0]), n=len(found))
        return near[0]

    def _parents(self, row: Mapping[str, Cell], level: str) -> list[str]:
        code = self.code_in(row, level)
        if code is not None:
            return [code]
        cells = [row.get(level), row.get(f"{level}_en")]
        keys = [_name_key(cell_text(cell)) for cell in cells if not is_blank(cell)]
        return [code for key in keys for code in self._named.get((level, key), [])]

    def _is_near(self, code: str, shape: BaseGeometry, within: float = ELSEWHERE) -> bool:
        """Whether a shape lies where its area, or the one around it, lies; True where nobody knows."""
        area = self.areas.get(code)
        known = (area and (area.geom or area.point)) or None
        if known is None and (around := self.areas.get(code[:-2])) is not None:
            known = around.geom or around.point
        if known is None:
            return True
        return bool(shapely.dwithin(known, shape.representative_point() if within == 0.0 else shape, within))


def _digits(cell: Cell) -> str:
    text = ascii_digits(clean(cell_text(cell))).upper().removeprefix("TH").removesuffix(".0").strip()
    return text if text.isdigit() and text.isascii() else ""


def _name_key(name: str) -> str:
    text = clean(name)
    return re.sub(r"^muang", "mueang", match_key(_PREFIX.sub("", text)) or match_key(text))
