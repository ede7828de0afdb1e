"""seg-cli check DOMAIN: the preliminary work that the tech note asks for."""
