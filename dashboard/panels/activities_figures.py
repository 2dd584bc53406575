"""Indicators of districts in a quarter against what is aimed at, and what activities added up to."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from datetime import date

import streamlit as st

from dashboard import activity_desk, office
from dashboard.access import Viewer
from dashboard.activity_words import Known, district_choices, heads_words
from dashboard.documents.tables import Cell, Table
from dashboard.i18n import t
from dashboard.i18n.dates import day, number, period
from dashboard.panels import activities_targets, patrols_take
from geo.model.activity_figures import ActivityTotals, Figure, Indicator, quarters_back
from geo.model.person import Role
from geo.queries.activity_figures import activity_totals, indicators

__all__ = ["draw"]

QUARTERS = 8
FEWEST = 5
"""Reports under which a median says nothing."""
SIGNS = {True: "\N{CHECK MARK}", False: "\N{MULTIPLICATION SIGN}", None: ""}


def draw(viewer: Viewer, known: Known) -> None:
    """The whole part."""
    lang, names = known.lang, district_choices(viewer.person, known)
    quarters = quarters_back(known.today, QUARTERS)

    def called(n: int) -> str:
        return period(*quarters[n], lang)

    at = st.selectbox(
        t("activities.figures.quarter", lang), range(QUARTERS), int(activity_desk.chosen("quarter", 0)), key="activity_quarter",
        format_func=called, width=320,
    )  # fmt: skip
    activity_desk.choose("quarter", at)
    chosen = quarters[at]
    first, last = chosen
    with office.acting(viewer.person) as connection:
        codes = tuple(names)
        totals = activity_totals(connection, codes, first, last)
        found = indicators(connection, codes, first, last)
    if last >= known.today:
        st.caption(t("activities.figures.goes_on", lang, day=day(known.today, lang)))
    st.html(_totals(totals, lang))
    shown = {code: found[code] for code in codes if code in found and (len(codes) == 1 or _says(found[code]))}
    st.html(_table(shown, names, lang))
    if len(shown) < len(codes):
        st.caption(t("activities.figures.silent", lang, n=number(len(codes) - len(shown))))
    st.caption(t("activities.figures.about", lang))
    patrols_take.buttons(lambda: _taken(found, names, chosen, lang), "activity-indicators", lang)
    if viewer.person.role is Role.NATIONAL:
        activities_targets.show(viewer.person, first, names, known)


def _says(figures: Mapping[Indicator, Figure]) -> bool:
    """Whether anything was measured: a district without a coordinator, a report and an activity is only counted."""
    return any(one.value for one in figures.values())


def _totals(totals: ActivityTotals, lang: str) -> str:
    tested = totals.score_before is not None and totals.score_after is not None
    facts = {
        "held": number(totals.total),
        "came": heads_words(totals.by_role, lang) or number(0),
        "reach": t("activities.reach_n", lang, n=number(totals.reach)),
        "baht": t("activities.baht", lang, n=f"{totals.baht:,.0f}"),
        "scores": t(
            "activities.scores", lang, before=totals.score_before, after=totals.score_after, n=number(totals.scored),
            change=(totals.score_after or 0) - (totals.score_before or 0),
        ) if tested else "",
        "follow_ups": t("activities.figures.done_of", lang, done=totals.follow_ups_done, n=totals.follow_ups)
        if totals.follow_ups
        else "",
    }  # fmt: skip
    kinds = " · ".join(f"{t(f'activities.kind.{kind}', lang)} {number(n)}" for kind, n in totals.by_kind.items())
    lines = "".join(
        f"<dt>{html.escape(t(f'activities.figures.{key}', lang))}</dt><dd>{html.escape(words)}"
        f"{f' ({html.escape(kinds)})' if key == 'held' and kinds else ''}</dd>"
        for key, words in facts.items()
        if words
    )
    return f'<dl class="activity-facts">{lines}</dl>'


def _table(found: Mapping[str, Mapping[Indicator, Figure]], names: Mapping[str, str], lang: str) -> str:
    heads = "".join(f'<th scope="col">{html.escape(t(f"activities.indicator.{one}", lang))}</th>' for one in Indicator)
    rows = "".join(
        f'<tr><th scope="row">{html.escape(names[code])}</th>'
        + "".join(_cell(one, figures[one], lang) for one in Indicator)
        + "</tr>"
        for code, figures in found.items()
    )
    caption = html.escape(t("activities.figures.caption", lang))
    return (
        f'<div class="activity-scroll"><table class="activity-table"><caption>{caption}</caption><thead><tr>'
        f'<th scope="col">{html.escape(t("activities.field.district", lang))}</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _cell(indicator: Indicator, one: Figure, lang: str) -> str:
    label = html.escape(t(f"activities.indicator.{indicator}", lang), quote=True)
    if one.value is None:
        return f'<td class="faint" data-label="{label}">{html.escape(t("activities.figures.nothing", lang))}</td>'
    meets = one.meets(indicator)
    few = indicator is Indicator.HOURS_TO_VERIFY and (one.whole or 0) < FEWEST
    said = html.escape(_value(indicator, one.value, lang))
    of = ""
    if indicator.is_share:
        of = t("activities.figures.of", lang, part=number(one.part or 0), whole=number(one.whole or 0))
    elif one.whole is not None:
        of = t("activities.figures.of_reports", lang, n=number(one.whole))
    aim = "" if one.target is None else t("activities.figures.target", lang, value=_value(indicator, one.target, lang))
    if few:
        judged = t("activities.figures.few", lang)
    elif meets is None:
        judged = ""
    else:
        judged = f"{SIGNS[meets]} {t('activities.figures.met' if meets else 'activities.figures.missed', lang)}"
    small = " · ".join(part for part in (of, aim) if part)
    mark = "" if few or meets is None else " met" if meets else " missed"
    return f'<td class="figure{mark}" data-label="{label}"><b>{said}</b> <span>{html.escape(judged)}</span><small>{html.escape(small)}</small></td>'


def _value(indicator: Indicator, value: float, lang: str) -> str:
    if indicator is Indicator.PEOPLE_REACHED:
        return t("activities.people", lang, n=number(round(value)))
    return f"{value:.0f}%" if indicator.is_share else t("activities.figures.hours", lang, n=f"{value:,.0f}")


def _taken(
    found: Mapping[str, Mapping[Indicator, Figure]], names: Mapping[str, str], span: tuple[date, date], lang: str
) -> Table:
    def rows() -> Iterator[list[Cell]]:
        for code, figures in found.items():
            for one in Indicator:
                figure = figures[one]
                yield [
                    code, names[code], t(f"activities.indicator.{one}", lang),
                    None if figure.value is None else round(figure.value, 1), figure.part, figure.whole, figure.target,
                ]  # fmt: skip

    heads = [
        ("code", 8),
        ("district", 24),
        ("indicator", 50),
        ("value", 10),
        ("part", 10),
        ("whole", 10),
        ("target", 10),
    ]
    about = [
        (t("activities.figures.quarter", lang), period(*span, lang)),
        (t("activities.figures.note", lang), t("activities.figures.about", lang)),
    ]
    return Table(
        t("activities.part.figures", lang), about, t("export.about.title", lang),
        [(t(f"activities.column.{key}", lang), width) for key, width in heads], rows(),
    )  # fmt: skip
