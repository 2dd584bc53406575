"""What is known about the border and what can be computed from it; knows nothing of screens."""
