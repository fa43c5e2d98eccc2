"""How far somebody has come, without an account or with one (docs/features/progress.md).

An app of its own below the pages: it keys to Wagtail's Page and imports no page of ours.
"""
