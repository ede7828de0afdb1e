"""Logins with a coach: the verb `lesson` beside the appliance's commands."""

from dataclasses import replace

from seg_cli.lab.station import Station
from seg_cli.programs.opening import Logins
from seg_cli.shell.command import Command
from seg_cli.training.coach import Coach
from seg_cli.training.command import lesson_command


def coached(logins: Logins[Station], coach: Coach) -> Logins[Station]:
    """The same logins, with the verb that the coach answers."""

    def commands(station: Station) -> tuple[Command, ...]:
        return (*logins.commands(station), lesson_command(coach, station))

    return replace(logins, commands=commands)
