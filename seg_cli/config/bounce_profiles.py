"""Bounce profiles: how often and how long delivery is tried again (`bounceconfig`)."""

from dataclasses import dataclass

DEFAULT_PROFILE = "Default"


@dataclass(frozen=True, slots=True)
class BounceProfile:
    """A retry schedule; a hard bounce falls when retries or age are used up, whichever is first.

    max_retries: attempts after the first. All other figures are seconds: max_queue_lifetime, from
    acceptance to the hard bounce; initial_retry, the first wait; max_retry_time, the longest wait.
    """

    name: str
    max_retries: int = 100
    max_queue_lifetime: int = 259_200
    initial_retry: int = 60
    max_retry_time: int = 3600
