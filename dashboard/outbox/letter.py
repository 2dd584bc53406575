"""What a message says: how many, what kind of news, the number of the case, and a link. Nothing else is ever in one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.i18n import LANGUAGES, t
from geo.model.notification import Notice, Way

__all__ = ["Letter", "letter", "trial"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message, ready to be sent by whichever way.

    Attributes
    ----------
    key
        The same whenever the same news is sent again, so that a receiver sees that it has them.
    subject, text
        For e-mail.
    data
        JSON for a webhook.
    """

    key: str
    subject: str
    text: str
    data: bytes


def letter(notices: Sequence[Notice], way: Way, language: str, public_url: str) -> Letter:
    """The message for one person.

    Parameters
    ----------
    notices
        Not empty.
    public_url
        Address of this installation; without it there are no links.
    """
    lang, base = _spoken(language), public_url.rstrip("/")
    rows = [
        {
            "kind": one.kind,
            "case": one.public_id,
            "words": t(f"notification.kind.{one.kind}", lang),
            **({"link": f"{base}/notifications/{one.id}"} if base else {}),
        }
        for one in notices
    ]
    lines = "\n\n".join(
        t("notification.mail.line", lang, words=row["words"], case=row["case"])
        + (f"\n{row['link']}" if "link" in row else "")
        for row in rows
    )
    subject = "notification.mail.digest" if way is Way.DIGEST else "notification.mail.news"
    key = hashlib.sha256(" ".join(str(one.id) for one in notices).encode()).hexdigest()[:32]
    return Letter(
        key=key,
        subject=t(subject, lang, n=len(rows)),
        text=f"{lines}\n\n--\n{_foot(lang, base)}\n",
        data=_json(key, "digest" if way is Way.DIGEST else "news", rows),
    )


def trial(key: str, language: str, public_url: str) -> Letter:
    """A message that says only that it came."""
    lang = _spoken(language)
    text = f"{t('notification.mail.trial_text', lang)}\n\n--\n{_foot(lang, public_url.rstrip('/'))}\n"
    return Letter(key, t("notification.mail.trial", lang), text, _json(key, "test", []))


def _spoken(language: str) -> str:
    return language if language in LANGUAGES else LANGUAGES[0]


def _foot(lang: str, base: str) -> str:
    return t("notification.mail.foot", lang) + (f"\n{base}/notifications" if base else "")


def _json(key: str, kind: str, rows: Sequence[dict[str, str]]) -> bytes:
    return json.dumps({"id": key, "type": kind, "notifications": rows}, ensure_ascii=False).encode()
