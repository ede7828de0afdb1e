"""Dialogues written as the screen shows them, each answer where it was typed.

<Enter> is an empty answer, <Ctrl-C> and <Ctrl-D> are those keys.
"""

import re

from seg_cli.dialogue.memory import Answer
from seg_cli.errors import EndOfInput, Interrupted

KEYS: dict[str, Answer] = {"<Enter>": "", "<Ctrl-C>": Interrupted, "<Ctrl-D>": EndOfInput}


def answers(script: str) -> list[Answer]:
    """What is typed: the rest of each line after its prompt."""
    typed: list[str] = re.findall(r"\]> (.*)$", script, re.MULTILINE)
    return [KEYS.get(text, text) for text in typed]


def screen(script: str) -> str:
    """What is to be seen: the script without the names of keys."""
    return re.sub("|".join(KEYS), "", script)
