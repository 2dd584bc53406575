"""Alembic environment: uses the connection that ``geo.db.migrate`` hands over."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers

from geo.db import (  # noqa: F401 - they belong to the metadata
    activity_tables,
    case_tables,
    meeting_tables,
    pair_tables,
    patrol_tables,
    plan_tables,
    release_tables,
    report_tables,
    road_tables,
    rota_tables,
)
from geo.db.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_object=alembic_helpers.include_object,
    process_revision_directives=alembic_helpers.writer,
    render_item=alembic_helpers.render_item,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
