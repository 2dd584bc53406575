"""Pure functions: arrays or frames in, the same index out. No database, no drawing."""
