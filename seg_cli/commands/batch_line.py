"""A batch line of a menu command: `destconfig edit domain.com use_tls=on`, word by word.

Each word becomes the answer to a question of the dialogue; what is refused is refused before
anything is staged.
"""

from collections import deque
from collections.abc import Collection
from typing import NoReturn

from seg_cli.dialogue.answers import AnswerSheet
from seg_cli.errors import Invalid, MissingAnswer
from seg_cli.printable import printable


class BatchLine:
    """The words after a command, taken from the left; `answers` are those found so far, by key."""

    def __init__(self, command: str, words: Collection[str]) -> None:
        self.answers: dict[str, str] = {}
        self._command = command
        self._words = deque(words)

    def take(self, key: str) -> str:
        """The next word, which answers the question `key`; raises MissingAnswer at the end."""
        if not self._words:
            raise MissingAnswer(f"{self._opening} {key} is missing")
        self.answers[key] = self._words.popleft()
        return self.answers[key]

    def take_options(self, names: Collection[str]) -> None:
        """All words that are left, each `name=value`; raises Invalid for one that is not."""
        for word in self.take_rest():
            name, equals, value = word.partition("=")
            name = name.lower()
            if name not in names or not equals:
                self.refuse(f'"{printable(word)}" is not an option')
            if name in self.answers:
                self.refuse(f"{name} is there twice")
            self.answers[name] = value

    def take_rest(self) -> tuple[str, ...]:
        """All words that are left."""
        rest = tuple(self._words)
        self._words.clear()
        return rest

    def sheet(self) -> AnswerSheet:
        """The answers for the dialogue; raises Invalid when words are left."""
        if self._words:
            self.refuse("too many arguments")
        return AnswerSheet(self._command, self.answers)

    def refuse(self, why: str) -> NoReturn:
        """Raise Invalid in the words with which the appliance refuses a batch line."""
        raise Invalid(f"{self._opening} {why}")

    @property
    def _opening(self) -> str:
        return f"Invalid arguments when processing {self._command}:"
