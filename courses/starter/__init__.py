"""The starter content, and how it becomes pages.

`curriculum.json` is our own text (schema `curriculum/1`): lessons, their practices, and the
messages of the drill. `media/` holds the sample video with its true words.
"""
