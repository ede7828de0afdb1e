"""Additions to a list of authorities: each reason to refuse one, and what may be added."""

import pytest

from seg_cli.errors import Invalid
from seg_cli.standards.authorities import check_additions
from seg_cli.standards.certificates import Certificate
from tests.standards.certificates import CA, FUTURE, NOT_CA, NOW, PAST, Issued, issue

ROOT = issue("Root", CA)
MIDDLE = issue("Middle", CA, by=ROOT)
LOWER = issue("Lower", CA, by=MIDDLE)
OTHER = issue("Other", CA)


def read(*issued: Issued) -> list[Certificate]:
    certificates = [Certificate.read(one.der) for one in issued]
    return [one for one in certificates if isinstance(one, Certificate)]


@pytest.mark.requirement("AOS-08")
@pytest.mark.parametrize(
    ("added", "there"),
    [
        pytest.param([ROOT], [], id="a root"),
        pytest.param([OTHER], [ROOT], id="a second root"),
        pytest.param([MIDDLE], [ROOT], id="an intermediate one below a root of the list"),
        pytest.param([LOWER, MIDDLE, ROOT], [OTHER], id="one that comes with all above it"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_may_be_added(added: list[Issued], there: list[Issued]) -> None:
    check_additions(read(*added), read(*there), NOW)


@pytest.mark.requirement("AOS-08")
@pytest.mark.parametrize(
    ("added", "there", "sentence"),
    [
        pytest.param([issue("Old", CA, validity=PAST)], [], "Old has expired", id="too old"),
        pytest.param([issue("New", CA, validity=FUTURE)], [], "New is not yet valid", id="new"),
        pytest.param(
            [issue("Leaf", NOT_CA)], [], "Leaf is not that of a certificate authority", id="a leaf"
        ),
        pytest.param([ROOT], [OTHER, ROOT], "Root is in the list already", id="known"),
        pytest.param([OTHER, OTHER], [], "Other is in the list already", id="added twice"),
        pytest.param(
            [LOWER, MIDDLE],
            [OTHER],
            "Lower is an intermediate one, and its root is missing",
            id="no root above it",
        ),
        pytest.param(
            [ROOT, issue("Below", CA, by=OTHER)],
            [],
            "Below is an intermediate one, and its root is missing",
            id="no root above the second",
        ),
    ],
)
def test_is_refused_by_name(added: list[Issued], there: list[Issued], sentence: str) -> None:
    name, _, why = sentence.partition(" ")
    with pytest.raises(Invalid) as refused:
        check_additions(read(*added), read(*there), NOW)
    assert str(refused.value) == f'The certificate "CN={name}" {why}.'
