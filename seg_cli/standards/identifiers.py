"""Names of services (RFC 6125): one that is presented, held against the one that was meant.

A certificate or an MTA-STS policy *presents* identifiers, perhaps with a wildcard; the
*reference* identifier is the host name that the client set out to reach. Both are compared as
A-labels, ASCII only: `str.lower()` turns U+212A KELVIN SIGN into a plain k, so the alphabet is
checked before the case is folded.
"""

import re
from collections.abc import Iterable

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_REFERENCE = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")  # names in use have underscores
_MAX_NAME = 253


def is_host_name(text: str) -> bool:
    """Whether the text is a host name in A-labels, without a trailing dot (RFC 5321 s4.1.2,
    Domain; lengths from RFC 1035 s2.3.4). Digits alone fit, so `192.0.2.1` is one by form."""
    return len(text) <= _MAX_NAME and _HOST_NAME.fullmatch(text) is not None


def matches_dns_id(pattern: str, host: str) -> bool:
    """Whether a presented DNS-ID names the host: equal but for case, or `*` for one label.

    `*` counts only as the whole leftmost label and stands for exactly one. The host may end in
    the dot of the root. An IP address is no DNS name and matches nothing; the same holds for
    anything that is not in A-labels. Source: RFC 6125 s6.4, narrowed by RFC 8461 s4.1, s4.2.
    """
    return Presented((pattern,)).names(host)


class Presented:
    """A set of presented identifiers, ready to be held against many hosts by the same rule."""

    __slots__ = ("_exact", "_parents")

    def __init__(self, patterns: Iterable[str]) -> None:
        presented = [pattern.lower() for pattern in patterns if pattern.isascii()]
        self._exact = frozenset(presented)  # no host has a `*`: a wildcard matches nothing here
        self._parents = frozenset(name[2:] for name in presented if name.startswith("*."))

    def names(self, host: str) -> bool:
        """Whether one of them names the host."""
        host = host.removesuffix(".")
        if _REFERENCE.fullmatch(host) is None or _is_ipv4(host):
            return False
        reference = host.lower()
        _, dot, parent = reference.partition(".")
        return reference in self._exact or (dot == "." and parent in self._parents)


def _is_ipv4(host: str) -> bool:
    """No top-level domain is all digits, so such a name is an address (RFC 1123 s2.1)."""
    return host.rpartition(".")[2].isdigit()
