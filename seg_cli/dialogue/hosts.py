"""Names and addresses of hosts as an operator types them, and the sentences that refuse them."""

import ipaddress
import re
from enum import Enum, auto

from seg_cli.errors import Invalid


class HostForm(Enum):
    """What a question about a host takes."""

    HOSTNAME = auto()
    """`mail.example.com`."""

    PARTIAL = auto()
    """`.example.com`, which stands for every name below it."""

    DNS_NAME = auto()
    """`_mta-sts.example.com`: labels that begin with an underscore (RFC 8552)."""

    ADDRESS = auto()
    """An IPv4 or IPv6 address."""


HOSTNAME_RULES = """\
A hostname is a string that must match the following rules:
- A label is a set of letters, numbers and dashes.
- The first and last character of a label must be a letter or a number.
- A label holds at most 63 characters.
- Labels are separated by a period; the whole name holds at most 253 characters."""

ADDRESS_RULE = (
    "The IP address must be 4 numbers separated by periods. "
    "Each number must be a value from 0 to 255. (Ex: 192.168.1.1)"
)
NOT_AN_ADDRESS = "Invalid IP or IP range."

LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
UNDERSCORED_LABEL = re.compile(r"_?[a-z0-9](?:[a-z0-9_-]{0,60}[a-z0-9])?")
DIGITS_AND_PERIODS = re.compile(r"[0-9.]*[0-9][0-9.]*")


def parse_host(text: str, forms: frozenset[HostForm]) -> str:
    """The host as the appliance keeps it: lower-case A-labels, or the shortest form of an address.

    Raises Invalid with the appliance's sentence when the text is none of `forms`.
    """
    if ":" in text and HostForm.ADDRESS in forms:
        return _parse_address(text, NOT_AN_ADDRESS)
    if DIGITS_AND_PERIODS.fullmatch(text) and HostForm.ADDRESS in forms:
        return _parse_address(text, ADDRESS_RULE)
    if text.startswith(".") and HostForm.PARTIAL in forms:
        return "." + _parse_name(text[1:], LABEL)
    return _parse_name(text, UNDERSCORED_LABEL if HostForm.DNS_NAME in forms else LABEL)


def _parse_address(text: str, sentence: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise Invalid(sentence) from None


def _parse_name(text: str, label: re.Pattern[str]) -> str:
    name = (text.lower() if text.isascii() else _to_a_labels(text)).removesuffix(".")
    labels = name.split(".")
    all_fit = all(label.fullmatch(part) for part in labels)
    if len(name) > 253 or not all_fit or labels[-1].isdigit():
        raise Invalid(HOSTNAME_RULES)
    return name


def _to_a_labels(text: str) -> str:
    """A name with letters beyond ASCII as A-labels (RFC 5891, mapped as UTS 46 says)."""
    import idna  # noqa: PLC0415 - its tables are large, and few names need them

    try:
        return idna.encode(text, uts46=True).decode("ascii").lower()
    except UnicodeError:
        raise Invalid(HOSTNAME_RULES) from None
