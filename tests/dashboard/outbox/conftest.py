"""A district centre whose people chose to be told, a mail server and a receiver of webhooks on real ports."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dashboard.outbox.rounds import Outbox
from dashboard.settings import DashboardSettings
from geo.actions.notify_choices import set_ways
from geo.model.case import Event
from geo.model.notification import Way
from geo.queries.people import person
from tests.dashboard.outbox.mail_stand_in import MailServerStandIn
from tests.geo.cases.conftest import Office, office

__all__ = ["office"]

KEY = "a key for these tests alone, 32+"


@pytest.fixture(autouse=True)
def no_loop() -> Iterator[None]:
    """A webhook is sent by a loop of its own, and Playwright's, where browser tests ran before, still counts as running."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


@dataclass(frozen=True)
class Certificate:
    """Files of a certificate for ``localhost`` and 127.0.0.1, and who believes it."""

    file: Path
    key: Path

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context

    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.file))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder = tmp_path_factory.mktemp("certificate")
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(names, False).add_extension(x509.BasicConstraints(True, None), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return Certificate(folder / "cert.pem", folder / "key.pem")


@dataclass
class Receiver:
    """What a webhook's receiver got: path, headers, body; and how it answers."""

    address: str
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answer: int = 204


@pytest.fixture
def receiver(certificate: Certificate) -> Iterator[Receiver]:
    kept = Receiver("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append((self.path, dict(self.headers), body))
            self.send_response(kept.answer)
            self.send_header("Location", f"{kept.address}/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = certificate.server().wrap_socket(server.socket, server_side=True)
    kept.address = f"https://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def post() -> Iterator[MailServerStandIn]:
    """A mail server that takes everything."""
    with MailServerStandIn() as server:
        yield server


@dataclass
class Desk:
    """The office, and how its people are told."""

    office: Office
    certificate: Certificate

    def outbox(self, mail_port: int | None = None, **more: Any) -> Outbox:
        """As a process makes it; each with connections of its own."""
        return Outbox(self.office.app, self.settings(mail_port, **more), self.certificate.client())

    def settings(self, mail_port: int | None = None, **more: Any) -> DashboardSettings:
        given = {"secret_key": KEY, "private_webhooks": True, "mail_from": "watch@centre.test"}
        if mail_port is not None:
            given["smtp_url"] = f"smtp://127.0.0.1:{mail_port}"
        return DashboardSettings(**given | more)

    def choose(self, who: str, *kinds: Event, way: Way = Way.EMAIL) -> None:
        with self.office.app.begin() as connection:
            somebody = person(connection, self.office.ids[who])
        with self.office.acting(who) as connection:
            set_ways(connection, somebody, dict.fromkeys(kinds, way))

    def address(self, who: str, *, email: str | None = None, webhook: str | None = None, language: str = "en") -> None:
        self.office.put(
            "update person set email = :e, webhook_url = :w, language = :l where id = :i",
            e=email, w=webhook, l=language, i=self.office.ids[who],
        )  # fmt: skip

    def happens(self, kind: str, case: str | None = None, detail: str = "{}") -> str:
        case = case or self.office.case()
        self.office.put(
            "insert into case_event (incident_id, kind, detail) select id, :k, cast(:d as jsonb) from incident"
            " where public_id = :p",
            k=kind, d=detail, p=case,
        )  # fmt: skip
        return case

    def later(self, minutes: float) -> None:
        """Let time pass for everything that waits."""
        self.office.put(
            "update notification set try_at = try_at - :m * interval '1 minute',"
            " sent_at = sent_at - :m * interval '1 minute'",
            m=minutes,
        )

    def waiting(self) -> int:
        return int(self.office.one("select count(*) from notification where sent_at is null and read_at is null"))


@pytest.fixture
def desk(office: Office, certificate: Certificate) -> Desk:
    """The officer is told of new reports and answers by e-mail, in English."""
    made = Desk(office, certificate)
    made.address("officer", email="officer@centre.test")
    made.choose("officer", Event.RECEIVED, Event.ANSWERED)
    return made
