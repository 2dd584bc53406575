"""Write the reference data that the project ships: crime types, agencies, crossings."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.ingest.facts import rows

__all__ = ["load_reference"]


_CRIME_TYPES = """
insert into crime_type (code, name_th, name_en, name_lo, name_km, iccs_code, colour, is_crime, sort)
values (:code, :name_th, :name_en, nullif(:name_lo, ''), nullif(:name_km, ''), nullif(:iccs_code, ''),
        nullif(:colour, ''), cast(:is_crime as boolean), cast(:sort as smallint))
on conflict (code) do nothing
"""
_AGENCIES = """
insert into agency (code, name_th, name_en, abbrev_th)
values (:code, :name_th, :name_en, nullif(:abbrev_th, ''))
on conflict (code) do nothing
"""
_CROSSINGS = """
insert into crossing as old (code, name_th, name_en, kind, neighbour, district_code, accuracy, source, geom)
values (:code, :name_th, :name_en, :type, :neighbour, (select a.code from area a where a.code = :dopa_code),
        split_part(:coord_accuracy, ' ', 1), :source,
        st_setsrid(st_makepoint(cast(:lon as double precision), cast(:lat as double precision)), 4326))
on conflict (code) do update
set (name_th, name_en, kind, neighbour, district_code, accuracy, source, geom)
    = (excluded.name_th, excluded.name_en, excluded.kind, excluded.neighbour, excluded.district_code,
       excluded.accuracy, excluded.source, excluded.geom)
where (old.name_th, old.name_en, old.kind, old.neighbour, old.district_code,
       old.accuracy, old.source, old.geom)
    is distinct from (excluded.name_th, excluded.name_en, excluded.kind, excluded.neighbour,
                      excluded.district_code, excluded.accuracy, excluded.source, excluded.geom)
"""


def load_reference(connection: Connection) -> None:
    """Insert crime types and agencies that are not there, and bring the crossings to what the files say.

    Crime types and agencies that are there stay as an administrator left them. A crossing names its district
    only where the store knows that district.
    """
    connection.execute(text(_CRIME_TYPES), list(rows("crime_types")))
    connection.execute(text(_AGENCIES), list(rows("agencies")))
    connection.execute(text(_CROSSINGS), list(rows("border_crossings")))
