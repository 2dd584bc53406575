"""One filter in the session: widgets show it and change it, the address says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.testing.v1 import AppTest

from dashboard import session
from dashboard.filter_state import MapFilter, Period

PAGE = Path(__file__).with_name("filter_page.py")
Open = Callable[..., AppTest]


@pytest.fixture
def page() -> Open:
    """Open the page at an address."""

    def start(**query: str) -> AppTest:
        app = AppTest.from_file(str(PAGE), default_timeout=20)
        for key, text in query.items():
            app.query_params[key] = text
        return ran(app)

    return start


def ran(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> MapFilter:
    found: MapFilter = app.session_state["shown"]
    return found


def address(app: AppTest) -> dict[str, str]:
    return {key: value[0] if isinstance(value, list) else value for key, value in app.query_params.items()}


def test_a_copied_link_shows_the_same_picture(page: Open) -> None:
    first = page()
    first.pills(key="filter_type").set_value(["trafficking"])
    first.pills(key="filter_period").set_value("90")
    ran(first)
    first.selectbox(key="filter_province").set_value("43")
    ran(first)
    second = page(**address(first))
    assert shown(second) == shown(first)
    assert shown(second) == MapFilter(crime_types=("trafficking",), period=Period.DAYS_90, province="43")
    assert second.pills(key="filter_type").value == ["trafficking"]


def test_the_usual_picture_leaves_the_address_empty(page: Open) -> None:
    app = page()
    assert address(app) == {}
    app.pills(key="filter_period").set_value("7")
    assert address(ran(app)) == {"period": "7"}
    app.pills(key="filter_period").set_value("28")
    assert address(ran(app)) == {}


def test_a_second_click_is_not_undone_by_the_address_of_the_first(page: Open) -> None:
    app = page()
    app.pills(key="filter_period").set_value("7")
    ran(app)
    app.query_params.clear()  # what a browser sends that has not heard of the new address yet
    app.pills(key="filter_type").set_value(["drugs"])
    assert shown(ran(app)) == MapFilter(crime_types=("drugs",), period=Period.DAYS_7)
    assert address(app) == {"type": "drugs", "period": "7"}


def test_going_back_shows_what_the_address_says(page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page()
    app.pills(key="filter_period").set_value("7")
    ran(app)
    app.query_params.clear()
    with monkeypatch.context() as patch:
        patch.setattr(session, "get_script_run_ctx", back_button)
        ran(app)
    assert shown(app) == MapFilter()
    assert app.pills(key="filter_period").value == "28"


class BackButton:
    """The context of a run that the browser's back button asked for."""

    is_history_navigation = True

    @property
    def page_script_hash(self) -> str:
        context = get_script_run_ctx()
        assert context is not None
        return context.page_script_hash


def back_button() -> BackButton:
    return BackButton()


def test_a_link_that_is_partly_unknown_says_so_until_something_is_chosen(page: Open) -> None:
    app = page(type="drugs.unheard", foo="kept")
    assert "ประเภทเหตุการณ์" in app.warning[0].value
    assert address(app) == {"type": "drugs", "foo": "kept"}
    app.pills(key="filter_period").set_value("7")
    assert not ran(app).warning


def test_one_click_takes_a_part_of_the_sentence_off(page: Open) -> None:
    app = page(type="drugs", province="43")
    app.button(key="filter_off_type").click()
    assert shown(ran(app)) == MapFilter(province="43")
    assert app.pills(key="filter_type").value == []


def test_all_filters_are_cleared_but_the_language_stays(page: Open) -> None:
    app = page(type="drugs", period="90", lang="en")
    app.button(key="filter_reset").click()
    assert shown(ran(app)) == MapFilter(lang="en")


def test_days_of_ones_own_begin_with_the_days_that_were_shown(page: Open) -> None:
    app = page(period="7")
    app.pills(key="filter_period").set_value("custom")
    assert (shown(ran(app)).first, shown(app).last) == (date(2026, 11, 17), date(2026, 11, 23))
    app.date_input(key="filter_days").set_value((date(2026, 11, 1), date(2026, 11, 2)))
    assert address(ran(app)) == {"period": "custom", "from": "2026-11-01", "to": "2026-11-02"}


def test_another_province_lets_go_of_the_districts(page: Open) -> None:
    app = page(province="43", district="4302")
    assert app.multiselect(key="filter_district").value == ["4302"]
    app.selectbox(key="filter_province").set_value("22")
    assert shown(ran(app)) == MapFilter(province="22")


def test_every_widget_speaks_the_chosen_language(page: Open) -> None:
    app = page()
    assert app.button(key="filter_reset").label == "ล้างตัวกรองทั้งหมด"
    app.pills(key="filter_lang").set_value("en")
    assert ran(app).button(key="filter_reset").label == "Clear all filters"


