"""Passwords: what is refused, and that checking costs the same whoever asks."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.credentials import passwords
from geo.credentials.passwords import hash_password, is_right, random_password, refuse_weak
from geo.errors import WatchError


def _refusal(password: str, *own: str) -> str:
    try:
        refuse_weak(password, own)
    except WatchError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password.short"),
        ("Tr0ub4dor&3", "password.short"),
        ("x" * 201, "password.long"),
        ("password1234", "password.common"),
        ("P@ssw0rd!2569", "password.common"),
        ("passwordpassword", "password.common"),
        ("123456789012", "password.common"),
        ("abcdefghijkl", "password.common"),
        ("qwertyuiop123", "password.common"),
        ("thailand2026!!", "password.common"),
        ("iloveyou1234567", "password.common"),
        ("รหัสผ่าน123456", "password.common"),
        ("aaaaaaaaaaaaaaaa", "password.common"),
        ("abababababababab", "password.common"),
        ("NongKhai-2569-2569", "password.common"),
        ("somboon.s.2026", "password.own"),
        ("ปลัดบุญยืน999", "password.own"),
    ],
)
def test_what_a_list_of_guesses_holds_is_refused(password: str, code: str) -> None:
    assert _refusal(password, "somboon.s", "ปลัดบุญยืน ใจดี") == code


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "แม่น้ำสีเขียวกับรถไฟสายเหนือ",
        "kettle vivid ocarina 7",
        "xkq7-wmv2-ptz9",
        "ปลาทู ข้าวต้ม เรือใบ",
    ],
)
def test_a_phrase_is_taken_without_digits_or_signs(password: str) -> None:
    assert _refusal(password, "somboon.s", "ปลัดบุญยืน ใจดี") == ""


def test_a_made_password_is_always_good_enough() -> None:
    made = {random_password() for _ in range(50)}
    assert len(made) == 50
    assert {_refusal(password, "somboon.s", "Somboon") for password in made} == {""}


def test_a_hash_is_argon2id_of_the_stated_strength_and_fits_its_password_alone() -> None:
    kept = hash_password("kettle vivid ocarina")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert is_right(kept, "kettle vivid ocarina")
    assert not is_right(kept, "kettle vivid ocarinA")
    assert not is_right("damaged", "kettle vivid ocarina")
    assert hash_password("kettle vivid ocarina") != kept


def test_a_thai_password_fits_however_its_vowels_were_typed() -> None:
    assert is_right(hash_password("นำ้ใสไหลเย็นจริงๆ ทำ"), "นํา้ใสไหลเย็นจริงๆ ทํา")


@settings(max_examples=5)
@given(st.text(max_size=300))
def test_nobodys_password_is_never_right_and_no_text_breaks_the_check(password: str) -> None:
    password = password.encode("utf-8", "ignore").decode()
    assert not is_right(None, password)


def test_checking_nobodys_password_takes_as_long_as_checking_somebodys() -> None:
    kept = hash_password("kettle vivid ocarina")
    is_right(None, "x")

    def cpu(hashed: str | None) -> float:
        times = []
        for _ in range(9):
            start = time.process_time()
            is_right(hashed, "not the password")
            times.append(time.process_time() - start)
        return sorted(times)[4]

    somebody, nobody = cpu(kept), cpu(None)
    assert 0.5 < nobody / somebody < 2


def test_two_are_checked_at_a_time_and_waiting_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_S", 0.05)
    with passwords._turn(), passwords._turn():
        refused: list[str] = []

        def try_it() -> None:
            try:
                is_right(None, "x")
            except WatchError as error:
                refused.append(error.code)

        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join(5)
        assert refused == ["sign_in.busy"]
    assert not is_right(None, "x")
