"""The six TLS settings of a destination: one table, read beside the menu of `destconfig`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum, auto
from types import MappingProxyType
from typing import Final

from seg_cli.terms import TlsMode


class Encryption(IntEnum):
    """How much a connection must be encrypted; the stricter of two is the greater."""

    NEVER = auto()
    OPPORTUNISTIC = auto()
    MANDATORY = auto()


class Conclusion(StrEnum):
    """What a connection is used for once TLS on it has been settled."""

    PROCEED_TLS = "mail goes over TLS"
    PROCEED_CLEAR = "mail goes in clear text on this connection"
    RECONNECT_CLEAR = "mail goes in clear text on a new connection"
    REFUSE = "no mail goes to this host"


class CheckKind(StrEnum):
    """The ways to hold a certificate against the names it should bear."""

    VERIFY = "Verify"
    VERIFY_HOSTED = "Verify Hosted Domains"
    MTA_STS = "MTA-STS"


@dataclass(frozen=True, slots=True)
class Check:
    """One verification of the certificate, and what follows where it fails."""

    kind: CheckKind
    on_failure: Conclusion = Conclusion.REFUSE


@dataclass(frozen=True, slots=True)
class TlsSetting:
    """What one setting asks of a connection.

    A failure before the 220 leaves clear text unless encryption is mandatory; what follows a
    handshake that failed behind the 220 has its own column, for the host then waits for TLS.
    """

    encryption: Encryption
    failed_handshake: Conclusion
    check: Check | None = None


_TABLE = {
    TlsMode.NO: TlsSetting(  # AOS-01
        Encryption.NEVER, Conclusion.REFUSE
    ),
    TlsMode.PREFERRED: TlsSetting(  # AOS-02
        Encryption.OPPORTUNISTIC, Conclusion.REFUSE
    ),
    TlsMode.REQUIRED: TlsSetting(  # AOS-03
        Encryption.MANDATORY, Conclusion.REFUSE
    ),
    TlsMode.PREFERRED_VERIFY: TlsSetting(  # AOS-04
        Encryption.OPPORTUNISTIC,
        Conclusion.RECONNECT_CLEAR,
        Check(CheckKind.VERIFY, Conclusion.PROCEED_TLS),
    ),
    TlsMode.REQUIRED_VERIFY: TlsSetting(  # AOS-05
        Encryption.MANDATORY, Conclusion.REFUSE, Check(CheckKind.VERIFY)
    ),
    TlsMode.REQUIRED_VERIFY_HOSTED: TlsSetting(  # AOS-06
        Encryption.MANDATORY, Conclusion.REFUSE, Check(CheckKind.VERIFY_HOSTED)
    ),
}

SETTINGS: Final[Mapping[TlsMode, TlsSetting]] = MappingProxyType(_TABLE)
