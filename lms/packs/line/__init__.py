"""Packs that come by a line, whole or what is missing of them."""
