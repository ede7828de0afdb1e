"""`lab explain MID`: the decisions on a message as a story, each with its reason and its source.

A rendering of the values that decided (`delivery/story.py`).
"""

from collections.abc import Iterator
from typing import assert_never

from seg_cli.delivery import story as s
from seg_cli.errors import Invalid
from seg_cli.lab.because import ENFORCED, because, cited
from seg_cli.lab.station import Station
from seg_cli.policy.outcome import Answered, HeldBack, NotReached, Result
from seg_cli.policy.precedence import Governance, Skipped
from seg_cli.policy.requirement import InForce, NoPolicy, NotAsked, Sts, TlsRequirement
from seg_cli.policy.tls_settings import CheckKind, Encryption
from seg_cli.policy.verdict import Course
from seg_cli.printable import printable
from seg_cli.shell.session import Session
from seg_cli.standards.mta_sts import Policy
from seg_cli.terms import Mid, TlsMode

UNKNOWN = "Nothing is remembered of MID {mid}: it has not been tried since the last start."
NOTHING = "No message has been tried since the last start."

SETTINGS = {
    TlsMode.NO: "No",
    TlsMode.PREFERRED: "Preferred",
    TlsMode.REQUIRED: "Required",
    TlsMode.PREFERRED_VERIFY: "Preferred - Verify",
    TlsMode.REQUIRED_VERIFY: "Required - Verify",
    TlsMode.REQUIRED_VERIFY_HOSTED: "Required - Verify Hosted Domains",
}
ENCRYPTION = {
    Encryption.NEVER: "clear text only",
    Encryption.OPPORTUNISTIC: "TLS if it offers it",
    Encryption.MANDATORY: "TLS",
}
CHECKS = {
    CheckKind.VERIFY: "a certificate that passes Verify",
    CheckKind.VERIFY_HOSTED: "a certificate that passes Verify Hosted Domains",
    CheckKind.MTA_STS: "a certificate for the MX host (MTA-STS)",
    CheckKind.DANE: "a certificate that matches its TLSA records",
}
COURSES = {
    Course.SEND: "Sent under TLS.",
    Course.SEND_IN_CLEAR: "Sent in clear text.",
    Course.RECONNECT_IN_CLEAR: "Tried again in clear text, over a new connection.",
    Course.REFUSE: "Nothing is sent to this host now.",
}


async def run(_: Station, session: Session, words: tuple[str, ...]) -> None:
    """Tell every remembered attempt of a message; without a number, of the newest one."""
    stories = (await session.appliance.network()).parts.stories
    await session.appliance.quiet()
    mid = parse_mid(words) if words else stories.newest
    if mid is None:
        session.console.say(NOTHING)
        return
    attempts = stories.of(mid)
    if not attempts:
        session.console.say(UNKNOWN.format(mid=mid))
        return
    lines: list[str] = []
    for attempt in attempts:
        when = session.appliance.date(attempt.at)
        lines.append(f"MID {mid} to {printable(attempt.domain)}, {when}:")
        lines += [f"  {line}" for line in tell(attempt)]
    await session.console.page(lines)


def parse_mid(words: tuple[str, ...]) -> Mid:
    """The number of a message; raises Invalid."""
    if len(words) == 1 and words[0].isascii() and words[0].isdigit() and len(words[0]) < 19:
        return Mid(int(words[0]))
    typed = printable(" ".join(words))
    raise Invalid(f"Invalid arguments when processing lab: explain {typed}")


def tell(story: s.Story) -> Iterator[str]:
    """The lines of one attempt; what belongs to a host is indented below it."""
    for step in story.steps:
        match step:
            case s.Governed(governance):
                yield from tell_governance(governance)
            case s.PolicySought(sts):
                yield from tell_policy(sts)
            case s.NoHosts(why):
                yield f"No host: {printable(why.detail)}."
                yield from because(why.reason)
            case s.HostSkipped() | s.HostChosen():
                yield from tell_host(step)
            case s.Unreached() | s.Judged() | s.Sent():
                yield from (f"  {line}" for line in tell_connection(step))
            case _:
                assert_never(step)


def tell_host(step: s.HostSkipped | s.HostChosen) -> Iterator[str]:
    """Whether a host may be used, and what it must show."""
    match step:
        case s.HostSkipped(host, refusal):
            yield f"{host}: not connected to."
            yield from because(refusal.reason)
        case s.HostChosen(host, requirement):
            yield f"{host}: it must show {demanded(requirement)}."
            if CheckKind.MTA_STS in requirement.checks:
                yield from cited(ENFORCED)


def tell_connection(step: s.Unreached | s.Judged | s.Sent) -> Iterator[str]:
    """What happened at an address of the host."""
    place = f"DCID {step.dcid}, {step.address}"
    match step:
        case s.Unreached(failed=failed):
            yield f"{place}: {printable(failed.detail or failed.reason.value)}."
        case s.Judged():
            yield from tell_verdict(step)
        case s.Sent(results=results):
            yield f"{place}: offered the message."
            yield from (f"  RID {number}: {told(r)}" for number, r in enumerate(results))


def tell_governance(governance: Governance) -> Iterator[str]:
    yield f"TLS setting: {SETTINGS[governance.tls]}."
    for name, applies in (("DANE", governance.dane), ("MTA-STS", governance.mta_sts)):
        if isinstance(applies, Skipped):
            yield f"{name} is not used."
            yield from because(applies.reason)
        else:
            yield f"{name} applies."


def tell_policy(sts: Sts) -> Iterator[str]:
    match sts:
        case NotAsked():
            return
        case NoPolicy(reason):
            yield "No policy is in force: the TLS setting decides."
            yield from because(reason)
        case InForce(policy):
            yield f"Policy in force: {described(policy)}."
        case _:
            assert_never(sts)


def described(policy: Policy) -> str:
    """A policy's mode, hosts and age limit."""
    hosts = ", ".join(str(pattern) for pattern in policy.mx) or "none"
    return f"mode {policy.mode}, mx {hosts}, max_age {policy.max_age} seconds"


def demanded(requirement: TlsRequirement) -> str:
    """What a host must show, in words."""
    parts = [ENCRYPTION[requirement.encryption], *(CHECKS[kind] for kind in requirement.checks)]
    return " and ".join(parts)


def tell_verdict(step: s.Judged) -> Iterator[str]:
    facts, verdict = step.facts, step.verdict
    place = f"DCID {step.dcid}, {step.address}"
    if facts.refusal is None:
        yield f"{place}: {facts.protocol}, {facts.cipher}."
    else:
        yield f"{place}: no TLS."
    if verdict.peer:
        yield f"  Verified: {verdict.peer}."
    for reason in verdict.reasons:
        yield from because(reason)
    yield f"  {COURSES[verdict.course]}"


def told(result: Result) -> str:
    """What became of a recipient."""
    match result:
        case Answered(code, lines):
            return printable(f"answered {code} {' '.join(lines)}".rstrip())
        case NotReached(_, detail):
            return f"not answered: {printable(detail)}"
        case HeldBack(reason):
            return f"held back: {reason.value}"
        case _:
            assert_never(result)
