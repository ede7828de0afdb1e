"""Doors to the outside: every socket of the product opens here, and failures become values."""
