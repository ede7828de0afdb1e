"""Flights: concurrent equal questions share one task, and nobody's leaving stops the others."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


@dataclass(slots=True)
class Flight(Generic[T]):
    task: asyncio.Task[T]
    waiting: int = 0


class Flights(Generic[K, T]):
    """Work in progress by what it is for."""

    def __init__(self) -> None:
        self._flights: dict[K, Flight[T]] = {}

    def __len__(self) -> int:
        return len(self._flights)

    async def join(self, key: K, start: Callable[[], Coroutine[object, object, T]]) -> T:
        """The result of the work under way for `key`, which is started if there is none.

        A caller may be cancelled at any time; the work is cancelled with the last of them.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = Flight(asyncio.create_task(start()))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                flight.task.cancel()  # does nothing to work that is done
                del self._flights[key]
