"""The lines that `tlsverify` and `daneverify` print of one connection."""

from typing import TYPE_CHECKING

from seg_cli.policy.facts import Failed, TlsFacts
from seg_cli.printable import printable
from seg_cli.terms import Reason

if TYPE_CHECKING:
    from seg_cli.delivery.tls import Seen

CHECKING = "Checking TLS connection."


def unreached(address: str, port: int, failed: Failed) -> str:
    """Why nobody spoke SMTP at this address."""
    why = printable(failed.detail or failed.reason.value)
    return f"Failed to connect to {address} on port {port}: {why}."


def no_tls(seen: "Seen") -> str:
    """Why there is no TLS."""
    if seen.facts.refusal is Reason.STARTTLS_NOT_SUPPORTED:
        return "STARTTLS is not supported by the remote host."
    return f"TLS connection could not be established: {printable(seen.verdict.why)}."


def established(facts: TlsFacts) -> str:
    """Which TLS there is."""
    return f"TLS connection established: protocol {facts.protocol}, cipher {facts.cipher}."
