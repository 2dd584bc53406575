"""Power cuts: PostGIS is killed while several writers hand in reports, and what was acknowledged is counted afterwards."""

from __future__ import annotations

import base64
import io
import os
import random
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import psutil  # type: ignore[import-untyped]
import requests
from PIL import Image
from sqlalchemy import Engine, text

from dashboard.receipt import Receipts, typed_code
from geo.db.cluster_folder import ClusterFolder
from geo.db.cluster_process import postmaster
from geo.queries.audit import verify

__all__ = ["ROOMY", "Sent", "Writers", "kill", "wrong"]

ROOMY = {
    "WATCH_REPORTS_PER_HOUR": "1000000",
    "WATCH_REPORTS_PER_SECOND": "100000",
    "WATCH_API_CALLS_PER_MINUTE": "1000000",
}
"""Settings under which one machine may send as much as it likes."""
FORM_IS_OLD_S = 3.3
"""A form that comes back sooner was filled in by no person."""
AGAIN_S = 0.2
UNANSWERED = (429, 503)


@dataclass
class Sent:
    """One report as its sender knows it.

    Attributes
    ----------
    code
        Sixteen digits, where it was acknowledged.
    public_id
        Our name of it, where the way tells that.
    tries
        How often it was sent.
    """

    client_id: UUID
    way: str
    photos: int
    has_contact: bool
    code: str | None = None
    public_id: str | None = None
    tries: int = 0


@dataclass
class Writers:
    """Threads that hand in reports over HTTP, half by the public form and half by the interface for partners.

    Most send a report again until it is acknowledged; every tenth is sent once, whatever comes of it.

    Attributes
    ----------
    pause_s
        How long each rests after a report.
    odd
        Answers other than taken and not now.
    """

    address: str
    key: str
    how_many: int = 8
    pause_s: float = 0.02
    odd: list[str] = field(default_factory=list)
    _sent: list[Sent] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin."""
        token = requests.get(f"{self.address}/report/token", timeout=30).json()["token"]
        time.sleep(FORM_IS_OLD_S)
        for number in range(self.how_many):
            self._threads.append(threading.Thread(target=self._write, args=(number, token), daemon=True))
            self._threads[-1].start()

    def stop(self) -> list[Sent]:
        """End, when each has had the answer to what is in its hands; everything that was sent."""
        self._over.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "a writer still waits for an answer"
        return self._sent

    @property
    def acknowledged(self) -> int:
        """How many were taken until now."""
        return sum(one.code is not None for one in self._sent)

    def _write(self, number: int, token: str) -> None:
        line, draw = requests.Session(), random.Random(number)
        picture = _photo(number)
        while not self._over.is_set():
            report = Sent(uuid4(), "form" if number % 2 else "api", draw.choice((0, 0, 1, 2)), draw.random() < 0.5)
            self._sent.append(report)
            again = draw.random() < 0.9
            while report.code is None:
                report.tries += 1
                with suppress(requests.RequestException):  # the server hung up: nobody knows whether it arrived
                    self._hand_in(line, report, token, picture)
                if report.code is None:
                    if not again:
                        break
                    time.sleep(AGAIN_S)
            time.sleep(self.pause_s)

    def _hand_in(self, line: requests.Session, report: Sent, token: str, picture: bytes) -> None:
        told = f"รายงาน {report.client_id}"
        contact = "ลุงมี 042 411 000" if report.has_contact else ""
        if report.way == "form":
            answer = line.post(
                f"{self.address}/report",
                data={
                    "token": token, "client_id": str(report.client_id), "crime_type": "contraband", "district": "4301",
                    "description": told, "contact": contact, "when": "today",
                },
                files=[("photos", (f"{n}.jpg", picture, "image/jpeg")) for n in range(report.photos)] or [("none", b"")],
                headers={"Accept": "application/json"},
                timeout=60,
            )  # fmt: skip
        else:
            answer = line.post(
                f"{self.address}/api/reports",
                json={
                    "client_id": str(report.client_id), "crime_type": "contraband", "description": told,
                    "place": {"lat": 17.87, "lon": 102.74}, "contact": contact or None,
                    "photos": [base64.b64encode(picture).decode()] * report.photos,
                },
                headers={"Authorization": f"Bearer {self.key}"},
                timeout=60,
            )  # fmt: skip
        if answer.status_code in (200, 201):
            said = answer.json()
            report.public_id = said.get("report")
            report.code = typed_code(said.get("code") or said["receipt"])
        elif answer.status_code not in UNANSWERED:
            self.odd.append(f"{answer.status_code} {answer.text[:300]}")


def _photo(seed: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((24 + seed, 16), 60).convert("RGB").save(out, "JPEG", quality=60)
    return out.getvalue()


def kill(var_dir: Path) -> None:
    """End PostGIS at once, with every process of it, as a power cut does.

    Raises
    ------
    RuntimeError
        It did not run.
    """
    number = postmaster(ClusterFolder.of(var_dir))
    if number is None:
        raise RuntimeError("PostGIS does not run")
    father = psutil.Process(number)
    every = [father, *father.children(recursive=True)]
    for one in every:
        with suppress(ProcessLookupError):
            os.kill(one.pid, signal.SIGKILL)
    psutil.wait_procs(every, timeout=20)


_HALF = """
    with began as (select incident_id, count(*) as n from case_event where kind = 'received' group by 1),
         photos as (select report_id, count(*) as n from evidence group by 1),
         log as (select substr(subject, 10) as public_id, count(*) as n, min((detail ->> 'photos')::int) as photos,
                        bool_and((detail ->> 'contact')::boolean) as contact
                 from audit_log where action = 'report.receive' group by 1)
    select r.public_id from report r
    left join incident i on i.id = r.incident_id left join began b on b.incident_id = i.id
    left join photos p on p.report_id = r.id left join report_contact c on c.report_id = r.id
    left join log l on l.public_id = i.public_id
    where b.n is distinct from 1 or l.n is distinct from 1 or coalesce(p.n, 0) <> l.photos
       or (c.report_id is not null) <> l.contact
