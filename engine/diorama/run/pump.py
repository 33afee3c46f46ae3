"""The pump: a thread that takes runs from the queue as far as there are places, and does what is due now and then."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Chore:
    """Something to be done every so many seconds."""

    every: float
    act: Callable[[], object]
    due: float = 0.0


class Pump:
    """Takes runs as long as `take` gives True: whenever it is woken, and every `poll_seconds`.

    Nothing that is raised stops it: the database may be away for a while.
    """

    def __init__(
        self,
        take: Callable[[], bool],
        complain: Callable[[str], None],
        poll_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clock = clock
        self.complain = complain
        self.chores = [Chore(poll_seconds, self._fill)]
        self._take = take
        self._woken = threading.Event()
        self._is_closing = False
        self._thread = threading.Thread(target=self._serve, name="diorama-pump", daemon=True)
        self._last_complaint = ""

    def start(self) -> None:
        """Begin to take runs."""
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue now."""
        self._woken.set()

    def close(self, seconds: float) -> bool:
        """Take nothing more; False where the thread does not end within some seconds."""
        self._is_closing = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _serve(self) -> None:
        while not self._is_closing:
            if self._woken.is_set():
                self._woken.clear()
                self.chores[0].due = self.clock()
            for chore in self.chores:
                if chore.due <= self.clock() and not self._is_closing:
                    chore.due = self.clock() + chore.every
                    self._do(chore)
            self._woken.wait(max(0.0, min(chore.due for chore in self.chores) - self.clock()))

    def _do(self, chore: Chore) -> None:
        try:
            chore.act()
        except Exception:  # the next time may go well
            complaint = traceback.format_exc()
            if complaint != self._last_complaint:
                self.complain(f"something that is done now and then failed:\n{complaint}")
            self._last_complaint = complaint

    def _fill(self) -> None:
        while not self._is_closing and self._take():
            pass
