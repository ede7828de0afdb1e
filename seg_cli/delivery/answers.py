"""What a mail host's answer for a recipient comes to."""

from seg_cli.policy.facts import Failed
from seg_cli.policy.outcome import Answered, NotReached, Result
from seg_cli.smtp.replies import Reply


def result_of(answer: Reply | Failed) -> Result:
    """The reply, or that none came."""
    match answer:
        case Reply(code, lines):
            return Answered(code, lines)
        case Failed(reason, _, detail):
            return NotReached(reason, detail or reason.value)


def is_decided(result: Result) -> bool:
    """Delivered, or refused for good: no other host is asked (RFC 5321 s4.2.1)."""
    return isinstance(result, Answered) and result.code // 100 in {2, 5}
