"""`Cancelled` raised inside a call that does not listen, by another thread."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable

from diorama.context import Cancelled
from diorama.execute.call import Done, Failed, Stopped

End = Done | Failed | Stopped

FORCE_SECONDS = 0.5
"""How long a cancelled call may go on by itself before `Cancelled` is raised inside it."""


class Interrupts:
    """Knows which thread makes which call, and raises `Cancelled` in it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: dict[int, int] = {}
        """Identity of the thread that makes a call, while it does."""

    def made(self, call: int, make: Callable[[], End]) -> End:
        """What becomes of a call that this thread makes; when it returns, nothing is raised in the thread any more."""
        outcome: End | None = None
        while True:
            try:
                if outcome is None:
                    with self._lock:
                        self._threads[call] = threading.get_ident()
                    outcome = make()
                self._end(call)
            except Cancelled:
                # It may come at any instruction, also when the call has just ended.
                outcome = outcome or Stopped(call)
            else:
                return outcome

    def _end(self, call: int) -> None:
        with self._lock:
            self._threads.pop(call, None)
            # What was sent and has not come yet would strike the next call that this thread makes.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(threading.get_ident()), None)

    def strike(self, call: int) -> None:
        """Raise `Cancelled` in the thread of a call. Reaches Python code; a C function must return first."""
        with self._lock:
            thread = self._threads.get(call)
            if thread is not None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Cancelled))