def test_a_wall_display_has_no_widgets_and_keeps_its_filter(page: Open) -> None:
    app = page(type="drugs", wall="1")
    assert not app.pills
    assert shown(app) == MapFilter(crime_types=("drugs",), wall=True)


def test_a_name_cannot_draw_a_picture_or_a_style(page: Open) -> None:
    app = page(lang="en", type="drugs")
    assert "](" not in app.button(key="filter_off_type").label
    style = next(block.body for block in app.get("html") if "style" in block.body)
    assert "#d55e00" in style
    assert "script" not in style


def test_a_played_year_is_not_fifty_steps_for_the_back_button(page: Open) -> None:
    app = page(week="2026-W47")
    app.session_state["watch.playing"] = True
    app.session_state["watch.filter"] = replace(shown(app), week=date(2026, 11, 2))
    assert shown(ran(app)).week == date(2026, 11, 2)
    assert address(app) == {"week": "2026-W47"}


def test_rows_of_tables_are_picked_and_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {}
    monkeypatch.setattr(session.st, "session_state", state)
    state[session.DISTRICT_TABLE] = {"selection": {"cells": [(1, "n")]}}
    session.pick_row(session.DISTRICT_TABLE, "district", [float("nan"), "4301"])
    assert state["watch.filter"] == replace(session.default(), picked="4301")
    state[session.DISTRICT_TABLE] = {"selection": {"cells": [(0, "n")]}}
    session.pick_row(session.DISTRICT_TABLE, "district", [float("nan"), "4301"])
    assert state["watch.filter"] == session.default()
    state[session.DISTRICT_TABLE] = {"selection": {"cells": [(5, "n")]}}
    session.pick_row(session.DISTRICT_TABLE, "district", ["4301"])
    assert state["watch.filter"] == session.default()


def test_the_map_is_asked_to_go_to_each_pick_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session.st, "session_state", {})
    session.go_to("incident", "NTS69-0000001")
    first = session.asked_view()
    assert first is not None
    assert first[1:] == ("incident", "NTS69-0000001")
    assert session.asked_view() == first
    session.go_to("incident", "NTS69-0000001")
    assert session.asked_view() == (first[0] + 1, *first[1:])


def visit(usual: Period, **query: str) -> AppTest:
    """A page whose usual period this is."""
    app = AppTest.from_file(str(PAGE.with_name("usual_page.py")), default_timeout=20)
    app.session_state["usual"] = usual
    for key, text in query.items():
        app.query_params[key] = text
    return ran(app)


def go(app: AppTest, usual: Period) -> AppTest:
    """To another page, by the menu: its address is empty."""
    app.session_state["usual"] = usual
    app.query_params.clear()
    return ran(app)


def test_a_page_has_a_usual_period_of_its_own_until_one_is_chosen() -> None:
    app = visit(Period.DAYS_365)
    assert shown(app).period == Period.DAYS_365
    assert address(app) == {}
    assert shown(go(app, Period.DAYS_28)).period == Period.DAYS_28
    assert shown(go(app, Period.DAYS_365)).period == Period.DAYS_365
    app.button(key="seven").click()
    assert address(ran(app)) == {"period": "7"}
    assert shown(go(app, Period.DAYS_28)).period == Period.DAYS_7
    app.button(key="off").click()
    assert shown(ran(app)).period == Period.DAYS_28
    assert shown(go(app, Period.DAYS_365)).period == Period.DAYS_365


def test_a_link_that_says_a_period_is_obeyed_whatever_is_usual() -> None:
    app = visit(Period.DAYS_365, period="28")
    assert shown(app).period == Period.DAYS_28
    assert address(app) == {"period": "28"}


def test_a_choice_that_the_browser_has_not_drawn_yet_stays_as_it_is(page: Open) -> None:
    app = page(lang="en", period="90", colour="count")
    for key in ("filter_lang", "filter_period", "filter_colour", "filter_base"):
        app.pills(key=key).set_value(None)  # so a busy browser answers when something else is pressed
    ran(app)
    assert shown(app) == MapFilter(lang="en", period=Period.DAYS_90, choropleth="count")
    assert app.pills(key="filter_lang").value == "en"


def test_of_several_choices_none_goes_with_the_others(page: Open) -> None:
    app = page(type="trafficking.drugs", layers="incidents.border")
    before = shown(app)
    assert (before.crime_types, before.layers) == (("drugs", "trafficking"), ("incidents", "border"))
    for key in ("filter_type", "filter_layers"):
        app.pills(key=key).set_value([])  # so a busy browser answers when something else is pressed
    ran(app)
    assert shown(app) == before
    app.pills(key="filter_type").set_value(["drugs"])
    ran(app)
    app.pills(key="filter_type").set_value([])
    ran(app)
    assert shown(app).crime_types == ()
