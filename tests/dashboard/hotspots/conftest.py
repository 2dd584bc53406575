"""A border with incidents for the statistics, and workers that read it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL

from dashboard import store as dashboard_store
from dashboard.hotspots import service
from geo.db.engine import libpq_url, make_engine

_INCIDENTS = """
insert into incident (public_id, crime_type, occurred_at, occurred_day_only, status, channel, district_code, geom)
select 'T-' || n, k.codes[1 + n % 3],
       timestamptz '2026-01-01 00:00+07' + ((n - 1) * 181 / 600) * interval '1 day' + (n % 24) * interval '1 hour',
       n % 10 = 0,
       case when n % 7 = 0 then 'received' else 'verified' end,
       case when n % 5 = 0 then 'patrol' when n % 5 = 1 then 'agency' when n % 2 = 0 then 'online' else 'coordinator' end,
       d.code, case when n % 50 <> 0 then st_geometryn(st_generatepoints(st_buffer(st_pointonsurface(d.geom), 0.02), 1, n), 1) end
from generate_series(1, 600) n
join (select array_agg(code order by code) as codes from crime_type) k on true
join (select code, geom, row_number() over (order by code) as at from area
      where level = 'district' and country = 'TH' and is_border and geom is not null) d on d.at = 1 + n % 4
"""


@pytest.fixture(scope="module")
def hotspot_store(cluster: URL, border_template: str) -> Iterator[Engine]:
    """600 incidents in the first four districts from 1 January to 30 June 2026, read by this process and its workers.

    One for the tests of a module, whose workers stay: what a test changes it puts back.
    """
    name = "hotspot_store"
    _administer(cluster, f"create database {name} template {border_template}")
    engine = make_engine(cluster.set(database=name))
    with engine.begin() as connection:
        connection.execute(text(_INCIDENTS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WATCH_DB_URL", libpq_url(engine.url))
        patch.setenv("WATCH_LANGUAGE", "en")
        dashboard_store.engine.cache_clear()
        service.forget()
        try:
            yield engine
        finally:
            service.forget()
            dashboard_store.engine().dispose()
            dashboard_store.engine.cache_clear()
            engine.dispose()
            _administer(cluster, f"drop database {name} with (force)")


def _administer(cluster: URL, statement: str) -> None:
    with psycopg.connect(libpq_url(cluster.set(database="postgres")), autocommit=True) as connection:
        connection.execute(statement)
