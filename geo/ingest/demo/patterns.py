"""How synthetic incidents are spread: shares and rhythms, made up to look like a border, measured nowhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CHANNELS",
    "DAYTIME_TYPES",
    "DAY_HOURS",
    "MONTHS",
    "NIGHT_HOURS",
    "NOTES",
    "STATUSES",
    "STATUS_BY_AGE",
    "WEEKDAYS",
    "type_shares",
]

Floats = NDArray[np.float64]

CHANNELS = ("coordinator", "online", "patrol", "agency")
STATUSES = ("received", "verifying", "verified", "unfounded", "duplicate", "referred", "closed")

STATUS_BY_AGE = (
    (3, (0.50, 0.40, 0.05, 0.01, 0.02, 0.01, 0.01)),
    (8, (0.12, 0.36, 0.22, 0.08, 0.05, 0.11, 0.06)),
    (40, (0.00, 0.05, 0.20, 0.12, 0.05, 0.24, 0.34)),
    (1_000_000, (0.00, 0.00, 0.03, 0.18, 0.05, 0.02, 0.72)),
)
"""Up to this many days after the report: shares of `STATUSES`."""

WEEKDAYS = np.array([0.85, 0.80, 0.82, 0.90, 1.25, 1.45, 1.20])
"""From Monday: more around weekends."""
MONTHS = np.array([1.30, 1.25, 1.25, 1.15, 0.95, 0.80, 0.75, 0.70, 0.75, 0.90, 1.15, 1.30])
"""From January: the river is low and tracks are dry from November to April."""
NIGHT_HOURS = np.array([9, 9, 9, 8, 6, 4, 2, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 2, 2, 3, 4, 6, 8, 9, 9.5, 9.5])
DAY_HOURS = np.array([1, 0.5, 0.5, 0.5, 0.5, 1, 2, 4, 7, 9, 10, 9, 7, 8, 9, 9, 8, 6, 4, 4, 4, 3, 2, 1.5])
"""By hour of the day in Asia/Bangkok."""
DAYTIME_TYPES = frozenset({"online_scam", "forged_documents", "money_laundering", "trafficking_in_persons"})

RARE = 0.01
"""Share of a type that a stretch has no figure for, among them those that an administrator added."""

_MOUNTAINS = {  # Chiang Rai, Phayao, Nan, Uttaradit, Phitsanulok
    "drug_trafficking": 0.34,
    "drug_possession_use": 0.14,
    "precursor_smuggling": 0.06,
    "irregular_entry": 0.12,
    "wildlife_trafficking": 0.06,
    "illegal_logging": 0.06,
    "contraband": 0.06,
    "livestock_smuggling": 0.05,
    "suspicious_activity": 0.06,
}
_MEKONG = {  # Loei to Ubon Ratchathani
    "drug_trafficking": 0.36,
    "drug_possession_use": 0.15,
    "contraband": 0.13,
    "irregular_entry": 0.09,
    "smuggling_of_migrants": 0.05,
    "vehicle_smuggling": 0.05,
    "illegal_logging": 0.04,
    "suspicious_activity": 0.06,
}
_SOUTHERN_ISAN = {  # Buri Ram, Surin, Si Sa Ket
    "contraband": 0.20,
    "illegal_logging": 0.13,
    "irregular_entry": 0.15,
    "livestock_smuggling": 0.08,
    "arms_trafficking": 0.05,
    "drug_trafficking": 0.10,
    "vehicle_smuggling": 0.08,
    "suspicious_activity": 0.07,
}
_SA_KAEO = {
    "online_scam": 0.24,
    "trafficking_in_persons": 0.13,
    "smuggling_of_migrants": 0.14,
    "irregular_entry": 0.16,
    "contraband": 0.09,
    "vehicle_smuggling": 0.06,
    "money_laundering": 0.05,
    "forged_documents": 0.04,
}
_EAST = {  # Chanthaburi, Trat
    "contraband": 0.22,
    "irregular_entry": 0.18,
    "smuggling_of_migrants": 0.10,
    "online_scam": 0.08,
    "wildlife_trafficking": 0.06,
    "drug_trafficking": 0.08,
    "livestock_smuggling": 0.06,
}
_BY_PROVINCE = {
    **dict.fromkeys(("57", "56", "55", "53", "65"), _MOUNTAINS),
    **dict.fromkeys(("31", "32", "33"), _SOUTHERN_ISAN),
    "27": _SA_KAEO,
    **dict.fromkeys(("22", "23"), _EAST),
}

_ANYWHERE = (
    "ใกล้ทางเข้าหมู่บ้าน",
    "ริมถนนสายรอง",
    "บริเวณสวนยางพารา",
    "ใกล้ตลาดชุมชน",
    "บริเวณไร่มันสำปะหลัง",
    "ใกล้ศาลาประชาคม",
)
_RIVER = ("ริมฝั่งแม่น้ำ", "บริเวณท่าน้ำของชุมชน", "ใกล้ท่าทราย", "บริเวณตลิ่งท้ายหมู่บ้าน")
_LAND = ("บริเวณช่องทางธรรมชาติ", "แนวป่าชายแดน", "ใกล้ทางเกวียนเก่า", "บริเวณเชิงเขา")
NOTES = {"LA": _ANYWHERE + _RIVER, "KH": _ANYWHERE + _LAND}
"""Notes on the place by neighbour. They name nobody and no place."""


def type_shares(district: str, types: tuple[str, ...]) -> Floats:
    """Shares of the crime types, sum 1, on the stretch of the district with this code."""
    known = _BY_PROVINCE.get(district[:2], _MEKONG)
    shares = np.array([known.get(code, RARE) for code in types])
    return np.asarray(shares / shares.sum(), dtype=np.float64)
