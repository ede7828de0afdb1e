"""The six TLS settings of destconfig as one table, to be read beside the menu (AOS-01…06)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from types import MappingProxyType

from seg_cli.terms import TlsMode


class Encryption(Enum):
    """Whether TLS is used."""

    NEVER = auto()
    OPPORTUNISTIC = auto()
    MANDATORY = auto()


class TlsVersion(StrEnum):
    """Versions of the protocol as the log names them, the oldest first."""

    SSL_3 = "SSLv3"
    TLS_1_0 = "TLSv1"
    TLS_1_1 = "TLSv1.1"
    TLS_1_2 = "TLSv1.2"
    TLS_1_3 = "TLSv1.3"

    def admits(self, protocol: str) -> bool:
        """Whether a protocol is this version or a newer one; one without a name here is not."""
        versions = list(TlsVersion)
        return protocol in versions[versions.index(self) :]


class CheckKind(Enum):
    """A check of the mail host's certificate."""

    VERIFY = auto()
    VERIFY_HOSTED = auto()
    MTA_STS = auto()
    DANE = auto()


class AfterHandshake(Enum):
    """What follows on a handshake that failed behind the 220 of a host."""

    HOLD = auto()
    """No delivery on this host now."""

    CLEAR_TEXT = auto()
    """A new connection, in clear text."""


class Unverified(Enum):
    """What follows on a certificate that fails the setting's own check."""

    HOLD = auto()
    DELIVER = auto()


@dataclass(frozen=True, slots=True)
class TlsSetting:
    """One line of the table."""

    encryption: Encryption
    check: CheckKind | None = None
    unverified: Unverified = Unverified.HOLD
    failed_handshake: AfterHandshake = AfterHandshake.HOLD


TLS_SETTINGS: Mapping[TlsMode, TlsSetting] = MappingProxyType(
    {
        # 1. No
        TlsMode.NO: TlsSetting(Encryption.NEVER),
        # 2. Preferred: once the host has said 220, never back to clear text
        TlsMode.PREFERRED: TlsSetting(Encryption.OPPORTUNISTIC),
        # 3. Required
        TlsMode.REQUIRED: TlsSetting(Encryption.MANDATORY),
        # 4. Preferred - Verify: verified, unverified and clear text all deliver
        TlsMode.PREFERRED_VERIFY: TlsSetting(
            Encryption.OPPORTUNISTIC,
            CheckKind.VERIFY,
            Unverified.DELIVER,
            AfterHandshake.CLEAR_TEXT,
        ),
        # 5. Required - Verify
        TlsMode.REQUIRED_VERIFY: TlsSetting(Encryption.MANDATORY, CheckKind.VERIFY),
        # 6. Required - Verify Hosted Domains
        TlsMode.REQUIRED_VERIFY_HOSTED: TlsSetting(Encryption.MANDATORY, CheckKind.VERIFY_HOSTED),
    }
)
