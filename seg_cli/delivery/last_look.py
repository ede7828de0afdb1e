"""The last look: before mail is given up under an enforced policy, whether there is a new one.

RFC 8461 s5.1: a message must not fail for good before the DNS was asked for an updated policy.
"""

from typing import TYPE_CHECKING

from seg_cli.delivery.parts import Attempted
from seg_cli.delivery.policies import proxy_of
from seg_cli.delivery.settlement import schedule_of
from seg_cli.policy.outcome import Answered, Bounced, History, NotReached, Result, settle
from seg_cli.policy.precedence import Applies, govern

if TYPE_CHECKING:  # deliver.py is the caller
    from seg_cli.delivery.deliver import Delivery


async def finds_new_policy(delivery: "Delivery", attempted: Attempted) -> bool:
    """Whether this was the last attempt, and another policy is in force by now: try once more."""
    destination = delivery.destination
    governance = govern(destination.settings, destination.route)
    if not isinstance(governance.mta_sts, Applies) or not is_last(delivery, attempted):
        return False
    return await delivery.parts.discovery.is_renewed(
        destination.domain, proxy_of(destination.config.updates)
    )


def is_last(delivery: "Delivery", attempted: Attempted) -> bool:
    """Whether a recipient's time is up: neither a mail host nor the DNS has said no."""
    parcel = delivery.parcel
    history = History(parcel.retries, parcel.message.queued_at)
    schedule = schedule_of(delivery.destination.bounces)
    now = delivery.parts.world.clock.now()
    return any(
        may_change(result) and isinstance(settle(result, history, now, schedule), Bounced)
        for result in attempted.results
    )


def may_change(result: Result) -> bool:
    """Whether another policy could lead to another result."""
    match result:
        case Answered():
            return False
        case NotReached(permanent=permanent):
            return not permanent
        case _:
            return True
