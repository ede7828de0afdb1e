"""dnsflush: forget every DNS answer; a fetched MTA-STS policy stays until its max_age."""

from seg_cli.dialogue.questions import YesNo
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

QUESTION = "Are you sure you want to clear out the DNS cache?"


async def run(session: Session, _: Arguments) -> None:
    """Ask once, and clear the cache."""
    if await session.console.ask(YesNo("flush", QUESTION, default=False)):
        (await session.appliance.network()).resolver.flush()
