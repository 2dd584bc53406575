"""A page with nothing but the filter, for tests of the session and the widgets."""

from datetime import date

import pandas as pd
import streamlit as st

from dashboard import filters, session
from dashboard.filter_address import Known
from dashboard.filter_words import describe

TODAY = date(2026, 11, 23)
TYPES = pd.DataFrame(
    {
        "code": ["drugs", "trafficking"],
        "name_th": ["ยาเสพติด", "การค้ามนุษย์"],
        "name_en": ["Drugs ![x](http://beacon.test/x)", "Human trafficking"],
        "colour": ["#d55e00", "red}</style><script>"],
    }
)
PLACES = pd.DataFrame(
    {
        "code": ["4301", "4302", "2204"],
        "name_th": ["เมืองหนองคาย", "ท่าบ่อ", "โป่งน้ำร้อน"],
        "name_en": ["Mueang Nong Khai", "Tha Bo", "Pong Nam Ron"],
        "province_code": ["43", "43", "22"],
        "province_th": ["หนองคาย", "หนองคาย", "จันทบุรี"],
        "province_en": ["Nong Khai", "Nong Khai", "Chanthaburi"],
        "neighbours": [["LA"], ["LA"], ["KH"]],
    }
)

session.begin(TODAY)
chosen = session.map_filter(TODAY, Known.of(TYPES, PLACES, ["own", "osm"]))
if not chosen.wall:
    filters.sidebar(chosen, TODAY, TYPES, PLACES, {"osm": "OpenStreetMap"})
    filters.sentence_bar(describe(chosen, chosen.lang, TODAY, TYPES, PLACES), chosen.lang)
    filters.dropped_note(chosen.lang)
st.session_state["shown"] = chosen
