"""What calls tell while they are under way, passed on to those who wait for them: often enough, and no more often."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from diorama.execute.call import Logged, Previewed, Progressed
from diorama.keys import written
from diorama.run import events as told
from diorama.run.expectation import Expectation
from diorama.run.state import Run
from diorama.run.tasks import Job, Task

PROGRESS_SECONDS = 0.1
"""How often progress of one call is passed on."""


class Live:
    """Passes on what is not kept. Of progress that comes too fast, the latest is passed on when it is due."""

    def __init__(self, expectation: Expectation, clock: Callable[[], float], wall: Callable[[], float]) -> None:
        self.expectation = expectation
        self.clock = clock
        self.wall = wall
        self._told: dict[int, float] = {}
        self._held: dict[int, tuple[Job, Progressed]] = {}

    def __bool__(self) -> bool:
        return bool(self._told or self._held)

    def hear(self, job: Job, outcome: Progressed | Previewed | Logged, waiters: Iterable[Task]) -> None:
        """Pass on what a call told, or hold it back for a moment."""
        match outcome:
            case Progressed():
                now = self.clock()
                if now - self._told.get(job.call, -1.0) < PROGRESS_SECONDS and outcome.fraction < 1.0:
                    self._held[job.call] = job, outcome
                else:
                    self._progress(job, outcome, waiters, now)
            case Previewed(_, blob):
                for run, step, item in _going(waiters):
                    run.listener(told.CallPreview(run.id, step, item, written(blob.digest), blob.media_type))
            case Logged(_, lines):
                for run, step, item in _going(waiters):
                    run.listener(told.Log(run.id, self.wall(), "info", step, item, "\n".join(lines)))

    def _progress(self, job: Job, outcome: Progressed, waiters: Iterable[Task], now: float) -> None:
        self._held.pop(job.call, None)
        self._told[job.call] = now
        left = self.expectation.left(job.tasks[0].step, len(job.tasks), now - job.began, outcome.fraction)
        for run, step, item in _going(waiters):
            run.listener(told.CallProgress(run.id, step, item, outcome.fraction, outcome.message, left))

    def pass_on_due(self, waiters_of: Callable[[Job], Iterable[Task]]) -> None:
        """Pass on what was held back, where it is due."""
        if not self._held:
            return
        now = self.clock()
        for job, outcome in [held for call, held in self._held.items() if now >= self._due(call)]:
            self._progress(job, outcome, waiters_of(job), now)

    def _due(self, call: int) -> float:
        return self._told.get(call, 0.0) + PROGRESS_SECONDS

    def dues(self) -> list[float]:
        """When something that was held back is due."""
        return [self._due(call) for call in self._held]

    def forget(self, call: int) -> None:
        """Drop what is left of a call that has ended."""
        self._told.pop(call, None)
        self._held.pop(call, None)


def _going(waiters: Iterable[Task]) -> Iterable[tuple[Run, str, int | None]]:
    return [(task.run, task.step.id, task.item) for task in waiters if task.run.is_going]
