"""What became of one message at one mail host, recipient by recipient."""

from dataclasses import dataclass

from seg_cli.policy.facts import Failed
from seg_cli.smtp.replies import Reply


@dataclass(frozen=True, slots=True)
class Transaction:
    """`answers` has one entry per recipient, in their order: what decided about that one.

    It is the reply to MAIL or RCPT where that refused, else the reply to the message: 2yz only
    if the recipient is served. A Failed is a reply that never came. `dot_sent` tells whether the
    whole message was sent: what failed after that is a `doubtful` delivery (TLS-10). `unheard`
    tells that the connection had ended before MAIL, or the host ended it in answer (421): it has
    taken no notice of the message.
    """

    answers: tuple[Reply | Failed, ...]
    dot_sent: bool = False
    unheard: bool = False

    @classmethod
    def answered(
        cls, rcpt: tuple[Reply | Failed, ...], final: Reply | Failed, *, dot_sent: bool = False
    ) -> "Transaction":
        """The replies to RCPT, and the one answer to all recipients that were accepted there."""
        answers = (final if is_positive(answer) else answer for answer in rcpt)
        return cls(tuple(answers), dot_sent)

    @property
    def doubtful(self) -> bool:
        """The connection was lost after the final dot: the host may have taken the message."""
        return self.dot_sent and any(isinstance(answer, Failed) for answer in self.answers)


@dataclass(frozen=True, slots=True)
class EnvelopeReplies:
    """What the host said to MAIL, to each RCPT, and to DATA; nothing to what it was not told."""

    mail: Reply | Failed
    rcpt: tuple[Reply | Failed, ...] = ()
    data: Reply | Failed | None = None

    @property
    def wants_message(self) -> bool:
        """The host said 354: it reads everything up to a final dot as the message."""
        return isinstance(self.data, Reply) and self.data.is_intermediate

    @property
    def accepted(self) -> bool:
        """Whether the message is to be sent: there is a recipient for it."""
        served = is_positive(self.mail) and any(map(is_positive, self.rcpt))
        return served and self.wants_message

    def refused(self, recipients: int) -> Transaction:
        """The transaction that ends here, for so many recipients."""
        if not is_positive(self.mail):
            unheard = isinstance(self.mail, Failed) or self.mail.code == 421
            return Transaction((self.mail,) * recipients, unheard=unheard)
        return (
            Transaction(self.rcpt)
            if self.data is None
            else Transaction.answered(self.rcpt, self.data)
        )


def is_positive(answer: Reply | Failed) -> bool:
    """2yz; a reply that never came is none."""
    return isinstance(answer, Reply) and answer.is_positive
