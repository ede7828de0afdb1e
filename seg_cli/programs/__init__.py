"""The programs: one file for each word after `seg-cli`."""
