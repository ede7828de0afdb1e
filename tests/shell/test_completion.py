import pytest

from seg_cli.dialogue.teletype import Completion
from seg_cli.shell.completion import complete

NAMES = ("sethostname", "settime", "settz", "commit", "commitdetail")


@pytest.mark.parametrize(
    ("line", "completion"),
    [
        pytest.param("seth", Completion("sethostname"), id="a unique name is completed"),
        pytest.param(
            "set", Completion("set", ("sethostname", "settime", "settz")), id="several are listed"
        ),
        pytest.param("x", Completion("x"), id="an unknown word stays"),
        pytest.param("commit a", Completion("commit a"), id="arguments are not completed"),
    ],
)
def test_tab(line: str, completion: Completion) -> None:
    assert complete(line, NAMES) == completion
