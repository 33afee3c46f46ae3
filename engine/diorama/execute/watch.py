"""What is due by itself with workers: force what does not listen, end what takes too much memory, let idle ones go."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from typing import Literal

from diorama.execute.child import Child
from diorama.execute.interrupt import FORCE_SECONDS
from diorama.execute.messages import Asked
from diorama.execute.pool import CPU, Pool

MEMORY_SECONDS = 0.25
"""How often the memory of busy workers is looked at."""
FLOOD_SECONDS = 0.05
"""How often the output of a worker is read that prints more than is told."""
SILENT_SECONDS = 1.0
"""How long a worker that closed its end may take to die by itself."""
BURY_SECONDS = 0.02
"""How often a death that is near is looked for where the system does not tell of it."""

Step = Literal["force", "kill"]


class Watch:
    """Looks after the workers of a pool, whenever something is due."""

    def __init__(self, pool: Pool, clock: Callable[[], float] = time.monotonic) -> None:
        self.pool = pool
        self.clock = clock
        self._steps: list[tuple[float, int, Step]] = []
        """What is done about a cancelled call that goes on, and when."""
        self._looked = 0.0
        self._drained = 0.0

    def cancel(self, call: int) -> None:
        """Ask a call to end, then raise `Cancelled` inside it, then kill its worker."""
        child = self.pool.by_call.get(call)
        if child is None or child.assignment is None or child.assignment.is_cancelled:
            return
        child.assignment.is_cancelled = True
        child.ask(Asked("cancel", call))
        now = self.clock()
        heapq.heappush(self._steps, (now + FORCE_SECONDS, call, "force"))
        heapq.heappush(self._steps, (now + self.pool.options.grace_seconds, call, "kill"))

    def pause(self) -> float | None:
        """Seconds until something is due; None where nothing is."""
        now = self.clock()
        due = [step[0] for step in self._steps[:1]]
        children = self.pool.children.values()
        if any(one.state == "busy" for one in children):
            due.append(self._looked + MEMORY_SECONDS)
        if any(one.output.is_flooding for one in children):
            due.append(self._drained + FLOOD_SECONDS)
        due += [one.silent_since + SILENT_SECONDS for one in children if one.silent_since and one.state != "ending"]
        if any(one.process.ended < 0 and (one.state == "ending" or one.silent_since) for one in children):
            due.append(now + BURY_SECONDS)
        due += [one.since + self.pool.options.idle_seconds for one in self._surplus()]
        pause = self.pool.devices.pause()
        if pause is not None:
            due.append(now + pause)
        return max(0.0, min(due) - now) if due else None

    def tend(self) -> None:
        """Do what is due."""
        now = self.clock()
        while self._steps and self._steps[0][0] <= now:
            _, call, step = heapq.heappop(self._steps)
            self._escalate(call, step)
        if now >= self._looked + MEMORY_SECONDS:
            self._looked = now
            self._look_at_memory()
        if now >= self._drained + FLOOD_SECONDS:
            self._drained = now
            self._drain()
        for child in self._surplus():
            if now >= child.since + self.pool.options.idle_seconds:
                self.pool.end(child, "it was idle")
        for child in [one for one in self.pool.children.values() if one.process.ended < 0 and one.has_ended()]:
            self.pool.bury(child)
        for child in self.pool.living():
            if child.silent_since and now >= child.silent_since + SILENT_SECONDS:
                self.pool.end(child, "it broke off the connection")
        for device in self.pool.devices.tend():
            for child in self.pool.living():
                if child.device == device:
                    self.pool.end(child, "the device was given to another")

    def _escalate(self, call: int, step: Step) -> None:
        child = self.pool.by_call.get(call)
        if child is None:
            return
        if step == "force":
            child.ask(Asked("force", call))
        else:
            self.pool.end(child, "its call was cancelled and went on")

    def _look_at_memory(self) -> None:
        for child in [one for one in self.pool.living() if one.state == "busy"]:
            assignment = child.assignment
            assert assignment is not None
            assignment.peak_bytes = max(assignment.peak_bytes, child.look() - assignment.base_bytes)
            if assignment.memory_bytes and assignment.peak_bytes > assignment.memory_bytes:
                self.pool.end(child, "its call took too much memory")

    def _drain(self) -> None:
        for child in list(self.pool.children.values()):
            if child.output.is_flooding:
                self.pool.read_output(child)

    def _surplus(self) -> list[Child]:
        """Idle workers beyond those that stay warm, the longest idle first."""
        idle = [one for one in self.pool.of(CPU) if one.state == "idle"]
        idle.sort(key=lambda one: one.since)
        return idle[: max(0, len(idle) - self.pool.options.warm_workers)]
