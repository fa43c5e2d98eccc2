"""How far somebody has come, without an account or with one (docs/features/progress.md)."""
