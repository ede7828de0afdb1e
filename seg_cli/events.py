"""What happened: facts only, past tense, in the order of a message's life.

The engine emits these and never formats text; logs/mail_logs.py words each one, exactly once.
"""

from dataclasses import dataclass
from datetime import datetime

from seg_cli.terms import DaneMode, Dcid, Icid, Mid, PolicyMode, Reason, Rid, Security


class Event:
    """Something that happened in the engine; subclasses are frozen and hold only values."""

    __slots__ = ()


# Injection


@dataclass(frozen=True, slots=True)
class InjectionOpened(Event):
    icid: Icid
    interface: str
    interface_ip: str
    address: str
    reverse_dns: str
    verified: bool


@dataclass(frozen=True, slots=True)
class SenderGroupMatched(Event):
    icid: Icid
    action: str
    group: str
    match: str
    score: str


@dataclass(frozen=True, slots=True)
class InjectionTls(Event):
    icid: Icid
    protocol: str
    cipher: str


@dataclass(frozen=True, slots=True)
class InjectionTlsFailed(Event):
    icid: Icid
    why: str


@dataclass(frozen=True, slots=True)
class MessageStarted(Event):
    mid: Mid
    icid: Icid


@dataclass(frozen=True, slots=True)
class SenderGiven(Event):
    mid: Mid
    icid: Icid
    sender: str


@dataclass(frozen=True, slots=True)
class RecipientGiven(Event):
    mid: Mid
    icid: Icid
    rid: Rid
    recipient: str


@dataclass(frozen=True, slots=True)
class MessageIdRead(Event):
    mid: Mid
    message_id: str


@dataclass(frozen=True, slots=True)
class SubjectRead(Event):
    mid: Mid
    subject: str


@dataclass(frozen=True, slots=True)
class MessageReady(Event):
    mid: Mid
    size: int
    sender: str


@dataclass(frozen=True, slots=True)
class MailPolicyMatched(Event):
    mid: Mid
    policy: str
    table: str


@dataclass(frozen=True, slots=True)
class MessageQueued(Event):
    mid: Mid


@dataclass(frozen=True, slots=True)
class MessageAborted(Event):
    mid: Mid
    reason: str


@dataclass(frozen=True, slots=True)
class AbortedMessageFinished(Event):
    mid: Mid


@dataclass(frozen=True, slots=True)
class InjectionLost(Event):
    icid: Icid


@dataclass(frozen=True, slots=True)
class InjectionClosed(Event):
    icid: Icid


# DNS


@dataclass(frozen=True, slots=True)
class DnsAsked(Event):
    """A question, before the cache is looked at."""

    name: str
    rdtype: str


@dataclass(frozen=True, slots=True)
class DnsServerChosen(Event):
    """The cache had no answer: a configured resolver is asked; `priority` is its own."""

    name: str
    rdtype: str
    priority: int


@dataclass(frozen=True, slots=True)
class DnsAlternateChosen(Event):
    """The cache had no answer: the alternate server of the name's domain is asked."""

    name: str
    rdtype: str
    host: str


@dataclass(frozen=True, slots=True)
class DnsPacketSent(Event):
    name: str
    rdtype: str
    server: str
    timeout: int


@dataclass(frozen=True, slots=True)
class DnsEncached(Event):
    """An answer was kept; `records` are as the log shows them, or one of NXDOMAIN and NODATA."""

    name: str
    rdtype: str
    expiry_ticks: int
    security: Security
    records: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class DnssecAnswered(Event):
    """The status of an answer was worked out; it is good for `ttl` seconds."""

    records: tuple[object, ...]
    security: Security
    ttl: int


@dataclass(frozen=True, slots=True)
class DnsHardFailed(Event):
    name: str
    rdtype: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class DnsSoftFailed(Event):
    name: str
    rdtype: str
    server: str
    reason: Reason


# MTA-STS


@dataclass(frozen=True, slots=True)
class MtaStsTxtFetched(Event):
    domain: str


