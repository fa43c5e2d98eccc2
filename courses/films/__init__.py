"""Lessons as films: what is shown, scene by scene, and when a film is asked for."""
