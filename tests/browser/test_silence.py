"""Silence and pairs in a real browser: somebody is called, the map says so, and a sheet is taken across the border."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from dashboard.i18n import t
from geo.actions.people import create_person
from geo.model.person import Role
from tests.browser.conftest import Enter, Watched, drawn, press, wait_for

pytestmark = pytest.mark.browser

HERE = "4301"
HOSTILE = "{{7*7}} ${alert(1)} <img src=x onerror=alert(1)> ![x](http://beacon.test/x) =1+1"


def figures(watched: Watched) -> list[int]:
    """Silent, never, quiet, heard, without a coordinator."""
    return [int(one) for one in watched.page.locator(".silence-figure b").all_inner_texts()]


def write(watched: Watched, field: str, words: str) -> None:
    """Fill in a field of a form, found by the end of its key."""
    watched.page.locator(f'[class*="{field}"] input').first.fill(words)


def test_a_silent_place_is_called_and_a_sheet_is_taken_across_the_border(enter: Enter, border_store: Engine) -> None:
    _a_silent_place_is_called_confirmed_and_seen_as_quiet_on_the_map(enter, border_store)
    _a_pair_is_made_its_border_shown_and_its_sheet_taken_across(enter, border_store)


def _a_silent_place_is_called_confirmed_and_seen_as_quiet_on_the_map(enter: Enter, border_store: Engine) -> None:
    with border_store.begin() as connection:
        headman = create_person(
            connection,
            "headman",
            f"ผู้ใหญ่บุญ {HOSTILE}",
            Role.COORDINATOR,
            area_code=f"{HERE}01",
            village=f"หมู่ 1 {HOSTILE}",
        )
        connection.execute(
            text("update person set created_at = created_at - interval '300 days' where id = :n"), {"n": headman.id}
        )
        connection.execute(
            text(
                "update area set geom = st_multi(st_buffer((select rep_point from area where code = :here), 0.02)) where code = :code"
            ),
            {"here": HERE, "code": f"{HERE}01"},
        )
    chief = enter("chief", Role.CHIEF, "/silence?lang=en", districts=(HERE,))
    page = chief.page
    page.locator(".silence-figure").first.wait_for()
    before = figures(chief)
    assert before[:4] == [0, 1, 0, 0]

    # The telephone is kept, and shown once it is asked for.
    press(page, f"keep_phone_{headman.id}")
    write(chief, "silence_phone", "081 234 5678")
    press(page, f"silence_phone_save_{headman.id}")
    page.get_by_text(t("silence.phone_kept", "en")).wait_for()
    assert page.get_by_text("081 234 5678").count() == 0
    press(page, f"open_phone_{headman.id}")
    page.get_by_text("081 234 5678").wait_for()

    # Called: nothing to report last month, which confirms it.
    press(page, f"note_call_{headman.id}")
    page.locator('[data-testid="stForm"]').get_by_text(t("silence.outcome.nothing", "en"), exact=True).click()
    page.locator('[class*="st-key-silence_month"]').wait_for()
    write(chief, "-note", HOSTILE)
    press(page, f"silence_save_{headman.id}")
    wait_for(page, lambda: figures(chief)[:4] == [0, 0, 1, 0])
    page.get_by_text(t("silence.nothing", "en")).wait_for()
    wait_for(page, lambda: HOSTILE in page.inner_text(".st-key-silence_page"))
    table = page.request.get(page.url.split("/silence")[0] + f"/exports/silence.csv?district={HERE}&lang=en")
    assert table.status == 200
    assert t("silence.state.quiet", "en") in table.text()
    assert chief.faults == chief.strangers == chief.dialogs == []

    # The live map draws it once the layer is asked for, with codes only.
    page.goto(page.url.split("/silence")[0] + "/?lang=en&layers=districts.silence")
    frame = chief.map_frame()
    wait_for(page, lambda: frame.evaluate("!!watch.overlays.kept.silence"))
    signs = frame.evaluate("watch.overlays.kept.silence.points.map(one => [one.p.status, one.p.n])")
    assert sorted(signs) == [["never", before[4]], ["quiet", 1]]
    assert frame.evaluate("watch.overlays.kept.silence.areas.map(one => one.p.status)") == ["quiet"]
    legend = frame.locator(".watch-legend-body").inner_text()
    for state in ("quiet", "silent", "never"):
        assert t(f"map_words.silence_{state}", "en") in legend
    pictures = frame.evaluate("['quiet', 'silent', 'never'].map(s => watch.sheet.silence(s).canvas.toDataURL())")
    assert len(set(pictures)) == 3
    assert chief.faults == chief.strangers == chief.dialogs == []

    national = enter("national", Role.NATIONAL, "/silence?lang=th", size="phone")
    national.page.locator(".silence-figure").first.wait_for()
    assert figures(national)[2] == 1
    assert "081" not in national.page.inner_text("body")
    assert national.page.locator('[class*="st-key-note_call"]').count() == 0


def _a_pair_is_made_its_border_shown_and_its_sheet_taken_across(enter: Enter, border_store: Engine) -> None:
    with border_store.begin() as connection:
        connection.execute(
            text(
                "insert into incident (crime_type, occurred_at, status, channel, geom) select 'contraband', date_trunc('month', now())"
                " - make_interval(days => 1 + n % 28), 'verified', 'online', st_lineinterpolatepoint(st_geometryn(st_linemerge(geom), 1),"
                " 0.3) from border_section, generate_series(1, 40) n where district_code = :here"
            ),
            {"here": HERE},
        )
        today = connection.execute(text("select timezone('Asia/Bangkok', now())::date")).scalar_one()
    chief = enter("chief", Role.CHIEF, "/pairs?lang=en", districts=(HERE,))
    page = chief.page
    page.get_by_text(t("pairs.none", "en")).wait_for()
    press(page, "pair_new")
    area = page.get_by_role("combobox", name=t("pairs.field.areas", "en"))
    area.click()
    page.get_by_role("option").first.click()
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name=t("pairs.field.name_en", "en")).fill(f"Hadxaifong {HOSTILE}")
    press(page, "pair_save_new")
    page.get_by_text(t("pairs.done.new", "en")).wait_for()
    frame = chief.map_frame()
    assert frame.evaluate("watch.state.analysis.ways.length") > 1
    page.get_by_text(t("pairs.counts", "en", n=40)).wait_for()

    # A contact point: a person only with consent.
    page.locator(".st-key-pair_part button").nth(1).click()
    press(page, "pair_contact_add")
    page.get_by_role("textbox", name=t("pairs.field.office", "en")).fill("Duty officer")
    page.get_by_role("textbox", name=t("pairs.field.person", "en")).fill("คุณแก้ว 020 555")
    press(page, "pair_contact_save")
    page.get_by_text(t("errors.pair.no_consent", "en")).wait_for()
    page.get_by_text(t("pairs.field.consented", "en")).click()
    press(page, "pair_contact_save")
    page.get_by_text(t("pairs.contact_added", "en")).wait_for()
    assert page.get_by_text("020 555").count() == 0
    press(page, "pair_person_")
    page.get_by_text("020 555").wait_for()

    # What was exchanged stands in the log of the pair and of the district.
    page.locator(".st-key-pair_part button").nth(2).click()
    drawn(page)
    page.locator('[class*="st-key-step-pair_log"] textarea').first.fill(f"พบกัน {HOSTILE}")
    press(page, "pair_add_log")
    page.locator('[class*="st-key-log_"]').get_by_text("พบกัน").first.wait_for()
    assert chief.faults == chief.strangers == chief.dialogs == []

    # The sheet holds counts, and neither the person nor what is kept of the log.
    base = page.url.split("/pairs")[0]
    answer = page.request.get(f"{base}/papers/pair/1.pdf?km=5&months=3")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.body().startswith(b"%PDF")
    with border_store.connect() as connection:
        told = connection.execute(text("select detail from audit_log where action = 'paper.pair'")).scalar_one()
        log = connection.execute(text("select district_code, pair_id from log_entry")).one()
    assert told == {"to": "LA", "km": 5, "months": 3}
    assert tuple(log) == (HERE, 1)
    page.locator(".st-key-pair_part button").nth(3).click()
    press(page, "pair_end")
    press(page, "pair_end_go")
    page.get_by_text(t("pairs.done.ended", "en")).wait_for()
    with border_store.connect() as connection:
        ended = connection.execute(text("select to_day from district_pair")).scalar_one()
    assert abs(ended - today) <= timedelta(days=1)
