"""seg-cli: arguments to one of the programs."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from seg_cli import __version__
from seg_cli.errors import UserError

DESCRIPTION = (
    "An emulator of the Cisco Secure Email Gateway command line with a real delivery engine. "
    "Independent work, not made or endorsed by Cisco."
)


def parser() -> argparse.ArgumentParser:
    """What the command line of the operating system takes."""
    top = argparse.ArgumentParser("seg-cli", description=DESCRIPTION)
    top.add_argument("--version", action="version", version=f"seg-cli {__version__}")
    top.add_argument("--appliance", type=Path, metavar="DIR", help="directory of the appliance")
    programs = top.add_subparsers(dest="program", metavar="PROGRAM")
    programs.add_parser("console", help="open the console (the default)")
    run = programs.add_parser("run", help="run commands without a terminal")
    run.add_argument("lines", metavar="'CMD; CMD'")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a program; what it returns is the exit status."""
    chosen = parser().parse_args(arguments)
    try:
        return start(chosen)
    except UserError as error:
        sys.stderr.write(f"seg-cli: {error}\n")
        return 2


def start(chosen: argparse.Namespace) -> int:
    """Each program is imported only when it is the one: start-up time is a feature."""
    from seg_cli.app import opening_of  # noqa: PLC0415 - see above

    opening = opening_of(chosen.appliance)
    match chosen.program:
        case "run":
            from seg_cli.programs import run  # noqa: PLC0415 - see above

            return run.main(opening, chosen.lines)
        case _:
            from seg_cli.programs import console  # noqa: PLC0415 - see above

            return console.main(opening)


if __name__ == "__main__":
    sys.exit(main())
