"""TLS on one connection: handshake, verdict, and the log lines that tell of both, once."""

from collections.abc import Iterator
from dataclasses import dataclass

from seg_cli.delivery.connections import Connection, Connections, Endpoint
from seg_cli.events import (
    DaneCertificateMatched,
    DaneCertificateRefused,
    DaneSucceeded,
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
from seg_cli.smtp.client import Hello
from seg_cli.terms import Dcid, Reason, Security


@dataclass(frozen=True, slots=True)
class Seen:
    """What a host showed of TLS, and the verdict on it."""

    facts: TlsFacts
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Secured:
    """What to do with the connection now, the main reason if nothing is sent over it, and what
    the host showed."""

    course: Course
    seen: Seen
    reason: Reason = Reason.HANDSHAKE_FAILED


async def secure(
    connections: Connections,
    connection: Connection,
    requirement: TlsRequirement,
    reference: Reference,
) -> Secured:
    """Start TLS with the host's name in SNI (STS-52, DANE-29), judge, and log what became of it."""
    client, endpoint = connection.client, connection.endpoint
    server_name = requirement.server_name(endpoint.host)
    facts = await client.start_tls(connections.context, server_name)
    verdict = judge(requirement, facts, reference)
    seen = Seen(facts, verdict)
    for event in tls_events(connection.dcid, endpoint.domain, requirement, facts, verdict):
        connections.emit(event)
    if trial := try_policy(requirement, facts, reference):
        connections.emit(_tried(endpoint, trial))
    if verdict.course is Course.SEND:
        hello = await client.ehlo(connections.hostname)
        if isinstance(hello, Hello) and not hello.reply.is_positive:  # TLS-06
            hello = Failed(Reason.PROTOCOL_ERROR, detail=str(hello.reply))
        if isinstance(hello, Failed):  # in TLS 1.3 also where the host wants a certificate of us
            connections.failed(connection.dcid, endpoint, hello)
            return Secured(Course.REFUSE, seen, hello.reason)
    reason = verdict.reasons[-1] if verdict.reasons else Reason.HANDSHAKE_FAILED
    return Secured(verdict.course, seen, reason)


def _tried(endpoint: Endpoint, trial: Trial) -> Event:
    if trial.why:
        return MtaStsTestFailed(endpoint.domain, endpoint.host, trial.why)
    return MtaStsTestPassed(endpoint.domain, endpoint.host)


def tls_events(
    dcid: Dcid, domain: str, requirement: TlsRequirement, facts: TlsFacts, verdict: Verdict
) -> Iterator[Event]:
    """What the log says of TLS on one connection: one line, and what goes with it."""
    if verdict.course is Course.SEND:
        yield from _success(dcid, domain, requirement, facts, verdict)
        return
    if verdict.verification:
        if requirement.tlsa is not None:
            yield DaneCertificateRefused(dcid)
        yield TlsVerifyFailed(dcid, verdict.why)
    elif facts.refusal is Reason.STARTTLS_NOT_SUPPORTED:
        yield StarttlsNotSupported(dcid)
    else:
        yield TlsFailed(dcid, verdict.why)
    if requirement.encryption is Encryption.MANDATORY:
        yield TlsRequiredFailed(dcid)


def _success(
    dcid: Dcid, domain: str, requirement: TlsRequirement, facts: TlsFacts, verdict: Verdict
) -> Iterator[Event]:
    """A destination counts as secured by DANE only if its MX records are secure too (DANE-07)."""
    tlsa = requirement.tlsa
    secured = tlsa is not None and tlsa.host.mx is Security.SECURE
    if tlsa is not None:
        yield DaneCertificateMatched(dcid)
    peer, secure_domain = ("", domain) if secured else (verdict.peer, "")
    yield TlsEstablished(dcid, facts.protocol, facts.cipher, peer, secure_domain)
    if secured and Reason.MTA_STS_DANE in requirement.reasons:
        yield DaneSucceeded(domain)
    if CheckKind.MTA_STS in requirement.checks:
        yield MtaStsPolicyPassed(domain)
