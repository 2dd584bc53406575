"""Rules for the page of silence that Streamlit has no setting for. The signs are those of the map: shape and hatching, not colour."""

from __future__ import annotations

import streamlit as st

__all__ = ["frame"]

_RULES = """
.st-key-silence_page{padding-top:0.4rem;gap:0.5rem!important}
.st-key-silence_top{flex-wrap:wrap;row-gap:0.3rem;min-height:2.6rem}
.st-key-silence_top .office-title{font-size:1.35rem}
.silence-figures{display:grid;grid-template-columns:repeat(5,minmax(0,1fr));gap:0.5rem}
.silence-figure{border:1px solid var(--office-line);border-radius:6px;padding:0.35rem 0.75rem;display:grid;
grid-template-columns:auto 1fr;column-gap:0.5rem;align-items:center;min-width:0}
.silence-figure b{font-size:1.6rem;line-height:1.4}
.silence-figure span{grid-column:1/-1;color:var(--office-faint);font-size:0.85rem;line-height:1.5}
.silence-sign{display:inline-block;width:1.15rem;height:0.9rem;border:2px solid var(--office-ink);border-radius:4px;flex:none;
vertical-align:-0.1rem}
.silence-sign.silent{background:repeating-linear-gradient(45deg,var(--office-ink) 0 2px,transparent 2px 5px)}
.silence-sign.never,.silence-sign.nobody{border-style:dashed}
.silence-sign.quiet{background:radial-gradient(circle,var(--office-ink) 0 3px,transparent 3.4px)}
.silence-sign.heard{background:var(--office-ink)}
[class*="st-key-silent_"]{padding:0.6rem 0.9rem 0.7rem;gap:0.25rem!important}
.silence-head{display:flex;gap:0.6rem;align-items:center;flex-wrap:wrap;line-height:1.6}
.silence-head b{font-size:1rem;overflow-wrap:anywhere}
.silence-late{color:var(--office-late);font-weight:600}
.silence-facts{font-size:0.9rem;line-height:1.6;margin:0;overflow-wrap:anywhere}
[class*="st-key-call_steps"]{flex-wrap:wrap;row-gap:0.2rem}
[class*="st-key-silence_call_form"]{border-left:4px solid var(--office-primary)!important}
[data-testid="stForm"]:has([role="radiogroup"] input:is([value="0"],[value="2"],[value="3"]):checked)
[data-testid="stLayoutWrapper"]:has(>[class*="st-key-silence_month"]){display:none}
.st-key-silence_page [data-testid="stDataFrameResizable"]{overflow:hidden}
@media (max-width:900px){
.silence-figures{grid-template-columns:repeat(2,minmax(0,1fr))}
.silence-figure:last-child{grid-column:1/-1}
.st-key-silence_page .stHorizontalBlock:has(>.stColumn){flex-direction:column}
.st-key-silence_page .stHorizontalBlock:has(>.stColumn)>.stColumn{width:100%;min-width:100%;flex:none}
}
@media (max-width:640px){
.silence-figure b{font-size:1.3rem}
[class*="st-key-silent_"] button{min-height:2.75rem}
}
"""


def frame() -> None:
    """Put them into the page, after those of the office."""
    st.html(f"<style>{_RULES}</style>")
