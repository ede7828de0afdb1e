"""Every reason has a place where one can read about it."""

import pytest

from seg_cli.lab.because import SOURCES, because
from seg_cli.terms import Reason


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_source(reason: Reason) -> None:
    assert SOURCES[reason].place
    assert next(iter(because(reason))).strip() == f"because: {reason.value}"
