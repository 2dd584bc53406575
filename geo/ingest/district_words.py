"""Which district a cell names: by code or by name, with its province where the name is not enough."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from geo.ingest.problems import CellRefused, quoted
from geo.ingest.text import Cell, ascii_digits, cell_text, clean, is_blank, match_key

__all__ = ["DistrictWords"]

_PROVINCE_IN = re.compile(r"(?:จังหวัด|จว\.|จ\.)\s*([ก-๎]+)")
_DISTRICT_IN = re.compile(r"(?:อำเภอ|อ\.)\s*([ก-๎]+)")
_PROVINCE_WORDS = re.compile(r"^(?:จังหวัด|จว\.?|จ\.)\s*|\b(?:province|changwat)\b\.?", re.IGNORECASE)
_DISTRICT_WORDS = re.compile(r"^(?:กิ่ง)?(?:อำเภอ|อ\.)\s*|\b(?:district|amphoe|amphur)\b\.?", re.IGNORECASE)
_CAPITALS = frozenset({"เมือง", "mueang", "muang"})


class DistrictWords:
    """Names of the Thai districts of a store.

    Parameters
    ----------
    districts
        Rows with ``code``, ``name_th``, ``name_en``, ``province_code``, ``province_th``, ``province_en``.
    """

    def __init__(self, districts: Iterable[Mapping[str, object]]) -> None:
        self._found: dict[tuple[str, str], str | None] = {}
        self._codes: set[str] = set()
        self._named: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._province: dict[str, str] = {}
        self._label: dict[str, str] = {}
        self._capital: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for row in districts:
            code, province = str(row["code"]), str(row["province_code"])
            self._codes.add(code)
            label = (row["name_th"] or row["name_en"], row["province_th"] or row["province_en"])
            self._label[code] = "{} {} ({})".format(code, *label)
            for name in (row["name_th"], row["name_en"]):
                key = _key(str(name or ""))
                if key:
                    self._named[key][code] = None
                if key.startswith(("เมือง", "mueang")) and code.endswith("01"):
                    self._capital[province][code] = None
            for name in (province, row["province_th"], row["province_en"]):
                if name:
                    self._province[_key(str(name))] = province

    def find(self, district: Cell, province: Cell = None) -> str | None:
        """Code of the district, or ``None`` where the cell says nothing.

        Raises
        ------
        CellRefused
            ``row.district_unknown``; ``row.district_ambiguous`` with ``options``; ``row.province_unknown``.
        """
        asked = (cell_text(district), cell_text(province))
        if asked not in self._found:  # sheets repeat a few districts thousands of times
            self._found[asked] = self._find(district, province)
        return self._found[asked]

    def _find(self, district: Cell, province: Cell) -> str | None:
        if is_blank(district):
            return None
        text = ascii_digits(clean(cell_text(district)))
        code = re.sub(r"^TH", "", text.upper()).removesuffix(".0")
        if code in self._codes:
            return code
        inside = _PROVINCE_IN.search(text)
        wanted = cell_text(province) if not is_blank(province) else inside[1] if inside else ""
        named = _DISTRICT_IN.search(text)
        name = named[1] if named else _DISTRICT_WORDS.sub("", _PROVINCE_IN.sub("", text))
        province_code = self._province_code(wanted) if wanted else None
        found = self._candidates(_key(name), province_code)
        if province_code:
            found = [code for code in found if code.startswith(province_code)]
        if not found:
            raise CellRefused("row.district_unknown", value=quoted(text))
        if len(found) > 1:
            options = ", ".join(self._label[code] for code in found[:5]) + (" …" if len(found) > 5 else "")
            raise CellRefused("row.district_ambiguous", value=quoted(text), options=options)
        return found[0]

    def _candidates(self, key: str, province_code: str | None) -> list[str]:
        if key in _CAPITALS and province_code:
            return list(self._capital[province_code])
        if key in _CAPITALS:
            return [code for codes in self._capital.values() for code in codes]
        return list(self._named.get(key, ()))

    def _province_code(self, text: str) -> str:
        text = ascii_digits(clean(text)).removesuffix(".0")
        code = self._province.get(_key(_PROVINCE_WORDS.sub("", text))) or self._province.get(_key(text))
        if code is None:
            raise CellRefused("row.province_unknown", value=quoted(text))
        return code


def _key(name: str) -> str:
    key = match_key(name)
    return re.sub(r"^muang", "mueang", key)
