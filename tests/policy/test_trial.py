"""The trial of a policy in testing mode: what enforcing it would do."""

import pytest

from seg_cli.policy.facts import TlsFacts
from seg_cli.policy.requirement import TlsRequirement
from seg_cli.policy.tls_settings import Encryption
from seg_cli.policy.trial import Trial, try_policy
from seg_cli.terms import Reason
from tests.policy.peers import leaf, no_tls, reference, tls

TESTING = (Reason.STS_TESTING,)
UNLISTED = (Reason.STS_TESTING, Reason.STS_MX_NOT_LISTED)
GOOD = tls(leaf("*.mail123.domain.com"))


def tried(seen: TlsFacts, *reasons: Reason) -> Trial | None:
    return try_policy(TlsRequirement(Encryption.OPPORTUNISTIC, reasons=reasons), seen, reference())


@pytest.mark.requirement("AOS-26")
@pytest.mark.parametrize(
    ("seen", "reasons", "trial"),
    [
        pytest.param(GOOD, TESTING, Trial(), id="a certificate for the host passes"),
        pytest.param(
            tls(leaf("domain.com")),
            TESTING,
            Trial("peer cert does not match domain domain.com"),
            id="one for the recipient domain fails",
        ),
        pytest.param(
            no_tls(Reason.STARTTLS_NOT_SUPPORTED),
            TESTING,
            Trial("STARTTLS command not supported"),
            id="no TLS fails",
        ),
        pytest.param(
            GOOD,
            UNLISTED,
            Trial("the mail host is not listed in the MTA-STS policy"),
            id="a host that is not listed fails, whatever it shows",
        ),
        pytest.param(GOOD, (Reason.STS_NONE,), None, id="under mode none nothing is tried"),
    ],
)
def test_what_enforcing_would_do(
    seen: TlsFacts, reasons: tuple[Reason, ...], trial: Trial | None
) -> None:
    assert tried(seen, *reasons) == trial
