"""Facts: what was seen outside, as values the other files of this room judge.

A look-up is one of three things, and every caller treats them apart: `Found`, `Absent` (the
question was answered: there is none) and `Failed` (the question was not answered).
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from seg_cli.terms import Reason, Security

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Found(Generic[T_co]):
    """The answer, with its DNSSEC status (insecure for anything that is not DNS)."""

    value: T_co
    security: Security = Security.INSECURE


@dataclass(frozen=True, slots=True)
class Absent:
    """A full answer that says there is none; `reason` tells NXDOMAIN from an empty answer."""

    reason: Reason
    security: Security = Security.INSECURE


@dataclass(frozen=True, slots=True)
class Failed:
    """No answer; `detail` is what the network said, `temporary` whether asking again may help."""

    reason: Reason
    temporary: bool = True
    detail: str = ""


Lookup = Found[T_co] | Absent | Failed


@dataclass(frozen=True, slots=True, order=True)
class MxHost:
    """One mail exchanger of a domain; the lower preference is tried first (RFC 5321 s5.1)."""

    preference: int
    name: str


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What a mail host showed of TLS on one connection; a handshake that failed is also facts.

    `refusal` is None when the handshake succeeded, else why there is no TLS. `behind_220` tells
    whether the host had already answered 220 to STARTTLS, after which it will not return to
    clear text (AOS-02); `lost`, whether the connection ended before that. `chain` holds DER
    certificates, leaf first, as the host sent them.
    """

    refusal: Reason | None = None
    behind_220: bool = True
    lost: bool = False
    detail: str = ""
    protocol: str = ""
    cipher: str = ""
    chain: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class HostNames:
    """The names a certificate may be held against on one connection.

    domain: the recipient domain. mx: the MX host that was dialled. mx_hosts: every MX host of
    the domain. route_hosts: the hosts of the SMTP route, if one exists. ptr: the names that the
    connected address reverses to.
    """

    domain: str
    mx: str
    mx_hosts: tuple[str, ...] = ()
    route_hosts: tuple[str, ...] = ()
    ptr: tuple[str, ...] = ()
