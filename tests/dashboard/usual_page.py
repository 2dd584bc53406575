"""A page with a usual period of its own, for tests of the session: it says what its filter is."""

from datetime import date

import streamlit as st

from dashboard import session
from dashboard.filter_state import Period

TODAY = date(2026, 11, 23)
session.begin(TODAY)
session.usual_period(Period(st.session_state.get("usual", Period.DAYS_28)))
st.session_state["shown"] = session.map_filter(TODAY)
st.button("seven", key="seven", on_click=session.change, kwargs={"period": Period.DAYS_7})
st.button("off", key="off", on_click=session.take_off, args=("period",))
