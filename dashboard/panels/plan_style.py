"""The few rules of the planning of checkpoints that Streamlit has no setting for."""

from __future__ import annotations

import streamlit as st

__all__ = ["inject"]

_RULES = """
:root{--head:2.9rem;--under:2.2rem}
.st-key-plan_figures{flex-wrap:nowrap}
.st-key-plan_site [data-testid="stText"]{font-size:0.95rem;line-height:1.5}
.st-key-plan_site button{min-height:2rem;padding:0.1rem 0.6rem}
.st-key-plan-pick button{min-height:2rem;padding:0 0.7rem}
@media (max-width:640px){
.st-key-checkpoints-part{padding-left:2.6rem}
.st-key-plan_site button,.st-key-plan_steps button{min-height:2.75rem}
}
"""


def inject() -> None:
    """Put the rules into the page, after those of all maps."""
    st.html(f"<style>{_RULES}</style>")
