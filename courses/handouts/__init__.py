"""Lessons on paper, at /handouts/."""
