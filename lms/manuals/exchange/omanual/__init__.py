"""Manuals as oManual (IEEE 1874-2013), the open format of iFixit and O'Reilly: an .omanual package,
and the guide that iFixit's interface answers as JSON. See docs/features/manual-exchange.md."""
