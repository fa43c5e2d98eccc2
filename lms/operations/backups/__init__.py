"""The site's data kept elsewhere: made while it runs, tried out, brought back (decision 030)."""
