"""Calls that wait for a place: by lane, and within a lane by the models that they need."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from diorama.execute.call import Executor, Waiting
from diorama.run.tasks import Job

Affinity = tuple[str, ...]
"""Names of the models that a call needs."""
LEVEL_SECONDS = 60.0


@dataclass(slots=True, order=True)
class _Entry:
    """A job in a heap, the lowest rank first; see `rank_of`."""

    rank: tuple[float, int]
    job: Job
    waiting: Waiting


def rank_of(waiting: Waiting) -> float:
    """When a call's turn is: the more important its run and the longer the chain below it, the earlier.

    A level of priority is worth a minute of waiting, and the longest chain less than that: a call of a higher level
    goes first, but nothing is overtaken for ever.
    """
    chain = LEVEL_SECONDS * waiting.urgency / (waiting.urgency + LEVEL_SECONDS)
    return waiting.since - LEVEL_SECONDS * waiting.priority - chain


class Lanes:
    """The queues of calls that are not made at once. `priority_of` tells how important a job is."""

    def __init__(self, executor: Executor, clock: Callable[[], float], priority_of: Callable[[Job], int]) -> None:
        self.executor = executor
        self.clock = clock
        self.priority_of = priority_of
        self._lanes: dict[str, dict[Affinity, list[_Entry]]] = {}
        self._count = 0

    def __iter__(self) -> Iterator[Job]:
        for groups in self._lanes.values():
            for heap in groups.values():
                yield from (entry.job for entry in heap)

    def __bool__(self) -> bool:
        return any(heap for groups in self._lanes.values() for heap in groups.values())

    def add(self, job: Job) -> None:
        """Let a job wait."""
        task = job.tasks[0]
        node = task.step.kind.entry
        urgency = task.run.urgency.get(task.number, 0.0)
        inputs = [one.inputs for one in job.tasks]
        waiting = Waiting(node, inputs, self.priority_of(job), urgency, self.clock(), job.rung)
        self._count += 1
        rank = (rank_of(waiting), self._count)
        groups = self._lanes.setdefault(self.executor.lane(node), {})
        heapq.heappush(groups.setdefault(waiting.models, []), _Entry(rank, job, waiting))

    def take(self) -> Iterator[Job]:
        """The jobs that can start now, one after the other; each must be started before the next is asked for."""
        for lane, groups in list(self._lanes.items()):
            while True:
                heads = [heap[0] for heap in groups.values() if heap]
                heads.sort()
                chosen = self.executor.choose(lane, [entry.waiting for entry in heads]) if heads else None
                if chosen is None:
                    break
                yield heapq.heappop(groups[heads[chosen].waiting.models]).job

    def rank_again(self) -> None:
        """Let every job stand where it belongs, after a more important run has come to want some of them."""
        for groups in self._lanes.values():
            for heap in groups.values():
                for entry in heap:
                    priority = self.priority_of(entry.job)
                    if priority != entry.waiting.priority:
                        entry.waiting = replace(entry.waiting, priority=priority)
                        entry.rank = (rank_of(entry.waiting), entry.rank[1])
                heapq.heapify(heap)

    def keep(self, is_wanted: Callable[[Job], bool]) -> None:
        """Drop the jobs that are not wanted."""
        for groups in self._lanes.values():
            for models, heap in list(groups.items()):
                groups[models] = [entry for entry in heap if is_wanted(entry.job)]
                heapq.heapify(groups[models])

    def clear(self) -> None:
        """Drop all jobs."""
        for groups in self._lanes.values():
            groups.clear()
