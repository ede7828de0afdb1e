"""Whether a host is written as an address or as a name; every room asks this one question."""

import ipaddress


def is_address(host: str) -> bool:
    """Whether the text is an IPv4 or IPv6 address, without brackets."""
    if ":" not in host and not host[-1:].isdigit():  # no address ends so; this is the usual case
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
