"""Delivery settings: what holds for all destinations together (`deliveryconfig`)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """max_concurrency: the system-wide maximum of outbound message deliveries at once."""

    max_concurrency: int = 10_000
