"""Receipt codes: the same for the same report, told apart from typing errors, and not to be found in what is kept."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.contact import seal, unseal
from dashboard.receipt import Receipts, check_digit, grouped, typed_code

SECRET = "k" * 40


@given(st.uuids())
def test_a_code_has_sixteen_digits_and_proves_itself(client_id: UUID) -> None:
    receipts = Receipts.of(SECRET)
    code = receipts.code(client_id)
    assert code == receipts.code(client_id)
    assert typed_code(code) == code
    assert typed_code(grouped(code)) == code
    assert len(receipts.kept(code)) == 32
    assert code.encode() not in receipts.kept(code)


def test_another_key_makes_other_codes_and_other_hashes() -> None:
    one, other, client_id = Receipts.of(SECRET), Receipts.of("x" * 40), uuid4()
    assert one.code(client_id) != other.code(client_id)
    assert one.kept("1") != other.kept("1")


@given(st.uuids(), st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(client_id: UUID, place: int, by: int) -> None:
    code = Receipts.of(SECRET).code(client_id)
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    assert typed_code(wrong) is None


@pytest.mark.parametrize(
    "typed",
    [
        "7992-7398-7100-0004",
        "๗๙๙๒ ๗๓๙๘ ๗๑๐๐ ๐๐๐๔",
        "  7992739871000004\u00a0",
        "៧៩៩២៧៣៩៨៧១០០០០០៤",
        "໗໙໙໒.໗໓໙໘.໗໑໐໐.໐໐໐໔",
    ],
)
def test_a_code_is_read_however_it_is_written(typed: str) -> None:
    assert check_digit("7992739871") == "3"  # the example by which Luhn's rule is explained everywhere
    assert typed_code(typed) == "7992739871000004"


@pytest.mark.parametrize("typed", ["", "1234", "x" * 16, "1" * 17, "0" * 5000, "½" * 16, "²" * 16, "\x00"])
def test_what_cannot_be_a_code_is_nothing(typed: str) -> None:
    assert typed_code(typed) is None


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=300))
def test_a_contact_is_read_again_only_with_its_key(contact: str) -> None:
    sealed = seal(SECRET, contact)
    assert unseal(SECRET, sealed) == contact
    assert unseal("y" * 40, sealed) is None


def test_sealed_contacts_of_like_length_look_alike() -> None:
    assert len(seal(SECRET, "0812345678")) == len(seal(SECRET, "LINE: nobody at all, any evening"))
