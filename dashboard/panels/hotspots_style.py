"""The few rules of the hotspot page that Streamlit has no setting for."""

from __future__ import annotations

import streamlit as st

__all__ = ["inject"]

_RULES = """
:root{--head:5.1rem;--under:3.6rem}
.st-key-ask{overflow-x:auto;scrollbar-width:none}
.st-key-ask [role="radiogroup"]{flex-wrap:nowrap}
.st-key-ask button{min-height:2.2rem;white-space:nowrap;flex:none;max-width:none;width:auto}
.st-key-ask button *{overflow:visible;text-overflow:clip}
.st-key-maps{gap:0.4rem!important;flex-wrap:nowrap}
:root:has(.st-key-charts_alone) .st-key-maps{display:none!important}
.st-key-map_title:empty{display:none}
:root:has(.st-key-map_beside){--under:6.1rem}
.st-key-map_title [data-testid="stText"],.st-key-map_beside [data-testid="stText"]{font-weight:600;font-size:0.95rem}
.st-key-map,.st-key-map_beside{flex:1 1 0;min-width:0}
.st-key-map_beside{min-height:var(--map-height)}
:root:has(.st-key-map_beside) :is(.st-key-map,.st-key-map_beside){min-height:calc(var(--map-height) + 2.1rem)}
.st-key-map_beside iframe,.st-key-map_beside [data-testid="stCustomComponentV1"]{height:var(--map-height)!important;
width:100%;border:0}
.st-key-method_line p{font-size:0.82rem;line-height:1.5}
.st-key-method_line{max-height:3.2rem;overflow-y:auto;scrollbar-width:thin}
.st-key-finding [data-testid="stText"]{font-size:0.95rem;line-height:1.6}
.st-key-finding>:first-child [data-testid="stText"]{font-size:1.15rem;font-weight:600}
.st-key-figures [data-testid="stDataFrameResizable"]{overflow:hidden}
.st-key-how button{min-height:1.9rem;padding:0.05rem 0.6rem}
@media (min-width:641px){
.stColumn:has(.st-key-figures){flex:0 0 clamp(20rem,31vw,36rem)!important}
}
@media (max-width:640px){
.st-key-maps{flex-direction:column}
:root{--map-height:56dvh!important}
.st-key-map_beside{flex:none}
.st-key-method_line{max-height:none}
}
"""


def inject() -> None:
    """Put the rules into the page, after those of all maps."""
    st.html(f"<style>{_RULES}</style>")