@dataclass(frozen=True, slots=True)
class MtaStsTxtUnusable(Event):
    """There is no usable record (RFC 8461 s3.1): none, several, or one that breaks the grammar."""

    domain: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class MtaStsCachedPolicyFound(Event):
    domain: str


@dataclass(frozen=True, slots=True)
class MtaStsFetchStarted(Event):
    domain: str


@dataclass(frozen=True, slots=True)
class MtaStsFetchViaProxy(Event):
    domain: str


@dataclass(frozen=True, slots=True)
class MtaStsFetchFailed(Event):
    domain: str
    cause: str


@dataclass(frozen=True, slots=True)
class MtaStsPolicyError(Event):
    """No policy could be had: fetching failed or the body is not a policy."""

    domain: str


@dataclass(frozen=True, slots=True)
class MtaStsFetchPutOff(Event):
    """A fetch for the same id failed a short while ago: there is none before `until`."""

    domain: str
    until: datetime


@dataclass(frozen=True, slots=True)
class MtaStsRefreshFailing(Event):
    """A policy that is cached `until` then could not be fetched anew, so many times in a row."""

    domain: str
    times: int
    until: datetime


@dataclass(frozen=True, slots=True)
class MtaStsPolicyApplied(Event):
    domain: str


@dataclass(frozen=True, slots=True)
class MtaStsNotEnforced(Event):
    """The policy in force is in testing mode or says none: the TLS setting decides (AOS-26)."""

    domain: str
    mode: PolicyMode


@dataclass(frozen=True, slots=True)
class MtaStsTestPassed(Event):
    """Under a policy in testing mode: enforcing it would not have changed anything."""

    domain: str
    host: str


@dataclass(frozen=True, slots=True)
class MtaStsTestFailed(Event):
    """Under a policy in testing mode: what would have kept the mail from this host."""

    domain: str
    host: str
    why: str


@dataclass(frozen=True, slots=True)
class MtaStsHostSkipped(Event):
    """An MX host that the enforced policy does not list; it is not connected to."""

    domain: str
    host: str


@dataclass(frozen=True, slots=True)
class MtaStsPolicyPassed(Event):
    domain: str


# DANE


@dataclass(frozen=True, slots=True)
class DaneTried(Event):
    """DANE applies to a destination: its look-ups begin."""

    domain: str
    mode: DaneMode


@dataclass(frozen=True, slots=True)
class DaneMxSeen(Event):
    """One MX record and its status; no name where the look-up failed (BOGUS)."""

    domain: str
    host: str
    security: Security


@dataclass(frozen=True, slots=True)
class DaneAddressSeen(Event):
    """One address of a mail host and its status; none where the look-up failed (BOGUS)."""

    domain: str
    host: str
    rdtype: str
    address: str
    security: Security


@dataclass(frozen=True, slots=True)
class DaneTlsaSeen(Event):
    """A mail host has TLSA records, of this status; BOGUS also where the look-up failed."""

    domain: str
    host: str
    security: Security


@dataclass(frozen=True, slots=True)
class DaneTlsaMissing(Event):
    domain: str
    host: str


@dataclass(frozen=True, slots=True)
class DaneHostLeft(Event):
    """A mail host may not be used; there are others."""

    domain: str


@dataclass(frozen=True, slots=True)
class DaneFellBack(Event):
    """Opportunistic DANE has nothing to go by: MTA-STS or the TLS setting decides."""

    domain: str


@dataclass(frozen=True, slots=True)
class DaneHeld(Event):
    """Mandatory DANE keeps the mail from every mail host."""

    domain: str


@dataclass(frozen=True, slots=True)
class DaneCertificateMatched(Event):
    """A TLSA record matches what the mail host showed."""

    dcid: Dcid


@dataclass(frozen=True, slots=True)
class DaneCertificateRefused(Event):
    """No TLSA record matches what the mail host showed."""

    dcid: Dcid


