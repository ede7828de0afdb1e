"""lesson: the emulator's own verb for the lesson that is being trained.

lesson          the ticket
lesson check    how each goal stands, and the score
lesson hint     the next tier of help; each costs points
lesson reset    put the world of the lesson back to its beginning
"""

from seg_cli.config.codec.words import as_words
from seg_cli.dialogue.questions import YesNo
from seg_cli.lab.station import Station
from seg_cli.shell.command import Arguments, Command, Standing
from seg_cli.shell.session import Ending, Session
from seg_cli.training.coach import Coach
from seg_cli.training.grade import Evidence, grade

USAGE = "lesson\nlesson check\nlesson hint\nlesson reset"
RESET = "Do you want to put the world of this lesson back to its beginning?"


def lesson_command(coach: Coach, station: Station) -> Command:
    """The verb, for the coach who answers and the station that is graded."""

    async def run(session: Session, arguments: Arguments) -> None:
        match arguments.words:
            case ():
                await session.console.page(coach.ticket())
            case ("check",):
                marks = grade(coach.lesson, await evidence(station, session))
                session.console.say(*coach.marks(marks))
            case ("hint",):
                session.console.say(coach.hint())
            case ("reset",):
                if await session.console.ask(YesNo("reset", RESET, default=False)):
                    session.leave(Ending.RESET)
            case _:
                session.console.say("Usage:", *USAGE.split("\n"))

    return Command(
        "lesson",
        "The ticket of this lesson, how it stands, and help.",
        run,
        waits=True,
        batch=USAGE,
        standing=Standing.EMULATOR,
    )


async def evidence(station: Station, session: Session) -> Evidence:
    """What the appliance shows once nothing is under way."""
    appliance = station.appliance
    await appliance.quiet()
    is_kept = any(log.name == "mail_logs" for log in appliance.config.log_subscriptions)
    files = appliance.logs.paths("mail_logs") if is_kept else []
    return Evidence(
        as_words(appliance.config),
        as_words(session.staged.config),
        [line for file in files for line in file.read_text("utf-8").splitlines()],
    )
