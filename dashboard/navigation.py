"""The menu: which pages there are, in which order, and who sees them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.access import Role, Viewer
from dashboard.i18n import t

__all__ = ["SPECS", "PageSpec", "build", "visible"]

PAGES = Path(__file__).resolve().parent.parent / "pages"


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page of the menu.

    Attributes
    ----------
    file
        File in ``pages/``.
    title_key, group_key
        Keys of its title and of the menu's section.
    icon
        Material symbol.
    role
        Who sees it.
    """

    file: str
    title_key: str
    icon: str
    group_key: str
    role: Role = Role.WATCH


SPECS = (PageSpec("live_map.py", "nav.live_map", ":material/map:", "nav.watch"),)


def visible(viewer: Viewer) -> tuple[PageSpec, ...]:
    """The pages that a viewer sees, in menu order."""
    return tuple(spec for spec in SPECS if viewer.may(spec.role))


def build(viewer: Viewer, lang: str, wall: bool = False) -> Page:
    """Draw the menu on top, or none on a wall display, and return the page to run."""
    sections: dict[str, list[Page]] = {}
    for number, spec in enumerate(visible(viewer)):
        page = st.Page(PAGES / spec.file, title=t(spec.title_key, lang), icon=spec.icon, default=number == 0)
        sections.setdefault(t(spec.group_key, lang), []).append(page)
    return st.navigation(sections, position="hidden" if wall else "top")
