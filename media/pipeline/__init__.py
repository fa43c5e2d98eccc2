"""The stages a video passes after its upload: planned, claimed, run, published, cleaned up."""
