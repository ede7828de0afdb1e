"""The network of an appliance, brought up once, when somebody first needs it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from seg_cli.delivery.network import Network


class NetworkOnDemand:
    """A network that comes up in a task of its own: whoever waits for it may give up waiting."""

    def __init__(self, bring_up: Coroutine[Any, Any, Network]) -> None:
        self._coming = asyncio.ensure_future(bring_up)

    async def get(self) -> Network:
        """The network, as soon as it is up; raises what kept it from coming up."""
        return await asyncio.shield(self._coming)

    @property
    def up(self) -> Network | None:
        """The network if it is up."""
        failed = not self._coming.done() or self._coming.cancelled() or self._coming.exception()
        return None if failed else self._coming.result()

    async def close(self) -> None:
        """End it, once it is up."""
        await asyncio.wait({self._coming})
        if self.up is not None:
            await self.up.close()
