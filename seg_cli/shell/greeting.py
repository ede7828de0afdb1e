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


def main_prompt(hostname: str) -> str:
    """The prompt at which commands are typed."""
    return f"{hostname}> "


def greeting(hostname: str) -> str:
    """The banner and the first prompt of a login."""
    return f"{BANNER}\n{main_prompt(hostname)}"


def lab_greeting(hostname: str) -> str:
    """The banner, the three first steps in the lab, and the first prompt of a login."""
    return f"{BANNER}\n{LAB_NOTICES}\n{main_prompt(hostname)}"
