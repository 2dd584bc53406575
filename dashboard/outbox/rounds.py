"""One round of telling people: what is due is taken, sent and written down, parcel by parcel."""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

from dashboard.outbox.faults import NotSent
from dashboard.outbox.letter import Letter, letter, trial
from dashboard.outbox.mail import MailLine
from dashboard.outbox.webhook import post, webhook_key
from dashboard.settings import DashboardSettings
from geo.actions.notify import forget_read
from geo.actions.notify_send import MOST_TRIES, PAUSE_S, give_up, mark_sent, put_off, take_parcel
from geo.actions.referrals import lapse_overdue
from geo.credentials.keys import derived_key
from geo.db.scope import enter
from geo.db.transaction import transaction
from geo.errors import DatabaseUnavailable
from geo.model.notification import Addresses, Parcel, Way
from geo.model.person import scope_of
from geo.queries.notifications import notices

__all__ = ["Outbox"]

log = logging.getLogger("watch.outbox")

WRITE_AGAIN_S = (1.0, 4.0, 15.0, 60.0)
"""What was sent must be written down, or it is sent again: where the database is away just then, it is waited for."""


class Outbox:
    """Sends what people chose to be sent. Any number of processes may do so at once.

    Parameters
    ----------
    engine
        Of the web process.
    settings
        Mail server, sender, address of the pages, hour of the digest.
    context
        What certificates are believed; those of this machine unless said otherwise.
    """

    def __init__(self, engine: Any, settings: DashboardSettings, context: ssl.SSLContext | None = None) -> None:
        self._engine, self._settings, self._context = engine, settings, context
        self._server = settings.mail_server()
        self._key = derived_key(settings.signing_key(), "webhook")
        self._mail_was_away = False
        self.stop = threading.Event()
        """Set it to end a round after the parcel at hand."""

    @property
    def mails(self) -> bool:
        """Whether there is a mail server."""
        return self._server is not None

    def webhook_key(self, person: int) -> str:
        """What a person's receiver checks our signatures with."""
        return webhook_key(self._key, person)

    def round(self, pause_s: float = PAUSE_S) -> int:
        """Send everything that is due; how many messages got through.

        Raises
        ------
        geo.errors.DatabaseUnavailable
            The database does not answer. What was taken is taken again later.
        """
        line, sent = self._line(), 0
        mail = line is not None
        try:
            while not self.stop.is_set():
                with transaction(self._engine) as connection:
                    parcel = take_parcel(connection, mail=mail, digest_hour=self._settings.digest_hour, pause_s=pause_s)
                if parcel is None:
                    break
                try:
                    sent += self._send(parcel, line if mail else None)
                except NotSent as fault:
                    mail = mail and not fault.for_all
                    self._failed(parcel, fault)
        finally:
            if line is not None:
                line.close()
        return sent

    def tidy(self) -> tuple[int, int]:
        """Once an hour: referrals that nobody answered lapse, what was read long ago is forgotten; how many of each."""
        with transaction(self._engine) as connection:
            forgotten = forget_read(connection)
        with transaction(self._engine) as connection:
            lapsed = lapse_overdue(connection)
        return lapsed, forgotten

    def try_mail(self, to: str, language: str, key: str) -> None:
        """Send a trial by e-mail.

        Raises
        ------
        NotSent
            It did not get through; ``notify.no_mail``: there is no mail server.
        """
        line = self._line()
        if line is None:
            raise NotSent("notify.no_mail", again=False)
        try:
            line.send(trial(key, language, self._settings.public_url), to)
        finally:
            line.close()

    def try_webhook(self, person: int, to: Addresses, key: str) -> None:
        """Send a trial to a person's webhook.

        Raises
        ------
        NotSent
            It did not get through.
        """
        self._post(person, to, trial(key, to.language, self._settings.public_url))

    def _line(self) -> MailLine | None:
        return MailLine(self._server, self._settings.mail_from, self._context) if self._server else None

    def _post(self, person: int, to: Addresses, said: Letter) -> None:
        private = self._settings.private_webhooks
        post(to.webhook or "", said, self.webhook_key(person), private=private, context=self._context)

    def _send(self, parcel: Parcel, line: MailLine | None) -> bool:
        """Whether something was sent: of cases that are no longer this person's to see they are not told."""
        with transaction(self._engine) as connection:
            enter(connection, scope_of(parcel.person), parcel.person.id)
            found = notices(connection, parcel.person.id, parcel.ids)
        if found:
            said = letter(found, parcel.way, parcel.to.language, self._settings.public_url)
            if line is not None and parcel.to.email and parcel.way is not Way.WEBHOOK:
                line.send(said, parcel.to.email)
                if self._mail_was_away:
                    self._mail_was_away = False
                    log.info("the mail server takes mail again")
            else:
                self._post(parcel.person.id, parcel.to, said)
        self._write(lambda connection: mark_sent(connection, parcel.ids))
        return bool(found)

    def _failed(self, parcel: Parcel, fault: NotSent) -> None:
        """Decide whether it is tried again. Logged are numbers and codes, never an address or an answer."""
        why = f"{fault.code} {fault.params.get('reason') or fault.params.get('answer') or ''}".strip()
        if fault.for_all:
            if not self._mail_was_away:
                log.warning("no mail can be sent, it is kept and tried every minute: %s", why)
            self._mail_was_away = True
            self._write(lambda connection: put_off(connection, parcel.ids))
            return
        lost = parcel.last_try if fault.again else parcel.ids
        if lost:
            tries = MOST_TRIES if fault.again else 1
            log.warning(
                "person %d is not told of %d notifications by %s, given up after %d attempts: %s",
                parcel.person.id, len(lost), parcel.way, tries, why,
            )  # fmt: skip
            self._write(lambda connection: give_up(connection, lost))

    def _write(self, step: Callable[[Any], None]) -> None:
        for wait in (*WRITE_AGAIN_S, None):
            try:
                with transaction(self._engine) as connection:
                    step(connection)
                return
            except DatabaseUnavailable:
                if wait is None:
                    raise
                time.sleep(wait)
