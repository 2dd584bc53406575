"""The hotspot statistics as the page and the command ask for them: a question, its answer, and who works it out."""
