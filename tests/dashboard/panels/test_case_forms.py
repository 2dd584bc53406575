"""The steps of a case: which fit when, and that each has its words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.i18n import LANGUAGES, has, t
from dashboard.panels.case_forms import STEPS
from dashboard.panels.coordinator_rows import clock_of
from geo.model import Status
from geo.model.person import Person, Role

ME = Person(1, "me", "ฉัน", Role.OFFICER, ("4301",))


def case(status: Status, **more: Any) -> Any:
    bare: dict[str, Any] = {
        "status": status, "closing_waits": False, "closing_by": None, "checks": (), "referrals": (), "reports": (), "officer": None,
        "recheck": False, "rechecked_at": None,
    }  # fmt: skip
    return SimpleNamespace(**bare | more)


def offered(one: Any, me: Person = ME) -> set[str]:
    return {step.code for step in STEPS.values() if step.main and step.fits(one, me)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_step_has_its_words(lang: str) -> None:
    for code in STEPS:
        for key in (f"case.do.{code}", f"case.done.{code}"):
            assert has(key), key
            assert t(key, lang)


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (Status.RECEIVED, {"start", "ask_unit"}),
        (Status.VERIFYING, {"verify", "unfounded", "ask_unit"}),
        (Status.VERIFIED, {"refer", "close"}),
        (Status.REFERRED, {"refer", "close"}),
        (Status.CLOSED, {"reopen"}),
        (Status.UNFOUNDED, {"reopen"}),
        (Status.DUPLICATE, {"reopen"}),
    ],
)
def test_each_state_offers_what_leads_on(status: Status, wanted: set[str]) -> None:
    assert offered(case(status)) == wanted


def test_a_closing_is_confirmed_by_somebody_else() -> None:
    waiting = case(Status.VERIFIED, closing_waits=True, closing_by=SimpleNamespace(id=1))
    assert offered(waiting) == {"send_back"}
    other = Person(2, "other", "อื่น", Role.CHIEF, ("4301",))
    assert offered(waiting, other) == {"confirm", "send_back"}


def test_what_is_open_on_a_case_offers_its_answer() -> None:
    asked = case(Status.VERIFYING, checks=(SimpleNamespace(done_at=None),))
    assert "finding" in offered(asked)
    sent = case(Status.REFERRED, referrals=(SimpleNamespace(state="sent"),))
    assert "paper" in offered(sent)
    drawn = case(Status.CLOSED, recheck=True)
    assert offered(drawn) == {"recheck", "reopen"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [("21:05", "21:05"), ("21.05 น.", "21:05"), ("7:30", "07:30"), ("25:00", None), ("เย็น", None), ("", None)],
)
def test_a_time_of_day_is_read_as_people_write_it(typed: str, said: str | None) -> None:
    found = clock_of(typed)
    assert (found and f"{found:%H:%M}") == said


def test_a_recheck_is_offered_to_everybody_but_who_asked_to_close() -> None:
    drawn = case(Status.CLOSED, recheck=True, closing_by=SimpleNamespace(id=1))
    assert offered(drawn) == {"reopen"}
    assert offered(drawn, Person(2, "other", "อื่น", Role.CHIEF, ("4301",))) == {"recheck", "reopen"}


def test_only_what_nobody_accepted_yet_can_be_taken_back() -> None:
    def fits(*states: str) -> bool:
        return STEPS["withdraw"].fits(case(Status.REFERRED, referrals=[SimpleNamespace(state=s) for s in states]), ME)

    assert fits("returned", "sent")
    assert not fits("accepted", "withdrawn", "done")
