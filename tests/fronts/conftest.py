"""A screen that can be waited for."""

import asyncio
import io


class Screen(io.StringIO):
    """Text that was put on a screen."""

    def __init__(self) -> None:
        super().__init__()
        self._written = asyncio.Event()

    def write(self, text: str, /) -> int:
        self._written.set()
        return super().write(text)

    async def shows(self, text: str) -> None:
        """Wait until the text stands there."""
        while text not in self.getvalue():
            self._written.clear()
            await self._written.wait()
