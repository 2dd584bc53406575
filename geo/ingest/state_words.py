"""Words for the state of an incident and for the way it became known."""

from __future__ import annotations

from geo.ingest.text import match_key
from geo.model import Channel, Status

__all__ = ["channel_of", "status_of"]

_STATUS = {
    Status.RECEIVED: "รับแจ้ง รับแจ้งแล้ว รับเรื่อง รับเรื่องแล้ว ใหม่ new open",
    Status.VERIFYING: "อยู่ระหว่างตรวจสอบ ระหว่างตรวจสอบ กำลังตรวจสอบ รอตรวจสอบ อยู่ระหว่างดำเนินการ"
    " pending underverification inprogress checking",
    Status.VERIFIED: "ยืนยันแล้ว ยืนยัน ตรวจสอบแล้ว จริง พบข้อเท็จจริง confirmed true",
    Status.UNFOUNDED: "ไม่พบข้อเท็จจริง ไม่จริง ไม่มีมูล ไม่เป็นความจริง ข่าวเท็จ false rejected",
    Status.DUPLICATE: "ซ้ำ เรื่องซ้ำ แจ้งซ้ำ ซ้ำซ้อน repeated",
    Status.REFERRED: "ส่งต่อ ส่งต่อแล้ว ส่งต่อหน่วยงาน ส่งต่อหน่วยงานที่เกี่ยวข้อง forwarded",
    Status.CLOSED: "ยุติเรื่อง ยุติ ปิดเรื่อง ปิดคดี เสร็จสิ้น ดำเนินการแล้วเสร็จ แล้วเสร็จ done resolved",
}
_CHANNEL = {
    Channel.COORDINATOR: "ผู้ประสานงาน กำนัน ผู้ใหญ่บ้าน กำนันผู้ใหญ่บ้าน ผญบ ผู้นำชุมชน ศูนย์ประสานงาน headman villagehead kamnan",
    Channel.ONLINE: "ออนไลน์ เว็บไซต์ เว็บ อินเทอร์เน็ต ประชาชน ประชาชนแจ้ง แจ้งออนไลน์ ไลน์ แอป แอปพลิเคชัน"
    " web website citizen public internet app",
    Channel.PATROL: "ลาดตระเวน ชุดลาดตระเวน สายตรวจ จุดตรวจ ด่านตรวจ ชรบ อส ตชด checkpoint",
    Channel.AGENCY: "หน่วยงาน หน่วยงานอื่น หน่วยงานที่เกี่ยวข้อง ตำรวจ สภ ทหาร ตม ศุลกากร นรข ส่วนราชการ"
    " police army customs immigration partner",
}
_STATUS_OF = {match_key(w): s for s, words in _STATUS.items() for w in [*words.split(), s.value]}
_CHANNEL_OF = {match_key(w): c for c, words in _CHANNEL.items() for w in [*words.split(), c.value]}


def status_of(text: str) -> Status | None:
    """The state that a Thai or English word names, or nothing."""
    return _STATUS_OF.get(match_key(text))


def channel_of(text: str) -> Channel | None:
    """The channel that a Thai or English word names, or nothing."""
    return _CHANNEL_OF.get(match_key(text))
