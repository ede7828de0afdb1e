"""The differences that are in order, each with its reason; any other is a fault of somebody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.interop.agreement import Agreement


@dataclass(frozen=True, slots=True)
class Difference:
    """What a tool says and what we say of names and cases that fit these patterns, and why."""

    tool: str
    names: tuple[str, ...]
    cases: tuple[str, ...]
    theirs: str
    ours: str
    reason: str

    @property
    def where(self) -> str:
        return f"{', '.join(self.names)} ({', '.join(self.cases)})"

    def covers(self, tool: str, agreement: Agreement) -> bool:
        return (
            tool == self.tool
            and any(fnmatchcase(agreement.name, pattern) for pattern in self.names)
            and any(fnmatchcase(agreement.case, pattern) for pattern in self.cases)
            and fnmatchcase(agreement.theirs, self.theirs)
            and fnmatchcase(agreement.ours, self.ours)
        )


DIFFERENCES: Sequence[Difference] = (
    Difference(
        tool="openssl s_client",
        names=("mx.untrusted-ca.example", "mx.missing-intermediate.example"),
        cases=("2 0 0 of the root",),
        theirs="no TLSA record matches the certificate",
        ours="unable to get local issuer certificate",
        reason="Both refuse. The record holds the authority itself; we say what the way up to it "
        "lacks, OpenSSL that it was not reached.",
    ),
    Difference(
        tool="openssl s_client",
        names=("mx.self-signed.example",),
        cases=("2 0 0 of the root",),
        theirs="no TLSA record matches the certificate",
        ours="self signed certificate",
        reason="As above: both refuse.",
    ),
    Difference(
        tool="openssl s_client",
        names=("mx.dane-unusable.example",),
        cases=("its own records",),
        theirs="X509 error 20",
        ours="no usable record",
        reason="Neither authenticates. `s_client` knows no SMTP: it takes the record of usage 1 "
        "for one that asks for a public authority; in SMTP it is unusable (RFC 7672 s3.1.3).",
    ),
    Difference(
        tool="Unbound over Knot",
        names=("iterations-150",),
        cases=("*",),
        theirs="secure, *",
        ours="insecure, *",
        reason="NSEC3 with more than 100 iterations is insecure to us, with more than 150 to "
        "Unbound; both may draw the line (RFC 9276 s3.2).",
    ),
    Difference(
        tool="Unbound over Knot",
        names=("rsasha1",),
        cases=("*",),
        theirs="secure, *",
        ours="insecure, *",
        reason="Signatures with SHA-1 count for nothing here (RFC 9905); Debian's Unbound still "
        "takes them.",
    ),
    Difference(
        tool="Unbound over Knot",
        names=("*",),
        cases=("loop A",),
        theirs="no answer",
        ours="bogus",
        reason="Both fail. Aliases that lead in a circle have no end that could be validated; "
        "Unbound gives no answer even to who asks it not to check.",
    ),
    Difference(
        tool="postfix-mta-sts-resolver",
        names=("servfail.example", "dns-timeout.example", "domain.com"),
        cases=("as it is", "dns-servfail", "dns-timeout", "txt-servfail", "txt-timeout"),
        theirs="no policy",
        ours="no record",
        reason="The TXT look-up fails. Neither has a live policy; it does not tell that from a "
        "fetch that failed.",
    ),
    Difference(
        tool="checkdmarc",
        names=("domain.com",),
        cases=("policy-media-type", "policy-large", "policy-slow"),
        theirs="enforce; *",
        ours="no policy",
        reason="RFC 8461 s3.2 and s3.3: a body of another media type, of more than 64 KiB, or that "
        "takes longer than the fetch may, is no policy. checkdmarc reports to people: it warns of "
        "the first, sets no limit to the second, and counts the time to each octet anew.",
    ),
    Difference(
        tool="checkdmarc",
        names=("media-type.example", "large-policy.example", "slow-policy.example"),
        cases=("as it is",),
        theirs="enforce; *",
        ours="no policy",
        reason="As above.",
    ),
)
