"""A message says how many, what kind, which number, and where to read it: never anything else of a case."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.policy import SMTP, default
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.i18n import LANGUAGES, t
from dashboard.outbox.letter import letter, trial
from dashboard.outbox.mail import message
from geo.actions.notify import TOLD, kinds_for
from geo.model.case import Event
from geo.model.notification import Notice, Way
from geo.model.person import Role
from tests.dashboard.outbox.conftest import Desk, Receiver
from tests.dashboard.outbox.mail_stand_in import MailServerStandIn
from tests.hostile import corpus

NOTICES = st.lists(
    st.builds(
        Notice,
        id=st.integers(1, 2**60),
        kind=st.sampled_from(sorted(TOLD)),
        public_id=st.from_regex(r"NTS\d\d-\d{7}", fullmatch=True),
    ),
    min_size=1,
    max_size=30,
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_news_has_words_and_somebody_who_can_be_told(lang: str) -> None:
    assert set(kinds_for(Role.AGENCY)) | set(kinds_for(Role.CHIEF)) == set(TOLD)
    assert kinds_for(Role.COMMANDER) == ()
    for kind in TOLD:
        assert t(f"notification.kind.{kind}", lang)


@given(
    NOTICES, st.sampled_from([Way.EMAIL, Way.DIGEST, Way.WEBHOOK]), st.sampled_from(["th", "en", "xx"]), st.booleans()
)
def test_nothing_but_our_words_numbers_and_links_is_in_a_message(
    notices: list[Notice], way: Way, lang: str, linked: bool
) -> None:
    base = "https://watch.test" if linked else ""
    said, spoken = letter(notices, way, lang, base), lang if lang in LANGUAGES else "th"
    kept = set(t("notification.mail.foot", spoken).splitlines()) | {"", "--"}
    kept |= {f"{t(f'notification.kind.{one.kind}', spoken)} · {one.public_id}" for one in notices}
    if linked:
        kept |= {f"https://watch.test/notifications/{one.id}" for one in notices} | {"https://watch.test/notifications"}
    assert set(said.text.splitlines()) == kept
    assert {word for word in said.subject.split() if word.isdigit()} <= {str(len(notices))}
    rows = json.loads(said.data)["notifications"]
    assert [set(row) for row in rows] == [{"kind", "case", "words"} | ({"link"} if linked else set())] * len(notices)
    read = message_from_bytes(message(said, "watch@a.test", "to@b.test").as_bytes(policy=SMTP), policy=default)
    assert set(read.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
        "MIME-Version",
    }  # fmt: skip
    assert read["Subject"] == said.subject
    assert read.get_content().split() == said.text.split()


def test_the_same_news_have_the_same_number_and_others_another() -> None:
    one, other = Notice(1, "received", "NTS69-0000001"), Notice(2, "received", "NTS69-0000002")
    assert letter([one], Way.EMAIL, "th", "").key == letter([one], Way.WEBHOOK, "en", "").key
    assert letter([one], Way.EMAIL, "th", "").key != letter([one, other], Way.EMAIL, "th", "").key
    assert "NTS" not in trial("x", "th", "").text


def test_a_line_break_in_an_address_never_becomes_a_header() -> None:
    said = trial("x", "th", "")
    for sender, to in (("a@b.test", "c@d.test\r\nBcc: e@f.test"), ("a@b.test\nX: y", "c@d.test")):
        with pytest.raises((ValueError, IndexError)):
            message(said, sender, to)


def test_nothing_of_a_case_with_hostile_words_leaves_the_house(
    desk: Desk, post: MailServerStandIn, receiver: Receiver, tmp_path: Path
) -> None:
    words = [
        word for word in corpus(tmp_path / "made", "http://beacon.test/x") if "\0" not in word and word.isprintable()
    ]
    office = desk.office
    desk.address("chief", webhook=receiver.address)
    desk.choose("chief", Event.RECEIVED, way=Way.WEBHOOK)
    office.put("update person set name = :n", n="คุณร้าย\r\nBcc: all@evil.test")
    cases = [office.case(told=f"SECRET {word}") for word in words[:20]]
    for case, word in zip(cases, words, strict=False):
        office.put("update incident set location_note = :w where public_id = :p", w=f"SECRET {word}", p=case)
        desk.happens("received", case)
    assert desk.outbox(post.port, public_url="https://watch.test").round() == 2
    [handed], [(_, headers, body)] = post.taken, receiver.got
    assert handed.to == ["officer@centre.test"]
    assert (handed.mail["Bcc"], handed.mail["To"]) == (None, "officer@centre.test")
    # Numbers drawn at random or told by a clock may hold anything, "4301" too.
    told = {name: value for name, value in headers.items() if not name.startswith("X-Watch-") and name != "Host"}
    for sent in (f"{handed.mail['Subject']}{handed.mail.get_content()}", f"{told}{body.decode()}"):
        assert "SECRET" not in sent
        assert "evil" not in sent
        assert "beacon" not in sent
        for hidden in ("หนองคาย", "Nong Khai", "4301", "drug", "ยาเสพติด", "102.7", "คุณร้าย"):
            assert hidden not in sent
    assert not (tmp_path / "made").exists()
