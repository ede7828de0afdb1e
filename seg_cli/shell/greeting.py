"""What stands on the screen before the first command; loaded before anything else."""

from seg_cli.product import BUILD, FORMER_PRODUCT, MODEL, RELEASE

BANNER = f"""\
AsyncOS {RELEASE} for Cisco {MODEL} build {BUILD}

Welcome to the {FORMER_PRODUCT}

NOTE: This session will expire if left idle for 30 minutes. \
Any uncommitted configuration changes will be lost. \
Commit the configuration changes as soon as they are made.
"""

LAB_NOTICES = """\
[lab] Type 'help' for the commands of the appliance and of the lab.
[lab] Type 'lab hosts' to see the domains and mail hosts of the small internet around it.
[lab] Type 'lab send to=user@domain.com' to send a message through the appliance.
"""

REAL_NOTICES = """\
[world] Type 'help' for the commands of the appliance.
[world] Name servers, policy hosts and mail hosts are those of the real world.
[world] Mail is delivered only to the domains named by --deliver-to; type 'lab' to see them.
"""


def main_prompt(hostname: str) -> str:
    """The prompt at which commands are typed."""
    return f"{hostname}> "


def greeting(hostname: str) -> str:
    """The banner and the first prompt of a login."""
    return f"{BANNER}\n{main_prompt(hostname)}"


def with_notices(notices: str) -> str:
    """The banner, and what the emulator itself has to say below it."""
    return f"{BANNER}\n{notices}\n"


def lab_greeting(hostname: str) -> str:
    """The banner, the three first steps in the lab, and the first prompt of a login."""
    return with_notices(LAB_NOTICES) + main_prompt(hostname)


def real_greeting(hostname: str) -> str:
    """The banner, how far mail goes in the real world, and the first prompt of a login."""
    return with_notices(REAL_NOTICES) + main_prompt(hostname)
