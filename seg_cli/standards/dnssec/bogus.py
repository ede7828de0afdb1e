"""Why validation stops: raised where the chain of trust breaks, caught once, by the walk."""

from seg_cli.terms import Reason, Security


class Bogus(Exception):
    """The answer is not what the zone's owner said, or cannot be told from a forgery."""

    security = Security.BOGUS

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Indeterminate(Bogus):
    """Nothing tells whether the answer should be signed (RFC 4035 s4.3)."""

    security = Security.INDETERMINATE
