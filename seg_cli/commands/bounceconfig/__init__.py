"""bounceconfig: profiles that say how long delivery is tried and what senders are told.

A destination gets a profile by `destconfig`; all others have the Default one. menu.py is the
command; chain.py asks about one profile.
"""
