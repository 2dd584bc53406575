"""Rules for the page of pairs that Streamlit has no setting for."""

from __future__ import annotations

import streamlit as st

__all__ = ["frame"]

_RULES = """
.st-key-pair_page{padding-top:0.4rem;gap:0.5rem!important}
.st-key-pair_top{flex-wrap:wrap;row-gap:0.3rem;min-height:2.6rem}
.st-key-pair_top .office-title{font-size:1.35rem}
.st-key-pair_part{overflow-x:auto;scrollbar-width:none;max-width:100%}
.st-key-pair_part [role="radiogroup"]{flex-wrap:nowrap}
.st-key-pair_part button{min-height:2.2rem;white-space:nowrap;flex:none;max-width:none;width:auto}
.st-key-pair_map{min-height:var(--pair-map)}
:root{--pair-map:max(22rem,calc(100dvh - 20rem))}
.st-key-pair_map :is(iframe,[data-testid="stCustomComponentV1"]){height:var(--pair-map)!important;width:100%;border:0;
border-radius:6px}
[class*="st-key-pair_point_"]{padding:0.6rem 0.9rem 0.7rem;gap:0.25rem!important}
.st-key-pair_choices{flex-wrap:wrap;row-gap:0.4rem}
.st-key-pair_sheet{flex:none;width:auto!important;padding-bottom:0.15rem}
.st-key-pair_page [data-testid="stDataFrameResizable"]{overflow:hidden}
.st-key-pair_log_side [data-testid="stForm"]{padding:0.8rem}
@media (max-width:900px){
:root{--pair-map:50dvh}
.st-key-pair_page .stHorizontalBlock:has(>.stColumn){flex-direction:column}
.st-key-pair_page .stHorizontalBlock:has(>.stColumn)>.stColumn{width:100%;min-width:100%;flex:none}
}
@media (max-width:640px){
.st-key-pair_part button,.st-key-pair_top button{min-height:2.75rem}
.st-key-pair_page [data-testid="stForm"] .stHorizontalBlock{flex-direction:column;align-items:stretch}
.st-key-pair_page [data-testid="stForm"] .stHorizontalBlock>*{flex:none}
}
"""


def frame() -> None:
    """Put them into the page, after those of the office."""
    st.html(f"<style>{_RULES}</style>")
