"""The few rules that Streamlit has no setting for: the map fills the window, the figures scroll beside it."""

from __future__ import annotations

import streamlit as st

__all__ = ["inject"]

_ALWAYS = """
header[data-testid="stHeader"]{height:3rem;min-height:3rem}
.stMainBlockContainer{padding:3.1rem 0.75rem 0 0.75rem;max-width:none}
.stMain .stVerticalBlock{gap:0.4rem}
.st-key-map iframe,.st-key-map [data-testid="stCustomComponentV1"]{height:var(--map-height)!important;width:100%;border:0}
.st-key-map{min-height:var(--map-height)}
.st-key-head{min-height:2rem;flex-wrap:wrap}
.st-key-head button{min-height:1.9rem;padding:0.05rem 0.55rem}
.st-key-figures{height:calc(100dvh - 6.4rem);overflow-y:auto;overflow-x:hidden;padding-right:0.35rem}
.st-key-figures h3{font-size:1rem;line-height:1.5;padding:0.7rem 0 0.35rem 0}
.st-key-figures .stVerticalBlock{gap:0.5rem}
.st-key-card{padding:0.5rem 0.7rem}
.st-key-card [data-testid="stHorizontalBlock"]{gap:0.5rem}
.st-key-player{min-height:2.2rem}
:root{--map-height:calc(100dvh - 6.4rem)}
:root:has(.st-key-player){--map-height:calc(100dvh - 9.2rem)}
@media (max-width:640px){
:root{--map-height:62dvh}
.st-key-figures{height:auto;overflow:visible}
.stMainBlockContainer{padding:0.25rem 0.4rem}
}
"""
_WALL = """
header[data-testid="stHeader"],[data-testid="stSidebar"]{display:none}
.stMainBlockContainer{padding:0.25rem 0.5rem 0 0.5rem}
:root{--map-height:calc(100dvh - 12.2rem)}
.st-key-wall_head p,.st-key-wall_head [data-testid="stText"]{font-size:1.25rem}
[data-testid="stMetricValue"]{font-size:2.1rem}
[data-testid="stMetricLabel"] p{font-size:1.1rem}
"""


def inject(wall: bool) -> None:
    """Put the style sheet into the page."""
    st.html(f"<style>{_ALWAYS}{_WALL if wall else ''}</style>")
