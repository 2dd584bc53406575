"""The few rules that Streamlit has no setting for: the map fills the window, the figures scroll beside it."""

from __future__ import annotations

import streamlit as st

__all__ = ["inject"]

_ALWAYS = """
:root{--bar:0.3rem;--head:2.4rem;--notes:0rem;--under:0.4rem}
:root:has([data-testid="stTopNav"]){--bar:3.1rem}
:root:has(.st-key-player){--under:3rem}
:root{--map-height:calc(100dvh - var(--bar) - var(--head) - var(--notes) - var(--under))}
:root:has(.st-key-notes [data-testid="stAlert"]){--notes:2.95rem}
.st-key-notes [data-testid="stAlertContainer"]{padding:0.35rem 0.75rem;min-height:0}
.st-key-notes [data-testid="stAlertContainer"] p{font-size:0.9rem}
header[data-testid="stHeader"]{height:2.8rem;min-height:2.8rem;background:transparent;pointer-events:none}
header[data-testid="stHeader"] *{pointer-events:none}
header[data-testid="stHeader"] :is(button,a,button *,a *){pointer-events:auto}
.stMainBlockContainer{padding:var(--bar) 0.75rem 0 0.75rem;max-width:none}
.stMain .stVerticalBlock{gap:0.4rem}
.st-key-map iframe,.st-key-map [data-testid="stCustomComponentV1"]{height:var(--map-height)!important;width:100%;
border:0}
.st-key-map{min-height:var(--map-height)}
.st-key-head{min-height:2rem;flex-wrap:wrap;row-gap:0}
:root:not(:has([data-testid="stTopNav"])) .st-key-head{padding-right:5.8rem}
:root:not(:has([data-testid="stTopNav"])):has([data-testid="stExpandSidebarButton"]) .st-key-head{padding-left:2.6rem}
.st-key-head button{min-height:1.9rem;padding:0.05rem 0.55rem}
[data-testid="stText"]{overflow-wrap:anywhere}
[data-testid="stMetricValue"],[data-testid="stMetricValue"] *{line-height:1.45}
.st-key-figures h3{font-size:1rem;line-height:1.5;padding:0.5rem 0 0 0}
.st-key-figures [data-testid="stHeading"] [data-testid="stMarkdownContainer"]{margin:0}
.st-key-figures .stVerticalBlock{gap:0.5rem}
[data-testid="stLayoutWrapper"]:has(>.st-key-card){flex:none;background:var(--card-ground);border-radius:6px}
.st-key-card{padding:0.3rem 0.4rem 0.5rem 0.7rem;gap:0.15rem!important}
.st-key-card .stHorizontalBlock{gap:0.5rem;flex-wrap:nowrap;align-items:baseline}
.st-key-card [data-testid="stText"],.st-key-card [data-testid="stCaptionContainer"] p{font-size:0.875rem;
line-height:1.5}
.st-key-card_head{align-items:center!important}
.st-key-card_head [data-testid="stText"]{font-weight:600;font-size:0.95rem}
.st-key-newest button{justify-content:flex-start;text-align:left;height:auto;min-height:0;padding:0.3rem 0.2rem;
border-radius:0;
border-bottom:1px solid rgba(128,128,128,.25)}
.st-key-newest button div{justify-content:flex-start;text-align:left}
.st-key-newest button p{font-size:0.875rem;line-height:1.45;white-space:normal}
.st-key-newest button p span{display:block;font-size:0.8125rem}
.st-key-unavailable{max-width:44rem;margin:3.2rem auto 0 auto}
.st-key-player{min-height:2.2rem}
[data-testid="stSidebarHeader"]{height:3.2rem;margin-bottom:0;padding-top:0.5rem}
[data-testid="stSidebarUserContent"]{padding-top:0.2rem}
[data-testid="stSidebar"] .stVerticalBlock{gap:0.75rem}
.st-key-filter_lang{margin-top:-2.7rem;width:auto;padding-right:3rem;position:relative;z-index:999991;
align-self:flex-start}
.st-key-filter_lang button{min-height:1.7rem;padding:0 0.6rem;font-size:0.8rem}
.st-key-filter_lang button p{font-size:0.8rem}
.st-key-filter_type button{height:auto;max-width:100%;text-align:left;border-radius:14px;padding-top:0.15rem;
padding-bottom:0.15rem}
.st-key-filter_type button *{white-space:normal;overflow:visible;text-overflow:clip}
.st-key-filter_type button p{line-height:1.4}
@media (min-width:641px){
.stColumn:has(.st-key-figures){flex:0 0 clamp(17.75rem,20.5vw,26rem);min-width:0}
.stColumn:has(.st-key-map):not(:has(.st-key-figures)){flex:1 1 0;min-width:0}
[data-testid="stLayoutWrapper"]:has(>.st-key-figures){height:var(--map-height);flex:none}
:root:has(.st-key-player) [data-testid="stLayoutWrapper"]:has(>.st-key-figures){
height:calc(var(--map-height) + 2.6rem)}
.st-key-figures{height:100%;overflow-y:auto;overflow-x:hidden;padding-right:0.4rem;scrollbar-width:thin}
.st-key-figures>*{flex-shrink:0}
[data-testid="stLayoutWrapper"]:has(>.st-key-card){position:sticky;top:0;z-index:5;max-height:60%;overflow-y:auto}
}
@media (max-width:640px){
:root{--bar:0.3rem!important;--map-height:62dvh}
.stMainBlockContainer{padding:0.3rem 0.4rem 1rem 0.4rem}
header[data-testid="stHeader"] button{background:var(--card-ground)}
.st-key-head,.st-key-head.st-key-head{padding:0!important;column-gap:0.5rem}
.st-key-head>.stElementContainer{order:3;min-height:2.3rem;display:flex;align-items:center}
.st-key-head>.stElementContainer:last-child{order:0;margin-left:2.7rem}
.st-key-head>.st-key-player_switch{order:3}
.st-key-head>[data-testid="stLayoutWrapper"]{order:2;flex:1 1 100%}
.st-key-filter_sentence{column-gap:0.7rem;row-gap:0.1rem}
.st-key-head [data-testid="stText"],.st-key-head p{font-size:0.875rem}
.st-key-head>.stElementContainer:not(.st-key-player_switch) :is(p,span){font-size:0.78rem}
[data-testid="stLayoutWrapper"]:has(>.st-key-card){position:fixed;left:0;right:0;bottom:0;z-index:50;
max-height:46dvh;overflow-y:auto;
box-shadow:0 -2px 12px rgba(20,30,40,.25)}
}
"""
_WALL = """
header[data-testid="stHeader"],[data-testid="stSidebar"]{display:none}
.stMainBlockContainer{padding:0.3rem 0.6rem 0 0.6rem}
:root{--map-height:calc(100dvh - 13.6rem)}
.st-key-unavailable [data-testid="stText"],.st-key-unavailable p{font-size:1.5rem;line-height:1.6}
.st-key-wall_head{flex-wrap:nowrap;min-height:3rem}
.st-key-wall_head [data-testid="stText"]{font-size:1.5rem;line-height:1.45}
.st-key-wall_head>:first-child{flex:1 1 auto;min-width:0}
.st-key-wall_head>:not(:first-child){flex:0 0 auto;width:auto}
.st-key-wall_head [data-testid="stMarkdown"] *{font-size:1.2rem}
.st-key-wall_clock [data-testid="stText"]{font-weight:600;font-size:1.7rem;font-variant-numeric:tabular-nums}
.st-key-wall_figures [data-testid="stMetric"]{height:9.2rem}
.st-key-wall_figures [data-testid="stMetricLabel"] p{font-size:1.3rem;line-height:1.4}
.st-key-wall_figures [data-testid="stMetricValue"]{font-size:3.1rem;height:5rem;display:flex;align-items:center}
.st-key-wall_figures [data-testid="stMetricValue"] *{line-height:1.25;white-space:normal;overflow:visible;
text-overflow:clip}
.st-key-wall_figures [data-testid="stMetricDelta"]{font-size:1.2rem;line-height:1.4}
:is(.st-key-wall_type,.st-key-wall_district,.st-key-wall_latest,.st-key-wall_patrols) [data-testid="stMetricValue"]{
font-size:1.85rem}
@media (max-width:1400px){
:root{--map-height:calc(100dvh - 10.6rem)}
.st-key-wall_head [data-testid="stText"]{font-size:1.1rem}
.st-key-wall_clock [data-testid="stText"]{font-size:1.2rem}
.st-key-wall_figures [data-testid="stMetric"]{height:6.4rem}
.st-key-wall_figures [data-testid="stMetricLabel"] p,.st-key-wall_figures [data-testid="stMetricDelta"]{
font-size:0.95rem}
.st-key-wall_figures [data-testid="stMetricValue"]{font-size:2rem;height:3rem}
:is(.st-key-wall_type,.st-key-wall_district,.st-key-wall_latest,.st-key-wall_patrols) [data-testid="stMetricValue"]{
font-size:1.15rem}
}
"""


def inject(wall: bool, night: bool) -> None:
    """Put the style sheet into the page."""
    ground = st.get_option(f"theme.{'dark' if night else 'light'}.backgroundColor")
    st.html(f"<style>:root{{--card-ground:{ground}}}{_ALWAYS}{_WALL if wall else ''}</style>")
