"""A page with nothing but the filter, for tests of the session and the widgets."""

from datetime import date

import streamlit as st

from dashboard import filters, session
from dashboard.filter_address import Known
from dashboard.filter_words import describe
from geo.model import CrimeType, District

TODAY = date(2026, 11, 23)
TYPES = {
    "drugs": CrimeType("drugs", 1, "ยาเสพติด", "Drugs ![x](http://beacon.test/x)", colour="#d55e00"),
    "trafficking": CrimeType("trafficking", 2, "การค้ามนุษย์", "Human trafficking", colour="red}</style><script>"),
}
PLACES = {
    "4301": District("4301", "เมืองหนองคาย", "Mueang Nong Khai", "หนองคาย", "Nong Khai", ("LA",)),
    "4302": District("4302", "ท่าบ่อ", "Tha Bo", "หนองคาย", "Nong Khai", ("LA",)),
    "2204": District("2204", "โป่งน้ำร้อน", "Pong Nam Ron", "จันทบุรี", "Chanthaburi", ("KH",)),
}

session.begin(TODAY)
chosen = session.map_filter(TODAY, Known.of(TYPES, PLACES, ["own", "osm"]))
if not chosen.wall:
    filters.sidebar(chosen, TODAY, TYPES, PLACES, {"osm": "OpenStreetMap"})
    filters.sentence_bar(describe(chosen, chosen.lang, TODAY, TYPES, PLACES), chosen.lang)
    filters.dropped_note(chosen.lang)
st.session_state["shown"] = chosen
