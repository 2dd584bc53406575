"""Rules for the page of activities that Streamlit has no setting for."""

from __future__ import annotations

import streamlit as st

__all__ = ["frame"]

_RULES = """
.st-key-activity_page{padding-top:0.4rem;gap:0.6rem!important}
.st-key-activity_page>*{max-width:100rem}
.st-key-activity_top{flex-wrap:wrap;row-gap:0.3rem;min-height:2.6rem}
.st-key-activity_top .office-title{font-size:1.35rem}
.st-key-activity_part{overflow-x:auto;scrollbar-width:none;max-width:100%}
.st-key-activity_part [role="radiogroup"]{flex-wrap:nowrap}
.st-key-activity_part button{min-height:2.2rem;white-space:nowrap;flex:none;max-width:none;width:auto}
.st-key-activity_form>*{max-width:60rem}
[class*="st-key-activity_row_"]{position:relative;padding:0.55rem 0.9rem;gap:0.1rem!important}
[class*="st-key-activity_row_"]:hover{background:var(--office-hover)}
[class*="st-key-activity_row_"] [data-testid="stElementContainer"]:has(.stButton){position:absolute;inset:0;height:100%;
width:100%;z-index:2}
[class*="st-key-activity_row_"] .stButton,[class*="st-key-activity_row_"] .stButton button{width:100%;height:100%;opacity:0}
[class*="st-key-activity_row_"]:has(button:focus-visible){outline:3px solid var(--office-primary);outline-offset:-3px}
.activity-facts.activity-facts{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;column-gap:1rem;row-gap:0.2rem;
margin:0;padding:0;font-size:0.95rem;line-height:1.6}
.activity-facts dt{margin:0;color:var(--office-faint)}
.activity-facts dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
.activity-part{font-size:1.05rem;line-height:1.6;font-weight:700;margin:0;padding:0.5rem 0 0}
.activity-month{font-size:1.15rem;line-height:1.6;margin:0;padding:0;min-width:11rem;text-align:center}
.activity-calendar{border-collapse:collapse;width:100%;table-layout:fixed}
.activity-calendar caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.activity-calendar th{font-weight:600;padding:0.3rem;border-bottom:1px solid var(--office-line);font-size:0.9rem}
.activity-calendar th abbr{text-decoration:none}
.activity-calendar td{border:1px solid var(--office-line);vertical-align:top;height:6.2rem;padding:0.25rem 0.3rem}
.activity-calendar td.other .activity-day{color:var(--office-faint)}
.activity-calendar td.today{box-shadow:inset 0 0 0 2px var(--office-primary)}
.activity-day{font-weight:600;font-size:0.9rem}
.activity-weekday,.activity-place{display:none}
.activity-calendar ul{list-style:none;margin:0.15rem 0 0;padding:0}
.activity-calendar li{margin:0 0 0.2rem;font-size:0.82rem;line-height:1.45}
.activity-entry{display:block;border-left:4px solid var(--office-primary);padding:0.05rem 0.35rem;color:inherit!important;
text-decoration:none!important;background:var(--office-hover);overflow:hidden;text-overflow:ellipsis;overflow-wrap:anywhere}
.activity-calendar td .activity-entry{display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical}
.activity-entry.planned{border-left-style:dashed;background:none}
a.activity-entry:focus-visible{outline:3px solid var(--office-primary)}
a.activity-entry:hover{text-decoration:underline!important}
.activity-sort{font-weight:600;margin-right:0.3rem}
:root{--activity-map:max(22rem,calc(100dvh - 15rem))}
.st-key-activity_map{min-height:var(--activity-map)}
.st-key-activity_map :is(iframe,[data-testid="stCustomComponentV1"]){height:var(--activity-map)!important;width:100%;border:0;border-radius:6px}
.activity-scroll{overflow-x:auto;max-width:100%}
.activity-table{border-collapse:collapse;width:100%;min-width:44rem;font-size:0.92rem;line-height:1.5}
.activity-table caption{text-align:left;color:var(--office-faint);font-size:0.85rem;padding:0.2rem 0}
.activity-table th,.activity-table td{text-align:left;vertical-align:top;padding:0.4rem 0.7rem;border-bottom:1px solid var(--office-line)}
.activity-table thead th{font-weight:600;border-bottom-width:2px}
.activity-table tbody th{font-weight:600;position:sticky;left:0;background:var(--office-ground)}
.activity-table small{display:block;color:var(--office-faint);font-size:0.82rem}
.activity-table b{font-size:1.05rem}
.activity-table .missed span{color:var(--office-late);font-weight:600}
.activity-table .faint{color:var(--office-faint)}
@media (max-width:760px){
:root{--activity-map:56dvh}
.activity-table{min-width:0}
.activity-table thead{display:none}
.activity-table,.activity-table tbody,.activity-table tr,.activity-table td,.activity-table tbody th{display:block}
.activity-table tbody th{border-bottom-width:2px;font-size:1.05rem}
.activity-table td::before{content:attr(data-label);display:block;color:var(--office-faint);font-size:0.85rem}
.activity-calendar,.activity-calendar tbody,.activity-calendar tr,.activity-calendar td{display:block;height:auto}
.activity-calendar thead,.activity-calendar td.empty:not(.today),.activity-calendar td.other{display:none}
.activity-calendar td{border-width:0 0 1px;padding:0.5rem 0.3rem}
.activity-weekday{display:inline}
.activity-calendar li{font-size:0.95rem}
.activity-calendar td .activity-entry{display:block;padding:0.45rem 0.6rem;min-height:2.75rem}
.activity-place{display:block;color:var(--office-faint);font-size:0.85rem}
.st-key-activity_turn{flex-wrap:wrap;justify-content:space-between!important}
.st-key-activity_turn>:has(.activity-month){order:-1;flex:0 0 100%!important}
}
@media (max-width:900px){
.st-key-activity_page .stHorizontalBlock:has(>.stColumn){flex-direction:column}
.st-key-activity_page .stHorizontalBlock:has(>.stColumn)>.stColumn{width:100%;min-width:100%;flex:none}
}
@media (max-width:640px){
.st-key-activity_form [data-testid="stElementContainer"]:has(>.stSelectbox){flex:1 1 100%!important;width:100%!important}
.st-key-activity_page button{min-height:2.75rem}
.activity-facts.activity-facts{grid-template-columns:1fr}
.activity-facts dd{margin-bottom:0.4rem}
}
"""


def frame() -> None:
    """Put them into the page, after those of the office."""
    st.html(f"<style>{_RULES}</style>")
