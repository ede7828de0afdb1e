"""A tiny appliance for transcripts: a coroutine that asks through the teletype."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Protocol

from seg_cli.dialogue.teletype import Completion, Entry, Teletype
from seg_cli.errors import EndOfInput, Interrupted, UserError
from seg_cli.replay.format import parse
from seg_cli.replay.rehearsal import LogView
from seg_cli.replay.report import Result
from seg_cli.replay.runner import replay
from seg_cli.terms import LogLevel

PROMPT = "box> "
BANNER = "Welcome to the box\n\n"
PATH = PurePath("lesson.md")


class Command(Protocol):
    """What a command line starts."""

    __name__: str

    def __call__(self, box: "Box", teletype: Teletype, /) -> Awaitable[None]: ...


def no_completion(line: str) -> Completion:
    return Completion(line)


async def ask(teletype: Teletype, question: str, entry: Entry = Entry.ANSWER) -> str:
    """Ask as the console does: the text above the prompt is written, then the prompt is read."""
    above, line_feed, prompt = question.rpartition("\n")
    teletype.write(f"\n{above}{line_feed}")
    return await teletype.read_line(prompt, entry=entry)


async def entry(box: "Box", teletype: Teletype) -> None:
    domain = await ask(teletype, "Enter the domain.\n[]> ")
    limit = await ask(teletype, "Limit for it? [Y]> ")
    tls = await ask(teletype, "Choose TLS:\n1. No\n2. Preferred\n[2]> ")
    box.answers += [domain, limit, tls]
    teletype.write("\nEntry made.\n")


async def again(box: "Box", teletype: Teletype) -> None:
    while not (value := await ask(teletype, "Enter a value.\n[]> ")):
        teletype.write("\nYou must enter a value.\n")
    box.answers.append(value)


async def endless(box: "Box", teletype: Teletype) -> None:
    number = 0
    while True:
        number += 1
        box.answers.append(await ask(teletype, f"Question {number}? [Y]> "))


async def secret(box: "Box", teletype: Teletype) -> None:
    box.answers.append(await ask(teletype, "Passphrase:\n[]> ", Entry.SECRET))


async def paste(box: "Box", teletype: Teletype) -> None:
    teletype.write("\nPaste; end with a dot.\n")
    while (line := await teletype.read_line("")) != ".":
        box.answers.append(line)


async def lookalikes(box: "Box", teletype: Teletype) -> None:
    """Two questions that differ only above a blank line."""
    for text in ("One text.", "Another text."):
        box.answers.append(await ask(teletype, f"{text}\n\n[]> "))


async def sure(_: "Box", teletype: Teletype) -> None:
    """Asks again below another text."""
    for text in ("This deletes it.", "This really deletes it."):
        teletype.write(f"\n{text}\n")
        await ask(teletype, "Sure? [Y]> ")


async def pages(box: "Box", teletype: Teletype) -> None:
    for number in range(3):
        teletype.write(f"page {number}\n")
        box.answers.append(await teletype.read_line("-More-", entry=Entry.KEY))


async def follow(_: "Box", teletype: Teletype) -> None:
    teletype.write("\nPress Ctrl-C to stop.\n")
    while True:
        await teletype.raw_line()


async def echo(box: "Box", teletype: Teletype) -> None:
    teletype.write("Connected.\n220 ready\n")
    while (line := await teletype.raw_line()) != "QUIT":
        box.answers.append(line)
        teletype.write(f"250-{line}\n250 ok\n")
    teletype.write("221 bye\n")


async def table(_: "Box", teletype: Teletype) -> None:
    teletype.write("\nfirst\nid 17\nlast id 17\nfirst\n")


async def hang(_: "Box", __: Teletype) -> None:
    await asyncio.Event().wait()


async def stubborn(_: "Box", teletype: Teletype) -> None:
    """Goes on asking when there is no input, and needs to be cancelled."""
    with_input = True
    while with_input:
        try:
            with_input = bool(await ask(teletype, "More? [N]> "))
        except EndOfInput:
            await asyncio.Event().wait()


async def bug(_: "Box", __: Teletype) -> None:
    raise ZeroDivisionError


COMMANDS: Mapping[str, Command] = {
    command.__name__: command
    for command in (
        entry,
        again,
        endless,
        secret,
        paste,
        lookalikes,
        sure,
        pages,
        follow,
        echo,
        table,
        hang,
        stubborn,
        bug,
    )
}


@dataclass
class Box:
    """The appliance: its log and configuration, what it was told, and how its logins ended."""

    log_lines: list[str] = field(default_factory=list)
    level: LogLevel = LogLevel.INFO
    words: dict[str, Any] = field(default_factory=dict)
    busy: str | None = None
    answers: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    waits: int = 0
    endings: list[str] = field(default_factory=list)
    open_logins: int = 0
    is_deaf: bool = False
    has_log: bool = True

    async def login(self, teletype: Teletype) -> None:
        self.open_logins += 1
        try:
            teletype.write(BANNER)
            await self._commands(teletype)
        except asyncio.CancelledError:
            self.endings.append("cancelled")
            raise
        else:
            self.endings.append("logged out")
        finally:
            self.open_logins -= 1

    async def _commands(self, teletype: Teletype) -> None:
        while True:
            try:
                line = await teletype.read_line(PROMPT, complete=no_completion)
            except Interrupted:
                continue
            except EndOfInput:
                if self.is_deaf:
                    continue
                return
            self.typed.append(line)
            if line == "exit":
                teletype.write("Goodbye.\n")
                return
            await self._perform(line, teletype)

    async def _perform(self, line: str, teletype: Teletype) -> None:
        command = COMMANDS.get(line)
        if command is None:
            return

        async def run() -> None:
            await command(self, teletype)

        try:
            await teletype.interruptible(run())
        except Interrupted:
            teletype.write("^C\n")

    async def quiet(self) -> str | None:
        self.waits += 1
        if self.busy == "for ever":
            await asyncio.Event().wait()
        return self.busy

    def log(self, name: str) -> LogView | None:
        return LogView(self.level, self.log_lines) if self.has_log and name == "mail_logs" else None

    def config(self, *, staged: bool) -> Mapping[str, Any]:
        return self.words["staged" if staged else "committed"]  # type: ignore[no-any-return]  # words are untyped

    @asynccontextmanager
    async def opened(self, settings: Mapping[str, Any]) -> AsyncIterator["Box"]:
        if settings.get("lab") == "nowhere":
            raise UserError("There is no lab named 'nowhere'.")
        yield self


def console(*lines: str) -> str:
    """A console block."""
    return "\n".join(["```console", *lines, "```", ""])


async def play(text: str, box: Box, patience: float = 10.0) -> Result:
    """What comes of a transcript in the box; no login may be left behind."""
    async with asyncio.timeout(20):
        result = await replay(parse(PATH, text), box.opened, patience)
    assert box.open_logins == 0
    return result
