"""Packs are written: to a stick, or here to be downloaded."""
