"""Rules for the pages of cases that Streamlit has no setting for: list and case side by side, each scrolling for itself."""

from __future__ import annotations

import streamlit as st

from dashboard import filters
from dashboard.maps.palette import palette

__all__ = ["frame"]

_RULES = """
.stMainBlockContainer{padding:3.2rem 1rem 0.5rem 1rem;max-width:none}
header[data-testid="stHeader"]{height:2.8rem;min-height:2.8rem;background:var(--office-ground);pointer-events:none}
header[data-testid="stHeader"] *{pointer-events:none}
header[data-testid="stHeader"] :is(button,a,button *,a *){pointer-events:auto}
.stMain .stVerticalBlock{gap:0.5rem}
[data-testid="stText"]{overflow-wrap:anywhere;white-space:pre-wrap}
[data-testid="stHeading"] :is(h1,h2,h3){padding:0.2rem 0}
.stMain [data-testid="stCaptionContainer"],.stMain [data-testid="stCaptionContainer"] p{color:var(--office-faint);
opacity:1}
.stMain :is(button[kind^="primary"],[data-testid^="stBaseButton-primary"]){color:var(--office-on-primary)}
.office-part{display:inline-block;max-width:100%}
.office-line{font-size:0.9rem;line-height:1.55;margin:0}
.office-faint{color:var(--office-faint)}
.office-late{color:var(--office-late);font-weight:600}
.office-chip{display:inline-block;border:1px solid currentColor;border-radius:10px;padding:0 0.5rem;font-size:0.8rem;
line-height:1.5;white-space:nowrap}
.office-chip.full{background:var(--office-ink);color:var(--office-ground);border-color:var(--office-ink)}
.office-dot{display:inline-block;width:0.8rem;height:0.8rem;border-radius:50%;vertical-align:-0.06rem;
margin-right:0.4rem;flex:none;border:2px solid}
.office-head{display:flex;align-items:center;gap:0.5rem;justify-content:space-between;line-height:1.5}
.office-head b{overflow-wrap:anywhere;line-height:1.45}
.office-what{display:flex;align-items:center;min-width:0}
[data-testid="stHeading"] h3{font-size:1.05rem;line-height:1.7;padding:0.5rem 0 0.1rem 0}
[data-testid="stHeading"] [data-testid="stMarkdownContainer"]{margin:0}
.office-title{font-size:1.15rem;line-height:1.6;font-weight:700;margin:0;padding:0}
.office-title span{font-size:0.95rem;font-weight:400;color:var(--office-faint)}
.office-number{font-size:1.3rem;line-height:1.5;margin:0;padding:0}
.st-key-case_none{padding-top:2.6rem}
.st-key-find{flex-wrap:nowrap;gap:0.4rem!important}
.st-key-find .stTextInput{min-width:0;flex:1}
.st-key-searched [data-testid="stText"]{font-size:0.9rem}
.st-key-case_scroll{position:relative}
[data-testid="stLayoutWrapper"]:has(>.st-key-case_turn){position:absolute;right:0;top:0;z-index:21;width:auto}
.st-key-case_turn button{min-height:2rem;padding:0.1rem 0.3rem}
.st-key-case_turn button p{font-size:0.85rem}
.st-key-groups{gap:0.35rem!important;row-gap:0.35rem!important}
.st-key-groups button{min-height:2rem;padding:0.1rem 0.7rem;border-radius:1rem}
.st-key-groups button p{font-size:0.9rem}
[class*="st-key-row_"]{position:relative;padding:0.45rem 0.7rem 0.5rem 0.7rem;gap:0.1rem!important}
[class*="st-key-row_"] [data-testid="stText"]{font-size:0.9rem;line-height:1.5;display:-webkit-box;
-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow:hidden}
[class*="st-key-row_"] [data-testid="stElementContainer"]:has(.stButton){position:absolute;inset:0;height:100%;width:100%;
z-index:2}
[class*="st-key-row_"] .stButton,[class*="st-key-row_"] .stButton button{width:100%;height:100%;opacity:0}
[class*="st-key-row_"]:has(button:focus-visible){outline:3px solid var(--office-primary);outline-offset:-3px}
[class*="st-key-row_"] .office-faint{font-size:0.86rem}
[class*="st-key-row_"] .office-head .office-dot{margin-left:0}
[class*="st-key-row_"]:hover{background:var(--office-hover)}
[class*="st-key-row_open"]{background:var(--office-hover);box-shadow:inset 4px 0 0 var(--office-primary)}
.st-key-case_more{row-gap:0!important;margin-top:-0.3rem}
.st-key-case_more button{min-height:1.9rem;padding:0.1rem 0.4rem}
.st-key-case_more button p{font-size:0.92rem}
.st-key-case_steps button{min-height:2.3rem}
.st-key-step_form{border-left:4px solid var(--office-primary)!important}
.office-report{border-left:3px solid var(--office-line);padding-left:0.7rem}
[class*="st-key-report_"]{gap:0.15rem!important;padding:0.5rem 0.8rem}
[class*="st-key-report_"] [data-testid="stText"]{font-size:1rem;line-height:1.6}
.st-key-facts{gap:0.1rem!important}
.st-key-facts .stHorizontalBlock,.st-key-history .stHorizontalBlock{gap:0.6rem;flex-wrap:nowrap;align-items:baseline}
.st-key-facts [data-testid="stText"],.st-key-facts p{font-size:0.92rem;line-height:1.5}
.st-key-history{gap:0.25rem!important}
.st-key-history [data-testid="stText"]{font-size:0.9rem;line-height:1.5}
[data-testid="stSidebarUserContent"]{padding-top:0.2rem}
.st-key-coordinator h1,.st-key-joint_log h1,.st-key-settings h1,.st-key-audit h1{font-size:1.4rem;padding:0}
.st-key-coordinator>*,.st-key-joint_log>*,.st-key-settings>*,.st-key-audit>*{max-width:84rem}
[class*="st-key-number_"] [data-testid="stText"]{padding-top:1.5rem}
.st-key-audit_rows{gap:0!important}
.st-key-audit_rows [data-testid="stHtml"]{border-bottom:1px solid var(--office-line);padding:0.35rem 0}
[data-testid="stForm"]:has([role="radiogroup"] input:is([value="0"],[value="1"],[value="3"]):checked)
[data-testid="stLayoutWrapper"]:has(>.st-key-coordinator_day){display:none}
.st-key-quiet{gap:0!important}
.st-key-quiet .stHorizontalBlock{min-height:3.1rem;padding:0.15rem 0;border-bottom:1px solid var(--office-line);flex-wrap:nowrap}
.st-key-map_small iframe{width:100%!important;border:1px solid var(--office-line);border-radius:6px}
[data-testid="stForm"]{padding:0.8rem}
[data-testid="InputInstructions"]{display:none}
[data-testid="stLayoutWrapper"]:has(>.st-key-case_notice){position:sticky;top:0;z-index:20;background:var(--office-ground)}
.st-key-map_small [data-testid="stCaptionContainer"] p{font-size:0.8rem;line-height:1.5}
@media (min-width:1000px){
.st-key-case_grid{display:grid!important;grid-template-columns:minmax(0,1fr) minmax(20rem,25rem);grid-template-rows:auto 1fr;
column-gap:1.6rem!important;row-gap:0!important;align-items:start}
[data-testid="stLayoutWrapper"]:has(>.st-key-case_side){grid-column:2;grid-row:1/span 2}
[data-testid="stLayoutWrapper"]:has(>.st-key-case_told),[data-testid="stLayoutWrapper"]:has(>.st-key-case_rest){grid-column:1;
min-width:0}
.st-key-case_side{padding-top:0.9rem}
[data-testid="stLayoutWrapper"]:has(>.st-key-list_scroll),[data-testid="stLayoutWrapper"]:has(>.st-key-case_scroll){
flex:none;height:calc(100dvh - 3.9rem)}
.st-key-list_scroll,.st-key-case_scroll{height:100%;overflow-y:auto;overflow-x:hidden;padding:2px 0.5rem 1rem 2px;
scrollbar-width:thin}
.st-key-list_scroll>*,.st-key-case_scroll>*{flex-shrink:0}
.st-key-case_scroll{padding-left:0.6rem}
.stColumn:has(>*>.st-key-list_scroll,>*>*>.st-key-list_scroll){flex:0 0 clamp(23rem,31vw,32rem);min-width:0}
.stColumn:has(>*>.st-key-case_scroll,>*>*>.st-key-case_scroll){flex:1 1 0;min-width:0}
.st-key-case_scroll>*{max-width:68rem}
.st-key-back_to_list{display:none}
}
@media (max-width:999.9px){
.stHorizontalBlock:has(>.stColumn .st-key-list_scroll){flex-direction:column}
.stHorizontalBlock:has(>.stColumn .st-key-list_scroll)>.stColumn{width:100%;min-width:100%;flex:1 1 100%}
:root:has(.st-key-case_scroll .st-key-case_head) .stColumn:has(.st-key-list_scroll):not(:has(.st-key-case_scroll)){
display:none}
:root:not(:has(.st-key-case_head)) .stColumn:has(.st-key-case_scroll){display:none}
}
@media (max-width:999.9px){
.stHorizontalBlock:has(.st-key-settings_form){flex-direction:column-reverse}
.stHorizontalBlock:has(.st-key-settings_form)>.stColumn{width:100%;min-width:100%;flex:1 1 auto}
[data-testid="stLayoutWrapper"]:has(>.st-key-case_notice){top:2.8rem}
.st-key-case_turn button{width:2.75rem;height:2.75rem}
.st-key-case_turn button [data-testid="stMarkdownContainer"],.st-key-case_turn button kbd,
.st-key-case_turn button span:not(:has([data-testid="stIconMaterial"])):not([data-testid="stIconMaterial"]){display:none}
}
@media (max-width:640px){
[class*="st-key-number_"] [data-testid="stText"]{padding:0 0 0.6rem 0}
.stMainBlockContainer{padding:3rem 0.6rem 2rem 0.6rem}
.st-key-groups{flex-wrap:nowrap!important;overflow-x:auto;padding-bottom:0.3rem;scrollbar-width:none}
.st-key-groups>*{flex:none}
:is(.st-key-coordinator,.st-key-joint_log) [data-testid="stForm"] .stHorizontalBlock{flex-direction:column;align-items:stretch}
:is(.st-key-coordinator,.st-key-joint_log) [data-testid="stForm"] .stHorizontalBlock>*{flex:none}
:is(.st-key-coordinator,.st-key-joint_log) .stFormSubmitButton button{width:100%}
.st-key-case_more{flex-wrap:nowrap!important;overflow-x:auto;scrollbar-width:none}
.st-key-case_more>*{flex:none}
.st-key-case_steps button,.st-key-case_more button,.st-key-groups button,.st-key-find button,.st-key-find input,
.st-key-quiet button,:is(.st-key-coordinator,.st-key-joint_log) .stFormSubmitButton button,.st-key-back_to_list button{min-height:2.75rem}
.st-key-groups button{border-radius:1.4rem}
}
"""


def frame(lang: str, night: bool) -> None:
    """Put the style sheet into the page, and the languages into the sidebar."""
    colours = palette(night)
    theme = f"theme.{'dark' if night else 'light'}"
    given = {
        "ground": st.get_option(f"{theme}.backgroundColor"),
        "primary": st.get_option(f"{theme}.primaryColor"),
        "hover": st.get_option(f"{theme}.secondaryBackgroundColor"),
        "line": st.get_option(f"{theme}.borderColor"),
        "ink": st.get_option(f"{theme}.textColor"),
        "on-primary": st.get_option(f"{theme}.backgroundColor") if night else "#ffffff",
        "faint": colours["panel_faint"],
        "late": colours["overdue"],
    }
    sheet = "".join(f"--office-{name}:{colour};" for name, colour in given.items())
    st.html(f"<style>:root{{{sheet}}}{_RULES}</style>")
    with st.sidebar:
        filters.language_switch(lang)
