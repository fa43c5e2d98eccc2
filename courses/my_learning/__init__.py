"""我的学习: the pages at /my/, with an account or without (docs/features/progress.md)."""
