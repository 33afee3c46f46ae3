"""The engine thread: the one that turns the scheduler, whatever goes wrong in a run."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable

from diorama.garbage import collected_seldom
from diorama.run.scheduler import Scheduler

IDLE_SECONDS = 1.0
"""How long the thread waits at a time when nothing is to be done."""
CALM_SECONDS = 0.1
"""How long it waits after an error, so that one which comes again and again does not burn a core."""


class Engine:
    """A thread that owns a scheduler: other threads hand it what is to be done and never touch the scheduler."""

    def __init__(self, scheduler: Scheduler, complain: Callable[[str], None]) -> None:
        self.scheduler = scheduler
        self.complain = complain
        self._is_closing = False
        self._thread = threading.Thread(target=self._serve, name="diorama-engine", daemon=True)

    def start(self) -> None:
        """Begin to turn."""
        self._thread.start()

    def ask(self, act: Callable[[], None]) -> None:
        """Let something be done on the engine's thread, soon; it must not raise."""
        self.scheduler.ask(act)

    def settle(self, seconds: float) -> bool:
        """Wait until all that was asked before has been done; False where that takes longer, or nobody does it."""
        done = threading.Event()
        self.ask(done.set)
        return self._thread.is_alive() and done.wait(seconds)

    def close(self, seconds: float) -> bool:
        """Let the thread end after its turn; False where it does not within some seconds."""
        self._is_closing = True
        if self._thread.is_alive():
            self.scheduler.executor.wake()
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _serve(self) -> None:
        with collected_seldom():
            while not self._is_closing:
                self._turn()
            # What was done is kept; what cannot be written was told to nobody.
            self.scheduler.flush()

    def _turn(self) -> None:
        try:
            if self.scheduler.is_idle:
                self.scheduler.rest(IDLE_SECONDS)
            else:
                self.scheduler.turn(IDLE_SECONDS)
        except Exception as error:  # whatever it is, the other runs go on
            self.complain(f"the engine met an error:\n{traceback.format_exc()}")
            self._blame(error)

    def _blame(self, error: Exception) -> None:
        try:
            self.scheduler.blame(error)
        except Exception:
            self.complain(f"the engine could not put an error down to a run:\n{traceback.format_exc()}")
            threading.Event().wait(CALM_SECONDS)
