"""Names of services (RFC 6125): one that is presented, held against the one that was meant.

A certificate or an MTA-STS policy *presents* identifiers, perhaps with a wildcard; the
*reference* identifier is the host name that the client set out to reach. Both are compared as
A-labels, ASCII only: `str.lower()` turns U+212A KELVIN SIGN into a plain k, so the alphabet is
checked before the case is folded.
"""

import re

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
    host = host.removesuffix(".")
    if not pattern.isascii() or _REFERENCE.fullmatch(host) is None or _is_ipv4(host):
        return False
    presented, reference = pattern.lower(), host.lower()
    if presented.startswith("*."):
        _, dot, parent = reference.partition(".")
        return dot == "." and presented[2:] == parent
    return presented == reference


def _is_ipv4(host: str) -> bool:
    """No top-level domain is all digits, so such a name is an address (RFC 1123 s2.1)."""
    return host.rpartition(".")[2].isdigit()
