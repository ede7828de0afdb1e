"""Transcripts: a Markdown file that shows a terminal, followed line by line by a real session.

Reading: markdown, format, match, log_items. Judging, without I/O: moves, script, follow, keys,
log_check, config_check. Playing: rehearsal (what is asked of an appliance), teletype, login,
operator, runner. The outcome: report.
"""
