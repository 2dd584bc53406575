"""What is kept is worked out once, for the same question only, and not for longer than it may be."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from dashboard import kept
from dashboard.kept import Kept, keep


def counting(made: list[object], value: object = None) -> Callable[[], object]:
    def make() -> object:
        made.append(value)
        return value

    return make


def test_an_answer_is_handed_out_again_and_another_question_has_its_own() -> None:
    answers: Kept[object] = Kept(10)
    made: list[object] = []
    assert [answers.get(("scope a", "v1"), counting(made, "a")) for _ in range(3)] == ["a"] * 3
    assert answers.get(("scope b", "v1"), counting(made, "b")) == "b"
    assert answers.get(("scope a", "v2"), counting(made, "c")) == "c"
    assert made == ["a", "b", "c"]


def test_the_one_asked_for_longest_ago_goes_first() -> None:
    answers: Kept[object] = Kept(2)
    made: list[object] = []
    for key in (1, 2, 1, 3, 1, 2):
        answers.get(key, counting(made, key))
    assert made == [1, 2, 3, 2]


def test_an_answer_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(kept.time, "monotonic", lambda: now[0])
    answers: Kept[object] = Kept(2, 60)
    made: list[object] = []
    for now[0] in (100.0, 159.0, 161.0, 200.0):
        answers.get("key", counting(made))
    assert len(made) == 2


def test_a_failure_is_not_kept() -> None:
    answers: Kept[object] = Kept(2)

    def fail() -> object:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        answers.get("key", fail)
    assert answers.get("key", lambda: "back") == "back"


def test_of_many_that_ask_at_once_one_works_it_out_and_others_do_not_wait_for_it() -> None:
    answers: Kept[object] = Kept(10)
    made: list[object] = []
    begun, go = threading.Event(), threading.Event()

    def slow() -> object:
        made.append("slow")
        begun.set()
        go.wait(10)
        return "slow"

    got: list[object] = []
    threads = [threading.Thread(target=lambda: got.append(answers.get("slow", slow))) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    start = time.monotonic()
    assert answers.get("quick", lambda: "quick") == "quick"
    assert time.monotonic() - start < 5
    go.set()
    for thread in threads:
        thread.join(10)
    assert got == ["slow"] * 5
    assert made == ["slow"]


def test_every_argument_of_a_function_is_part_of_the_question() -> None:
    asked: list[tuple[str, str]] = []

    @keep(size=10, seconds=60)
    def read(scope: str, version: str) -> str:
        asked.append((scope, version))
        return scope + version

    assert [read("a", "1"), read("b", "1"), read("a", "2"), read("a", "1")] == ["a1", "b1", "a2", "a1"]
    assert asked == [("a", "1"), ("b", "1"), ("a", "2")]
