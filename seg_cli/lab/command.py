"""lab: the emulator's own verb for the small internet around the appliance.

lab hosts [DOMAIN]                          what there is, what each shows, what is broken
lab browse DOMAIN                           a domain's policy, as a browser gets it
lab certificates                            files for certconfig to import
lab break [DOMAIN FAULT]                    break something about a domain; the faults there are
lab mend [DOMAIN]                           put right what is broken
lab send [from=] [to=] [count=] [size=]     messages into the appliance's listener
lab policies [refetch [domain]]             MTA-STS policies in the cache; fetch them anew
lab questions                               what the lab's name servers were asked, by type
lab explain [MID]                           the decisions on a message, and why
lab advance 15m|next                        let appliance time pass, or go to what is due next
lab restart                                 start the appliance again from its directory
lab reset                                   put everything back to the beginning
"""

from seg_cli.lab.station import Station
from seg_cli.shell.command import Arguments, Command, Standing
from seg_cli.shell.session import Session

USAGE = """\
lab hosts [domain.com]
lab browse domain.com
lab certificates
lab break [domain.com policy-500]
lab mend [domain.com]
lab send [from=user@client.example.com] [to=user@domain.com] [count=1] [size=0]
lab policies [refetch [domain.com]]
lab questions
lab explain [MID]
lab advance 15m
lab advance next
lab restart
lab reset"""


def lab_command(station: Station) -> Command:
    """The verb, for the station it acts on."""

    async def run(session: Session, arguments: Arguments) -> None:
        from seg_cli.lab import verbs  # noqa: PLC0415 - as `imported` does for other commands

        await verbs.run(station, session, arguments)

    return Command(
        "lab",
        "The small internet around this appliance.",
        run,
        waits=True,
        batch=USAGE,
        standing=Standing.EMULATOR,
    )
