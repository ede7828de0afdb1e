"""Fronts: where a login is held. Each is a Teletype; a dialogue cannot tell which."""
