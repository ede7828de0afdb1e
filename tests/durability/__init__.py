"""Kills an appliance at chosen lines, and counts what a restart has lost or repeated."""
