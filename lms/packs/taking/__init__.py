"""Packs are taken in: refused, copied, kept, gone back to."""
