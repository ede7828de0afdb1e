"""certconfig: certificates of the appliance's own, and the authorities it believes.

Wording: cli-more s3.9. menu.py → profiles.py, authorities.py.
"""
