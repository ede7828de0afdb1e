"""rollovernow: save the live file of a log, or of all logs, and begin a new one."""

from seg_cli.commands.log_choice import check_log, listed, log_names
from seg_cli.dialogue.entries import Number
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

QUESTION = "Which log would you like to roll over?"
DONE = "Log files successfully rolled over."


async def run(session: Session, arguments: Arguments) -> None:
    """Roll over what was named or chosen."""
    if arguments.words:
        logs = session.appliance.config.log_subscriptions
        chosen = [check_log("rollovernow", arguments.words, logs)]
    else:
        chosen = await ask_logs(session)
    for name in chosen:
        session.appliance.logs.roll_over(name)
    session.console.say(DONE)


async def ask_logs(session: Session) -> list[str]:
    """The log whose number was given; behind the last one stands "All Logs"."""
    names = log_names(session)
    everything = len(names) + 1
    prompt = "\n".join([*listed(names), f"{everything}. All Logs", QUESTION])
    number = await session.console.ask(Number("log", prompt, low=1, high=everything))
    return names if number == everything else [names[number - 1]]
