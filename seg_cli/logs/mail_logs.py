"""mail_logs: the wording of every line, in the order of a message's life, and its only formatter.

`sourced` wording stands word for word in a public text and is fixed; `derived` is put together
from sourced parts; `recalled` and `inferred` wording may be corrected here by a real capture;
`own` wording is the emulator's: no appliance has such a line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from seg_cli import events as e
from seg_cli.events import Event
from seg_cli.logs.bus import Stamped
from seg_cli.logs.forms import FORMS
from seg_cli.logs.header import stamp
from seg_cli.logs.subscriptions import LogFiles
from seg_cli.logs.templates import Spell, compile_template
from seg_cli.terms import LogLevel


class Status(StrEnum):
    """How sure a wording is."""

    SOURCED = "sourced"
    DERIVED = "derived"
    RECALLED = "recalled"
    INFERRED = "inferred"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Wording:
    """One kind of line: its level, its text with the event's fields in braces, how sure it is.

    A name in braces is a field of the event, or one of FORMS: a value spelled from the event.
    """

    level: LogLevel
    template: str
    status: Status


def info(template: str, status: Status = Status.SOURCED) -> Wording:
    return Wording(LogLevel.INFO, template, status)


def warning(template: str, status: Status = Status.SOURCED) -> Wording:
    return Wording(LogLevel.WARNING, template, status)


def debug(template: str, status: Status = Status.SOURCED) -> Wording:
    return Wording(LogLevel.DEBUG, template, status)


DERIVED, INFERRED, RECALLED = Status.DERIVED, Status.INFERRED, Status.RECALLED
OWN = Status.OWN

WORDING: Mapping[type[Event], Wording] = {
    # Injection
    e.InjectionOpened: info(
        "New SMTP ICID {icid} interface {interface} ({interface_ip}) address {address} "
        "reverse dns host {reverse_dns} verified {yes_no}"
    ),
    e.SenderGroupMatched: info("ICID {icid} {action} SG {group} match {match} SBRS {score}"),
    e.InjectionTls: info("ICID {icid} TLS success protocol {protocol} cipher {cipher}"),
    e.InjectionTlsFailed: info("ICID {icid} TLS failed: {why}"),
    e.MessageStarted: info("Start MID {mid} ICID {icid}"),
    e.SenderGiven: info("MID {mid} ICID {icid} From: <{sender}>"),
    e.RecipientGiven: info("MID {mid} ICID {icid} RID {rid} To: <{recipient}>"),
    e.MessageIdRead: info("MID {mid} Message-ID {message_id!r}"),
    e.SubjectRead: info('MID {mid} Subject "{subject}"'),
    e.MessageReady: info("MID {mid} ready {size} bytes from <{sender}>"),
    e.MailPolicyMatched: info(
        "MID {mid} matched all recipients for per-recipient policy {policy} in the {table} table"
    ),
    e.MessageQueued: info("MID {mid} queued for delivery"),
    e.MessageAborted: info("Message aborted MID {mid} {reason}"),
    e.AbortedMessageFinished: info("Message finished MID {mid} aborted"),
    e.InjectionLost: info("ICID {icid} lost"),
    e.InjectionClosed: info("ICID {icid} close"),
    # DNS
    e.DnsAsked: debug("DNS query: Q({name}, '{rdtype}')"),
    e.DnsServerChosen: debug(
        "DNS query: QN({name}, '{rdtype}', 'recursive_nameserver{priority}.parent')"
    ),
    e.DnsAlternateChosen: debug("DNS query: QN({name}, '{rdtype}', '{host}')", INFERRED),
    e.DnsPacketSent: debug("DNS query: QIP ({name},'{rdtype}','{server}',{timeout})"),
    e.DnsEncached: debug("DNS encache ({name}, {rdtype}, {encached})"),
    e.DnssecAnswered: debug("DNSSEC Response data({data}, {security}, 0, {ttl})", RECALLED),
    e.DnsHardFailed: debug("DNS Hard Error looking up {name} ({rdtype}):  {reason}"),
    e.DnsSoftFailed: debug(
        "DNS Soft Error looking up {name} ({rdtype}) while asking {server}. Error was: {reason}"
    ),
    # MTA-STS
    e.MtaStsTxtFetched: info("Successfully fetched MTA-STS TXT record for domain({domain})"),
    e.MtaStsTxtUnusable: debug(
        "No usable MTA-STS TXT record for domain({domain}): {reason}", INFERRED
    ),
    e.MtaStsCachedPolicyFound: debug("Valid cache entry found for the domain ({domain})."),
    e.MtaStsFetchStarted: debug("Fetching MTA-STS policy for domain({domain})", INFERRED),
    e.MtaStsFetchViaProxy: debug("Requesting MTA-STS policy fetch via proxy", INFERRED),
    e.MtaStsFetchFailed: debug(
        "STS policy fetch request failed due to {cause}. domain {domain}", INFERRED
    ),
    e.MtaStsPolicyError: info(
        "An error occurred while fetching the MTA-STS policy for the domain ({domain}).", INFERRED
    ),
    e.MtaStsFetchPutOff: debug(
        "MTA-STS policy fetch for domain({domain}) is put off till {until_ctime}", INFERRED
    ),
    e.MtaStsRefreshFailing: warning(
        "MTA-STS policy for the domain ({domain}) could not be refreshed {times} times in a row. "
        "The cached policy is valid till {until_ctime}",
        INFERRED,
    ),
    e.MtaStsPolicyApplied: info("Applying MTA-STS policy for the domain ({domain})"),
    e.MtaStsNotEnforced: info(
        "MTA-STS policy for the domain ({domain}) is in mode {mode} and is not enforced", INFERRED
    ),
    e.MtaStsHostSkipped: info(
        "MX host {host} is not listed in the MTA-STS policy for the domain ({domain})", INFERRED
    ),
    # DANE
    e.DaneTried: debug("Trying DANE {dane_mode} for {domain}", RECALLED),
    e.DaneMxSeen: debug("{security_word} MX record{host_part} found for {domain}", RECALLED),
    e.DaneAddressSeen: debug(
        "{security_word} {rdtype} record{address_part} found for MX({host}) in {domain}", RECALLED
    ),
    e.DaneTlsaSeen: debug("{security_word} TLSA Record found for MX({host}) in {domain}", RECALLED),
    e.DaneTlsaMissing: debug("No TLSA record found for MX({host}) in {domain}", INFERRED),
    e.DaneHostLeft: debug("Trying next MX record in {domain}", RECALLED),
    e.DaneFellBack: info(
        "DANE OPPORTUNISTIC failed for {domain}. Falling back to conventional TLS.", INFERRED
    ),
    e.DaneHeld: info("DANE MANDATORY failed for {domain}", INFERRED),
    e.DaneCertificateMatched: debug("DCID {dcid} Certificate verification successful", RECALLED),
    e.DaneCertificateRefused: debug(
        "DCID {dcid} All TLSA records failed for certificate not trusted", RECALLED
    ),
    e.DaneSucceeded: info("DANE SUCCESS for {domain}. MTA-STS is skipped.", INFERRED),
    # Connection and TLS
    e.ConnectionOpened: info(
        "New SMTP DCID {dcid} interface {interface} address {address} port {port}"
    ),
    e.ConnectionFailed: info(
        "Connection Error: DCID {dcid} domain: {domain} IP: {address} port: {port} "
        "details: {details} interface: {interface} reason: {reason}"
    ),
    e.StarttlsNotSupported: info("DCID {dcid} STARTTLS command not supported."),
    e.TlsFailed: info("DCID {dcid} TLS failed: {why}"),
    e.TlsEstablished: info(
        "DCID {dcid} TLS success protocol {protocol} cipher {cipher}{peer_part}"
    ),
    e.TlsVerifyFailed: info("DCID {dcid} TLS deferring: verify error: {why}"),
    e.TlsRequiredFailed: info(
        "DCID {dcid} TLS was required but could not be successfully negotiated"
    ),
    e.MtaStsTestPassed: info(
        "MX host {host} passes the MTA-STS policy in testing mode for the domain ({domain})",
        INFERRED,
    ),
    e.MtaStsTestFailed: info(
        "MX host {host} fails the MTA-STS policy in testing mode for the domain ({domain}): {why}",
        INFERRED,
    ),
    e.MtaStsPolicyPassed: info("MTA-STS policy for the domain ({domain}) Successful."),
    # Delivery
    e.DeliveryWithheld: info(
        "MID {mid} to RID {rid_list} is not delivered to {domain}: {reason}", OWN
    ),
    e.DeliveryStarted: info("Delivery start DCID {dcid} MID {mid} to RID {rid_list}"),
    e.RecipientsDelivered: info("Message done DCID {dcid} MID {mid} to RID {rid_list} "),
    e.ResponseReceived: info("MID {mid} RID {rid_list} Response {text!r}"),
    e.DeliveryClientExited: info(
        "Mail delivery client with DCID {dcid} exited due to the maximum concurrency configuration."
    ),
    e.DeliveryDoubtful: info("Possible Delivery: DCID: {dcid} MID {mid} to {rid_list}"),
    e.RecipientBounced: info(
        "Bounced: DCID {dcid} MID {mid} to RID {rid} - {status} - {cause} {reply} []"
    ),
    e.DoubleBounced: info("Double bounce: MID {mid} to {rid} - {status} - {cause} {said}"),
    e.RecipientDelayed: info(
        "Delayed: DCID {dcid} MID {mid} to RID {rid} - {status} - {cause} {reply}[]"
    ),
    e.RecipientsDeleted: info("Deleted: MID {mid} to {rid_list}"),
    e.RetryScheduled: info("MID {mid} to RID {rid_list} pending till {due_ctime}"),
    e.BounceGenerated: info("MID {mid} was generated for bounce of MID {bounced}"),
    e.DelayWarningGenerated: info(
        "MID {mid} was generated for delay warning of MID {delayed}", INFERRED
    ),
    e.MessageFinished: info("Message finished MID {mid} done"),
    e.ConnectionClosed: info("DCID {dcid} close"),
}


LINES: Mapping[type[Event], tuple[LogLevel, Spell]] = {
    kind: (wording.level, compile_template(wording.template, FORMS))
    for kind, wording in WORDING.items()
}


def format_text(event: Event, zone: tzinfo) -> str:
    """The text of the line for an event, without time stamp and level."""
    return LINES[type(event)][1](event, zone)


def format_line(stamped: Stamped, zone: tzinfo) -> str:
    """The whole line as the file holds it, without its line end."""
    level = WORDING[type(stamped.event)].level
    return f"{stamp(stamped.at, zone, level)}{format_text(stamped.event, zone)}"


class MailLogs:
    """Writes each event to every log file whose level includes it; a subscriber of the bus."""

    def __init__(self, files: LogFiles) -> None:
        self._files = files

    def write(self, stamped: Stamped) -> None:
        """Write the line of an event, if any file takes it."""
        at, event = stamped
        level, spell = LINES[type(event)]
        if files := self._files.taking(level):
            stamps = self._files.stamps
            line = stamps.start(at, level) + spell(event, stamps.zone)
            for file in files:
                file.append(line)
