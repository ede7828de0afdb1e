"""destconfig: limits and TLS for mail to one destination domain.

menu.py is the command, operations.py what it does, batch.py the same on one line; chain.py asks
about one entry, default_row.py about the default row, setup.py about the global settings;
security.py holds the questions they share, display.py prints LIST and DETAIL.
"""
