"""Alembic migrations, run from code by ``geo.db.migrate``."""
