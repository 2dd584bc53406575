"""Hands messages to the mail server of the settings."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime
from typing import Any

from dashboard.mail_server import MailServer
from dashboard.outbox.faults import NotSent
from dashboard.outbox.letter import Letter

__all__ = ["MailLine", "message"]

CONNECT_S = 10.0
ANSWER_S = 60.0
"""For each answer of the server. The one to the message itself takes long where it is searched for viruses."""


class _Line(smtplib.SMTP):
    """Knows whether a message was being handed in when the line broke: then it may have been taken."""

    handing_in = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand in one message."""
        self.handing_in = True
        answer = super().data(msg)
        self.handing_in = False
        return answer


class _SafeLine(_Line, smtplib.SMTP_SSL):
    """The same, encrypted from the beginning."""


def message(said: Letter, sender: str, to: str) -> EmailMessage:
    """A letter as e-mail. Headers hold addresses, numbers and our own words: nothing that others wrote."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("NTS-Mekong Watch", addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = said.subject
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = f"<{said.key}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # nobody's holiday answer comes back
    mail.set_content(said.text)
    return mail


class MailLine:
    """A connection to the mail server, opened for the first message and kept for those that follow.

    Parameters
    ----------
    server, sender
        Where mail is handed in, and from whom it is.
    context
        What certificates are believed; those of this machine unless said otherwise.
    """

    def __init__(self, server: MailServer, sender: str, context: ssl.SSLContext | None = None) -> None:
        self._server, self._sender = server, sender
        self._context = context
        self._line: _Line | None = None

    def send(self, said: Letter, to: str) -> None:
        """Hand in one message.

        Raises
        ------
        NotSent
            ``notify.mail_down``: the server does not answer or does not take our mail at all, for everybody; or it said
            nothing to this one message, which it may have taken; ``notify.mail_refused``: it does not take mail for this
            address, now or ever.
        """
        mail = message(said, self._sender, to)
        try:
            if self._line is None:
                self._line = self._open()
            self._line.send_message(mail, from_addr=self._sender, to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as error:
            self.close()
            raise _refused(next(iter(error.recipients.values()))[0]) from None
        except smtplib.SMTPDataError as error:
            self.close()
            raise _refused(error.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            unsure = self._line is not None and self._line.handing_in
            self.close()
            raise NotSent("notify.mail_down", for_all=not unsure, reason=type(error).__name__) from None

    def close(self) -> None:
        """Say goodbye, if there is anybody."""
        line, self._line = self._line, None
        if line is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                line.quit()
            line.close()

    def _open(self) -> _Line:
        server, name = self._server, self._sender.rpartition("@")[2]
        context = self._context or ssl.create_default_context()
        line: _Line
        if server.safety == "smtps":
            line = _SafeLine(server.host, server.port, name, timeout=CONNECT_S, context=context)
        else:
            line = _Line(server.host, server.port, name, timeout=CONNECT_S)
        try:
            if line.sock is not None:
                line.sock.settimeout(ANSWER_S)
            if server.safety == "starttls":
                line.starttls(context=context)
            if server.user:
                line.login(server.user, server.password)
        except (smtplib.SMTPException, OSError):
            line.close()
            raise
        return line


def _refused(code: int) -> NotSent:
    return NotSent("notify.mail_refused", again=code < 500, answer=code)
