"""Batch: the answers of a dialogue as one line gave them, each under the key of its question."""

from collections.abc import Mapping
from typing import NoReturn, TypeVar

from seg_cli.dialogue.questions import Question
from seg_cli.errors import Invalid, MissingAnswer
from seg_cli.printable import printable

T = TypeVar("T")


class AnswerSheet:
    """Answers a dialogue's questions in place of the keyboard.

    A question whose key is on the sheet gets that answer; a yes/no question that opens a key on
    the sheet is answered yes; any other takes its default, which is the current value, so a batch
    edit changes only what it names.
    """

    def __init__(self, command: str, answers: Mapping[str, str]) -> None:
        self._command = command
        self._answers = dict(answers)
        self._left = set(answers)

    def answer(self, question: Question[T]) -> T:
        """The answer. Raises MissingAnswer where there is no answer and no default, and Invalid."""
        self._left.discard(question.key)
        try:
            if question.key in self._answers:
                return question.parse_batch(self._answers[question.key])
            if self._answers.keys() & set(question.opens):
                return question.parse("y")
        except Invalid as invalid:
            self._refuse(f"{question.key}: {invalid}")
        return self._default(question)

    def check_used(self) -> None:
        """Raises Invalid when an answer was never asked for: it would be lost without a word."""
        if self._left:
            self._refuse(", ".join(printable(key) for key in self._answers if key in self._left))

    def _default(self, question: Question[T]) -> T:
        try:
            return question.parse("")
        except Invalid:
            raise MissingAnswer(f"{self._opening()} {question.key} is missing") from None

    def _refuse(self, why: str) -> NoReturn:
        raise Invalid(f"{self._opening()} {why}") from None

    def _opening(self) -> str:
        return f"Invalid arguments when processing {self._command}:"
