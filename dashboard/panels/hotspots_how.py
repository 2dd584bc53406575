"""How an answer was come by: which method, on what, with which parameters; and where those are changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.documents.hotspot_table import FORMS, file_of, forms_of
from dashboard.filter_words import NAMED, Part, describe, sentence
from dashboard.hotspot_choice import PARAMETERS, QUESTIONS
from dashboard.hotspots.answer import Answer
from dashboard.hotspots.asked import Base
from dashboard.i18n import name, t
from dashboard.i18n.dates import day, distance, moment, number, period
from dashboard.labels import plain
from dashboard.office import acting
from dashboard.panels.hotspots_view import View
from geo.actions.case_history import audit

__all__ = ["about", "finding", "method_line", "methods", "needs_more_districts", "parameters", "remarks", "take_away"]

KM = 1000
FEWEST_DISTRICTS = 3
USUAL_CELL = 5000.0
RELATIVE = frozenset({"gi", "gi_districts", "emerging", "scan", "concentration", "pai", "rates"})
"""Methods that say what is much among the places looked at: of one district, within it."""


def finding(*sentences: str) -> None:
    """What was found, in large type: the first sentence is what a room should read."""
    with st.container(key="finding", gap=None):
        for said in sentences:
            if said:
                st.text(said)


def methods(view: View) -> None:
    """The methods that answer the question, where there are several."""
    chosen = view.choice.method
    offered = [one for one in QUESTIONS[view.choice.question] if one == chosen or not needs_more_districts(view, one)]
    if len(offered) > 1:
        session.put("how", chosen)
        st.pills(
            t("hotspots_page.how_label", view.lang), offered, key="how", required=True, label_visibility="collapsed",
            format_func=lambda code: plain(t(f"hotspots_page.short.{code}", view.lang)), on_change=_chosen,
        )  # fmt: skip


def needs_more_districts(view: View, method: str) -> bool:
    """Whether a method compares districts and the viewer sees too few of them."""
    return method == "gi_districts" and 0 < len(view.own) < FEWEST_DISTRICTS


def _chosen() -> None:
    if code := session.value("how"):  # a browser that has not drawn it yet says nothing of it
        session.choose(method=code)
        session.go_to_box(None, None)


def remarks(view: View, answer: Answer) -> None:
    """What must be said beside the answer."""
    for key, values in answer.remarks:
        said = t(key, view.lang, **values)
        (st.warning if key == "hotspots.few" else st.info)(plain(said), icon=":material/info:")
    if 0 < len(view.own) < len(view.border) and view.choice.method in RELATIVE:
        st.caption(plain(t("hotspots_page.among_own", view.lang, where=_own(view))))
    if view.choice.base == Base.PATROLS:
        st.info(t("hotspots_page.patrols_note", view.lang), icon=":material/directions_walk:")


# ---------------------------------------------------------------- in words


def method_line(view: View, answer: Answer) -> str:
    """Method, parameters, number of incidents, whose, period and moment, in one line."""
    lang, found = view.lang, answer.summary
    parts = [t(f"hotspots_page.method.{found['method']}", lang), *_parameters(found, lang)]
    parts.append(t("hotspots_page.n", lang, n=found["n"]))
    parts.append(period(date.fromisoformat(found["first"]), date.fromisoformat(found["last"]), lang))
    if "earlier_first" in found:
        days = period(date.fromisoformat(found["earlier_first"]), date.fromisoformat(found["earlier_last"]), lang)
        parts.append(t("hotspots_page.with.earlier", lang, days=days, n=found["before"]))
    if "split" in found:
        parts.append(t("hotspots_page.with.split", lang, day=day(date.fromisoformat(str(found["split"])), lang)))
    parts.append(t(f"hotspots_page.base.{view.choice.base}", lang))
    parts.append(t("hotspots_page.states.all" if view.choice.unverified else "hotspots_page.states.verified", lang))
    left = [part for part in describe(view.chosen, lang, view.today, view.types, view.border) if part.key not in _SAID]
    if view.own and len(view.own) < len(view.border):  # "everywhere" is the own districts to whoever sees no others
        left = [part for part in left if part.text != t("filter.whole_border", lang)]
        left.append(Part("", _own(view)))
    parts.append(sentence(left))
    parts.append(t("hotspots_page.as_of", lang, time=moment(datetime.fromisoformat(found["as_of"]), lang)))
    return " · ".join(part for part in parts if part)


def _own(view: View) -> str:
    names = [name(view.border[code], view.lang) for code in view.own]
    return (
        ", ".join(t("filter.district_said", view.lang, name=one) for one in names)
        if len(names) <= NAMED
        else t("filter.n_districts", view.lang, n=len(names))
    )


_SAID = {"period", "status", "channel", "at", "incident"}
"""Parts of the filter that the line says otherwise."""


def _parameters(found: Any, lang: str) -> list[str]:
    """The parameters of an answer that say something to the reader."""
    said: dict[str, Callable[[Any], str]] = {
        "bandwidth": lambda value: distance(value, lang),
        "cell": lambda value: distance(value, lang),
        "distance": lambda value: distance(value, lang),
        "eps": lambda value: distance(value, lang),
        "min_points": lambda value: number(int(value)),
        "radius_at_most": lambda value: distance(value, lang),
        "days": lambda value: number(int(value)),
        "permutations": lambda value: number(int(value)),
        "seed": lambda value: str(value),
        "slices": lambda value: number(int(value)),
    }
    parts = [
        t(f"hotspots_page.with.{name}", lang, value=words(found[name]))
        for name, words in said.items()
        if found.get(name) is not None
    ]
    if found.get("adaptive"):
        parts.append(t("hotspots_page.with.adaptive", lang))
    if "corrected" in found:
        parts.append(
            t("hotspots_page.with.corrected" if found["corrected"] else "hotspots_page.with.uncorrected", lang)
        )
    return parts


# ---------------------------------------------------------------- to change it


def parameters(view: View) -> None:
    """What the method does in one sentence, and everything that can be set, folded away: the common case needs none of it."""
    lang, method = view.lang, view.choice.method
    st.caption(plain(t(f"hotspots_page.explain.{method}", lang)))
    with st.expander(t("hotspots_page.set", lang), icon=":material/tune:"):
        for name in PARAMETERS[method]:
            _SLIDERS[name](view)
        _base(view)


def _based() -> None:
    if code := session.value("base"):  # as in `_chosen`
        session.choose(base=Base(code))


def _base(view: View) -> None:
    lang = view.lang
    session.put("base", view.choice.base.value)
    st.segmented_control(
        t("hotspots_page.base_label", lang), [Base.PUBLIC.value, Base.PATROLS.value], key="base", required=True,
        format_func=lambda code: plain(t(f"hotspots_page.base_short.{code}", lang)),
        on_change=_based, help=t("hotspots_page.base_help", lang),
    )  # fmt: skip
    if view.scope.rough:
        st.caption(t("hotspots_page.unverified_apart", lang))
    else:
        session.put("unverified", view.choice.unverified)
        st.toggle(
            t("hotspots_page.unverified", lang), key="unverified",
            on_change=lambda: session.choose(unverified=session.value("unverified")),
        )  # fmt: skip
    session.put("points", view.choice.points)
    st.toggle(
        t("hotspots_page.points", lang), key="points",
        on_change=lambda: session.choose(points=session.value("points")),
    )  # fmt: skip


def _slider(name: str, least: float, most: float, step: float, usual: float, unit: float = 1) -> Callable[[View], None]:
    """A slider for a parameter; ``unit`` of it are one of what is shown."""

    def draw(view: View) -> None:
        key = f"set_{name}"
        whole = float(step).is_integer()
        own = 2 * (view.asked.cell or USUAL_CELL) if name == "distance" else usual  # as the method itself would choose
        value = min(most, (getattr(view.asked, name) or own) / unit)
        session.put(key, int(value) if whole else float(value))
        st.slider(
            t(f"hotspots_page.slider.{name}", view.lang),
            int(least) if whole else least, int(most) if whole else most, step=int(step) if whole else step, key=key,
            on_change=lambda: session.set_parameters(**{name: type(usual)(session.value(key) * unit)}),
        )  # fmt: skip

    return draw


def _switch(name: str) -> Callable[[View], None]:
    def draw(view: View) -> None:
        key = f"set_{name}"
        session.put(key, getattr(view.asked, name))
        st.toggle(
            t(f"hotspots_page.slider.{name}", view.lang), key=key, help=t(f"hotspots_page.slider.{name}_help", view.lang),
            on_change=lambda: session.set_parameters(**{name: session.value(key)}),
        )  # fmt: skip

    return draw


_SLIDERS: dict[str, Callable[[View], None]] = {
    "bandwidth": _slider("bandwidth", 2, 25, 1, 5000.0, KM),
    "cell": _slider("cell", 2, 25, 1, 5000.0, KM),
    "distance": _slider("distance", 2, 50, 1, 10_000.0, KM),
    "eps": _slider("eps", 0.5, 5.0, 0.5, 1000.0, KM),
    "min_points": _slider("min_points", 3, 50, 1, 5),
    "radius": _slider("radius", 5, 100, 5, 20_000.0, KM),
    "days": _slider("days", 7, 60, 1, 30),
    "share": _slider("share", 50, 95, 5, 0.8, 0.01),
    "adaptive": _switch("adaptive"),
    "uncorrected": _switch("uncorrected"),
}


def take_away(view: View, answer: Answer) -> None:
    """Take the answer away, with how it was come by inside."""
    lang, method = view.lang, answer.summary["method"]
    with st.container(horizontal=True, gap="small", key="take_answer", vertical_alignment="center"):
        st.caption(t("hotspots_page.take", lang), width="content")
        for form in forms_of(answer):
            st.download_button(
                {"csv": "CSV", "xlsx": "Excel", "geojson": "GeoJSON"}[form],
                partial(_file, view, answer, form), f"{method}-{view.now:%Y%m%d-%H%M}.{form}", FORMS[form],
                key=f"take_{form}", type="tertiary", icon=":material/download:", on_click="ignore",
            )  # fmt: skip


def _file(view: View, answer: Answer, form: str) -> bytes:
    """Made when it is asked for, and written down in the log."""
    with acting(view.person) as connection:
        audit(connection, "export", f"hotspots:{answer.summary['method']}", rows=len(answer.rows), form=form)
    return file_of(answer, form, about(view, answer), view.lang)


def about(view: View, answer: Answer) -> list[tuple[str, str]]:
    """What must be known of an answer, label by label."""
    lang, found = view.lang, answer.summary
    said = [
        (t("hotspots_page.about.method", lang), t(f"hotspots_page.method.{found['method']}", lang)),
        (t("hotspots_page.about.how", lang), method_line(view, answer)),
        (t("hotspots_page.about.means", lang), t(f"hotspots_page.explain.{found['method']}", lang)),
        (t("export.about.as_of", lang), moment(datetime.fromisoformat(found["as_of"]), lang)),
        (t("export.about.note", lang), t("hotspots_page.about.reports", lang)),
    ]
    said += [(t("export.about.note", lang), t(key, lang, **values)) for key, values in answer.remarks]
    if view.demo:
        said.append((t("export.about.note", lang), t("map.demo", lang)))
    return said
