"""Rules of the page of reports that Streamlit has no setting for."""

from __future__ import annotations

import streamlit as st

__all__ = ["frame"]

_RULES = """
.st-key-reports_page{max-width:88rem}
.st-key-reports_top{flex-wrap:wrap}
.st-key-reports_ways{flex-wrap:wrap}
.st-key-reports_ways [class*="st-key-reports_"]{width:auto;flex:none}
.report-head{font-size:1.15rem;font-weight:700;line-height:1.5;margin:0}
.report-figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:0.6rem;margin:0.4rem 0}
.report-figure{border:1px solid var(--office-line);border-radius:0.5rem;padding:0.4rem 0.7rem}
.report-figure small{display:block;color:var(--office-faint);font-size:0.82rem;line-height:1.4}
.report-figure b{font-size:1.7rem;line-height:1.35;font-variant-numeric:tabular-nums}
.report-sections{columns:22rem 2;column-gap:1.6rem}
.report-section{break-inside:avoid;margin:0 0 1rem 0}
.report-section table{width:100%;border-collapse:collapse;font-size:0.92rem;line-height:1.45}
.report-section caption{text-align:left;font-weight:700;padding:0.2rem 0}
.report-section th{font-weight:400;color:var(--office-faint);font-size:0.8rem;text-align:right;padding:0.1rem 0.3rem;white-space:nowrap}
.report-section th:first-child{text-align:left}
.report-section td{border-top:1px solid var(--office-line);padding:0.2rem 0.3rem;text-align:right;
font-variant-numeric:tabular-nums;vertical-align:top}
.report-section td:first-child{text-align:left;overflow-wrap:anywhere}
.report-section td b{white-space:nowrap}
.report-why{display:block;font-size:0.82rem;color:var(--office-late)}
.report-map svg{max-width:100%;height:auto;border:1px solid var(--office-line);border-radius:0.4rem}
.report-decision{border-left:3px solid var(--office-line);padding-left:0.7rem;margin:0.4rem 0;font-size:0.92rem}
.report-decision.late{border-color:var(--office-late)}
.report-scroll{overflow-x:auto}
.report-wide th{white-space:normal;vertical-align:bottom;min-width:3.4rem}
@media (max-width:640px){.report-figures{grid-template-columns:1fr 1fr}}
"""


def frame() -> None:
    """Put the rules into the page."""
    st.html(f"<style>{_RULES}</style>")
