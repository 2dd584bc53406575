"""A mail server of one's own: it speaks SMTP on a real port and keeps what is handed in."""

from __future__ import annotations

import asyncio
import ssl
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast


@dataclass
class Handed:
    """One message as the server took it."""

    sender: str
    to: list[str]
    raw: bytes
    signed_in: bool
    encrypted: bool

    @property
    def mail(self) -> EmailMessage:
        return cast(EmailMessage, message_from_bytes(self.raw, policy=default))


@dataclass
class MailServerStandIn:
    """``with MailServerStandIn() as server``; a certificate makes it offer STARTTLS.

    Attributes
    ----------
    refuse
        Answer to a recipient, by address.
    busy_s
        How long it thinks before it takes a message.
    """

    context: ssl.SSLContext | None = None
    port: int = 0
    refuse: dict[str, str] = field(default_factory=dict)
    busy_s: float = 0.0
    taken: list[Handed] = field(default_factory=list)

    def __enter__(self) -> MailServerStandIn:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._begin(), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        async def end() -> None:
            self._server.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
            await asyncio.sleep(0)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _begin(self) -> asyncio.Server:
        return await asyncio.start_server(self._talk, "127.0.0.1", self.port)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sender, to, signed_in, encrypted = "", list[str](), False, False

        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        await say("220 stand-in")
        while line := await reader.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            match verb.upper():
                case "EHLO" | "HELO":
                    offers = ["stand-in", "AUTH PLAIN LOGIN"] + (["STARTTLS"] if self.context and not encrypted else [])
                    for offer in offers[:-1]:
                        await say(f"250-{offer}")
                    await say(f"250 {offers[-1]}")
                case "STARTTLS" if self.context:
                    await say("220 go on")
                    await writer.start_tls(self.context)
                    encrypted = True
                case "AUTH":
                    signed_in = rest.startswith("PLAIN")
                    await say("235 welcome")
                case "MAIL":
                    sender, to = rest, []
                    await say("250 ok")
                case "RCPT":
                    address = rest.partition("<")[2].partition(">")[0]
                    answer = self.refuse.get(address, "250 ok")
                    if answer.startswith("250"):
                        to.append(address)
                    await say(answer)
                case "DATA":
                    await say("354 go on")
                    raw = b""
                    while (part := await reader.readline()) != b".\r\n":
                        raw += part.removeprefix(b".") if part.startswith(b"..") else part
                    await asyncio.sleep(self.busy_s)
                    self.taken.append(Handed(sender, list(to), raw, signed_in, encrypted))
                    await say("250 taken")
                case "QUIT":
                    await say("221 bye")
                    break
                case _:
                    await say("250 ok")
        writer.close()
