"""Headings, kinds and states of lists of activities as offices write them, and a sheet to begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from geo.ingest.place_columns import PLACE_WORDS
from geo.ingest.text import match_key
from geo.model.activity import ActivityKind, ActivityState, AttendeeRole

__all__ = ["ACTIVITY_WORDS", "KIND_OF", "SEXES", "STATE_OF", "template_rows"]

SEXES = {"men": "ชาย", "women": "หญิง", "unstated": "ไม่ระบุเพศ"}
_ENGLISH = {"men": "men", "women": "women", "unstated": "sex not noted"}
_ROLES = {
    AttendeeRole.HEADMAN: "กำนันผู้ใหญ่บ้าน | headmen",
    AttendeeRole.OFFICIAL: "เจ้าหน้าที่รัฐ | officials",
    AttendeeRole.VOLUNTEER: "อาสาสมัคร | volunteers",
    AttendeeRole.VILLAGER: "ประชาชน | villagers",
    AttendeeRole.STUDENT: "นักเรียนนักศึกษา | students",
    AttendeeRole.COUNTERPART: "ฝ่ายเพื่อนบ้าน | counterparts",
    AttendeeRole.OTHER: "อื่น ๆ | others",
}
_HEADINGS = {
    "kind": "ประเภท | ประเภทกิจกรรม | type | kind of activity",
    "title": "ชื่อกิจกรรม | กิจกรรม | เรื่อง | activity | name",
    "first_day": "วันที่ | วันที่จัด | วันเริ่ม | ตั้งแต่วันที่ | date | day | from | first day",
    "last_day": "ถึงวันที่ | วันสิ้นสุด | to | last day | until",
    "begins": "เวลาเริ่ม | เวลา | time | start time",
    "ends": "เวลาเลิก | เวลาสิ้นสุด | end time",
    "district": "อำเภอ | อ. | รหัสอำเภอ | amphoe | amphur | district code",
    "province": "จังหวัด | จ. | จว. | changwat",
    "subdistrict": "ตำบล | ต. | รหัสตำบล | tambon | sub-district | subdistrict code",
    "village": "หมู่บ้าน | หมู่ที่ | บ้าน",
    "place": "สถานที่ | สถานที่จัด | venue",
    "agency": "ผู้จัด | หน่วยงานผู้จัด | หน่วยงาน | organiser | organizer",
    "partner": "หน่วยงานฝั่งเพื่อนบ้าน | คู่ประสาน | เมืองคู่ขนาน | partner district | counterpart",
    "reach": "ยอดเข้าถึง | ยอดผู้ชม | ผู้ชมหรือผู้ฟัง | views | listeners",
    "baht": "เงินที่ใช้ | งบประมาณที่ใช้ | จำนวนเงิน | money | cost | budget",
    "baht_source": "แหล่งงบประมาณ | แหล่งเงิน | source of money | budget source",
    "score_before": "คะแนนก่อน | คะแนนก่อนอบรม | score before | pre-test",
    "score_after": "คะแนนหลัง | คะแนนหลังอบรม | score after | post-test",
    "scored": "ผู้ทำแบบทดสอบ | people tested | tested",
    "satisfaction": "ความพึงพอใจ | mean satisfaction",
    "answered": "ผู้ตอบแบบสอบถาม | people who answered | answers",
    "state": "สถานะ | status",
    "note": "หมายเหตุ | remark | remarks | notes",
}
ACTIVITY_WORDS: Mapping[str, tuple[str, ...]] = {
    **{name: tuple(words.split(" | ")) for name, words in _HEADINGS.items()},
    **{
        f"{role}_{sex}": tuple(f"{word} {said}" for word, said in zip(words.split(" | "), (thai, _ENGLISH[sex]), strict=True))
        for role, words in _ROLES.items()
        for sex, thai in SEXES.items()
    },
    **PLACE_WORDS,
}  # fmt: skip
"""Field to headings, the surest first."""

_KINDS = {
    ActivityKind.TRAINING: "อบรม การอบรม ฝึกอบรม ประชุมเชิงปฏิบัติการ workshop",
    ActivityKind.NEWS_TOWER: "หอกระจายข่าว เสียงตามสาย newstower villagenewstower",
    ActivityKind.LOCAL_RADIO: "วิทยุ วิทยุชุมชน รายการวิทยุ radio",
    ActivityKind.SCHOOL: "โรงเรียน ให้ความรู้ในโรงเรียน schoolvisit",
    ActivityKind.ONLINE_POST: "ออนไลน์ โพสต์ โพสต์ออนไลน์ facebook เฟซบุ๊ก online post onlinepost",
    ActivityKind.PUBLICITY: "ประชาสัมพันธ์ สื่อ สื่อประชาสัมพันธ์ แผ่นพับ ป้าย youtube",
    ActivityKind.AGENCY_MEETING: "ประชุม ประชุมหน่วยงาน ประชุมกับหน่วยงาน meeting meetingwithagencies",
    ActivityKind.VISIT_TO: "เยือน ไปเยือน ไปเยือนเพื่อนบ้าน visit visittoacross visitacrosstheborder",
    ActivityKind.VISIT_FROM: "มาเยือน เพื่อนบ้านมาเยือน ต้อนรับ visitfromacrosstheborder",
}
KIND_OF = {match_key(word): kind for kind, words in _KINDS.items() for word in [*words.split(), kind.value]}
_STATES = {
    ActivityState.PLANNED: "แผน มีแผน วางแผน plan",
    ActivityState.HELD: "จัดแล้ว เสร็จ เสร็จแล้ว ดำเนินการแล้ว done",
    ActivityState.CANCELLED: "ยกเลิก งด canceled",
}
STATE_OF = {match_key(word): state for state, words in _STATES.items() for word in [*words.split(), state.value]}

_TEMPLATE = (
    "kind", "title", "first_day", "last_day", "begins", "ends", "district", "subdistrict", "village", "place", "position", "agency",
    "partner", *(f"{role}_{sex}" for role in AttendeeRole for sex in SEXES), "reach", "baht", "baht_source", "score_before",
    "score_after", "scored", "satisfaction", "answered", "state", "note",
)  # fmt: skip
_EXAMPLES: tuple[Mapping[str, str], ...] = (
    {
        "kind": "อบรม", "title": "อบรมผู้ใหญ่บ้านเรื่องการแจ้งเหตุ (ตัวอย่าง ลบแถวนี้ก่อนนำเข้า)", "first_day": "14/07/2569",
        "begins": "09:00", "ends": "16:00", "district": "เมืองหนองคาย", "place": "หอประชุมอำเภอ", "headman_men": "24", "headman_women": "11",
        "baht": "12500", "baht_source": "งบโครงการ", "score_before": "45", "score_after": "78", "scored": "35", "satisfaction": "4.5",
        "answered": "33",
    },
    {
        "kind": "โพสต์ออนไลน์", "title": "เตือนภัยแก๊งคอลเซ็นเตอร์ (ตัวอย่าง ลบแถวนี้ก่อนนำเข้า)", "first_day": "20/07/2569",
        "district": "เมืองหนองคาย", "place": "เพจอำเภอ", "reach": "1850",
    },
)  # fmt: skip


def template_rows() -> Iterator[tuple[str, ...]]:
    """A sheet to begin with: the surest headings, and two examples."""
    yield tuple(ACTIVITY_WORDS[field][0] for field in _TEMPLATE)
    for example in _EXAMPLES:
        yield tuple(example.get(field, "") for field in _TEMPLATE)
