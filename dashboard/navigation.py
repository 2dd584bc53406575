"""The menu: which pages there are, in which order, and who sees them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from dashboard import session
from dashboard.access import CENTRE, MEETERS, REPORTERS, WATCHERS, Role, Viewer
from dashboard.i18n import t
from geo.model.release import MAKES

__all__ = ["SPECS", "PageSpec", "admitted", "build", "visible"]

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
    roles
        Who sees it.
    """

    file: str
    title_key: str
    icon: str
    group_key: str
    roles: frozenset[Role]


SPECS = (
    PageSpec("live_map.py", "nav.live_map", ":material/map:", "nav.watch", WATCHERS),
    PageSpec("inbox.py", "nav.inbox", ":material/inbox:", "nav.cases", CENTRE),
    PageSpec("coordinator.py", "nav.coordinator", ":material/edit_note:", "nav.cases", frozenset({Role.COORDINATOR})),
    PageSpec("referrals.py", "nav.referrals", ":material/forward_to_inbox:", "nav.cases", CENTRE | {Role.AGENCY}),
    PageSpec(
        "silence.py", "nav.silence", ":material/phone_missed:", "nav.cases", CENTRE | {Role.COMMANDER, Role.NATIONAL}
    ),
    PageSpec("hotspots.py", "hotspots_page.title", ":material/local_fire_department:", "nav.meet", WATCHERS),
    PageSpec("joint_log.py", "nav.joint_log", ":material/handshake:", "nav.cases", CENTRE),
    PageSpec("pairs.py", "nav.pairs", ":material/compare_arrows:", "nav.cases", MEETERS),
    PageSpec("meeting.py", "nav.meeting", ":material/co_present:", "nav.meet", MEETERS),
    PageSpec("checkpoints.py", "plans.page.title", ":material/add_location_alt:", "nav.plan", WATCHERS),
    PageSpec("patrols.py", "nav.patrols", ":material/directions_walk:", "nav.plan", MEETERS),
    PageSpec("reports.py", "reports.title", ":material/description:", "nav.report", REPORTERS),
    PageSpec("public_release.py", "release.title", ":material/public:", "nav.report", MAKES),
    PageSpec("activities.py", "activities.title", ":material/groups:", "nav.report", MEETERS | {Role.COORDINATOR}),
    PageSpec("people.py", "nav.people", ":material/group:", "nav.set_up", frozenset({Role.ADMINISTRATOR})),
    PageSpec("settings.py", "nav.settings", ":material/tune:", "nav.set_up", frozenset({Role.ADMINISTRATOR})),
    PageSpec("audit.py", "nav.audit", ":material/verified_user:", "nav.set_up", frozenset({Role.ADMINISTRATOR})),
)


def visible(viewer: Viewer) -> tuple[PageSpec, ...]:
    """The pages that a viewer sees, in menu order."""
    return tuple(spec for spec in SPECS if viewer.may(spec.roles))


def build(viewer: Viewer, lang: str, wall: bool = False) -> Page:
    """Draw the menu on top, or none on a wall display, and return the page to run."""
    sections: dict[str, list[Page]] = {}
    for number, spec in enumerate(visible(viewer)):
        page = st.Page(PAGES / spec.file, title=t(spec.title_key, lang), icon=spec.icon, default=number == 0)
        sections.setdefault(t(spec.group_key, lang), []).append(page)
    return st.navigation(sections, position="hidden" if wall else "top")


def admitted(file: str) -> Viewer:
    """Who looks at a page of the menu; nobody else gets further than this line."""
    spec = next(spec for spec in SPECS if spec.file == Path(file).name)
    viewer = session.viewer()
    if viewer is None or not viewer.may(spec.roles):
        st.warning(t("access.not_yours", session.language()), icon=":material/lock:")
        st.stop()
    return viewer
