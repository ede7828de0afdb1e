"""TLS on one connection: handshake, verdict, and the log lines that tell of both, once."""

from dataclasses import dataclass

from seg_cli.delivery.connections import Connection, Connections, Endpoint
from seg_cli.events import (
    Event,
    MtaStsPolicyPassed,
    MtaStsTestFailed,
    MtaStsTestPassed,
    StarttlsNotSupported,
    TlsEstablished,
    TlsFailed,
    TlsRequiredFailed,
    TlsVerifyFailed,
)
from seg_cli.policy.facts import Failed, TlsFacts
from seg_cli.policy.requirement import TlsRequirement
from seg_cli.policy.tls_settings import CheckKind, Encryption
from seg_cli.policy.trial import Trial, try_policy
from seg_cli.policy.verdict import Course, Reference, Verdict, judge
from seg_cli.terms import Reason


@dataclass(frozen=True, slots=True)
class Secured:
    """What to do with the connection now, and the main reason if nothing is sent over it."""

    course: Course
    reason: Reason = Reason.HANDSHAKE_FAILED


async def secure(
    connections: Connections,
    connection: Connection,
    requirement: TlsRequirement,
    reference: Reference,
) -> Secured:
    """Start TLS with the MX host's name in SNI (STS-52), judge, and log what became of it."""
    client, host = connection.client, connection.endpoint.host
    facts = await client.start_tls(connections.context, host)
    verdict = judge(requirement, facts, reference)
    secured = await _act(connections, connection, requirement, (facts, verdict))
    if trial := try_policy(requirement, facts, reference):
        connections.emit(_tried(connection.endpoint, trial))
    return secured


def _tried(endpoint: Endpoint, trial: Trial) -> Event:
    if trial.why:
        return MtaStsTestFailed(endpoint.domain, endpoint.host, trial.why)
    return MtaStsTestPassed(endpoint.domain, endpoint.host)


async def _act(
    connections: Connections,
    connection: Connection,
    requirement: TlsRequirement,
    seen: tuple[TlsFacts, Verdict],
) -> Secured:
    client, (facts, verdict) = connection.client, seen
    reason = verdict.reasons[-1] if verdict.reasons else Reason.HANDSHAKE_FAILED
    match verdict.course:
        case Course.SEND:
            return await _established(connections, connection, requirement, seen)
        case Course.SEND_IN_CLEAR if not client.usable:
            _log_failure(connections, connection, facts, verdict)
            return Secured(Course.REFUSE, reason)
        case Course.SEND_IN_CLEAR | Course.RECONNECT_IN_CLEAR:
            _log_failure(connections, connection, facts, verdict)
        case Course.REFUSE:
            _log_failure(connections, connection, facts, verdict)
            if verdict.verification or requirement.encryption is Encryption.MANDATORY:
                connections.emit(TlsRequiredFailed(connection.dcid))
    return Secured(verdict.course, reason)


async def _established(
    connections: Connections,
    connection: Connection,
    requirement: TlsRequirement,
    seen: tuple[TlsFacts, Verdict],
) -> Secured:
    facts, verdict = seen
    connections.emit(TlsEstablished(connection.dcid, facts.protocol, facts.cipher, verdict.peer))
    if CheckKind.MTA_STS in requirement.checks:
        connections.emit(MtaStsPolicyPassed(connection.endpoint.domain))
    hello = await connection.client.ehlo(connections.hostname)
    if isinstance(hello, Failed) or not hello.reply.is_positive:  # TLS-06
        return Secured(Course.REFUSE, Reason.PROTOCOL_ERROR)
    return Secured(Course.SEND)


def _log_failure(
    connections: Connections, connection: Connection, facts: TlsFacts, verdict: Verdict
) -> None:
    dcid = connection.dcid
    if verdict.verification:
        connections.emit(TlsVerifyFailed(dcid, verdict.why))
    elif facts.refusal is Reason.STARTTLS_NOT_SUPPORTED:
        connections.emit(StarttlsNotSupported(dcid))
    else:
        connections.emit(TlsFailed(dcid, verdict.why))
