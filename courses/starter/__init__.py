"""The starter content, and how it becomes pages.

`curriculum.json` is our own text (schema `curriculum/1`); its practices and drills wait there
until the rooms that play them are built. `media/` holds the sample video with its true words.
"""
