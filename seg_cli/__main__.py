"""seg-cli: arguments to one of the programs, each imported only when it is the one."""
# ruff: noqa: PLC0415 - start-up time is a feature: what is not needed is not imported

import argparse
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from seg_cli import __version__
from seg_cli.errors import OutputLost, UserError
from seg_cli.fronts import streams

TYPE_CHECKING = False
if TYPE_CHECKING:  # not from typing, which takes 2 ms to load
    from seg_cli.programs.opening import Opening

INTERRUPTED = 130
"""The exit status after Ctrl-C: 128 and the number of SIGINT, as shells have it."""

UNREAD = 1
"""The exit status when what was printed reached nobody."""

DESCRIPTION = (
    "An emulator of the Cisco Secure Email Gateway command line with a real delivery engine. "
    "Independent work, not made or endorsed by Cisco."
)


def parser() -> argparse.ArgumentParser:
    """What the command line of the operating system takes."""
    top = argparse.ArgumentParser("seg-cli", description=DESCRIPTION)
    top.add_argument("--version", action="version", version=f"seg-cli {__version__}")
    top.add_argument("--appliance", type=Path, metavar="DIR", help="directory of the appliance")
    # Without a name argparse works one out, and loads shutil, bz2 and lzma for that.
    programs = top.add_subparsers(prog="seg-cli", dest="program", metavar="PROGRAM")
    programs.add_parser("console", help="open the console (the default)")
    run = programs.add_parser("run", help="run commands without a terminal")
    run.add_argument("lines", metavar="'CMD; CMD'")
    replay = programs.add_parser("replay", help="play transcripts and compare")
    replay.add_argument("files", nargs="+", metavar="FILE")
    train = programs.add_parser("train", help="train a lesson, or list the lessons")
    train.add_argument("lesson", nargs="?", metavar="LESSON")
    train.add_argument("--lang", choices=("en", "ko"), default="en", help="what the coach speaks")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a program; what it returns is the exit status."""
    streams.prepare()
    chosen = parser().parse_args(arguments)
    # It is called by position only, whatever its type says.
    warnings.showwarning = _report_warning  # type: ignore[assignment]
    status = attempt(chosen)
    return status if streams.let_go() else status or UNREAD


def attempt(chosen: argparse.Namespace) -> int:
    """Run a program to its end, however that comes."""
    try:
        return start(chosen)
    except UserError as error:
        sys.stderr.write(f"seg-cli: {error}\n")
        return 2
    except (OutputLost, BrokenPipeError):
        return UNREAD
    except KeyboardInterrupt:
        return INTERRUPTED


def _report_warning(warning: Warning | str, kind: type[Warning], *_: object) -> None:
    from seg_cli.app import report_warning

    report_warning(warning, kind)


def start(chosen: argparse.Namespace) -> int:
    """Hand over to the program that was named."""
    match chosen.program:
        case "run":
            from seg_cli.app import opening_of
            from seg_cli.programs import run

            return run.main(opening_of(chosen.appliance), chosen.lines)
        case "replay":
            from seg_cli.app import open_rehearsal
            from seg_cli.programs import replay

            return replay.main(chosen.files, open_rehearsal())
        case "train":
            from seg_cli.app import logins, report_bug
            from seg_cli.programs import train
            from seg_cli.training.lesson import Language

            return train.main(chosen.lesson, Language(chosen.lang), logins(), report_bug)
        case _:
            return open_console(chosen.appliance)


def open_console(chosen: Path | None) -> int:
    """On a terminal the greeting is painted before the rest is imported."""

    def load() -> "Opening":
        from seg_cli.app import opening_of

        return opening_of(chosen)

    from seg_cli.fronts.paint import has_terminal, paint_first
    from seg_cli.programs.location import appliance_directory, greeting_text

    if not has_terminal():
        from seg_cli.fronts.plain import PlainTeletype
        from seg_cli.programs import console

        return console.main(load(), PlainTeletype)
    with paint_first(greeting_text(appliance_directory(chosen))) as paint:
        from seg_cli.programs import first_prompt

        return first_prompt.main(load, paint)


if __name__ == "__main__":
    sys.exit(main())
