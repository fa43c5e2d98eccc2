"""Whether all parts of a site do their work, told to machines and to people."""
