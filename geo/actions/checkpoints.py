"""Write checkpoints: new ones are added, known ones brought to what the list says, the rest left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from geo.analysis.tracks import distance_m
from geo.ingest.text import match_key
from geo.model.checkpoint import CheckpointEntry
from geo.queries.site_places import SNAP_M, districts_of

__all__ = ["SAME_PLACE_M", "SNAP_M", "CheckpointsWritten", "EntryRefused", "write_checkpoints"]

SAME_PLACE_M = 100
"""Two entries of one name within so many metres are the same checkpoint: receivers err, seconds are cut."""

DEFAULTS = {"kind": "checkpoint", "status": "active"}
"""What a list that does not say means."""

_SAID = ("name", "kind", "agency", "status", "valid_from", "valid_to", "note", "lon", "lat")


@dataclass(frozen=True, slots=True)
class EntryRefused:
    """An entry that cannot be taken, and why."""

    entry: CheckpointEntry
    code: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class CheckpointsWritten:
    """What became of the entries: ``added + updated + already + len(refused)`` is their number."""

    added: int = 0
    updated: int = 0
    already: int = 0
    refused: list[EntryRefused] = field(default_factory=list)


def write_checkpoints(connection: Connection, entries: Sequence[CheckpointEntry], *, source: str) -> CheckpointsWritten:
    """Add or update checkpoints in the caller's transaction.

    An entry is the checkpoint with the same reference in the same district, else the one of the same name
    within `SAME_PLACE_M`, which then keeps its place. What the entry does not say stays as it is.

    Entries are refused with ``checkpoint.not_in_thailand`` (farther than `SNAP_M` from Thai land, where
    boundaries are loaded), ``checkpoint.dates_reversed`` and ``checkpoint.contradicts`` (another entry of the
    same list says otherwise).

    Parameters
    ----------
    source
        Where the list comes from (the file's name).
    """
    # One importer at a time, else two would add the same checkpoint.
    connection.execute(text("select pg_advisory_xact_lock(hashtext('write_checkpoints'))"))
    districts = districts_of(connection, [(entry.lon, entry.lat) for entry in entries])
    land_known = bool(connection.execute(text("select exists (select from area_part)")).scalar())
    known = _Known(connection)
    touched: dict[int, int] = {}
    written = CheckpointsWritten()
    for entry, district in zip(entries, districts, strict=True):
        if district is None and land_known:
            written.refused.append(EntryRefused(entry, "checkpoint.not_in_thailand", {"metres": SNAP_M}))
            continue
        key = _reference_key(entry, district)
        there = known.find(entry, key)
        said = {name: value for name in _SAID if (value := getattr(entry, name)) is not None}
        if there and (key is None or there["source_key"] != key):
            said |= {name: there[name] for name in ("name", "lon", "lat")}
        before = there or dict.fromkeys(_SAID) | DEFAULTS
        after = before | said
        if after["valid_from"] and after["valid_to"] and after["valid_to"] < after["valid_from"]:
            written.refused.append(
                EntryRefused(
                    entry,
                    "checkpoint.dates_reversed",
                    {"first": after["valid_from"], "last": after["valid_to"]},
                )
            )
        elif there is None:
            after |= {"source_key": key, "district_code": district}
            touched[known.add(_insert(connection, after, source))] = entry.row
            written.added += 1
        elif all(there[name] == after[name] for name in _SAID):
            written.already += 1
        elif there["id"] in touched:
            written.refused.append(EntryRefused(entry, "checkpoint.contradicts", {"row": touched[there["id"]]}))
        else:
            touched[known.add(_update(connection, after))] = entry.row
            written.updated += 1
    return written


class _Known:
    """The checkpoints of the store, by reference and by name. Demonstration data is not compared with."""

    def __init__(self, connection: Connection) -> None:
        self._by_key: dict[str, dict[str, Any]] = {}
        self._by_name: dict[str, dict[int, dict[str, Any]]] = {}
        self._names: dict[int, str] = {}
        rows = connection.execute(text(f"select {_COLUMNS} from checkpoint where not is_demo order by id"))
        for row in rows.mappings():
            self.add(dict(row))

    def add(self, row: dict[str, Any]) -> int:
        if row["source_key"]:
            self._by_key[row["source_key"]] = row
        if row["id"] in self._names:
            del self._by_name[self._names[row["id"]]][row["id"]]
        name = self._names[row["id"]] = match_key(row["name"])
        self._by_name.setdefault(name, {})[row["id"]] = row
        return int(row["id"])

    def find(self, entry: CheckpointEntry, key: str | None) -> dict[str, Any] | None:
        if key and key in self._by_key:
            return self._by_key[key]
        for row in self._by_name.get(match_key(entry.name), {}).values():
            # Two references are two checkpoints, whatever their names.
            if key and row["source_key"] and row["source_key"].split(":")[1] != key.split(":")[1]:
                continue
            if float(distance_m(entry.lon, entry.lat, row["lon"], row["lat"])) <= SAME_PLACE_M:
                return row
        return None


_COLUMNS = (
    "id, source_key, name, kind, agency, status, valid_from, valid_to, note, district_code,"
    " st_x(geom) as lon, st_y(geom) as lat"
)


def _reference_key(entry: CheckpointEntry, district: str | None) -> str | None:
    """Offices number their own checkpoints from 1: a reference means something in its district only."""
    return f"{district or '-'}:{match_key(entry.reference)}" if match_key(entry.reference) else None


def _insert(connection: Connection, row: dict[str, Any], source: str) -> dict[str, Any]:
    made = connection.execute(
        text(
            "with n as (select nextval(pg_get_serial_sequence('checkpoint', 'id')) as id)"
            " insert into checkpoint (id, code, name, kind, agency, status, valid_from, valid_to, note,"
            " district_code, source, source_key, geom) overriding system value"
            " select id, 'CP' || lpad(id::text, 5, '0'), :name, :kind, :agency, :status, :valid_from,"
            " :valid_to, :note, :district_code, :source, :source_key,"
            " st_setsrid(st_makepoint(:lon, :lat), 4326) from n"
            f" returning {_COLUMNS}"
        ),
        row | {"source": source},
    )
    return dict(made.mappings().one())


def _update(connection: Connection, row: dict[str, Any]) -> dict[str, Any]:
    changed = connection.execute(
        text(
            "update checkpoint set name = :name, kind = :kind, agency = :agency, status = :status,"
            " valid_from = :valid_from, valid_to = :valid_to, note = :note, district_code = :district_code,"
            f" geom = st_setsrid(st_makepoint(:lon, :lat), 4326) where id = :id returning {_COLUMNS}"
        ),
        row,
    )
    return dict(changed.mappings().one())
