"""Rules for the page of patrols that Streamlit has no setting for."""

from __future__ import annotations

import streamlit as st

__all__ = ["frame"]

_RULES = """
.st-key-patrol_page{padding-top:0.4rem;gap:0.5rem!important}
.st-key-patrol_top{flex-wrap:wrap;row-gap:0.3rem;min-height:2.6rem}
.st-key-patrol_top .office-title{font-size:1.35rem}
.st-key-patrol_part{overflow-x:auto;scrollbar-width:none;max-width:100%}
.st-key-patrol_part [role="radiogroup"]{flex-wrap:nowrap}
.st-key-patrol_part button{min-height:2.2rem;white-space:nowrap;flex:none;max-width:none;width:auto}
.st-key-patrol_part button *{overflow:visible;text-overflow:clip}
.patrol-figures{display:grid;grid-template-columns:repeat(5,minmax(0,1fr));gap:0.5rem}
.patrol-figure{border:1px solid var(--office-line);border-radius:6px;padding:0.35rem 0.75rem;min-width:0;display:flex;
flex-direction:column}
.patrol-figure span,.patrol-figure small{color:var(--office-faint);font-size:0.85rem;line-height:1.5}
.patrol-figure b{font-size:1.6rem;line-height:1.4}
.patrol-figure b.office-late{color:var(--office-late)}
:is(.st-key-patrol_map,.st-key-patrol_map_gaps,.st-key-patrol_map_routes){min-height:var(--patrol-map)}
:root{--patrol-map:max(22rem,calc(100dvh - 17.5rem))}
:is(.st-key-patrol_map,.st-key-patrol_map_gaps,.st-key-patrol_map_routes) :is(iframe,[data-testid="stCustomComponentV1"]){
height:var(--patrol-map)!important;width:100%;border:0;border-radius:6px}
.st-key-patrol_choice{flex-wrap:wrap;row-gap:0.3rem;align-items:flex-end}
.st-key-patrol_choice button{min-height:2.3rem}
[class*="st-key-patrol_card"]{padding:0.6rem 0.9rem 0.8rem;gap:0.35rem!important}
.patrol-facts.patrol-facts{display:grid;padding:0;grid-template-columns:minmax(6rem,max-content) 1fr;column-gap:0.8rem;row-gap:0.1rem;margin:0;
font-size:0.9rem;line-height:1.6}
.patrol-facts dt{margin:0;padding:0;color:var(--office-faint)}
.patrol-facts dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
.patrol-past.patrol-past{margin:0.2rem 0 0;padding:0;list-style:none;font-size:0.85rem;line-height:1.6}
.patrol-past.patrol-past li{margin-left:0;border-left:2px solid var(--office-line);padding-left:0.6rem;margin-bottom:0.25rem;overflow-wrap:anywhere}
[class*="st-key-patrol_papers"]>*{flex:none;width:auto!important}
[class*="st-key-patrol_steps"] button,[class*="st-key-patrol_papers"] a{min-height:2.2rem}
[class*="st-key-patrol_steps"],[class*="st-key-patrol_papers"]{flex-wrap:wrap}
.st-key-patrol_page [data-testid="stDataFrameResizable"]{overflow:hidden}
@media (max-width:900px){
.patrol-figures{grid-template-columns:repeat(2,minmax(0,1fr))}
.patrol-figure:last-child{grid-column:1/-1}
:root{--patrol-map:56dvh}
.st-key-patrol_page .stHorizontalBlock:has(>.stColumn){flex-direction:column}
.st-key-patrol_page .stHorizontalBlock:has(>.stColumn)>.stColumn{width:100%;min-width:100%;flex:none}
}
@media (max-width:640px){
.patrol-figure b{font-size:1.3rem}
[class*="st-key-patrol_steps"] button,.st-key-patrol_choice button{min-height:2.75rem}
}
"""


def frame() -> None:
    """Put them into the page, after those of the office."""
    st.html(f"<style>{_RULES}</style>")
