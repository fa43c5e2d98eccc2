"""A package, so that pytest ends its browser and its sites when the last journey is over."""
