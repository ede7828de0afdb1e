"""The requirement: what one mail host must show before mail may go to it."""

from dataclasses import dataclass
from typing import assert_never

from seg_cli.policy.precedence import Governance, Skipped
from seg_cli.policy.tls_settings import (
    TLS_SETTINGS,
    AfterHandshake,
    CheckKind,
    Encryption,
    TlsSetting,
    TlsVersion,
    Unverified,
)
from seg_cli.standards.mta_sts import Policy
from seg_cli.terms import DaneMode, PolicyMode, Reason


@dataclass(frozen=True, slots=True)
class NotAsked:
    """MTA-STS does not apply, so nobody asked for a policy."""


@dataclass(frozen=True, slots=True)
class NoPolicy:
    """There is no policy in force (STS-06, STS-44)."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class InForce:
    """The domain's policy, live or cached."""

    policy: Policy


Sts = NotAsked | NoPolicy | InForce


@dataclass(frozen=True, slots=True)
class TlsRequirement:
    """What a connection must show.

    TLS of at least `minimum_version` (TLS-08, STS-52): an older one counts as no TLS. All of
    `checks` must pass (AOS-27). `tried` is a check whose failure does not hold the mail
    (setting 4): only the log shows it.
    """

    encryption: Encryption
    minimum_version: TlsVersion = TlsVersion.TLS_1_2
    checks: tuple[CheckKind, ...] = ()
    tried: CheckKind | None = None
    failed_handshake: AfterHandshake = AfterHandshake.HOLD
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """The host is not to be connected to."""

    reason: Reason


def demand(governance: Governance, host: str, sts: Sts) -> TlsRequirement | Refusal:
    """What this host must show, or why it may not be used at all.

    A policy counts only where MTA-STS may apply: `sts` of a destination that skips it is ignored.
    """
    if held_for_dane(governance):
        return Refusal(Reason.DANE_UNAVAILABLE)
    setting = TLS_SETTINGS[governance.tls]
    if isinstance(governance.mta_sts, Skipped):
        return by_setting(setting, governance.mta_sts.reason)
    match sts:
        case InForce(policy):
            return under_policy(setting, policy, host)
        case NoPolicy(reason):
            return by_setting(setting, reason)
        case NotAsked():
            return by_setting(setting)
        case _:
            assert_never(sts)


def under_policy(setting: TlsSetting, policy: Policy, host: str) -> TlsRequirement | Refusal:
    """An enforced policy names the hosts that may be used (STS-53); others change nothing."""
    match policy.mode:
        case PolicyMode.ENFORCE if policy.lists(host):
            return enforced(setting)
        case PolicyMode.ENFORCE:
            return Refusal(Reason.STS_MX_NOT_LISTED)
        case PolicyMode.TESTING if not policy.lists(host):
            return by_setting(setting, Reason.STS_TESTING, Reason.STS_MX_NOT_LISTED)
        case PolicyMode.TESTING:
            return by_setting(setting, Reason.STS_TESTING)
        case PolicyMode.NONE:
            return by_setting(setting, Reason.STS_NONE)
        case _:
            assert_never(policy.mode)


def held_for_dane(governance: Governance) -> bool:
    """DANE Mandatory holds the mail while DANE cannot be done (AOS-22)."""
    unavailable = governance.dane == Skipped(Reason.DANE_UNAVAILABLE)
    return unavailable and governance.dane_mode is DaneMode.MANDATORY


def enforced(setting: TlsSetting) -> TlsRequirement:
    """TLS and a certificate for the MX host, whatever the TLS setting (AOS-24); the verification
    of settings 5 and 6 applies as well (AOS-27)."""
    own = (setting.check,) if setting.check and setting.unverified is Unverified.HOLD else ()
    return TlsRequirement(Encryption.MANDATORY, checks=(CheckKind.MTA_STS, *own))


def by_setting(setting: TlsSetting, *reasons: Reason) -> TlsRequirement:
    """The TLS setting decides (AOS-25, AOS-26)."""
    holding = setting.unverified is Unverified.HOLD
    checks = (setting.check,) if setting.check and holding else ()
    tried = None if holding else setting.check
    return TlsRequirement(
        setting.encryption,
        checks=checks,
        tried=tried,
        failed_handshake=setting.failed_handshake,
        reasons=reasons,
    )
