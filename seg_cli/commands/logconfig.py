"""logconfig: the log subscriptions, and how detailed each one is."""

from dataclasses import replace

from seg_cli.config.logs import LogSubscription
from seg_cli.dialogue.questions import Choice, Item, Number, Operation
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session
from seg_cli.terms import LogLevel

LOG_TYPES = {"mail_logs": "IronPort Text Mail Logs"}
RETRIEVAL = "Manual Download"

LEVEL_MENU = (
    Item("Critical", LogLevel.CRITICAL),
    Item("Warning", LogLevel.WARNING),
    Item("Information", LogLevel.INFO),
    Item("Debug", LogLevel.DEBUG),
    Item("Trace", LogLevel.TRACE),
)


async def run(session: Session, _: Arguments) -> None:
    """Walk the menu until Enter leaves it; it returns after each operation."""
    while await session.console.ask(menu_for(session.staged.config.log_subscriptions)):
        await edit(session)


def menu_for(subscriptions: tuple[LogSubscription, ...]) -> Operation:
    """The menu under the list of subscriptions."""
    return Operation(
        "operation", (("EDIT", "Modify a log subscription."),), state=listing(subscriptions)
    )


def listing(subscriptions: tuple[LogSubscription, ...]) -> tuple[str, ...]:
    """The subscriptions as a numbered table."""
    heading = f"    {'Log Name':20} {'Log Type':29} {'Retrieval':19} Interval"
    rows = (
        f"{number:2}. {log.name:20} {LOG_TYPES[log.name]:29} {RETRIEVAL:19} None"
        for number, log in enumerate(subscriptions, 1)
    )
    return ("Currently configured logs:", heading, "-" * 81, *rows)


async def edit(session: Session) -> None:
    """Ask which subscription, and at which level it logs."""
    subscriptions = session.staged.config.log_subscriptions
    number = await session.console.ask(
        Number(
            "number",
            "Enter the number of the log you wish to edit.",
            low=1,
            high=len(subscriptions),
        )
    )
    chosen = subscriptions[number - 1]
    level = await session.console.ask(
        Choice("log_level", "Log level:", LEVEL_MENU, default=chosen.level)
    )
    edited = tuple(replace(log, level=level) if log is chosen else log for log in subscriptions)
    session.staged.stage(replace(session.staged.config, log_subscriptions=edited))
