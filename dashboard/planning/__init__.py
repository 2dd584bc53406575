"""Planning of checkpoints: what is asked, where sites could stand, and the answer, for page and command alike."""
