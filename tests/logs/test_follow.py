"""The end of a log: its last lines, over several files and blocks."""

from pathlib import Path

import pytest

from seg_cli.logs.follow import BLOCK, last_lines

LONG = "x" * (BLOCK + 1)


@pytest.mark.parametrize(
    ("files", "count", "lines"),
    [
        pytest.param([""], 2, [], id="an empty file"),
        pytest.param(["a\n"], 2, ["a"], id="fewer lines than wanted"),
        pytest.param(["a\nb\nc\n"], 2, ["b", "c"], id="the last ones"),
        pytest.param(["a\nb\n", "c\n"], 2, ["b", "c"], id="over two files"),
        pytest.param(["a\n", "", "b\n"], 3, ["a", "b"], id="over an empty file"),
        pytest.param([f"a\n{LONG}\n{LONG}\n"], 2, [LONG, LONG], id="over several blocks"),
        pytest.param(["a\n\n"], 2, ["a", ""], id="an empty line is a line"),
    ],
)
def test_last_lines(tmp_path: Path, files: list[str], count: int, lines: list[str]) -> None:
    paths = [tmp_path / str(number) for number in range(len(files))]
    for path, text in zip(paths, files, strict=True):
        path.write_text(text)
    assert last_lines(paths, count) == lines
