"""Where an appliance lives, and what was on its screen last; read before anything is imported.

Appliances of a lab and of the real world never share a directory: mail that waits in one of them
is not meant for the other.
"""

import os
from pathlib import Path

from seg_cli.errors import UserError
from seg_cli.shell.greeting import lab_greeting, real_greeting

HOSTNAME = "mail3.example.com"
REAL = "real-world"
"""The name of the real appliance's default directory, and of the file that marks one."""


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


def real_directory(chosen: Path | None) -> Path:
    """The same for the appliance in the real world."""
    return chosen if chosen is not None else appliance_directory(None).with_name(REAL)


def refuse_lab(directory: Path) -> None:
    """Raise UserError if the appliance of the directory lives in a lab."""
    if (directory / "versions").exists() and not (directory / REAL).exists():
        raise UserError(f"The appliance in {directory} lives in a lab, not in the real world.")


def refuse_real(directory: Path) -> None:
    """Raise UserError if the appliance of the directory lives in the real world."""
    if (directory / REAL).exists():
        raise UserError(f"The appliance in {directory} lives in the real world: --world real.")


def machine_name() -> str:
    """The name of this machine if it is a whole one, else the one of the manuals."""
    name = os.uname().nodename.lower()
    labels = name.replace("-", "").split(".")
    whole = name.isascii() and len(labels) > 1 and all(label.isalnum() for label in labels)
    return name if whole else HOSTNAME


def greeting_text(directory: Path) -> str:
    """The banner and the first prompt, as the last commit left them; a new box has its own."""
    return last_greeting(directory) or lab_greeting(HOSTNAME)


def real_greeting_text(directory: Path) -> str:
    """The same for the appliance in the real world."""
    return last_greeting(directory) or real_greeting(machine_name())


def last_greeting(directory: Path) -> str:
    """What the last commit left; empty if there is none, or it is damaged."""
    try:
        text = (directory / "greeting").read_text()
    except (OSError, UnicodeDecodeError):
        return ""
    return text if text.replace("\n", "").isprintable() else ""
