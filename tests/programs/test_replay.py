"""seg-cli replay: one line for each file that passes, all that helps for one that does not."""

from pathlib import Path

import pytest

from seg_cli.programs.replay import main
from tests.replay.conftest import Box, console

PASSES = console("box> exit", "Goodbye.")
WARNS = console("box> table", "...", "id <n:int>", "...")
FAILS = console("box> exit", "Hello.")
BROKEN = "prose\n"


@pytest.mark.parametrize(
    ("texts", "status", "words"),
    [
        pytest.param([PASSES], 0, ["PASS"], id="one that passes"),
        pytest.param([PASSES, FAILS, PASSES], 1, ["PASS", "FAIL", "PASS"], id="all are played"),
        pytest.param([BROKEN, FAILS], 2, ["BROKEN", "FAIL"], id="broken is worse than a mismatch"),
    ],
)
def test_the_worst_file_is_the_exit_status(
    texts: list[str], status: int, words: list[str],
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    files = [tmp_path / f"{number}.md" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)
    assert main([str(file) for file in files], Box().opened) == status
    shown = capsys.readouterr().out.splitlines()
    heads = [line for line in shown if line.split(" ")[0] in ("PASS", "FAIL", "BROKEN")]
    assert heads == [f"{word} {file}" for word, file in zip(words, files, strict=True)]


def test_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.md"
    file.write_text(WARNS)
    assert main([str(file)], Box().opened) == 0
    assert capsys.readouterr().out == f"PASS {file}\n{file}:4: the capture n is never used\n"
    file.write_text(BROKEN)
    assert main([str(file)], Box().opened) == 2
    assert capsys.readouterr().out.startswith(f"BROKEN {file}\n{file}:1: there is no console")


def test_without_a_file_it_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([], Box().opened)
    assert ended.value.code == 2
    assert "FILE" in capsys.readouterr().err
