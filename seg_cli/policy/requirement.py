"""The requirement: what one mail host must show before mail may go to it."""

from dataclasses import dataclass, replace
from typing import assert_never, overload

from seg_cli.policy.dane import Floor, Forbids, GoesOn, MustMatch, TlsaFacts, UsableTlsa, under_dane
from seg_cli.policy.precedence import Applies, Governance, Skipped
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
from seg_cli.terms import PolicyMode, Reason


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Nobody asked: for a policy, since MTA-STS does not apply or it is not its turn yet; for
    TLSA records, since DANE does not apply."""


NOT_ASKED = NotAsked()


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
    (setting 4): only the log shows it. `tlsa` are the records that the check DANE is about.
    """

    encryption: Encryption
    minimum_version: TlsVersion = TlsVersion.TLS_1_2
    checks: tuple[CheckKind, ...] = ()
    tried: CheckKind | None = None
    failed_handshake: AfterHandshake = AfterHandshake.HOLD
    reasons: tuple[Reason, ...] = ()
    tlsa: UsableTlsa | None = None

    def server_name(self, host: str) -> str:
        """The name to ask a mail host for in SNI: its own (STS-52), or the base domain of the TLSA
        records (DANE-29)."""
        return host if self.tlsa is None else self.tlsa.host.base_domain


@dataclass(frozen=True, slots=True)
class Refusal:
    """The host is not to be connected to."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class NeedsPolicy:
    """DANE does not decide about this host and MTA-STS applies: look for a policy, ask again."""


@overload
def demand(
    governance: Governance, host: str, sts: Sts, tlsa: NotAsked = ...
) -> TlsRequirement | Refusal: ...


@overload
def demand(
    governance: Governance, host: str, sts: Sts, tlsa: NotAsked | TlsaFacts
) -> TlsRequirement | Refusal | NeedsPolicy: ...


def demand(
    governance: Governance, host: str, sts: Sts, tlsa: NotAsked | TlsaFacts = NOT_ASKED
) -> TlsRequirement | Refusal | NeedsPolicy:
    """What this host must show, or why it may not be used at all.

    Where DANE applies it comes first, with what is known of the host's TLSA records, and a policy
    is looked for only if it is needed. Where it does not, a policy has been looked for before the
    host was known. Facts about a mechanism that is skipped are ignored.
    """
    if isinstance(governance.dane, Skipped):
        return without_dane(governance, host, sts)
    if isinstance(tlsa, NotAsked):
        return Refusal(Reason.DNSSEC_INVALID)  # nobody knows, as after a look-up that failed
    course = under_dane(governance.dane_mode, tlsa)
    match course:
        case MustMatch(usable):
            return authenticated(governance, usable)
        case GoesOn():
            return past_dane(governance, host, sts, course)
        case Forbids(reason):
            return Refusal(reason)
        case _:
            assert_never(course)


def without_dane(governance: Governance, host: str, sts: Sts) -> TlsRequirement | Refusal:
    """An enforced policy or the TLS setting decides."""
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


def authenticated(governance: Governance, tlsa: UsableTlsa) -> TlsRequirement:
    """TLS and a certificate that matches the records, whatever the TLS setting: success of DANE
    ends the list of checks (AOS-21, DANE-01), and there is no clear text (DANE-13)."""
    skips = isinstance(governance.mta_sts, Applies)
    return TlsRequirement(
        Encryption.MANDATORY,
        checks=(CheckKind.DANE,),
        reasons=(Reason.MTA_STS_DANE,) if skips else (),
        tlsa=tlsa,
    )


def past_dane(
    governance: Governance, host: str, sts: Sts, on: GoesOn
) -> TlsRequirement | Refusal | NeedsPolicy:
    """What is demanded without DANE, and not less than DANE leaves room for (DANE-12)."""
    if isinstance(sts, NotAsked) and isinstance(governance.mta_sts, Applies):
        return NeedsPolicy()
    requirement = without_dane(governance, host, sts)
    if isinstance(requirement, Refusal):
        return requirement
    encryption = Encryption.MANDATORY if on.floor is Floor.TLS else requirement.encryption
    return replace(requirement, encryption=encryption, reasons=(on.reason, *requirement.reasons))


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
