"""Covers: what a tile shows of a lesson, a series, a person, a story. Drawn in the background.

A cover has no words: they stand beside it, large, in the size that the viewer chose.
"""
