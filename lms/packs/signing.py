"""Ed25519: the city's own keys, those it trusts, and signatures of manifests."""
