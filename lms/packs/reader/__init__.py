"""The lessons of a pack as pages that open from the stick, without a server."""
