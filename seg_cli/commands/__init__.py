"""The appliance's commands, one file (or folder) each, named as the operator types them.

A command is found here and nowhere else: COMMANDS, in the order of `help`.
"""

from seg_cli.commands import (
    clearchanges,
    commit,
    commitdetail,
    dig,
    dnsflush,
    exit,  # noqa: A004 - named as the operator types it
    grep,
    logconfig,
    nslookup,
    smtproutes,
    tail,
    telnet,
    updateconfig,
    version,
    whoami,
)
from seg_cli.commands.destconfig import menu as destconfig
from seg_cli.shell.command import Command

COMMANDS: tuple[Command, ...] = (
    clearchanges.COMMAND,
    commit.COMMAND,
    commitdetail.COMMAND,
    destconfig.COMMAND,
    dig.COMMAND,
    dnsflush.COMMAND,
    exit.COMMAND,
    grep.COMMAND,
    logconfig.COMMAND,
    nslookup.COMMAND,
    smtproutes.COMMAND,
    tail.COMMAND,
    telnet.COMMAND,
    updateconfig.COMMAND,
    version.COMMAND,
    whoami.COMMAND,
)
