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
    from typing import Any

    from seg_cli.programs.opening import Opening

INTERRUPTED = 130
"""The exit status after Ctrl-C: 128 and the number of SIGINT, as shells have it."""

UNREAD = 1
"""The exit status when what was printed reached nobody."""

WORLDS = ("lab", "real")

DESCRIPTION = (
    "An emulator of the Cisco Secure Email Gateway command line with a real delivery engine. "
    "Independent work, not made or endorsed by Cisco."
)


def parser() -> argparse.ArgumentParser:
    """What the command line of the operating system takes."""
    top = argparse.ArgumentParser("seg-cli", description=DESCRIPTION)
    top.add_argument("--version", action="version", version=f"seg-cli {__version__}")
    top.add_argument("--appliance", type=Path, metavar="DIR", help="directory of the appliance")
    add_world(top)
    # Without a name argparse works one out, and loads shutil, bz2 and lzma for that.
    programs = top.add_subparsers(prog="seg-cli", dest="program", metavar="PROGRAM")
    programs.add_parser("console", help="open the console (the default)")
    run = programs.add_parser("run", help="run commands without a terminal")
    run.add_argument("lines", metavar="'CMD; CMD'")
    replay = programs.add_parser("replay", help="play transcripts and compare")
    replay.add_argument("files", nargs="+", metavar="FILE")
    check = programs.add_parser("check", help="look at a domain before it is configured")
    check.add_argument("domain", metavar="DOMAIN")
    check.add_argument("--world", choices=WORLDS, default=argparse.SUPPRESS, help="as above")
    check.add_argument("--json", action="store_true", help="print JSON, for programs")
    train = programs.add_parser("train", help="train a lesson, or list the lessons")
    train.add_argument("lesson", nargs="?", metavar="LESSON")
    train.add_argument("--lang", choices=("en", "ko"), default="en", help="what the coach speaks")
    return top


def add_world(top: argparse.ArgumentParser) -> None:
    """What is around the appliance, and how far it goes there."""
    world = top.add_argument_group("the world around the appliance")
    world.add_argument(
        "--world",
        choices=WORLDS,
        default="lab",
        help="a small internet on this machine (the default), or real DNS and SMTP",
    )
    world.add_argument(
        "--deliver-to",
        nargs="+",
        action="extend",
        default=[],
        metavar="DOMAIN",
        help="in the real world: deliver mail to these domains; without it to none",
    )
    world.add_argument(
        "--allow-private",
        action="store_true",
        help="in the real world: fetch policies from addresses that are not public, too",
    )


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
    check_world(chosen)
    match chosen.program:
        case "run":
            from seg_cli.programs import run

            return run.main(opening(chosen), chosen.lines)
        case "replay":
            from seg_cli.app import open_rehearsal
            from seg_cli.programs import replay

            return replay.main(chosen.files, open_rehearsal())
        case "check":
            from seg_cli.app import report_bug
            from seg_cli.programs.check import program

            form = program.Form.JSON if chosen.json else program.Form.TABLES
            return program.main(opening(chosen), program.Asked(chosen.domain, form), report_bug)
        case "train":
            from seg_cli.app import logins, report_bug
            from seg_cli.programs import train
            from seg_cli.training.lesson import Language

            return train.main(chosen.lesson, Language(chosen.lang), logins(), report_bug)
        case _:
            return open_console(chosen)


def check_world(chosen: argparse.Namespace) -> None:
    """Raise UserError for options that do not go together."""
    if chosen.world == "lab" and (chosen.deliver_to or chosen.allow_private):
        raise UserError("--deliver-to and --allow-private belong to --world real.")
    if chosen.world == "real" and chosen.program in {"replay", "train"}:
        raise UserError("Transcripts and lessons are played in labs of their own.")


def opening(chosen: argparse.Namespace) -> "Opening[Any]":
    """How the appliance is opened, in the world that was chosen."""
    if chosen.world == "lab":
        from seg_cli.app import opening_of

        return opening_of(chosen.appliance)
    from seg_cli.app import real_opening_of

    return real_opening_of(chosen.appliance, chosen.deliver_to, allow_private=chosen.allow_private)


def open_console(chosen: argparse.Namespace) -> int:
    """On a terminal the greeting is painted before the rest is imported."""
    from seg_cli.fronts.paint import has_terminal, paint_first

    if not has_terminal():
        from seg_cli.fronts.plain import PlainTeletype
        from seg_cli.programs import console

        return console.main(opening(chosen), PlainTeletype)
    with paint_first(first_greeting(chosen)) as paint:
        from functools import partial

        from seg_cli.programs import first_prompt

        return first_prompt.main(partial(opening, chosen), paint)


def first_greeting(chosen: argparse.Namespace) -> str:
    """What stands on the screen first."""
    from seg_cli.programs import location

    if chosen.world == "lab":
        return location.greeting_text(location.appliance_directory(chosen.appliance))
    return location.real_greeting_text(location.real_directory(chosen.appliance))


if __name__ == "__main__":
    sys.exit(main())
