"""Patrols: the best way round within some hours, and where to be when so that nobody can foresee it."""
