"""One-time codes as RFC 6238 defines them."""

from __future__ import annotations

import pytest

from geo.credentials.attempts import Attempts
from geo.credentials.keys import derived_key
from geo.credentials.totp import code_at, new_secret, open_secret, provisioning_uri, seal_secret, step_of
from geo.errors import WatchError

RFC = b"12345678901234567890"


@pytest.mark.parametrize(
    ("moment", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_codes_of_the_rfc(moment: int, code: str) -> None:
    assert code_at(RFC, moment // 30) == code
    assert step_of(RFC, code, now=moment) == moment // 30


def test_a_code_is_taken_one_step_early_or_late_and_no_more() -> None:
    code = code_at(RFC, 1000)
    assert [step_of(RFC, code, now=30 * step) for step in (998, 999, 1000, 1001, 1002)] == [
        None,
        1000,
        1000,
        1000,
        None,
    ]


def test_a_step_is_not_taken_twice_nor_one_before_it() -> None:
    assert step_of(RFC, code_at(RFC, 1000), last_step=999, now=30_000) == 1000
    assert step_of(RFC, code_at(RFC, 1000), last_step=1000, now=30_000) is None
    assert step_of(RFC, code_at(RFC, 999), last_step=1000, now=30_000) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "๑๒๓๔๕๖", "²²²²²²", "-12345", "1" * 5000])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert step_of(RFC, typed, now=59) is None


def test_a_code_may_be_typed_in_groups() -> None:
    assert step_of(RFC, " 287 082 ", now=59) == 1


def test_a_secret_is_kept_sealed_and_opened_by_its_key_alone() -> None:
    key, secret = derived_key("k" * 40, "totp"), new_secret()
    sealed = seal_secret(key, secret)
    assert secret not in sealed
    assert open_secret(key, sealed) == secret
    assert open_secret(derived_key("k" * 40, "contact"), sealed) is None


def test_keys_of_two_purposes_have_nothing_in_common() -> None:
    assert derived_key("k" * 40, "totp") == derived_key("k" * 40, "totp")
    assert len({derived_key(secret, purpose) for secret in ("k" * 40, "l" * 40) for purpose in ("a", "b")}) == 4


def test_the_address_for_the_app_names_issuer_and_login() -> None:
    uri = provisioning_uri(RFC, "somboon@example.test", "NTS-Mekong Watch")
    assert uri.startswith(
        "otpauth://totp/NTS-Mekong%20Watch:somboon%40example.test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&"
    )


def test_a_place_may_guess_so_often_and_successes_do_not_count() -> None:
    attempts = Attempts(most=3, window_s=60)
    for _ in range(10):
        attempts.charge("192.0.2.1")
        attempts.take_back("192.0.2.1")
    for _ in range(3):
        attempts.charge("192.0.2.1")
    with pytest.raises(WatchError, match=r"sign_in\.many"):
        attempts.charge("192.0.2.1")
    attempts.charge("192.0.2.2")
    assert b"192.0.2.1" not in repr(vars(attempts)).encode()


def test_many_places_do_not_fill_the_memory() -> None:
    attempts = Attempts(most=3, window_s=60, places=100)
    for number in range(1000):
        attempts.charge(str(number))
    assert len(attempts._times) == 100
