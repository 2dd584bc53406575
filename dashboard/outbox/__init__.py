"""Telling people outside the application: what is said, how it travels, and who is told when."""
