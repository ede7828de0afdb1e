"""The trial: what would have become of mail if a policy in testing mode were enforced.

Testing changes nothing (RFC 8461 s5); the log tells what enforcing would.
"""

from dataclasses import dataclass

from seg_cli.policy.facts import TlsFacts
from seg_cli.policy.requirement import TlsRequirement
from seg_cli.policy.tls_settings import CheckKind, Encryption
from seg_cli.policy.verdict import Reference, judge
from seg_cli.terms import Reason

AS_IF_ENFORCED = TlsRequirement(Encryption.MANDATORY, checks=(CheckKind.MTA_STS,))


@dataclass(frozen=True, slots=True)
class Trial:
    """How a host did; `why` is what would have kept the mail from it, empty if nothing would."""

    why: str = ""


def try_policy(requirement: TlsRequirement, seen: TlsFacts, reference: Reference) -> Trial | None:
    """How a host that showed this did; None if no policy is in testing mode (AOS-26)."""
    if Reason.STS_TESTING not in requirement.reasons:
        return None
    if Reason.STS_MX_NOT_LISTED in requirement.reasons:
        return Trial(Reason.STS_MX_NOT_LISTED.value)
    return Trial(judge(AS_IF_ENFORCED, seen, reference).why)
