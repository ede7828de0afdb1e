"""destconfig: limits and TLS for mail to one destination domain.

menu.py is the command; chain.py asks about one entry, default_row.py about the default row,
security.py holds the questions both share, display.py prints LIST and DETAIL.
"""
