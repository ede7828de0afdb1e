"""Where an appliance lives, and what was on its screen last; read before anything is imported."""

import os
from pathlib import Path

from seg_cli.shell.greeting import lab_greeting

HOSTNAME = "mail3.example.com"


def appliance_directory(chosen: Path | None) -> Path:
    """Where the appliance lives: as chosen, else in the store, else with the user's data."""
    if chosen is not None:
        return chosen
    if store := os.environ.get("SEG_CLI_STORE"):
        return Path(store) / HOSTNAME
    if Path("config_store").is_dir():
        return Path("config_store") / HOSTNAME
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "seg-cli" / HOSTNAME


def greeting_text(directory: Path) -> str:
    """The banner and the first prompt, as the last commit left them; a new box has its own."""
    try:
        text = (directory / "greeting").read_text()
    except (OSError, UnicodeDecodeError):
        text = ""
    return text if text.replace("\n", "").isprintable() and text else lab_greeting(HOSTNAME)
