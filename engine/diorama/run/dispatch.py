"""From calls that are wanted to their outputs: looked up, claimed, handed to an executor, tried again, cancelled."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from diorama.execute.call import (
    Call,
    Done,
    Executor,
    Failed,
    Logged,
    Outcome,
    Previewed,
    Progressed,
    Stopped,
)
from diorama.plan import forget_recipes, usable
from diorama.refs import Ref
from diorama.run import events as told
from diorama.run.attempts import TRIES_OF_STOPPED, after, is_tried_again
from diorama.run.expectation import Expectation
from diorama.run.flights import Flights
from diorama.run.journal import Journal
from diorama.run.lanes import Lanes
from diorama.run.live import Live
from diorama.run.sharing import Sharing
from diorama.run.state import Run
from diorama.run.tasks import Job, Past, Task, jobs_of, key_document
from diorama.store.calls import CallStore
from diorama.store.claims import Claims
from diorama.store.group import Made


class Steps(Protocol):
    """Who asks for calls, and is told what became of each."""

    def task_done(self, task: Task, outputs: Mapping[str, Ref], cached: bool, seconds: float, made_by: str) -> None:
        """A task has outputs: made now, or found."""

    def task_failed(self, task: Task, code: str, message: str) -> None:
        """A task failed for good."""

    def heal(self, waiters: Sequence[Task], failed: Failed) -> None:
        """Tasks cannot be called since a stored value is damaged."""

    def flush(self) -> None:
        """Write and tell what is waiting."""


class Dispatch:
    """The calls of all runs: each is made once, however many wait for it."""

    def __init__(
        self,
        store: CallStore,
        executor: Executor,
        claims: Claims,
        journal: Journal,
        clock: Callable[[], float],
        steps: Steps,
        give_way: Callable[[], None],
    ) -> None:
        self.store = store
        self.executor = executor
        self.claims = claims
        self.journal = journal
        self.clock = clock
        self.steps = steps
        self.give_way = give_way
        self.expectation = Expectation(store, clock)
        self.sharing = Sharing(store, claims, clock)
        self.live = Live(self.expectation, clock, journal.wall)
        self._asked: list[Task] = []
        self._light: deque[Job] = deque()
        self._flights = Flights()
        self._heavy = Lanes(executor, clock, self._flights.priority_of)
        self._jobs: dict[int, Job] = {}
        self._calls = 0
        self.working: Job | None = None
        """The call that was looked at last: what goes wrong then is its runs' fault."""

    def ask(self, task: Task) -> None:
        """Want a call whose inputs are known."""
        self._asked.append(task)

    @property
    def is_asked(self) -> bool:
        """Whether calls wait to be looked up."""
        return bool(self._asked)

    @property
    def has_light(self) -> bool:
        """Whether light calls wait to be made."""
        return bool(self._light)

    def cancelled_jobs_of(self, run: Run) -> list[Job]:
        """Calls under way that were cancelled and that a run waits for."""
        return [job for job in self._jobs.values() if job.is_cancelled and self._flights.is_of(job, run)]

    def clear(self) -> None:
        """Drop everything that waits; calls under way keep their flights, so that none is made beside itself."""
        for waiting in (self._asked, self._light, self.sharing, self._heavy):
            waiting.clear()
        self._flights.keep(self._jobs.values())

    def rest(self) -> None:
        """Forget flights when nothing is under way and no run is left."""
        if not self._jobs:
            self._flights.keep(())

    def look_up(self) -> None:
        """Look for ready calls in the cache, all with one query; what is not there waits for an executor."""
        tasks, self._asked = self._asked, []
        tasks = [task for task in tasks if task.run.takes_calls and task.number in task.run.active]
        wanted = [task.key for task in tasks if task.key and task.run.takes(task.key) and task.key not in task.run.made]
        known = self.store.by_key(wanted) if wanted else {}
        if known:
            self.store.touch(known.values())
        missed: dict[tuple[int, int], list[Task]] = {}
        for task in tasks:
            found = known.get(task.key) if task.key and task.run.takes(task.key) else None
            if task.key and task.key in task.run.made:
                self.steps.task_done(task, task.run.made[task.key], True, 0.0, task.run.id)
            elif found is not None and (outputs := usable(task.step, found, self.store)) is not None:
                self.steps.task_done(task, outputs, True, found.seconds, found.run)
            elif task.key and task.key in self.journal.unwritten and task.run.takes(task.key):
                run, made = self.journal.unwritten[task.key]
                self.steps.task_done(task, made.outputs, True, made.seconds, run.id)
            elif task.key and task.key in self._flights:
                if self._flights.join(task):
                    self._heavy.rank_again()
            else:
                self._flights.begin([task])
                missed.setdefault((id(task.run), task.number), []).append(task)
        for group in missed.values():
            for job in jobs_of(group):
                self._queue(job)

    def _queue(self, job: Job) -> None:
        if self.executor.is_inline(job.tasks[0].step.kind.entry):
            self._light.append(job)
        else:
            self._heavy.add(job)

    def make_light(self, most: int) -> int:
        """Make up to `most` of the light calls that wait; gives how many were."""
        count = min(most, len(self._light))
        for _ in range(count):
            self.give_way()
            self._start(self._light.popleft())
        return count

    def start_heavy(self) -> None:
        """Hand out heavy calls as far as there is room."""
        for job in self._heavy.take():
            if not self._flights.may_start(job):
                self._put_back(job)
            elif self._claim(job):
                self._start(job)

    def _put_back(self, job: Job) -> None:
        """Let those that wait for a job be looked up anew, as far as they are still wanted."""
        for task in job.tasks:
            self._asked.extend(self._flights.land(task))

    def _claim(self, job: Job) -> bool:
        """Whether a call was claimed; one that another process has just made is looked up anew."""
        found = self.sharing.claim(job)
        if found == "made":
            self._put_back(job)
        return found == "mine"

    def look_for_foreign(self) -> None:
        """Look up calls that another process was making, where that is due."""
        for job in self.sharing.due():
            self._put_back(job)

    def _start(self, job: Job) -> None:
        if not self._flights.may_start(job):
            self._put_back(job)
            return
        self._calls += 1
        job.call = self._calls
        self.working = job
        entry = job.tasks[0].step.kind.entry
        self._jobs[job.call] = job
        try:
            job.began = self.clock()
            job.deadline = job.began + entry.node.settings.time_limit * len(job.tasks)
            self.executor.start(Call(job.call, entry, [one.inputs for one in job.tasks], job.rung))
            if not self.executor.is_inline(entry):
                self._tell_started(job)
                # While the call is made: it would have to wait for the disk otherwise.
                self.steps.flush()
        except BaseException:
            # A listener that raises, Ctrl-C, a store that fails: what waits for this call must not wait for ever.
            self.abandon(job)
            raise

    def _tell_started(self, job: Job) -> None:
        seconds = self.expectation.seconds(job.tasks[0].step)
        for one in self._flights.of(job):
            if one.run.is_going:
                self.journal.tell(one.run, told.CallStarted, one.step.id, one.item, one.past.attempt, seconds)

    def take(self, outcome: Outcome) -> None:
        """Act on what an executor tells of a call."""
        job = self._jobs.get(outcome.call)
        if job is None:
            return
        self.working = job
        match outcome:
            case Progressed() | Previewed() | Logged():
                self.live.hear(job, outcome, self._flights.of(job))
                return
            case Done():
                del self._jobs[outcome.call]
                self._job_done(job, outcome)
            case Failed():
                del self._jobs[outcome.call]
                self._job_failed(job, outcome)
            case Stopped():
                del self._jobs[outcome.call]
                self._job_stopped(job)
        self.live.forget(outcome.call)

    def _job_done(self, job: Job, done: Done) -> None:
        seconds = done.seconds / len(job.tasks)
        if not done.is_kept:
            self.sharing.release(job)
        for task, outputs in zip(job.tasks, done.outputs, strict=True):
            if task.key is None:
                self.steps.task_done(task, outputs, False, seconds, task.run.id)
                continue
            waiters = self._flights.end(task)
            if done.is_kept:
                document = key_document(task.step, task.inputs)
                claim = self.sharing.spent(job, task)
                made = Made(task.key, task.step.kind.entry.id, document, outputs, seconds, claim)
                self.journal.made(task.run, made)
            else:
                for waiter in waiters:
                    forget_recipes(waiter.run.plan, waiter.number)
            for number, waiter in enumerate(waiters):
                self.steps.task_done(waiter, outputs, number > 0, seconds, task.run.id)

    def _job_failed(self, job: Job, failed: Failed) -> None:
        self.sharing.release(job)
        if len(job.tasks) > 1:
            self._batch_failed(job, failed)
            return
        (task,) = job.tasks
        waiters = self._flights.land(task)
        if failed.damaged is not None:
            self.steps.heal(waiters, failed)
            return
        past = after(task.past, failed)
        again = [waiter for waiter in waiters if is_tried_again(past, failed, waiter)]
        for waiter in waiters:
            if failed.traceback:
                self.journal.log(waiter.run, waiter.step.id, waiter.item, failed.traceback)
            if waiter in again:
                self.journal.tell(
                    waiter.run, told.CallFailed, waiter.step.id, waiter.item, failed.code, failed.message, True
                )
            else:
                waiter.run.tracebacks.append(failed.traceback)
                self.steps.task_failed(waiter, failed.code, failed.message)
        self._try_again(again, past)

    def _batch_failed(self, job: Job, failed: Failed) -> None:
        if failed.cause != "memory" or failed.is_final:
            # One by one: a bad item must not cost the others.
            for task in job.tasks:
                self._try_again(self._flights.land(task), task.past)
            return
        if job.rung == 0:
            for task in job.tasks:
                task.past = after(task.past, failed)
            self._queue(Job(job.tasks))
            return
        middle = (len(job.tasks) + 1) // 2
        self._queue(Job(job.tasks[:middle]))
        self._queue(Job(job.tasks[middle:]))

    def _try_again(self, waiters: list[Task], past: Past) -> None:
        """Queue a call again for those that still want it; the first of them leads."""
        if not waiters:
            return
        lead = waiters[0]
        for waiter in waiters:
            waiter.past = past
        self._flights.begin(waiters)
        self._queue(Job([lead]))

    def _job_stopped(self, job: Job) -> None:
        self.sharing.release(job)
        for task in job.tasks:
            others = self._flights.land(task)
            # The run that led was cancelled, or the node gave up by itself: for the others it is tried again. Of a
            # batch nobody knows which item it was.
            by_itself = not job.is_cancelled and len(job.tasks) == 1
            past = replace(task.past, stops=task.past.stops + by_itself)
            if past.stops < TRIES_OF_STOPPED:
                self._try_again(others, past)
                continue
            for waiter in others:
                self.steps.task_failed(waiter, "R001", "the call ended by itself")

    def cancel_unwanted(self) -> None:
        """Stop calls that nobody waits for any more, and take those that have not begun from the queues."""
        for job in self._jobs.values():
            if not job.is_cancelled and not self._flights.is_wanted(job):
                job.is_cancelled = True
                self.executor.cancel(job.call)
        unwanted = [job for job in self._queued() if not self._flights.may_start(job)]
        if not unwanted:
            return
        self._light = deque(job for job in self._light if self._flights.may_start(job))
        self._heavy.keep(self._flights.may_start)
        self.sharing.keep(self._flights.may_start)
        for job in unwanted:
            self._put_back(job)

    def _queued(self) -> Iterator[Job]:
        yield from self._light
        yield from self._heavy
        yield from self.sharing

    def abandon(self, job: Job) -> None:
        """Wait for a call no longer; those that still want it look it up anew."""
        self.executor.abandon(job.call)
        self._jobs.pop(job.call, None)
        self.live.forget(job.call)
        self._put_back(job)
        self.sharing.release(job)

    def watch_time(self) -> None:
        """Fail calls that took longer than their limit."""
        if not self._jobs:
            return
        now = self.clock()
        for job in [job for job in self._jobs.values() if job.deadline <= now]:
            limit = job.tasks[0].step.kind.entry.node.settings.time_limit
            self.executor.cancel(job.call)
            self.executor.abandon(job.call)
            del self._jobs[job.call]
            self.live.forget(job.call)
            self.sharing.release(job)
            if len(job.tasks) > 1:
                for task in job.tasks:
                    self._try_again(self._flights.land(task), task.past)
                continue
            for waiter in self._flights.land(job.tasks[0]):
                message = f"the call took longer than its limit of {limit:g} s"
                self.steps.task_failed(waiter, "R003", message)

    def do_due(self) -> None:
        """Do what is due by itself: calls beyond their time, claims, progress that was held back."""
        self.watch_time()
        self.sharing.renew()
        self.live.pass_on_due(self._flights.of)

    def pause(self, longest: float) -> float:
        """Seconds until something is due by itself."""
        now = self.clock()
        due = [now + longest, *(job.deadline for job in self._jobs.values())]
        return max(0.0, min([*due, *self.sharing.dues(), *self.live.dues()]) - now)

    def is_under_way(self, run: Run) -> bool:
        """Whether calls are under way that a run waits for."""
        return any(self._flights.is_of(job, run) for job in self._jobs.values())

    def release_idle(self) -> None:
        """Let claims go that no call is made under."""
        self.sharing.release_idle({task.key for job in self._jobs.values() for task in job.tasks})
