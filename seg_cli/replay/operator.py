"""The operator of a replay: logs in, and does at the console what the blocks of a file show."""

import asyncio
from dataclasses import dataclass
from typing import assert_never

from seg_cli.replay.follow import Follower
from seg_cli.replay.format import Console, Transcript
from seg_cli.replay.keys import Typed, UnsupportedKey, typed
from seg_cli.replay.login import Login
from seg_cli.replay.markdown import BadTranscript
from seg_cli.replay.match import Captures
from seg_cli.replay.moves import (
    Answered,
    Diverged,
    Ended,
    Finished,
    Kind,
    Move,
    PassedOver,
)
from seg_cli.replay.rehearsal import Rehearsal


@dataclass(frozen=True, slots=True)
class Played:
    """A block that fitted to its end; `unused_elisions` are lines of the file."""

    captures: Captures
    unused_elisions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """Where a block did not fit, and the question that was open then, if any."""

    diverged: Diverged
    open_question: str = ""


class Operator:
    """Holds the login that stays open between the blocks.

    `patience` is how long, in real seconds, anything may take; `steps` counts what was typed.
    """

    def __init__(self, transcript: Transcript, rehearsal: Rehearsal, patience: float) -> None:
        self.steps = 0
        self._transcript = transcript
        self._rehearsal = rehearsal
        self._patience = patience
        self._login: Login | None = None

    async def play(self, block: Console, captures: Captures) -> Played | Stopped:
        """Follow one block to its end or to the first mismatch; raises BadTranscript for a key
        that cannot be replayed."""
        follower = Follower(block, captures)
        login = self._login
        if login is None or login.has_ended:
            login = self._login = Login(self._rehearsal, self._transcript.rows)
        while True:
            move = await self._next_move(login, follower)
            match move:
                case Answered(number, answer):
                    self.steps += 1
                    login.answer(self._typed(number, answer))
                case PassedOver():
                    login.answer("")
                case Finished():
                    login.hold()
                    return Played(follower.captures, tuple(follower.unused_elisions()))
                case Diverged():
                    return Stopped(move, login.open_sentence)
                case _:
                    assert_never(move)

    async def quiet(self) -> str | None:
        """None once the engine is quiet, else a sentence that names what is busy."""
        try:
            async with asyncio.timeout(self._patience):
                busy = await self._rehearsal.quiet()
        except TimeoutError:
            busy = "the engine"
        return f"still busy: {busy}" if busy else None

    async def hang_up(self) -> None:
        """End the login, politely if it lets itself be ended."""
        if self._login is not None:
            await self._login.end(self._patience)

    async def cut(self) -> None:
        """End the login as a lost connection does."""
        if self._login is not None:
            await self._login.cancel(self._patience)

    async def _next_move(self, login: Login, follower: Follower) -> Move:
        """The move at the next question or at the end of the login."""
        try:
            async with asyncio.timeout(self._patience):
                while not login.is_waiting:
                    if not self._type(login, follower):
                        await login.change()
        except TimeoutError:
            return follower.stalled(login.lines)
        question = login.question
        if question is None:
            login.raise_bug()
            return follower.asked(Ended(login.lines))
        move = follower.opening(question) if login.is_fresh else follower.asked(question)
        if isinstance(move, Answered) and question.kind is Kind.MAIN:
            busy = await self.quiet()
            if busy is not None:
                return Diverged(move.number, busy, (), ())
        return move

    def _type(self, login: Login, follower: Follower) -> bool:
        """Type what is due where nothing asks; False if nothing is, or it is not taken yet."""
        due = follower.due(login.lines)
        if due is None:
            return False
        keys = self._typed(due.number, due.text)
        if not login.takes(keys):
            return False
        self.steps += 1
        follower.take(due)
        login.type(keys, due.consumed)
        return True

    def _typed(self, number: int, answer: str) -> Typed:
        try:
            return typed(answer)
        except UnsupportedKey as error:
            raise BadTranscript(self._transcript.path, number, str(error)) from None
