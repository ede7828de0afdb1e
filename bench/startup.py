"""Start-up and keys: seg-cli beside litecli and a bare prompt, turn about, as ratios of medians."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from terminal import Terminal

RUNS = 7
KEYS = 100
BIN = Path(sys.executable).parent
SEG_PROMPT, LITE_PROMPT, BARE_PROMPT = b"example.com> ", b"(none)>", b"bare>"
HERE = Path(__file__).parent


def pairs(ours: Callable[[], float], peer: Callable[[], float]) -> tuple[float, float, float]:
    """Medians of both, and the median of the ratios pair by pair."""
    rows = [(ours(), peer()) for _ in range(RUNS)]
    return (
        median(row[0] for row in rows),
        median(row[1] for row in rows),
        median(row[0] / row[1] for row in rows),
    )


def show(what: str, measured: tuple[float, float, float], goal: float | None) -> None:
    ours, peer, ratio = measured
    verdict = "" if goal is None else f"<= {goal:4}  {'met' if ratio <= goal else 'NOT MET'}"
    print(f"{what:46} {ours * 1000:8.1f} ms {peer * 1000:8.1f} ms   {ratio:5.2f}   {verdict}")


def shown(text: bytes, *command: str) -> float:
    terminal = Terminal(*command)
    try:
        return terminal.wait_for(text)
    finally:
        terminal.end()


def answering(prompt: bytes, *command: str) -> float:
    """Until a key that was typed at once is echoed: the prompt takes input."""
    terminal = Terminal(*command)
    try:
        started = time.perf_counter()
        terminal.wait_for(prompt)
        terminal.press(b"z")
        terminal.wait_for(b"z")
        return time.perf_counter() - started
    finally:
        terminal.end()


def command(*words: str) -> float:
    started = time.perf_counter()
    subprocess.run(words, check=True, capture_output=True)
    return time.perf_counter() - started


def echo(prompt: bytes, *command: str) -> float:
    """Median time from a key to its echo, once the prompt is up."""
    terminal = Terminal(*command)
    try:
        terminal.wait_for(prompt)
        terminal.press(b"z")
        terminal.wait_for(b"z")
        times = []
        for number in range(KEYS):
            key = bytes([ord("a") + number % 20])
            terminal.press(key)
            times.append(terminal.wait_for(key))
        return median(times)
    finally:
        terminal.end()


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        seg = (str(BIN / "seg-cli"), "--appliance", str(Path(directory) / "box"))
        lite = (str(BIN / "litecli"),)
        bare = (sys.executable, str(HERE / "bare_prompt.py"))
        command(*seg, "run", "version")
        print(f"{'':46} {'seg-cli':>11} {'peer':>11}   ratio   goal")
        show(
            "D1 first prompt painted / litecli's prompt",
            pairs(lambda: shown(SEG_PROMPT, *seg), lambda: shown(LITE_PROMPT, *lite)),
            0.15,
        )
        show(
            "D1 first prompt takes input / litecli's",
            pairs(lambda: answering(SEG_PROMPT, *seg), lambda: answering(LITE_PROMPT, *lite)),
            0.5,
        )
        show(
            "   bare prompt_toolkit takes input / litecli's",
            pairs(lambda: answering(BARE_PROMPT, *bare), lambda: answering(LITE_PROMPT, *lite)),
            None,
        )
        show(
            "D2 run version / litecli --help",
            pairs(lambda: command(*seg, "run", "version"), lambda: command(*lite, "--help")),
            0.35,
        )
        show(
            "D3 key to echo / bare prompt_toolkit",
            pairs(lambda: echo(SEG_PROMPT, *seg), lambda: echo(BARE_PROMPT, *bare)),
            1.3,
        )


if __name__ == "__main__":
    main()
