"""Names that every stick, television and computer can hold, and paths that stay in their folder."""
