"""Manuals as films: what is shown and said, scene by scene, and when a film is asked for."""
