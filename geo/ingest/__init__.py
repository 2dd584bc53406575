"""File to rows, with a row-by-row account of what was refused and why."""
