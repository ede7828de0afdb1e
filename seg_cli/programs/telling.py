"""What a program says beside the appliance's own text: sentences on standard error."""

import sys

from seg_cli.shell.session import Session
from seg_cli.shell.troubles import Troubles

EXPIRED = "The session has expired: it was left idle for 30 minutes."
LOST = "Configuration changes entered but not committed are lost."


def tell(sentence: str) -> None:
    """Say a sentence, and who says it."""
    sys.stderr.write(f"seg-cli: {sentence}\n")


def tell_what_is_lost(session: Session) -> None:
    """Say that the login ends with changes that nobody has committed, cleared or given up."""
    if session.pending:
        tell(LOST)


def tell_troubles(troubles: Troubles) -> None:
    """Say what the machine refused, as far as no prompt has said it."""
    for sentence in troubles.take():
        tell(sentence)
