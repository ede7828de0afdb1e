"""`lab browse`: a domain's MTA-STS policy as a browser beside the appliance gets it.

It asks the lab's name server, dials the policy host, looks at its certificate and reads the answer,
each step really and none through the appliance: no cache, no proxy, no line in a log.
"""

from collections.abc import Iterator

from seg_cli.errors import Invalid
from seg_cli.lab.browser import Browser, CertificateSeen, NotThere, Page, Visit
from seg_cli.lab.finding import domain_of
from seg_cli.lab.station import Station
from seg_cli.printable import printable
from seg_cli.shell.appliance import Appliance
from seg_cli.shell.session import Session
from seg_cli.standards.mta_sts import POLICY_PATH, policy_host

TELLING = ("Content-Type", "Content-Length", "Location")
"""The header fields that a reader of policies looks at."""

MOST_LINES = 20
"""Lines of a body that are printed."""


async def run(station: Station, session: Session, words: tuple[str, ...]) -> None:
    """Visit the policy host of a domain, and print what was seen up to where it ended."""
    if len(words) != 1:
        raise Invalid("Invalid arguments when processing lab: browse which domain?")
    domain = domain_of(station.spec, words[0])
    world = (await session.appliance.network()).world
    host = policy_host(domain.name)
    visit = await Browser(world, station.spec.appliance.resolvers[0]).visit(host, POLICY_PATH)
    session.console.say(*visit_lines(session.appliance, host, visit))


def visit_lines(appliance: Appliance, host: str, visit: Visit) -> Iterator[str]:
    """What a visit showed, in its order."""
    yield f"https://{host}{POLICY_PATH}"
    if visit.address:
        yield f"Address: {visit.address}"
    if visit.certificate is not None:
        yield from certificate_lines(appliance, visit.certificate)
    match visit.end:
        case NotThere(why):
            yield printable(why)
        case Page() as page:
            yield from page_lines(page)


def certificate_lines(appliance: Appliance, seen: CertificateSeen) -> Iterator[str]:
    """Whom a certificate is for, who says so, and when."""
    yield f"Certificate: {printable(', '.join(seen.names) or 'no name')}"
    yield f"Issued by: {printable(seen.issuer)}"
    yield f"Valid: {appliance.date(seen.begins)} to {appliance.date(seen.ends)}"


def page_lines(page: Page) -> Iterator[str]:
    """Status, the header fields that tell something, and the body."""
    yield printable(page.status)
    for name in TELLING:
        if name.lower() in page.fields:
            yield f"{name}: {printable(page.fields[name.lower()])}"
    yield ""
    lines = page.body.decode("utf-8", "replace").splitlines()
    yield from (printable(line) for line in lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        yield f"({len(lines) - MOST_LINES} more lines; {len(page.body)} octets in all)"
    if not page.whole:
        yield f"(The host has not finished: {len(page.body)} octets have come so far.)"
