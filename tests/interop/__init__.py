"""Foreign programs beside ours, in one lab: `make interop` (python -m tests.interop)."""
