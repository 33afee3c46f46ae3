"""Flights: calls that were not found, each with all that wait for it: docs/design/scheduler.md, single flight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from diorama.keys import Digest
from diorama.run.state import Run
from diorama.run.tasks import Job, Task


class Flights:
    """Who waits for which call, by key: each is made once, however many want it. The first that waits leads.

    A task without a key, of a volatile node, is waited for by itself alone.
    """

    def __init__(self) -> None:
        self._waiters: dict[Digest, list[Task]] = {}

    def __bool__(self) -> bool:
        return bool(self._waiters)

    def __contains__(self, key: Digest) -> bool:
        return key in self._waiters

    def begin(self, waiters: list[Task]) -> None:
        """Let these wait for the call of the first of them."""
        key = waiters[0].key
        if key is not None:
            self._waiters[key] = waiters

    def join(self, task: Task) -> bool:
        """Let a task wait for a call that others want too; tells whether its run is more important than theirs."""
        assert task.key is not None
        others = self._waiters[task.key]
        is_more = task.run.priority > max(one.run.priority for one in others)
        others.append(task)
        return is_more

    def end(self, key: Digest) -> list[Task]:
        """End the flight of a call; gives all that waited for it."""
        return self._waiters.pop(key, [])

    def land(self, task: Task) -> list[Task]:
        """End the flight of a task's call; gives those that waited for it and are still wanted."""
        waiters = self._waiters.pop(task.key, [task]) if task.key else [task]
        return [waiter for waiter in waiters if waiter.run.is_going and waiter.number in waiter.run.active]

    def waiters(self, task: Task) -> Sequence[Task]:
        """Those that wait for a task's call."""
        return self._waiters.get(task.key, [task]) if task.key else [task]

    def of(self, job: Job) -> Iterator[Task]:
        """Those that wait for any of a job's calls."""
        return (waiter for task in job.tasks for waiter in self.waiters(task))

    def is_wanted(self, job: Job) -> bool:
        """Whether a run that goes on waits for a job."""
        return any(waiter.run.is_going for waiter in self.of(job))

    def may_start(self, job: Job) -> bool:
        """Whether a run that takes new calls waits for a job."""
        return any(waiter.run.takes_calls for waiter in self.of(job))

    def is_of(self, job: Job, run: Run) -> bool:
        """Whether a run waits for a job."""
        return any(waiter.run is run for waiter in self.of(job))

    def priority_of(self, job: Job) -> int:
        """The priority of the most important run that waits for a job."""
        return max((waiter.run.priority for waiter in self.of(job)), default=0)

    def keep(self, jobs: Iterable[Job]) -> None:
        """Forget all flights but those of these jobs, whose calls are under way: none is made beside itself."""
        self._waiters = {task.key: [task] for job in jobs for task in job.tasks if task.key is not None}
