"""What an operator takes out of the queue: parcels that are given up or dropped, untried."""

from seg_cli.delivery.bounce import Postmaster
from seg_cli.delivery.deliver import Delivery
from seg_cli.delivery.parts import Attempted
from seg_cli.delivery.settlement import Settlement
from seg_cli.policy.outcome import NotReached
from seg_cli.terms import Reason

GIVEN_UP = NotReached(Reason.GIVEN_UP, Reason.GIVEN_UP.value, permanent=True)


async def bounce(delivery: Delivery) -> None:
    """Give the parcel up; its sender is told, as of any other hard bounce."""
    parcel, config = delivery.parcel, delivery.config
    attempted = Attempted(tuple(GIVEN_UP for _ in parcel.recipients))
    profile = config.bounce_profile_for(parcel.domain)
    now = delivery.parts.world.clock.now()
    await _settlement(delivery).settle(parcel, attempted, profile, now)


async def delete(delivery: Delivery) -> None:
    """Drop the parcel; nobody is told."""
    await _settlement(delivery).delete(delivery.parcel)


def _settlement(delivery: Delivery) -> Settlement:
    parts = delivery.parts
    postmaster = Postmaster.of(delivery.config)
    return Settlement(parts.journal, delivery.queue, parts.emit, parts.mids, postmaster)
