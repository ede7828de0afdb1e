"""seg-cli replay FILE…: play transcripts, and say which of them the appliance still follows."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

from seg_cli.replay.rehearsal import OpenRehearsal
from seg_cli.replay.report import (
    Broken,
    Mismatch,
    Passed,
    Result,
    mismatch_lines,
    status_of,
    warning_lines,
)
from seg_cli.replay.runner import replay_file


def main(arguments: Sequence[str], open_rehearsal: OpenRehearsal) -> int:
    """Play each file in an appliance of its own: 0 all passed, 1 a mismatch, 2 a broken file."""
    parser = argparse.ArgumentParser("seg-cli replay")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    worst = 0
    for path in parser.parse_args(arguments).files:
        result = asyncio.run(replay_file(path, open_rehearsal))
        sys.stdout.write("".join(f"{line}\n" for line in result_lines(path, result)))
        worst = max(worst, status_of(result))
    return int(worst)


def result_lines(path: Path, result: Result) -> list[str]:
    """What is printed for one file."""
    match result:
        case Passed():
            return [f"PASS {path}", *warning_lines(result)]
        case Mismatch():
            return [f"FAIL {path}", *mismatch_lines(result)]
        case Broken(sentence):
            return [f"BROKEN {path}", sentence]
        case _:
            assert_never(result)
