"""Offices keep their ledgers as spreadsheets: what comes in goes out the same."""
