"""Flights: calls that were not found, each with all that wait for it: docs/design/scheduler.md, single flight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from diorama.keys import Digest
from diorama.run.state import Run
from diorama.run.tasks import Job, Task


class Flight:
    """A call that is not made yet: those that wait for it, and the runs that they are of, which are few."""

    __slots__ = ("runs", "tasks")

    def __init__(self, tasks: list[Task]) -> None:
        self.tasks = tasks
        self.runs = {id(task.run): task.run for task in tasks}

    def join(self, task: Task) -> None:
        """Wait for it too."""
        self.tasks.append(task)
        self.runs[id(task.run)] = task.run


class Flights:
    """Who waits for which call, by key: each is made once, however many want it. The first that waits leads.

    A task without a key, of a volatile node, is waited for by itself alone.
    """

    def __init__(self) -> None:
        self._flights: dict[Digest, Flight] = {}

    def __bool__(self) -> bool:
        return bool(self._flights)

    def __contains__(self, key: Digest) -> bool:
        return key in self._flights

    def begin(self, waiters: list[Task]) -> None:
        """Let these wait for the call of the first of them."""
        key = waiters[0].key
        if key is not None:
            self._flights[key] = Flight(waiters)

    def join(self, task: Task) -> bool:
        """Let a task wait for a call that others want too; tells whether its run is more important than theirs."""
        assert task.key is not None
        flight = self._flights[task.key]
        is_more = task.run.priority > max(run.priority for run in flight.runs.values())
        flight.join(task)
        return is_more

    def end(self, task: Task) -> list[Task]:
        """End the flight of a task's call; gives all that waited for it."""
        flight = self._flights.pop(task.key, None) if task.key else None
        return [task] if flight is None else flight.tasks

    def land(self, task: Task) -> list[Task]:
        """End the flight of a task's call; gives those that waited for it and are still wanted."""
        return [one for one in self.end(task) if one.run.is_going and one.number in one.run.active]

    def waiters(self, task: Task) -> Sequence[Task]:
        """Those that wait for a task's call."""
        flight = self._flights.get(task.key) if task.key else None
        return (task,) if flight is None else flight.tasks

    def of(self, job: Job) -> Iterator[Task]:
        """Those that wait for any of a job's calls."""
        return chain.from_iterable(self.waiters(task) for task in job.tasks)

    def runs_of(self, job: Job) -> Iterator[Run]:
        """The runs that wait for any of a job's calls; one may come more than once."""
        for task in job.tasks:
            flight = self._flights.get(task.key) if task.key else None
            yield from (task.run,) if flight is None else flight.runs.values()

    def is_wanted(self, job: Job) -> bool:
        """Whether a run that goes on waits for a job."""
        return any(run.is_going for run in self.runs_of(job))

    def may_start(self, job: Job) -> bool:
        """Whether a run that takes new calls waits for a job."""
        return any(run.takes_calls for run in self.runs_of(job))

    def is_of(self, job: Job, run: Run) -> bool:
        """Whether a run waits for a job."""
        return any(one is run for one in self.runs_of(job))

    def priority_of(self, job: Job) -> int:
        """The priority of the most important run that waits for a job."""
        return max((run.priority for run in self.runs_of(job)), default=0)

    def keep(self, jobs: Iterable[Job]) -> None:
        """Forget all flights but those of these jobs, whose calls are under way: none is made beside itself."""
        self._flights = {task.key: Flight([task]) for job in jobs for task in job.tasks if task.key is not None}
