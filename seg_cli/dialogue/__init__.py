"""Dialogues: questions as values, and the console that asks them."""