@dataclass(frozen=True, slots=True)
class DaneSucceeded(Event):
    """A mail host of a secure destination is authenticated, so MTA-STS is not asked."""

    domain: str


# Connection and TLS


@dataclass(frozen=True, slots=True)
class ConnectionOpened(Event):
    """An attempt to connect begins: every attempt has a DCID, a failing one too."""

    dcid: Dcid
    interface: str
    address: str
    port: int


@dataclass(frozen=True, slots=True)
class ConnectionFailed(Event):
    dcid: Dcid
    domain: str
    address: str
    port: int
    details: str
    interface: str
    reason: str


@dataclass(frozen=True, slots=True)
class StarttlsNotSupported(Event):
    dcid: Dcid


@dataclass(frozen=True, slots=True)
class TlsFailed(Event):
    dcid: Dcid
    why: str


@dataclass(frozen=True, slots=True)
class TlsEstablished(Event):
    """TLS is up and every check that must pass did.

    `peer` is the verified name, `domain` that of a destination secured by DANE; or empty.
    """

    dcid: Dcid
    protocol: str
    cipher: str
    peer: str
    domain: str = ""


@dataclass(frozen=True, slots=True)
class TlsVerifyFailed(Event):
    dcid: Dcid
    why: str


@dataclass(frozen=True, slots=True)
class TlsRequiredFailed(Event):
    dcid: Dcid


@dataclass(frozen=True, slots=True)
class ConnectionClosed(Event):
    dcid: Dcid


# Delivery


@dataclass(frozen=True, slots=True)
class DeliveryWithheld(Event):
    """The emulator may not dial a mail host of the domain; no appliance says this."""

    mid: Mid
    rids: tuple[Rid, ...]
    domain: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class DeliveryStarted(Event):
    dcid: Dcid
    mid: Mid
    rids: tuple[Rid, ...]


@dataclass(frozen=True, slots=True)
class DeliveryClientExited(Event):
    """More deliveries were under way than a new configuration allows."""

    dcid: Dcid


@dataclass(frozen=True, slots=True)
class DeliveryDoubtful(Event):
    """The connection died after the final dot: the peer may have taken the message."""

    dcid: Dcid
    mid: Mid
    rids: tuple[Rid, ...]


@dataclass(frozen=True, slots=True)
class RecipientsDelivered(Event):
    dcid: Dcid
    mid: Mid
    rids: tuple[Rid, ...]


@dataclass(frozen=True, slots=True)
class ResponseReceived(Event):
    mid: Mid
    rids: tuple[Rid, ...]
    text: str


@dataclass(frozen=True, slots=True)
class RecipientBounced(Event):
    """A hard bounce; `code` is '000' and `lines` the local cause where no SMTP reply exists."""

    dcid: Dcid
    mid: Mid
    rid: Rid
    status: str
    cause: str
    code: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoubleBounced(Event):
    """A hard bounce of a message from the null sender; fields as of RecipientBounced."""

    mid: Mid
    rid: Rid
    status: str
    cause: str
    code: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BounceGenerated(Event):
    """A message was made that tells of the bounce of another."""

    mid: Mid
    bounced: Mid


@dataclass(frozen=True, slots=True)
class DelayWarningGenerated(Event):
    """A message was made that tells of the delay of another."""

    mid: Mid
    delayed: Mid


@dataclass(frozen=True, slots=True)
class RecipientDelayed(Event):
    """A soft bounce; `code` is '000' and `lines` the local cause where no SMTP reply exists."""

    dcid: Dcid
    mid: Mid
    rid: Rid
    status: str
    cause: str
    code: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecipientsDeleted(Event):
    """An operator took these recipients out of the queue; nobody is told."""

    mid: Mid
    rids: tuple[Rid, ...]


@dataclass(frozen=True, slots=True)
class RetryScheduled(Event):
    mid: Mid
    rids: tuple[Rid, ...]
    due: datetime


@dataclass(frozen=True, slots=True)
class MessageFinished(Event):
    mid: Mid
