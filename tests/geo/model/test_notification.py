"""Addresses that people name: mailboxes and webhooks, and nothing that has our server ask what only it can reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import WatchError
from geo.model.notification import email_address, is_public_host, webhook_address
from tests.hostile import corpus

HOSTILE = corpus(Path("/tmp/made"), "http://beacon.test/x")


def code(check: object, said: str) -> str:
    with pytest.raises(WatchError) as refused:
        check(said)  # type: ignore[operator]
    return refused.value.code


@pytest.mark.parametrize("said", ["a@b.th", " somchai.p+x@mail.example.go.th ", "o'hara@xn--42c.test"])
def test_a_mailbox_is_kept_without_the_spaces_around_it(said: str) -> None:
    assert email_address(said) == said.strip()


@pytest.mark.parametrize(
    "said",
    [
        "a", "a@b", "a@b..th", "@b.th", "a@-b.th", "a b@c.th", "a@b.th,c@d.th", "สมชาย@b.th", "Somchai <a@b.th>",
        "a@b.th\r\nBcc: all@c.th", "a@b.th\nBcc: c@d.th", "\x00a@b.th", "a" * 65 + "@b.th", "a@" + "b." * 130 + "th", *HOSTILE,
    ],
)  # fmt: skip
def test_what_is_no_mailbox_is_refused(said: str) -> None:
    assert code(email_address, said) == "notify.email_form"


@given(st.text())
def test_no_mailbox_has_a_line_break_or_a_second_address(said: str) -> None:
    try:
        kept = email_address(said)
    except WatchError:
        return
    assert kept is None or (
        kept.isascii() and kept.isprintable() and kept.count("@") == 1 and not set(kept) & set(" ,;<>")
    )


def test_nothing_said_is_no_address() -> None:
    assert (email_address(" "), webhook_address("")) == (None, None)


@pytest.mark.parametrize(
    "said", ["https://hooks.example.com/a?b=c", "https://hooks.example.com:8443", "https://[2606:4700::1]/x"]
)
def test_a_webhook_of_the_internet_is_kept(said: str) -> None:
    assert webhook_address(said) == said


@pytest.mark.parametrize(
    "said",
    [
        "http://hooks.example.com", "https://", "https:///x", "https://me:secret@hooks.example.com", "ftp://x.test",
        "https://hooks.example.com/#part", "https://a b.test", "https://a.test:99999/", "https://a.test:0/", "https://a.test\\@b.test/",
        "https://a.test/\r\nX-Evil: 1", "https://ไทย.test/", "//a.test", "https://a.test/" + "x" * 500, "javascript:alert(1)",
        "https://[::1", *HOSTILE,
    ],
)  # fmt: skip
def test_what_is_no_webhook_is_refused(said: str) -> None:
    assert code(webhook_address, said) == "notify.webhook_form"


INSIDE = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.0", "169.254.169.254", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "::ffff:10.0.0.1",
    "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "2001:db8::1",
]  # fmt: skip
NEVER = {
    "0.0.0.0",
    "169.254.169.254",
    "224.0.0.1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "64:ff9b::169.254.169.254",
}


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_of_the_own_network_are_not_of_the_internet(address: str) -> None:
    assert not is_public_host(address)
    if address in NEVER:
        assert not is_public_host(address, private=True)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_addresses_of_the_internet_are(address: str) -> None:
    assert is_public_host(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "[::1]", "localhost", "x.local", "metadata.google.internal", "localhost."]
)
def test_a_webhook_in_the_own_network_is_refused_unless_the_administrator_allows_it(host: str) -> None:
    assert code(webhook_address, f"https://{host}/x") == "notify.webhook_private"
    assert webhook_address(f"https://{host}/x", private=True) == f"https://{host}/x"
