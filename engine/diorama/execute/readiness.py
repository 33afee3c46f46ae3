"""Files and sockets that are waited for together, and a way to end the wait from any thread."""

from __future__ import annotations

import os
import selectors
from collections.abc import Callable
from contextlib import suppress

Act = Callable[[], None]


class Readiness:
    """Calls what belongs to a file descriptor when that can be read, or written where this was asked for."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._waker, False)
        self._is_woken = False
        self._selector.register(self._woken, selectors.EVENT_READ, self._hear_waker)

    def add(self, file: int, act: Act) -> None:
        """Wait for a file descriptor too; one that is waited for already stays as it is."""
        if file not in self._selector.get_map():
            self._selector.register(file, selectors.EVENT_READ, act)

    def also_write(self, file: int, is_wanted: bool) -> None:
        """Wait for room to write as well, or no more."""
        key = self._selector.get_map().get(file)
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if is_wanted else 0)
        if key is not None and key.events != events:
            self._selector.modify(file, events, key.data)

    def drop(self, file: int) -> None:
        """Wait for a file descriptor no more; it must still be open."""
        with suppress(KeyError, ValueError):
            self._selector.unregister(file)

    def poll(self, seconds: float | None) -> bool:
        """Wait up to some seconds, act on what is ready, and tell whether `wake` was called."""
        self._is_woken = False
        for key, _ in self._selector.select(seconds):
            # What was acted on before may have dropped it.
            if self._selector.get_map().get(key.fd) is key:
                key.data()
        return self._is_woken

    def wake(self) -> None:
        """End a wait; safe from any thread and from a signal handler."""
        with suppress(BlockingIOError, OSError):
            os.write(self._waker, b"\0")

    def _hear_waker(self) -> None:
        self._is_woken = True
        with suppress(BlockingIOError):
            while os.read(self._woken, 4096):
                pass

    def close(self) -> None:
        """Let everything go."""
        self._selector.close()
        os.close(self._woken)
        # Whoever wakes a moment late must not write into another file that gets the number.
        waker, self._waker = self._waker, -1
        os.close(waker)
