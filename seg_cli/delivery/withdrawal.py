"""What an operator takes out of the queue: parcels that are given up or dropped, untried."""

from seg_cli.delivery.deliver import Delivery
from seg_cli.delivery.parts import Attempted
from seg_cli.policy.outcome import NotReached
from seg_cli.terms import Reason

GIVEN_UP = NotReached(Reason.GIVEN_UP, Reason.GIVEN_UP.value, permanent=True)


async def bounce(delivery: Delivery) -> None:
    """Give the parcel up; its sender is told, as of any other hard bounce."""
    parcel, bounces = delivery.parcel, delivery.destination.bounces
    attempted = Attempted(tuple(GIVEN_UP for _ in parcel.recipients))
    now = delivery.parts.world.clock.now()
    await delivery.settlement.settle(parcel, attempted, bounces, now)


async def delete(delivery: Delivery) -> None:
    """Drop the parcel; nobody is told."""
    await delivery.settlement.delete(delivery.parcel)
