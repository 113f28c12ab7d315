"""How many bytes of messages the door holds at once: who asks for more waits, and the sender's connection with them."""

from __future__ import annotations

import asyncio


class NoRoomError(Exception):
    """Nothing became free in time."""


class Memory:
    """A number of bytes that all connections share."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.held = 0
        self._freed = asyncio.Condition()

    async def take(self, size: int, *, seconds: float) -> None:
        """Wait until `size` bytes are free and hold them. Raises `NoRoomError`."""
        try:
            async with asyncio.timeout(seconds), self._freed:
                await self._freed.wait_for(lambda: self.held + size <= self.most)
                self.held += size
        except TimeoutError as error:
            raise NoRoomError from error

    async def give_back(self, size: int) -> None:
        if size:
            async with self._freed:
                self.held -= size
                self._freed.notify_all()


class Share:
    """What one message holds: its announced size, or steps as it grows; it ends with the message."""

    STEP = 262_144

    def __init__(self, memory: Memory, *, seconds: float) -> None:
        self._memory = memory
        self._seconds = seconds
        self.size = 0

    async def begin(self, announced: int) -> None:
        """Hold what the sender says it has, in one piece: two that wait for each other's half would both wait in vain.

        Raises `NoRoomError`.
        """
        size = max(announced, self.STEP)
        await self._memory.take(size, seconds=self._seconds)
        self.size += size

    async def grow_to(self, size: int) -> None:
        """Hold at least so many bytes. Raises `NoRoomError`."""
        while self.size < size:
            await self._memory.take(self.STEP, seconds=self._seconds)
            self.size += self.STEP

    async def end(self) -> None:
        size, self.size = self.size, 0
        await self._memory.give_back(size)
