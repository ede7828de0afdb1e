"""Configuration as text: one table of spellings for XML, INI files, batch lines, transcripts."""
