"""Add incidents to the store, many at once; each only once, however often it comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from geo.model.new_incident import NewIncident

__all__ = ["Added", "Placed", "add_incidents", "record_batch"]


@dataclass(frozen=True, slots=True)
class Placed:
    """What the store made of the place of a new incident.

    ``point_district`` is the district of its point, ``location_check`` one of `geo.model.LocationCheck`.
    """

    id: int
    public_id: str
    location_check: str
    point_district: str | None
    conflict: bool


@dataclass(frozen=True, slots=True)
class Added:
    """What became of each row.

    Attributes
    ----------
    placed
        By row, the incidents that were added.
    already
        By row, for incidents that were there: the row of this file that they repeat, else 0.
    """

    placed: dict[int, Placed]
    already: dict[int, int]


_COLUMNS = (
    "n, source_key, crime_type, other_crime_types, occurred_at, occurred_day_only, reported_at, status,"
    " channel, district_code, location_note, lon, lat, description, source"
)

_INCOMING = """
create temporary table incoming_incident (
    n integer, source_key text, crime_type text, other_crime_types text[], occurred_at timestamptz,
    occurred_day_only boolean, reported_at timestamptz, status text, channel text, district_code text,
    location_note text, lon double precision, lat double precision, description text, source text
) on commit drop
"""

_ADD = """
with added as (
    insert into incident (crime_type, other_crime_types, occurred_at, occurred_day_only, reported_at, status,
                          channel, district_code, location_note, geom, source, source_key)
    select crime_type, other_crime_types, occurred_at, occurred_day_only, reported_at, status, channel,
           district_code, location_note, st_setsrid(st_makepoint(lon, lat), 4326), source, source_key
    from incoming_incident order by n
    on conflict (source_key) do nothing
    returning id, public_id, source_key, location_check, point_district_code, district_conflict
), told as (
    insert into report (incident_id, channel, received_at, description, location_note, geom, source)
    select a.id, i.channel, i.reported_at, i.description, i.location_note,
           st_setsrid(st_makepoint(i.lon, i.lat), 4326), i.source
    from added a join incoming_incident i using (source_key) order by i.n
)
select i.n, a.id, a.public_id, a.location_check, a.point_district_code, a.district_conflict
from added a join incoming_incident i using (source_key) order by i.n
"""


def add_incidents(connection: Connection, incidents: Sequence[NewIncident], *, source: str) -> Added:
    """Insert those incidents that the store does not hold yet, each with a report of what was told.

    Everything happens in the caller's transaction. The store's triggers find the districts, keep the counts
    and tell open pages.

    Parameters
    ----------
    source
        Where they come from, for example the name of the file.
    """
    first_row: dict[str, int] = {}
    already: dict[int, int] = {}
    fresh: list[tuple[str, NewIncident]] = []
    for incident in incidents:
        key = incident.source_key
        if key in first_row:
            already[incident.row] = first_row[key]
        else:
            first_row[key] = incident.row
            fresh.append((key, incident))
    connection.execute(text("drop table if exists incoming_incident"))
    connection.execute(text(_INCOMING))
    _copy(connection, fresh, source)
    placed = {row[0]: Placed(*row[1:]) for row in connection.execute(text(_ADD))}
    already |= {incident.row: 0 for _, incident in fresh if incident.row not in placed}
    return Added(placed, already)


def record_batch(
    connection: Connection,
    kind: str,
    *,
    file_name: str,
    sha256: str,
    read: int,
    added: int,
    already: int,
    refused: int,
    updated: int = 0,
) -> None:
    """Remember that a file was taken in.

    The figures add up: read = added + updated + already + refused.
    """
    connection.execute(
        text(
            "insert into import_batch"
            " (kind, file_name, sha256, rows_read, rows_added, rows_updated, rows_already, rows_refused)"
            " values (:kind, :file_name, :sha256, :read, :added, :updated, :already, :refused)"
        ),
        {
            "kind": kind,
            "file_name": file_name,
            "sha256": sha256,
            "read": read,
            "added": added,
            "updated": updated,
            "already": already,
            "refused": refused,
        },
    )


def _copy(connection: Connection, fresh: list[tuple[str, NewIncident]], source: str) -> None:
    raw = connection.connection.driver_connection
    assert raw is not None
    with raw.cursor() as cursor, cursor.copy(f"copy incoming_incident ({_COLUMNS}) from stdin") as copy:
        for key, one in fresh:
            copy.write_row(
                (
                    one.row,
                    key,
                    one.crime_type,
                    list(one.other_types),
                    one.occurred_at,
                    one.day_only,
                    one.reported_at,
                    one.status.value,
                    one.channel.value,
                    one.district,
                    one.location_note or None,
                    one.lon,
                    one.lat,
                    one.description or None,
                    f"{source} #{one.source_id}" if one.source_id else source,
                )
            )
