"""Rules for the page of meetings that Streamlit has no setting for."""

from __future__ import annotations

import streamlit as st

__all__ = ["frame"]

_RULES = """
.st-key-meeting_page{max-width:74rem;margin:0 auto;padding-top:0.6rem}
.st-key-meeting_top{justify-content:space-between;min-height:3rem}
.st-key-meeting_top .office-title{font-size:1.5rem}
.st-key-meeting_prepare button{font-size:1.1rem;padding:0.6rem 1.4rem;min-height:3rem}
.st-key-meeting_form{padding:1rem 1.2rem}
.st-key-meeting_freeze button{font-size:1.05rem;min-height:2.8rem}
.meeting-title{font-size:1.6rem;line-height:1.5;font-weight:700;margin:0;padding:0;overflow-wrap:anywhere}
.meeting-title .office-chip{font-weight:400;vertical-align:0.3rem}
.meeting-part{font-size:1.1rem;line-height:1.6;font-weight:700;margin:0.7rem 0 0.1rem;padding:0}
.meeting-words{white-space:pre-wrap}
.meeting-agenda{columns:2;column-gap:1.5rem;margin:0.2rem 0;padding-left:1.6rem;font-size:0.95rem;line-height:1.7}
[class*="st-key-decision_"]{padding:0.5rem 0.8rem 0.6rem;gap:0.25rem!important}
[class*="st-key-decision_done"],[class*="st-key-decision_dropped"]{opacity:0.85}
[class*="st-key-ways_"] button{min-height:2rem;padding:0.05rem 0.7rem}
.st-key-meeting_start_now a{background:var(--office-primary);color:var(--office-on-primary)!important;
border-color:var(--office-primary)!important;font-size:1.15rem;padding:0.6rem 1.5rem!important}
.st-key-meeting_ways{min-height:3.4rem}
.st-key-meeting_papers{flex-wrap:wrap}
@media (max-width:640px){
.st-key-minutes_form [data-testid="stElementContainer"]:has(>.stSelectbox){flex:1 1 100%!important;width:100%!important}
.st-key-meeting_top{flex-wrap:wrap}
.st-key-meeting_prepare,.st-key-meeting_prepare button{width:100%}
.meeting-agenda{columns:1}
[class*="st-key-ways_"] button{min-height:2.75rem}
}
"""


def frame() -> None:
    """Put them into the page, after those of the office."""
    st.html(f"<style>{_RULES}</style>")
