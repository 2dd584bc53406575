"""Alembic environment: uses the connection that ``geo.db.migrate`` hands over."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers

from geo.db import activity_tables, case_tables, meeting_tables, patrol_tables, plan_tables, road_tables, rota_tables  # noqa: F401 - they belong to the metadata
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
