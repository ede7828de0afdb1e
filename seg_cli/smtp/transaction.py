"""What became of one message at one mail host, recipient by recipient."""

from dataclasses import dataclass

from seg_cli.policy.facts import Failed
from seg_cli.smtp.replies import Reply


@dataclass(frozen=True, slots=True)
class Transaction:
    """`answers` has one entry per recipient, in their order: what decided about that one.

    It is the reply to MAIL or RCPT where that refused, else the reply to the message: 2yz only
    if the recipient is served. A Failed is a reply that never came. `dot_sent` tells whether the
    whole message was sent: what failed after that is a `doubtful` delivery (TLS-10).
    """

    answers: tuple[Reply | Failed, ...]
    dot_sent: bool = False

    @classmethod
    def answered(
        cls, rcpt: tuple[Reply | Failed, ...], final: Reply | Failed, *, dot_sent: bool = False
    ) -> "Transaction":
        """The replies to RCPT, and the one answer to all recipients that were accepted there."""
        answers = (final if _accepted(answer) else answer for answer in rcpt)
        return cls(tuple(answers), dot_sent)

    @property
    def doubtful(self) -> bool:
        """The connection was lost after the final dot: the host may have taken the message."""
        return self.dot_sent and any(isinstance(answer, Failed) for answer in self.answers)


def _accepted(answer: Reply | Failed) -> bool:
    return isinstance(answer, Reply) and answer.is_positive
