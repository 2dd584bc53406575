"""Where to place checkpoints: covering as much as possible, covering enough with few, or being near to all."""
