"""The entry script of every run: page frame, viewer, language, menu, page."""

from __future__ import annotations

import streamlit as st

from dashboard import navigation, session
from dashboard.i18n import t
from dashboard.i18n.dates import today
from dashboard.maps.assets import OWN_FILES
from dashboard.panels import account, bell, unavailable
from geo.errors import DatabaseUnavailable

session.begin(today())
st.set_page_config(
    page_title=t("app.title", session.language()),
    page_icon=str(OWN_FILES / "icon.svg"),
    layout="wide",
    initial_sidebar_state="collapsed",
    # Without an entry of our own there would be no menu, and the night theme could not be chosen.
    menu_items={"About": t("app.about", session.language())},
)
try:
    viewer = session.viewer()
except DatabaseUnavailable as error:
    unavailable.show(error, session.language())
    st.stop()
if viewer is None:
    account.signed_out(session.language())
    st.stop()
page = navigation.build(viewer, session.language(), session.wall())
if not session.wall():
    bell.show(session.language(), session.night())
page.run()
if not session.wall():
    account.link(viewer.person, session.language())
session.end()
