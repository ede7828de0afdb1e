"""Transcripts: a Markdown file that shows a terminal, followed line by line by a real session.

format reads the file, match and follow decide what fits (both without I/O), log_check and
config_check judge the check blocks, teletype and runner drive an appliance, report words what
came of it.
"""
