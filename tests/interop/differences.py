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
    case: str
    theirs: str
    ours: str
    reason: str

    def covers(self, tool: str, agreement: Agreement) -> bool:
        return (
            tool == self.tool
            and any(fnmatchcase(agreement.name, pattern) for pattern in self.names)
            and fnmatchcase(agreement.case, self.case)
            and fnmatchcase(agreement.theirs, self.theirs)
            and fnmatchcase(agreement.ours, self.ours)
        )


DIFFERENCES: Sequence[Difference] = (
    Difference(
        tool="openssl s_client",
        names=("mx.untrusted-ca.example", "mx.missing-intermediate.example"),
        case="2 0 0 of the root",
        theirs="no TLSA record matches the certificate",
        ours="unable to get local issuer certificate",
        reason="Both refuse. The record holds the authority itself; we say what the way up to it "
        "lacks, OpenSSL that it was not reached.",
    ),
    Difference(
        tool="openssl s_client",
        names=("mx.self-signed.example",),
        case="2 0 0 of the root",
        theirs="no TLSA record matches the certificate",
        ours="self signed certificate",
        reason="As above: both refuse.",
    ),
    Difference(
        tool="openssl s_client",
        names=("mx.dane-unusable.example",),
        case="its own records",
        theirs="X509 error 20",
        ours="no usable record",
        reason="Neither authenticates. `s_client` knows no SMTP: it takes the record of usage 1 "
        "for one that asks for a public authority; in SMTP it is unusable (RFC 7672 s3.1.3).",
    ),
    Difference(
        tool="Unbound over Knot",
        names=("iterations-150",),
        case="*",
        theirs="secure, *",
        ours="insecure, *",
        reason="NSEC3 with more than 100 iterations is insecure to us, with more than 150 to "
        "Unbound; both may draw the line (RFC 9276 s3.2).",
    ),
    Difference(
        tool="Unbound over Knot",
        names=("rsasha1",),
        case="*",
        theirs="secure, *",
        ours="insecure, *",
        reason="Signatures with SHA-1 count for nothing here (RFC 9905); Debian's Unbound still "
        "takes them.",
    ),
    Difference(
        tool="Unbound over Knot",
        names=("*",),
        case="loop A",
        theirs="no answer",
        ours="bogus",
        reason="Both fail. Aliases that lead in a circle have no end that could be validated; "
        "Unbound gives no answer even to who asks it not to check.",
    ),
)
