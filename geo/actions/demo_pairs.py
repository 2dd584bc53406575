"""Pairs for a demonstration: one across the Mekong, one across the Cambodian border, with contact points and a joint log."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from geo.actions.audit import audit

__all__ = ["add_demo_pairs"]

_PAIRS: Final = (
    ("4301", "LA", "Hadxaifong", "หาดทรายฟอง", "ຫາດຊາຍຟອງ", ("Hadxaifong",)),
    ("2706", "KH", "Poipet", "ปอยเปต", "ប៉ោយប៉ែត", ("Paoy Paet", "Phsar Kandal", "Nimitt")),
)
"""District, neighbour, names in English, Thai and the neighbour's letters, and the areas of the counterpart by name. Neighbours on
the map; whether they are paired is not said by this."""
_CONTACTS: Final = (
    ("th", "ศูนย์ประสานงานอำเภอ งานความมั่นคง", "telephone", "08.30–16.30 น. ทุกวันราชการ"),
    ("th", "ปลัดอำเภอเวรประจำวัน", "telephone", "ตลอด 24 ชั่วโมง"),
    ("other", "ฝ่ายประสานงานชายแดน", "chat", "จันทร์–ศุกร์ เวลาราชการ"),
)
_SAID: Final = (
    (4, "message_sent", "แจ้งกำหนดลาดตระเวนร่วมเดือนหน้า"),
    (19, "meeting", "ประชุมประจำเดือนที่จุดผ่านแดน ตกลงช่องทางแจ้งเหตุด่วน"),
    (33, "call", "ขอให้ช่วยดูเรือที่จอดค้างคืนริมฝั่ง"),
    (61, "mission", "ลาดตระเวนร่วมตามแนวชายแดน"),
)


def add_demo_pairs(connection: Connection, moment: datetime) -> dict[str, int]:
    """Write those whose district has a border in the store. ``moment`` is what the data leads up to.

    Returns
    -------
    dict
        Rows written by table.
    """
    written = {"district_pair": 0, "pair_contact": 0, "log_entry": 0}
    for district, neighbour, english, thai, local, areas in _PAIRS:
        number = connection.execute(
            text(
                "insert into district_pair (district_code, neighbour, name_en, name_th, name_local, counterpart_codes, from_day,"
                " source, made_by, is_demo) select :district, :neighbour, :english, :thai, :local, array(select code from area"
                " where country = :neighbour and level in ('district', 'subdistrict') and name_en = any(:areas) and exists"
                " (select from border_section s where s.district_code = :district and st_dwithin(s.geom, area.geom, 0.02))"
                " order by code), :since, 'ข้อมูลสาธิต', (select id from person where login = 'demo.national' and is_demo), true"
                " where exists (select from border_section where district_code = :district and neighbour = :neighbour)"
                " on conflict do nothing returning id"
            ),
            {
                "district": district, "neighbour": neighbour, "english": english, "thai": thai, "local": local,
                "areas": list(areas), "since": moment.date() - timedelta(days=500),
            },
        ).scalar()  # fmt: skip
        if number is None:
            continue
        written["district_pair"] += 1
        for side, office, way, hours in _CONTACTS:
            written["pair_contact"] += connection.execute(
                text(
                    "insert into pair_contact (pair_id, side, office, way, hours, agreed_on) values (:pair, :side, :office, :way,"
                    " :hours, :on)"
                ),
                {"pair": number, "side": side, "office": office, "way": way, "hours": hours, "on": moment.date() - timedelta(days=200)},
            ).rowcount  # fmt: skip
        for days, kind, said in _SAID:
            written["log_entry"] += connection.execute(
                text(
                    "insert into log_entry (district_code, at, kind, counterpart, said, person_id, entered_at, pair_id)"
                    " select :district, :at, :kind, :office, :said, p.id, :at, :pair from person p"
                    " where p.login = 'demo.officer' and p.is_demo"
                ),
                {
                    "district": district, "at": moment - timedelta(days=days), "kind": kind, "office": thai, "said": said,
                    "pair": number,
                },
            ).rowcount  # fmt: skip
    audit(connection, "demo.pairs", "pair:*", pairs=written["district_pair"])
    return written
