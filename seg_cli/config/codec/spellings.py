"""How one value is written and read: the words of enumerations, numbers in bounds, plain text."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from seg_cli.config.bounce_profiles import parse_notice_address
from seg_cli.errors import Invalid
from seg_cli.printable import printable
from seg_cli.terms import (
    DaneMode,
    IpSortPreference,
    LimitApply,
    LimitType,
    LogLevel,
    MtaStsSupport,
    TlsMode,
)

T = TypeVar("T")

_MOST_QUOTED = 60

_SENDER = "sender"
"""What stands for no alternate address: notices go to the sender."""


@dataclass(frozen=True, slots=True)
class Spelling(Generic[T]):
    """Both directions of one kind of value; `parse` raises Invalid with a sentence."""

    format: Callable[[T], str]
    parse: Callable[[str], T]


def quoted(text: str) -> str:
    """Text from outside in double quotes, printable and not too long, for a sentence."""
    shown = printable(text)
    return f'"{shown[:_MOST_QUOTED]}{"..." if len(shown) > _MOST_QUOTED else ""}"'


def words(table: Mapping[T, tuple[str, ...]]) -> Spelling[T]:
    """Each value by its words: the first is written, all are read in any case."""
    values = {word.lower(): value for value, known in table.items() for word in known}
    first = {value: known[0] for value, known in table.items()}

    def parse(text: str) -> T:
        try:
            return values[text.lower()]
        except KeyError:
            raise Invalid(f"{quoted(text)} is not one of {', '.join(first.values())}.") from None

    return Spelling(first.__getitem__, parse)


def number(lowest: int, highest: int) -> Spelling[int]:
    """Decimal digits and nothing else, within bounds."""
    digits = re.compile(r"[0-9]{1,12}", re.ASCII)

    def parse(text: str) -> int:
        if digits.fullmatch(text) and lowest <= int(text) <= highest:
            return int(text)
        raise Invalid(f"{quoted(text)} is not a number from {lowest} to {highest}.")

    return Spelling(str, parse)


def text(pattern: str, what: str) -> Spelling[str]:
    """Text of one shape, kept as it is; `what` names the shape in a sentence."""
    shape = re.compile(pattern, re.ASCII)

    def parse(given: str) -> str:
        if shape.fullmatch(given):
            return given
        raise Invalid(f"{quoted(given)} is not {what}.")

    return Spelling(str, parse)


def checked(check: Callable[[str], object]) -> Spelling[str]:
    """Text kept as it is once `check` has taken it without raising Invalid."""

    def parse(given: str) -> str:
        check(given)
        return given

    return Spelling(str, parse)


def _parse_address(given: str) -> str:
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        raise Invalid(f"{quoted(given)} is not an IP address.") from None


def _parse_notice_address(given: str) -> str:
    return "" if given == _SENDER else parse_notice_address(given)


def _parse_domain(given: str) -> str:
    domain = given.lower()
    if ":" in domain or _DIGITS_AND_PERIODS.fullmatch(domain):
        return _parse_address(domain)
    return domain[: domain.startswith(".")] + _parse_zone(domain.removeprefix("."))


def _parse_zone(given: str) -> str:
    name = given.lower().removesuffix(".")
    if len(name) > _LONGEST_DOMAIN or not _DOMAIN.fullmatch(name):
        raise Invalid(f"{quoted(given)} is not a domain.")
    return name


_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)*(?![0-9]+\Z){_LABEL}")
_LONGEST_DOMAIN = 253
_DIGITS_AND_PERIODS = re.compile(r"[0-9.]+")

ADDRESS = Spelling(str, _parse_address)
DOMAIN = Spelling(str, _parse_domain)
ZONE = Spelling(str, _parse_zone)
HOST_NAME = text(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*", "a host name")
TIME_ZONE = text(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*", "a time zone")
# Of both a file or folder is made, and a file system takes 255 octets and a time stamp is added.
NAME = text(r"(?!.{201})[A-Za-z0-9_](?:[A-Za-z0-9_. -]*[A-Za-z0-9_-])?", "a name")
FILE_NAME = text(r"(?!.{201})[A-Za-z0-9_-][A-Za-z0-9_.-]*", "a file name")
PROFILE_NAME = text(r"[A-Za-z_][A-Za-z0-9_-]*", "the name of a bounce profile")
NOTICE_ADDRESS = Spelling(lambda address: address or _SENDER, _parse_notice_address)

ON_OFF = words({False: ("off", "0"), True: ("on", "1")})
TLS = words(
    {
        TlsMode.NO: ("off", "0"),
        TlsMode.PREFERRED: ("on", "1"),
        TlsMode.REQUIRED: ("require", "required", "2"),
        TlsMode.PREFERRED_VERIFY: ("on_verify", "3"),
        TlsMode.REQUIRED_VERIFY: ("require_verify", "4"),
        TlsMode.REQUIRED_VERIFY_HOSTED: ("require_verify_hosted", "5"),
    }
)
DANE = words(
    {
        DaneMode.NONE: ("none", "0"),
        DaneMode.OPPORTUNISTIC: ("opportunistic", "1"),
        DaneMode.MANDATORY: ("mandatory", "2"),
    }
)
MTA_STS = words({MtaStsSupport.OFF: ("off", "0"), MtaStsSupport.ON: ("on", "1")})
LIMIT_TYPE = words({LimitType.HOST: ("host", "0"), LimitType.MX_IP: ("MXIP", "1")})
LIMIT_APPLY = words({LimitApply.SYSTEM: ("system", "0"), LimitApply.VIRTUAL_GATEWAY: ("VG", "1")})
IP_SORT = words({preference: (preference.name,) for preference in IpSortPreference})
LOG_LEVEL = words(
    {
        LogLevel.CRITICAL: ("critical",),
        LogLevel.WARNING: ("warning",),
        LogLevel.INFO: ("info", "information"),
        LogLevel.DEBUG: ("debug",),
        LogLevel.TRACE: ("trace",),
    }
)
