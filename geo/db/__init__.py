"""The PostGIS store: connection, private cluster, schema."""
