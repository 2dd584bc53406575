"""The headings by which offices call the columns of an incident sheet, the surest first."""

from __future__ import annotations

__all__ = ["INCIDENT_WORDS"]

_WORDS = {
    "source_id": "เลขที่รับแจ้ง | เลขรับแจ้ง | เลขที่เหตุ | รหัสเหตุการณ์ | รหัสเหตุ | เลขคดี | "
    "เลขที่คดี | รหัสรายงาน | incident id | report id | case id | case no | "
    "reference | ref no | id",
    "crime_type": "ประเภทเหตุ | ประเภทอาชญากรรม | ประเภทเหตุการณ์ | ประเภทความผิด | ประเภทคดี | "
    "ชนิดเหตุ | ฐานความผิด | ประเภท | crime type | incident type | type of crime | "
    "category | categories | offence | offense | type",
    "occurred_at": "วันที่เกิดเหตุ | วันเวลาที่เกิดเหตุ | วันเวลาเกิดเหตุ | "
    "วันเดือนปีที่เกิดเหตุ | วัน เดือน ปี ที่เกิดเหตุ | วันเกิดเหตุ | "
    "วันที่และเวลาเกิดเหตุ | วัน/เวลาเกิดเหตุ | ว/ด/ป ที่เกิดเหตุ | "
    "วดป.ที่เกิดเหตุ | วันที่พบเหตุ | วันที่จับกุม | วันเดือนปี | ว/ด/ป | วันที่ | "
    "incident date | date of incident | occurred | occurred on | date occurred | "
    "incident datetime | event date | datetime | date",
    "occurred_time": "เวลาเกิดเหตุ | เวลาที่เกิดเหตุ | เวลา | incident time | time of incident | time occurred | time",
    "reported_at": "วันที่รับแจ้ง | วันที่แจ้ง | วันเวลาที่รับแจ้ง | วันรับแจ้ง | วันที่รายงาน | "
    "reported | date reported | report date | reported on | received at",
    "status": "สถานะ | สถานะเรื่อง | สถานะการดำเนินการ | ผลการตรวจสอบ | state | case status",
    "channel": "ช่องทาง | ช่องทางการแจ้ง | ช่องทางรับแจ้ง | แหล่งที่มา | reported via | source channel",
    "district": "อำเภอ | อำเภอที่เกิดเหตุ | อ. | รหัสอำเภอ | amphoe | amphur | district code | "
    "district name | adm2_en | adm2_th | adm2_pcode",
    "province": "จังหวัด | จ. | จว. | จังหวัดที่เกิดเหตุ | changwat | province name | adm1_en | adm1_th",
    "subdistrict": "ตำบล | ต. | tambon | sub-district | adm3_th | adm3_en",
    "village": "หมู่บ้าน | หมู่ที่ | หมู่ | บ้าน | ชุมชน | moo | ban",
    "place_note": "สถานที่เกิดเหตุ | สถานที่ | จุดเกิดเหตุ | ที่เกิดเหตุ | บริเวณที่เกิดเหตุ | "
    "location | place | location note | location name | address",
    "title": "ชื่อเรื่อง | หัวข้อ | เรื่อง | หัวเรื่อง | incident title | subject | headline",
    "description": "รายละเอียด | รายละเอียดเหตุการณ์ | พฤติการณ์ | เหตุการณ์ | ข้อเท็จจริง | "
    "details | incident description | summary | narrative | notes",
    "lat": "ละติจูด | แลตติจูด | เส้นรุ้ง | พิกัดละติจูด | latitude | lat. | y coord | lat_wgs84 | lat dd | y",
    "lon": "ลองจิจูด | ลองติจูด | เส้นแวง | พิกัดลองจิจูด | longitude | long | lng | lon. | x coord | lon_wgs84 | lon dd | x",
    "position": "พิกัด | พิกัดที่เกิดเหตุ | พิกัดจุดเกิดเหตุ | พิกัด mgrs | พิกัดทหาร | "
    "พิกัดกริด | พิกัด gps | พิกัดภูมิศาสตร์ | พิกัด utm | ค่าพิกัด | mgrs | "
    "grid | grid reference | utm | coordinates | coordinate | gps | latlong | "
    "lat lon | lat/long | latitude/longitude",
    "easting": "พิกัด x | พิกัดตะวันออก | utm e | utm x | east | e",
    "northing": "พิกัด y | พิกัดเหนือ | utm n | utm y | north | n",
    "zone": "โซน | โซน utm | utm zone | grid zone | zone no",
    "geometry": "the_geom | geom | wkt",
}

INCIDENT_WORDS = {field: tuple(words.split(" | ")) for field, words in _WORDS.items()}
"""Field to headings. The field's own name is understood too.

A running number of rows (ลำดับ) names nothing: it starts again in every file.
"""
