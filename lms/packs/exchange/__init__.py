"""Course packs between cities."""
