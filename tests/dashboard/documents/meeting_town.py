"""A meeting with sheets made up for tests: shapes along a river, counts of every size, decisions of every kind. Seeded."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dashboard.documents.meeting_pack import MeetingPack
from dashboard.documents.referral_pack import Names
from geo.analysis.change import change
from geo.model import Agency, CrimeType, District
from geo.model.meeting import CameSince, Decision, DecisionState, Meeting, MeetingFilter, MeetingLayer, MeetingState
from geo.model.meeting_sheet import (
    BorderLine,
    CountRow,
    Figure,
    FigureName,
    Finding,
    HexagonCell,
    MapCheckpoint,
    MapCrossing,
    MapPoint,
    MeetingSheet,
    Method,
    Outline,
    OverviewRow,
    OverviewSheet,
    PlaceName,
    SheetMap,
    TopPlace,
    UnverifiedCell,
    WeekCount,
)
from geo.model.reference import CRIME_COLOURS

__all__ = ["AS_OF", "FIRST", "LAST", "NAMES", "NOW", "decision", "district_sheet", "meeting_pack"]

FIRST, LAST = date(2026, 10, 26), date(2026, 11, 22)
AS_OF = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
_TYPES = (
    ("drug_trafficking", "การลักลอบค้าและลำเลียงยาเสพติดข้ามแดน", "Drug trafficking"),
    ("smuggling_of_migrants", "การลักลอบขนคนเข้าเมือง", "Smuggling of migrants"),
    ("trafficking_in_persons", "การค้ามนุษย์", "Trafficking in persons"),
    ("online_scam", "การหลอกลวงออนไลน์ / แก๊งคอลเซ็นเตอร์", "Online scams"),
    ("contraband", "สินค้าหนีภาษี", "Contraband"),
    ("irregular_entry", "การลักลอบเข้าเมืองผิดกฎหมาย", "Irregular entry"),
    ("vehicle_smuggling", "การลักลอบนำรถข้ามแดน", "Vehicle smuggling"),
    ("livestock_smuggling", "การลักลอบเคลื่อนย้ายปศุสัตว์ข้ามแดน", "Livestock smuggling"),
    ("illegal_logging", "การลักลอบตัดไม้", "Illegal logging"),
)
NAMES = Names(
    {
        code: CrimeType(code, at, th, en, colour=CRIME_COLOURS[at] if at < len(CRIME_COLOURS) else None, sort=at)
        for at, (code, th, en) in enumerate(_TYPES)
    },
    {"4301": District("4301", "เมืองหนองคาย", "Mueang Nong Khai", "หนองคาย", "Nong Khai", ("LA",))},
    {"bpp": Agency("bpp", "ตำรวจตระเวนชายแดน", "Border Patrol Police", "ตชด.")},
)
_SMALL_AMONG = (0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.03, 0.02)


def _ring(lon: float, lat: float, size: float, chance: random.Random, corners: int = 60) -> list[list[float]]:
    ring = []
    for at in range(corners):
        angle = 2 * math.pi * at / corners
        far = size * (0.85 + 0.15 * chance.random())
        ring.append([lon + far * math.cos(angle), lat + far * math.sin(angle)])
    return [*ring, ring[0]]


def _outline(code: str, country: str, th: str | None, en: str | None, ring: list[list[float]]) -> Outline:
    lon, lat = sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    return Outline(code, country, th, en, lon, lat, {"type": "Polygon", "coordinates": [ring]})


def _hexagon(lon: float, lat: float, size: float) -> tuple[tuple[float, float], ...]:
    turns = [math.radians(30 + 60 * at) for at in range(6)]
    return tuple((lon + size * math.cos(turn), lat + size * math.sin(turn)) for turn in turns)


def _counts(now: int, before: int, codes: list[str], shares: tuple[float, ...]) -> tuple[CountRow, ...]:
    def parts(total: int) -> list[int]:
        found = [int(total * share) for share in shares[: len(codes)]]
        found[0] += total - sum(found)
        return found

    here, then = parts(now), parts(before)
    table = change(here, then)
    return tuple(
        CountRow(code, n, b, str(row["class"]), None if math.isnan(row["percent"]) else float(row["percent"]))
        for code, n, b, (_, row) in zip(codes, here, then, table.iterrows(), strict=True)
        if n or b
    )


def _figures(now: int, before: int, chance: random.Random) -> tuple[Figure, ...]:
    row = change([now], [before]).iloc[0]
    percent = None if math.isnan(row["percent"]) else float(row["percent"])
    told = {"now": now, "before": before}
    says = "change.few" if percent is None else "change.rose" if percent > 0 else "change.fell"
    verified, of, hours = chance.randint(0, now), now + chance.randint(1, 9), chance.randint(0, 300)
    return (
        Figure(FigureName.INCIDENTS, now, before, str(row["class"]), "incidents.some" if now else "incidents.none", told),
        Figure(FigureName.CHANGE, percent, None, str(row["class"]), says, told | {"percent": percent}),
        Figure(FigureName.VERIFIED, verified / of, None, None, "verified.share", {"verified": verified, "of": of, "median_hours": 31}),
        Figure(FigureName.OPEN, 7, None, None, "open.some", {"open": 7, "overdue": 2}),
        Figure(
            FigureName.EFFORT, float(hours), 120.0, "increase", "effort.patrols",
            {"hours": hours, "hours_before": 120, "patrols": 18, "villages": 6},
        ),
    )  # fmt: skip


def district_sheet(at: int, now: int, before: int, *, place: str | None = None) -> MeetingSheet:
    """A district's sheet.

    Parameters
    ----------
    at
        How manyeth along the river; its code is ``4301`` and so on.
    place
        Name of every place, where a test wants an own one.
    """
    chance = random.Random(at)
    lon, lat = 101.0 + 0.42 * at % 5, 18.0 - 0.13 * at
    size = 0.2
    own = _outline(
        f"43{at + 1:02}", "TH", f"เมืองทดสอบ {at + 1}", f"Mueang Test {at + 1}", _ring(lon, lat, size, chance)
    )
    around = (
        _outline("LA-1", "LA", None, "Muang Beyond", _ring(lon, lat + 2 * size, size * 1.2, chance)),
        _outline("4190", "TH", "ข้างเคียง", "Beside", _ring(lon - 2 * size, lat - 0.05, size, chance)),
        _outline("4290", "TH", "ถัดไป", "Next", _ring(lon + 2 * size, lat - 0.05, size, chance)),
    )
    line = [[lon + (step - 25) * 0.03, lat + size + 0.02 * math.sin(step)] for step in range(51)]
    border = (
        BorderLine(False, {"type": "LineString", "coordinates": line[:30]}),
        BorderLine(True, {"type": "LineString", "coordinates": line[29:]}),
    )
    codes = [code for code, _, _ in _TYPES]
    spots = [(lon + chance.gauss(0, size / 3), lat + chance.gauss(0.05, size / 4)) for _ in range(now)]
    points = tuple(
        MapPoint(round(x, 3), round(y, 3), chance.choices(codes, _SMALL_AMONG)[0], 1 + (chance.random() > 0.9))
        for x, y in spots
    )
    kinds = ["hot_new", "hot_intensifying", "hot_persistent", "hot_sporadic", "no_pattern", "cold_new"]
    hexagons = tuple(
        HexagonCell(
            _hexagon(lon + (column - 4 + row % 2 / 2) * 0.035, lat + (row - 4) * 0.03, 0.02), chance.randint(0, 12),
            gi := chance.choice([0, 0, 0, 1, 2, 3, -1, -2, -3]), gi * 0.9, chance.choice(kinds) if gi else "no_pattern",
        )
        for column in range(8) for row in range(8)
    ) if now else ()  # fmt: skip
    drawn = SheetMap(
        (lon - size * 1.15, lat - size * 1.15, lon + size * 1.15, lat + size * 1.15), (own,), around, border,
        (MapCrossing("C1", "permanent", "สะพานมิตรภาพ", "Friendship Bridge", lon, lat + size),),
        tuple(
            MapCheckpoint(f"K{number}", "checkpoint", status, lon + 0.05 * number - 0.05, lat - 0.1)
            for number, status in enumerate(("active", "planned", "closed"))
        ),
        points, (UnverifiedCell(lon + 0.1, lat + 0.08, 3), UnverifiedCell(lon - 0.1, lat, 12)), hexagons, 2500.0,
    )  # fmt: skip
    names = [
        ("crossing", "สะพานมิตรภาพ", "Friendship Bridge"),
        ("village", "ท่าเสด็จ", "Tha Sadet"),
        ("subdistrict", "ในเมือง", "Nai Mueang"),
    ]
    top = tuple(
        TopPlace(
            rank, "cluster", PlaceName(kind, f"P{rank}", place or th, place or en, (rank - 1) * 700) if rank < 5 else None,
            round(lon + 0.04 * rank - 0.12, 3), round(lat + 0.03 * (rank % 3), 3), max(1, now // (rank * 3)), LAST - timedelta(days=rank),
            codes[rank % 4], 0.64, 3 - rank % 3, "hot_intensifying" if rank == 1 else "no_pattern",
        )
        for rank, (kind, th, en) in enumerate([*names, names[0], names[1]], 1)
    ) if now else ()  # fmt: skip
    found = (
        Finding("new_hotspot", {"n": 2}, PlaceName("village", "P2", place or "ท่าเสด็จ", place or "Tha Sadet", 600), lon, lat),
        Finding("type_rose", {"crime_type": codes[0], "n": 12, "before": 5, "percent": 140.0}),
        Finding("silent_villages", {"n": 4, "of": 16}),
    ) if now else (Finding("quiet_days", {"n": 28}),)  # fmt: skip
    weeks = tuple(WeekCount(FIRST + timedelta(days=7 * week), n) for week, n in enumerate(_parts(now, 4)))
    methods = (
        Method("gi", {"hexagon_m": 2500.0, "distance_m": 5000.0}, now),
        Method("dbscan", {"eps_m": 1000.0, "min_points": 5}, now),
        Method("change", {}, now),
    )
    return MeetingSheet(
        own.code, own.name_th, own.name_en, "หนองคาย", "Nong Khai", ("LA",), FIRST, LAST, FIRST - timedelta(days=28),
        FIRST - timedelta(days=1), AS_OF, _figures(now, before, chance), _counts(now, before, codes, _SMALL_AMONG),
        _counts(now, before, ["online", "coordinator", "patrol"], (0.6, 0.3, 0.1)), weeks, found, top, drawn, now < 30, methods,
        {"numpy": "2.4.6"},
    )  # fmt: skip


def _parts(total: int, n: int) -> list[int]:
    return [total * (at + 1) // n - total * at // n for at in range(n)]


def decision(number: int, district: str, words: str, **more: Any) -> Decision:
    """A decision, open unless told otherwise."""
    plain = Decision(
        number, 1, "ประชุมทบทวนเดือน ต.ค.", date(2026, 10, 20), district, words, 5, "ปลัดอำเภอ สมชาย ใจดี", None, date(2026, 11, 10), None,
        None, None, None, None, DecisionState.OPEN, None, "นายอำเภอ", datetime(2026, 10, 20, 4, tzinfo=UTC),
    )  # fmt: skip
    return replace(plain, **more)


def meeting_pack(
    counts: list[tuple[int, int]],
    lang: str = "th",
    *,
    hides: bool = False,
    words: str | None = None,
    place: str | None = None,
) -> MeetingPack:
    """A meeting of as many districts as there are counts (now, before).

    Parameters
    ----------
    words
        Stands for every text that people typed.
    place
        Name of every place.
    """  # fmt: skip
    sheets = tuple(district_sheet(at, now, before, place=place) for at, (now, before) in enumerate(counts))
    total, earlier = sum(now for now, _ in counts), sum(before for _, before in counts)
    whole = district_sheet(99, total, earlier, place=place)
    maps = [sheet.map for sheet in sheets]
    box = (
        min(one.box[0] for one in maps), min(one.box[1] for one in maps), max(one.box[2] for one in maps),
        max(one.box[3] for one in maps),
    )  # fmt: skip
    ground = SheetMap(
        box, tuple(one.districts[0] for one in maps), maps[0].around, tuple(line for one in maps for line in one.border), (), (),
        tuple(point for one in maps for point in one.points), (), (), 2500.0,
    )  # fmt: skip
    overview = OverviewSheet(
        FIRST, LAST, whole.before_first, whole.before_last, AS_OF,
        tuple(OverviewRow(s.district, s.name_th, s.name_en, s.province_th, s.province_en, s.figures) for s in sheets),
        whole.figures, whole.by_type, whole.by_channel, whole.by_week, whole.found, (), ground, whole.few, whole.methods, whole.versions,
    )  # fmt: skip
    meeting = Meeting(
        7, words or "ประชุมทบทวนสถานการณ์ชายแดน เดือนพฤศจิกายน", date(2026, 11, 24), 5, "นายอำเภอ", MeetingState.RUNNING,
        tuple(sheet.district for sheet in sheets), MeetingFilter(FIRST, LAST), tuple(MeetingLayer), AS_OF, hides, AS_OF, is_demo=True,
    )  # fmt: skip
    first = sheets[0].district
    decisions = (
        decision(1, first, words or "เพิ่มชุดลาดตระเวนทางน้ำช่วง 20:00–02:00 น. หน้าท่าเสด็จ", owner_name=words or "ปลัดสมชาย"),
        decision(
            2, first, words or "ตั้งจุดสกัดร่วมกับ ตชด. บนทางหลวง 212", meeting_id=7, owner_id=None, owner_name=None, agency="bpp",
            due=date(2026, 12, 20), lon=102.74, lat=17.87, checkpoint="K9", checkpoint_name=words or "จุดสกัดบ้านหม้อ",
        ),
        decision(
            3, sheets[-1].district, words or "ประชาสัมพันธ์ช่องทางแจ้งเหตุผ่านหอกระจายข่าว", meeting_id=7, state=DecisionState.DONE,
            reason=words or "ทำแล้วทุกหมู่บ้าน", ended_at=NOW,
        ),
    )  # fmt: skip
    return MeetingPack(meeting, overview, sheets, decisions, CameSince(14, {first: 14}), NAMES, lang, NOW)
