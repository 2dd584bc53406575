"""Writing to the store: one transaction each."""