"""
_ALONE = """
    select (select count(*) from incident i left join report r on r.incident_id = i.id where r.id is null)
         + (select count(*) from evidence e where e.report_id is null)
         + (select count(*) from audit_log a left join incident i on a.subject = 'incident:' || i.public_id
            where a.action = 'report.receive' and i.id is null)
"""
_COUNTS = """
    with anew as (
        select l.level, l.tier, day_block(i.day, l.days) as block, coalesce(i.zkey >> l.shift, -1) as cell, i.district_code,
               i.crime_type, case when l.form = 'all' then i.status else incident_look(i.status) end as status,
               case when l.form = 'all' then i.channel else '*' end as channel, count(*) as n
        from incident i, incident_count_level l
        where l.form = 'all' or (l.form = 'refuted') = (i.status in ('unfounded', 'duplicate'))
        group by 1, 2, 3, 4, 5, 6, 7, 8),
    kept as (
        select level, tier, block, cell, district_code, crime_type, status, channel, sum(n) as n
        from incident_count group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(n) <> 0)
    select count(*) from ((table anew except table kept) union all (table kept except table anew)) differ
"""


def wrong(store: Engine, sent: list[Sent], secret: str) -> list[str]:
    """What does not hold of the store after everything; nothing where no acknowledged report is lost, twice or half written.

    Parameters
    ----------
    secret
        The installation's secret, from which receipts are made.
    """
    found: list[str] = []
    receipts = Receipts.of(secret)
    with store.connect() as connection:
        kept = {
            bytes(row.receipt_hash): row
            for row in connection.execute(text(
                "select r.receipt_hash, r.public_id, r.description, (select count(*) from evidence e where e.report_id = r.id)"
                " as photos, exists (select from report_contact c where c.report_id = r.id) as contact from report r"
            ))
        }  # fmt: skip
        total = connection.execute(text("select count(*) from report")).scalar_one()
        half = connection.execute(text(_HALF)).scalars().all()
        alone = connection.execute(text(_ALONE)).scalar_one()
        uncounted = connection.execute(text(_COUNTS)).scalar_one()
        chain = verify(connection)
    told = {str(row.description): row for row in kept.values()}
    for one in sent:
        there = told.pop(f"รายงาน {one.client_id}", None)
        if one.code is not None and (there is None or kept.get(receipts.kept(one.code)) is not there):
            found.append(f"lost: {one}")
        elif one.public_id is not None and there is not None and there.public_id != one.public_id:
            found.append(f"under another name: {one}")
        elif there is not None and (there.photos, there.contact) != (one.photos, one.has_contact):
            found.append(f"half written: {one} {there}")
    if total != len(kept) or len({str(row.description) for row in kept.values()}) != len(kept):
        found.append(f"twice: {total} reports, {len(kept)} receipts")
    if told:
        found.append(f"{len(told)} that nobody sent")
    if half:
        found.append(f"half written: {half[:5]}")
    if alone:
        found.append(f"{alone} cases, photos or entries without a report")
    if uncounted:
        found.append(f"{uncounted} counts are not those of the incidents")
    if chain.broken is not None:
        found.append(f"the chain of the log breaks at {chain.broken}")
    return found
