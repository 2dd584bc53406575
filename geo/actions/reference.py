"""Write the reference data that the project ships: crime types, agencies, crossings."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.ingest.facts import rows

__all__ = ["load_reference"]


def load_reference(connection: Connection) -> None:
    """Insert crime types and agencies that are not there, and bring the crossings to what the files say.

    Crime types and agencies that are there stay as an administrator left them. A crossing names its district only
    where the store knows that district.
    """
    connection.execute(
        text(
            "insert into crime_type (code, name_th, name_en, name_lo, name_km, iccs_code, colour, is_crime, sort)"
            " values (:code, :name_th, :name_en, nullif(:name_lo, ''), nullif(:name_km, ''), nullif(:iccs_code, ''),"
            " nullif(:colour, ''), cast(:is_crime as boolean), cast(:sort as smallint)) on conflict (code) do nothing"
        ),
        list(rows("crime_types")),
    )
    connection.execute(
        text(
            "insert into agency (code, name_th, name_en, abbrev_th)"
            " values (:code, :name_th, :name_en, nullif(:abbrev_th, '')) on conflict (code) do nothing"
        ),
        list(rows("agencies")),
    )
    connection.execute(
        text(
            "insert into crossing (code, name_th, name_en, kind, neighbour, district_code, accuracy, source, geom)"
            " values (:code, :name_th, :name_en, :type, :neighbour,"
            " (select a.code from area a where a.code = :dopa_code), split_part(:coord_accuracy, ' ', 1), :source,"
            " st_setsrid(st_makepoint(cast(:lon as double precision), cast(:lat as double precision)), 4326))"
            " on conflict (code) do update set (name_th, name_en, kind, neighbour, district_code, accuracy, source, geom)"
            " = (excluded.name_th, excluded.name_en, excluded.kind, excluded.neighbour, excluded.district_code,"
            " excluded.accuracy, excluded.source, excluded.geom)"
            " where (crossing.name_th, crossing.name_en, crossing.kind, crossing.neighbour, crossing.district_code,"
            " crossing.accuracy, crossing.source, crossing.geom) is distinct from (excluded.name_th, excluded.name_en,"
            " excluded.kind, excluded.neighbour, excluded.district_code, excluded.accuracy, excluded.source,"
            " excluded.geom)"
        ),
        list(rows("border_crossings")),
    )
