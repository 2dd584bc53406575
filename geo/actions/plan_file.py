"""A draft plan from a list of sites, with an account of every row."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from geo.actions.audit import act_as
from geo.actions.incidents import record_batch
from geo.actions.plans import NewPlan, make_plan
from geo.ingest.account import Refusal, Remark
from geo.ingest.sites import SiteEntry, read_sites
from geo.ingest.table import Table
from geo.model.person import Person, scope_of
from geo.model.plan import PlanSite, SiteRole
from geo.queries.site_places import SNAP_M, districts_of

__all__ = ["PlanOutcome", "import_plan"]


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """The account of a file: ``read`` = ``sites`` + ``len(refused)``; ``plan`` is nothing where no row could be taken."""

    read: int
    plan: int | None
    sites: int
    refused: list[Refusal]
    remarks: list[Remark]


def import_plan(
    connection: Connection, person: Person, table: Table, title: str, *, file_name: str, sha256: str
) -> PlanOutcome:
    """Make a draft of a person from the rows of a table, in the caller's transaction; its districts are those of the sites.

    Rows are refused as by `read_sites`, with ``checkpoint.not_in_thailand`` and ``plan.not_your_district``, and with
    ``site.not_chosen`` where the list itself says that a place is not to be used.

    Raises
    ------
    FileRefused, StepRefused
        The file, or the plan, as a whole cannot be taken.
    """
    act_as(connection, person.id)
    reading = read_sites(table)
    own = scope_of(person).districts
    places = districts_of(connection, [(entry.lon, entry.lat) for entry in reading.taken])
    late: list[Refusal] = []
    sites: list[tuple[SiteEntry, str]] = []
    for entry, district in zip(reading.taken, places, strict=True):
        row = reading.rows[entry.row]
        if entry.mark == "forbidden":
            late.append(Refusal(row, "site.not_chosen"))
        elif district is None:
            late.append(Refusal(row, "checkpoint.not_in_thailand", {"metres": SNAP_M}))
        elif own is not None and district not in own:
            late.append(Refusal(row, "plan.not_your_district", {"district": district}))
        else:
            sites.append((entry, district))
    refused, remarks = reading.account(late)
    number = None
    if sites:
        districts = tuple(sorted({district for _, district in sites}))
        number = make_plan(connection, person, NewPlan(title, districts, tuple(_site(*one) for one in sites)))
    record_batch(
        connection, "plan", file_name=file_name, sha256=sha256, read=reading.read, added=len(sites), updated=0, already=0,
        refused=len(refused),
    )  # fmt: skip
    return PlanOutcome(reading.read, number, len(sites), refused, remarks)


def _site(entry: SiteEntry, district: str) -> PlanSite:
    return PlanSite(
        entry.name or f"{entry.lat:.5f}, {entry.lon:.5f}", district, entry.lon, entry.lat,
        SiteRole.FORCED if entry.mark == "forced" else SiteRole.CHOSEN, entry.kind or "checkpoint", None, entry.cost, entry.staff,
    )  # fmt: skip
