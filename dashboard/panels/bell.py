"""The bell of a page: how much its reader has not read, and what it is.

It lives beside Streamlit, not in it: a script of ours hears the number over a websocket and draws bell and list itself, so
that no page is drawn again when something happens. Here it is only said that this page has one.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.i18n import t
from dashboard.maps.assets import asset_url

__all__ = ["show"]

_COLOURS = {"ground": "backgroundColor", "hover": "secondaryBackgroundColor", "ink": "textColor", "line": "borderColor",
            "main": "primaryColor"}  # fmt: skip


def show(lang: str, night: bool) -> None:
    """Let the page have a bell. A wall display calls this not, and has none."""
    theme = f"theme.{'dark' if night else 'light'}"
    sheet = "".join(f"--bell-{name}:{st.get_option(f'{theme}.{option}')};" for name, option in _COLOURS.items())
    with st.container(key="bell"):
        st.html(
            f"<style>:root{{{sheet}}}[data-testid=stLayoutWrapper]:has(>.st-key-bell),.st-key-bell{{display:none}}</style>"
            f'<div id="watch-bell-here" data-lang="{escape(lang)}" data-label="{escape(t("notification.title", lang))}"'
            f' data-failed="{escape(t("notification.failed", lang))}" data-sheet="{escape(asset_url("watch/bell.css"))}"></div>'
            f'<script src="{escape(asset_url("watch/bell.js"))}"></script>',
            unsafe_allow_javascript=True,  # our own words and addresses, escaped
        )
