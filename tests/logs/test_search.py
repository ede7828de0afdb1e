import io
import re
from pathlib import Path

import pytest

from seg_cli.logs.search import main, search

LINES = ["a\n", "b\n", "match\n", "c\n", "d\n", "Match\n"]


@pytest.mark.parametrize(
    ("pattern", "flags", "context", "found"),
    [
        pytest.param("match", "-", 0, ["match\n"], id="plain"),
        pytest.param("zzz", "-", 1, [], id="nothing"),
        pytest.param("match", "-", 1, ["b\n", "match\n", "c\n"], id="context"),
        pytest.param("^[ab]", "v", 0, LINES[2:], id="inverted"),
    ],
)
def test_search(pattern: str, flags: str, context: int, found: list[str]) -> None:
    assert list(search(LINES, [re.compile(pattern)], flags, context)) == found


def test_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "log"
    file.write_text("".join(LINES))
    monkeypatch.setattr("sys.stdin", io.StringIO("MATCH"))
    assert main(["i", "0", str(file)]) == 0
    assert capsys.readouterr().out == "match\nMatch\n"
    monkeypatch.setattr("sys.stdin", io.StringIO("MATCH"))
    assert main(["-", "0", str(file)]) == 1
