"""The shell: one login, its prompt and its commands."""
