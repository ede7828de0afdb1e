"""dnsstatus: what the resolver was asked, and what its cache could answer."""

from seg_cli.logs.header import ctime
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

HEADING = "Counters:                       Reset          Uptime        Lifetime"
ROWS = {
    "DNS Requests": "requests",
    "Network Requests": "network_requests",
    "Cache Hits": "hits",
    "Cache Misses": "misses",
    "Cache Exceptions": "exceptions",
    "Cache Expired": "expired",
}


async def run(session: Session, _: Arguments) -> None:
    """Print the counters since they were reset, since the start, and of the appliance's life.

    Nothing resets them yet, so the first column is the last.
    """
    appliance = session.appliance
    network = await appliance.network()
    lifetime, uptime = network.dns_lifetime(), network.dns_uptime()
    session.console.say(
        f"Status as of:  {ctime(appliance.clock.now(), appliance.config.zone)}",
        "",
        HEADING,
        *(
            row(name, getattr(uptime, field), getattr(lifetime, field))
            for name, field in ROWS.items()
        ),
    )


def row(name: str, uptime: int, lifetime: int) -> str:
    """One counter; figures are in groups of three digits."""
    return f"  {name:<18}{lifetime:>19,}{uptime:>16,}{lifetime:>16,}"
