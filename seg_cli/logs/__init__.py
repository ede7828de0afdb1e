"""Logs: events get a time stamp, a wording, and a place in a file an operator can read."""
