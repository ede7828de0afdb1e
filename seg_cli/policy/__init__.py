"""What the appliance does: its documented choices as pure functions over facts.

Four steps, one file each, in this order: precedence (which mechanisms may apply), requirement
(what this host must show), verdict (what it showed), outcome (what becomes of each recipient).
"""
