"""seg-cli check DOMAIN: what a domain is like, before a destination profile is configured for it.

TXT record, policy, mail hosts and their certificates, DNSSEC and TLSA records; what the appliance
would decide under each choice of destconfig; what is to be mended. By the configuration of the
appliance and the engine's own doors, but with queue and caches that are gone afterwards: no mail
is sent, and nothing is remembered.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path
from typing import Protocol, assert_never

from seg_cli.config.smtp_routes import DISCARD
from seg_cli.delivery import demo
from seg_cli.delivery.destination import Destination
from seg_cli.delivery.network import Network, Surroundings
from seg_cli.delivery.survey import Survey, survey
from seg_cli.dialogue.hosts import HostForm, parse_host
from seg_cli.errors import UserError
from seg_cli.events import Event
from seg_cli.net.world import World
from seg_cli.programs.check.as_json import as_json
from seg_cli.programs.check.findings import standing_of
from seg_cli.programs.check.report import as_lines, report
from seg_cli.programs.ending import run_to_end
from seg_cli.programs.opening import Opening, Site
from seg_cli.programs.telling import tell, tell_troubles

DISCARDED = "The appliance discards mail for {domain}, by its SMTP route."


class Form(Enum):
    """What the answer is printed as."""

    TABLES = auto()
    """Tables: coloured on a terminal, plain text elsewhere."""

    JSON = auto()


class Place(Site, Protocol):
    """A site that says what the outside is."""

    async def world(self) -> World:
        """The outside, as the appliance has it; raises UserError if it cannot be had."""


ReportBug = Callable[[str, BaseException], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which domain is asked about, and what the answer is printed as."""

    domain: str
    form: Form


def main(opening: Opening[Place], asked: Asked, on_bug: ReportBug) -> int:
    """Check the domain and print what was found; the exit status (see `Standing`).

    Raises UserError for what is no domain, and for one whose mail the appliance discards.
    """
    domain = parse_host(asked.domain, frozenset({HostForm.HOSTNAME}))
    return run_to_end(check(opening.station(), replace(asked, domain=domain), on_bug))


async def check(place: Place, asked: Asked, on_bug: ReportBug) -> int:
    """The same, at a site that is closed afterwards."""
    try:
        destination = Destination.of(place.appliance.config, asked.domain)
        if destination.route is not None and destination.route.keyword == DISCARD:
            raise UserError(DISCARDED.format(domain=asked.domain))
        seen = await look(place, destination, on_bug)
    finally:
        await place.close()
        tell_troubles(place.troubles)
    show(seen, asked.form)
    return standing_of(seen)


async def look(place: Place, destination: Destination, on_bug: ReportBug) -> Survey:
    """A survey by an engine that lives no longer than it, and has the appliance's certificate."""
    world = await place.world()
    demo.demo_certificate(place.appliance.directory, world.clock.now())
    with tempfile.TemporaryDirectory(prefix="seg-cli-check-") as directory:
        shutil.copy(place.appliance.directory / demo.FILE, directory)
        state = Path(directory) / "state.sqlite3"
        surroundings = Surroundings(world, state, unheard, on_bug, {}, tell)
        network = await Network.bring_up(surroundings, destination.config)
        try:
            return await survey(network.parts, destination)
        finally:
            await network.close()


def unheard(_: Event) -> None:
    """What happens is told by the survey, not by a log."""


def show(seen: Survey, form: Form) -> None:
    """Print it."""
    match form:
        case Form.JSON:
            sys.stdout.write(as_json(seen))
        case Form.TABLES if sys.stdout.isatty():
            from seg_cli.programs.check.coloured import write  # noqa: PLC0415 - rich is heavy

            write(report(seen))
        case Form.TABLES:
            sys.stdout.write("".join(f"{line}\n" for line in as_lines(report(seen))))
        case _:
            assert_never(form)
