"""Plays one transcript in a fresh appliance, block by block, to its end or the first mismatch."""

import os
from pathlib import Path
from typing import assert_never

from seg_cli.errors import UserError
from seg_cli.replay.config_check import differences
from seg_cli.replay.format import ConfigCheck, Console, LogCheck, Step, Transcript, parse
from seg_cli.replay.log_check import Missed, check_log
from seg_cli.replay.log_items import lines_of
from seg_cli.replay.markdown import BadTranscript
from seg_cli.replay.match import Captures, Line
from seg_cli.replay.moves import Diverged
from seg_cli.replay.operator import Operator, Stopped
from seg_cli.replay.rehearsal import OpenRehearsal, Rehearsal
from seg_cli.replay.report import Broken, Mismatch, Passed, Result, Warned, lone_captures

TAIL = "mail_logs"
TAIL_LENGTH = 10
PATIENCE = 60.0


async def replay_file(path: Path, open_rehearsal: OpenRehearsal) -> Result:
    """Read a transcript and play it."""
    try:
        transcript = read_transcript(path)
    except BadTranscript as error:
        return Broken(str(error))
    return await replay(transcript, open_rehearsal)


def read_transcript(path: Path) -> Transcript:
    """The transcript in a file; raises BadTranscript, also for a file that cannot be read."""
    try:
        text = path.read_bytes().decode()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise BadTranscript(path, 0, why) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadTranscript(path, line, "not UTF-8") from None
    return parse(path, text)


async def replay(
    transcript: Transcript, open_rehearsal: OpenRehearsal, patience: float = PATIENCE
) -> Result:
    """Play a transcript; `patience` bounds each wait, in real seconds."""
    try:
        async with open_rehearsal(transcript.world) as rehearsal:
            return await _Performance(transcript, rehearsal, patience).result()
    except BadTranscript as error:
        return Broken(str(error))
    except UserError as error:
        return Broken(f"{transcript.path}:{transcript.blocks[0].line}: {error}")


class _Performance:
    """One playing of a transcript: what it has captured, and how far it has read each log."""

    def __init__(self, transcript: Transcript, rehearsal: Rehearsal, patience: float) -> None:
        self._transcript = transcript
        self._rehearsal = rehearsal
        self._operator = Operator(transcript, rehearsal, patience)
        self._captures: Captures = {}
        self._positions: dict[str, int] = {}
        self._warnings: list[Warned] = []
        self._checks = 0

    async def result(self) -> Result:
        """Passed, or the first mismatch; raises BadTranscript."""
        try:
            for step in self._transcript.steps:
                stopped = await self._perform(step)
                if stopped is not None:
                    return self._mismatch(stopped)
            await self._operator.hang_up()
        finally:
            await self._operator.cut()
        lone = lone_captures(_lines(self._transcript))
        warnings = sorted([*self._warnings, *lone], key=lambda warned: warned.line)
        return Passed(self._transcript.path, tuple(warnings))

    async def _perform(self, step: Step) -> Stopped | None:
        if isinstance(step, Console):
            return await self._play(step)
        busy = await self._operator.quiet()
        if busy is not None:
            return Stopped(Diverged(step.line, busy, (), ()))
        match step:
            case LogCheck():
                stopped = self._check_log(step)
            case ConfigCheck():
                stopped = self._check_config(step)
            case _:
                assert_never(step)
        if stopped is None:
            self._checks += 1
        return stopped

    async def _play(self, block: Console) -> Stopped | None:
        played = await self._operator.play(block, self._captures)
        if isinstance(played, Stopped):
            return played
        self._captures = played.captures
        self._warnings += [
            Warned(line, "this ... never matched") for line in played.unused_elisions
        ]
        return None

    def _check_log(self, block: LogCheck) -> Stopped | None:
        log = self._rehearsal.log(block.log)
        if log is None:
            return _failed(block.line, f"there is no log {block.log}")
        if block.level is not None and log.level < block.level:
            why = f"{block.log} is committed at level {log.level.name.capitalize()}"
            return _failed(block.line, f"{why}, below {block.level.name.capitalize()}")
        start = self._positions.get(block.log, 0)
        checked = check_log(block.check, log.lines, start, self._captures)
        if isinstance(checked, Missed):
            return _failed(checked.number, checked.sentence)
        self._positions[block.log] = checked.position
        self._captures = checked.captures
        return None

    def _check_config(self, block: ConfigCheck) -> Stopped | None:
        found = differences(block.settings, self._rehearsal.config(staged=block.staged))
        which = "staged" if block.staged else "committed"
        return _failed(block.line, f"{which} configuration: {'; '.join(found)}") if found else None

    def _mismatch(self, stopped: Stopped) -> Mismatch:
        log = self._rehearsal.log(TAIL)
        diverged = stopped.diverged
        return Mismatch(
            path=self._transcript.path,
            line=diverged.number,
            step=self._operator.steps + self._checks + 1,
            sentence=diverged.sentence,
            open_question=stopped.open_question,
            expected=diverged.expected,
            shown=diverged.shown,
            log_tail=tuple(log.lines[-TAIL_LENGTH:]) if log else (),
        )


def _failed(number: int, sentence: str) -> Stopped:
    return Stopped(Diverged(number, sentence, (), ()))


def _lines(transcript: Transcript) -> list[Line]:
    """Every line of the file that may hold captures."""
    lines: list[Line] = []
    for step in transcript.steps:
        if isinstance(step, Console):
            lines += step.lines
        elif isinstance(step, LogCheck):
            lines += lines_of(step.check)
    return lines
