"""From calls that are wanted to their outputs: looked up, claimed, handed to an executor, tried again, cancelled."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
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
    rungs_of,
)
from diorama.expand import Step
from diorama.faults import DioramaError
from diorama.keys import Digest, written
from diorama.plan import expected_seconds, usable
from diorama.refs import Ref
from diorama.run import events as told
from diorama.run.journal import Journal
from diorama.run.lanes import Lanes
from diorama.run.state import Run
from diorama.run.tasks import Job, Past, Task, jobs_of, key_document
from diorama.store.calls import CallStore, Made
from diorama.store.claims import Claims

FOREIGN_SECONDS = 0.05
"""How often a call that another process makes is looked for."""
CRASHES = 2
"""How often a call may cost a worker its life. The first time it may have been the victim of something else, so that
it is tried again whatever its node says of retries; neither counts towards the other."""
TRIES_OF_STOPPED = 3
"""How often a call is tried that ends as if cancelled although it is still wanted."""
LEARNED_SECONDS = 1.0
"""How long what was learned of calls is not read anew."""
PROGRESS_SECONDS = 0.1
"""How often progress of one call is passed on."""


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
    ) -> None:
        self.store = store
        self.executor = executor
        self.claims = claims
        self.journal = journal
        self.clock = clock
        self.steps = steps
        self._learned: Mapping[str, float] | None = None
        self._learned_at = 0.0
        self._asked: list[Task] = []
        self._light: deque[Job] = deque()
        self._heavy = Lanes(executor, clock)
        self._jobs: dict[int, Job] = {}
        self._flights: dict[Digest, list[Task]] = {}
        self._foreign: dict[int, tuple[Job, float]] = {}
        self._progress: dict[int, float] = {}
        self._calls = 0
        self._renewed = 0.0
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

    def forget_learned(self) -> None:
        """Read what calls took anew when it is next asked for, unless that was done a moment ago."""
        if self.clock() - self._learned_at >= LEARNED_SECONDS:
            self._learned = None

    def cancelled_jobs_of(self, run: Run) -> list[Job]:
        """Calls under way that were cancelled and that a run waits for."""
        return [job for job in self._jobs.values() if job.is_cancelled and self._is_of(job, run)]

    def clear(self) -> None:
        """Drop everything that waits; calls under way keep their flights, so that none is made beside itself."""
        for waiting in (self._asked, self._light, self._foreign, self._flights):
            waiting.clear()
        self._heavy.clear()
        for job in self._jobs.values():
            self._flights.update((task.key, [task]) for task in job.tasks if task.key is not None)

    def rest(self) -> None:
        """Forget flights when nothing is under way and no run is left."""
        if not self._jobs:
            self._flights.clear()

    def expected(self, step: Step) -> float:
        """Seconds that a step is expected to take; what was learned is read once a run, where anything runs at all."""
        if self._learned is None:
            self._learned = self.store.learned()
            self._learned_at = self.clock()
        return expected_seconds(step, self._learned)

    def look_up(self) -> None:
        """Look for ready calls in the cache, all with one query; what is not there waits for an executor."""
        tasks, self._asked = self._asked, []
        tasks = [task for task in tasks if task.run.takes_calls and task.number in task.run.active]
        wanted = [task.key for task in tasks if task.key and task.run.use_cache and task.key not in task.run.made]
        known = self.store.by_key(wanted) if wanted else {}
        if known:
            self.store.touch(known.values())
        missed: dict[tuple[int, int], list[Task]] = {}
        for task in tasks:
            found = known.get(task.key) if task.key and task.run.use_cache else None
            if task.key and task.key in task.run.made:
                self.steps.task_done(task, task.run.made[task.key], True, 0.0, task.run.id)
            elif found is not None and (outputs := usable(task.step, found, self.store)) is not None:
                self.steps.task_done(task, outputs, True, found.seconds, found.run)
            elif task.key and task.key in self.journal.unwritten and task.run.use_cache:
                run, made = self.journal.unwritten[task.key]
                self.steps.task_done(task, made.outputs, True, made.seconds, run.id)
            elif task.key and task.key in self._flights:
                self._flights[task.key].append(task)
            else:
                if task.key:
                    self._flights[task.key] = [task]
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
            self._start(self._light.popleft())
        return count

    def start_heavy(self) -> None:
        """Hand out heavy calls as far as there is room."""
        for job in self._heavy.take():
            if not self._may_start(job):
                self._put_back(job)
            elif self._claim(job):
                self._start(job)

    def _is_wanted(self, job: Job) -> bool:
        return any(waiter.run.is_going for task in job.tasks for waiter in self._waiters(task))

    def _may_start(self, job: Job) -> bool:
        return any(waiter.run.takes_calls for task in job.tasks for waiter in self._waiters(task))

    def _waiters(self, task: Task) -> Sequence[Task]:
        return self._flights.get(task.key, [task]) if task.key else [task]

    def _land(self, task: Task) -> list[Task]:
        """End a flight; gives those that waited for it and are still wanted."""
        waiters = self._flights.pop(task.key, [task]) if task.key else [task]
        return [waiter for waiter in waiters if waiter.run.is_going and waiter.number in waiter.run.active]

    def _put_back(self, job: Job) -> None:
        """Let those that wait for a job be looked up anew, as far as they are still wanted."""
        for task in job.tasks:
            self._asked.extend(self._land(task))

    def _claim(self, job: Job) -> bool:
        """Claim a call for this process; one that another process makes is looked for again a little later."""
        keys = [task.key for task in job.tasks if task.key is not None]
        if not keys or not self.store.is_shared:
            return True
        taken = self.claims.take(keys)
        if len(taken) == len(keys):
            if not self._is_made_by_now(job, keys):
                job.claim = (self.claims.owner, taken[keys[0]])
                return True
            self.claims.release(keys)
            self._put_back(job)
            return False
        self.claims.release(list(taken))
        self._calls += 1
        self._foreign[self._calls] = (job, self.clock() + FOREIGN_SECONDS)
        return False

    def _is_made_by_now(self, job: Job, keys: Sequence[Digest]) -> bool:
        """Whether another process has made a call of the job since it was looked for, which may be long ago."""
        return all(task.run.use_cache for task in job.tasks) and bool(self.store.by_key(keys))

    def look_for_foreign(self) -> None:
        """Look up calls that another process was making, where that is due."""
        now = self.clock()
        for number, (job, due) in list(self._foreign.items()):
            if due > now:
                continue
            del self._foreign[number]
            self._put_back(job)

    def _start(self, job: Job) -> None:
        if not self._may_start(job):
            self._put_back(job)
            return
        self._calls += 1
        job.call = self._calls
        self.working = job
        entry = job.tasks[0].step.kind.entry
        self._jobs[job.call] = job
        try:
            if not self.executor.is_inline(entry):
                self._tell_started(job)
                self.steps.flush()
            job.began = self.clock()
            job.deadline = job.began + entry.node.settings.time_limit * len(job.tasks)
            self.executor.start(Call(job.call, entry, [one.inputs for one in job.tasks], job.rung))
        except BaseException:
            # A listener that raises, Ctrl-C, a store that fails: what waits for this call must not wait for ever.
            self.abandon(job)
            raise

    def _tell_started(self, job: Job) -> None:
        seconds = self.expected(job.tasks[0].step)
        for task in job.tasks:
            for one in self._waiters(task):
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
                self._pass_on(job, outcome)
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
        self._progress.pop(outcome.call, None)

    def _job_done(self, job: Job, done: Done) -> None:
        seconds = done.seconds / len(job.tasks)
        for task, outputs in zip(job.tasks, done.outputs, strict=True):
            if task.key is None:
                self.steps.task_done(task, outputs, False, seconds, task.run.id)
                continue
            document = key_document(task.step, task.inputs)
            made = Made(task.key, task.step.kind.entry.id, document, outputs, seconds, self._claim_of(job, task))
            self.journal.made(task.run, made)
            for number, waiter in enumerate(self._flights.pop(task.key, [task])):
                self.steps.task_done(waiter, outputs, number > 0, seconds, task.run.id)

    def _claim_of(self, job: Job, task: Task) -> tuple[str, int] | None:
        if job.claim is None or task.key is None:
            return None
        return job.claim[0], self.claims.held.pop(task.key, job.claim[1])

    def _job_failed(self, job: Job, failed: Failed) -> None:
        self._release(job)
        if len(job.tasks) > 1:
            self._batch_failed(job, failed)
            return
        (task,) = job.tasks
        waiters = self._land(task)
        if failed.damaged is not None:
            self.steps.heal(waiters, failed)
            return
        past = _after(task.past, failed)
        again = [waiter for waiter in waiters if not failed.is_final and _is_tried_again(past, failed, waiter)]
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
                self._try_again(self._land(task), task.past)
            return
        if job.rung == 0:
            for task in job.tasks:
                task.past = _after(task.past, failed)
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
        if lead.key is not None:
            self._flights[lead.key] = waiters
        self._queue(Job([lead]))

    def _job_stopped(self, job: Job) -> None:
        self._release(job)
        for task in job.tasks:
            others = self._land(task)
            # The run that led was cancelled, or the node gave up by itself: for the others it is tried again. Of a
            # batch nobody knows which item it was.
            by_itself = not job.is_cancelled and len(job.tasks) == 1
            past = replace(task.past, stops=task.past.stops + by_itself)
            if past.stops < TRIES_OF_STOPPED:
                self._try_again(others, past)
                continue
            for waiter in others:
                self.steps.task_failed(waiter, "R001", "the call ended by itself")

    def _release(self, job: Job) -> None:
        if job.claim is not None:
            self.claims.release([task.key for task in job.tasks if task.key is not None])
            job.claim = None

    def cancel_unwanted(self) -> None:
        """Stop calls that nobody waits for any more, and take those that have not begun from the queues."""
        for job in self._jobs.values():
            if not job.is_cancelled and not self._is_wanted(job):
                job.is_cancelled = True
                self.executor.cancel(job.call)
        unwanted = [job for job in self._queued() if not self._may_start(job)]
        if not unwanted:
            return
        self._light = deque(job for job in self._light if self._may_start(job))
        self._heavy.keep(self._may_start)
        self._foreign = {number: one for number, one in self._foreign.items() if self._may_start(one[0])}
        for job in unwanted:
            self._put_back(job)

    def _queued(self) -> Iterator[Job]:
        yield from self._light
        yield from self._heavy
        yield from (job for job, _ in self._foreign.values())

    def _is_of(self, job: Job, run: Run | None) -> bool:
        return any(waiter.run is run for task in job.tasks for waiter in self._waiters(task))

    def abandon(self, job: Job) -> None:
        """Wait for a call no longer; those that still want it look it up anew."""
        self.executor.abandon(job.call)
        self._jobs.pop(job.call, None)
        self._progress.pop(job.call, None)
        self._put_back(job)
        self._release(job)

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
            self._progress.pop(job.call, None)
            self._release(job)
            if len(job.tasks) > 1:
                for task in job.tasks:
                    self._try_again(self._land(task), task.past)
                continue
            for waiter in self._land(job.tasks[0]):
                message = f"the call took longer than its limit of {limit:g} s"
                self.steps.task_failed(waiter, "R003", message)

    def renew(self) -> None:
        """Show that the claims of this process are alive, where that is due."""
        if self.claims.held and self.clock() >= self._renewed + self.claims.seconds / 3:
            self._renewed = self.clock()
            self.claims.renew()

    def pause(self, longest: float) -> float:
        """Seconds until something is due by itself."""
        now = self.clock()
        due = [now + longest, *(job.deadline for job in self._jobs.values())]
        due += [when for _, when in self._foreign.values()]
        if self.claims.held:
            due.append(self._renewed + self.claims.seconds / 3)
        return max(0.0, min(due) - now)

    def _pass_on(self, job: Job, outcome: Progressed | Previewed | Logged) -> None:
        now = self.clock()
        if isinstance(outcome, Progressed):
            if now - self._progress.get(job.call, -1.0) < PROGRESS_SECONDS and outcome.fraction < 1.0:
                return
            self._progress[job.call] = now
        for waiter in [waiter for task in job.tasks for waiter in self._waiters(task) if waiter.run.is_going]:
            run, step, item = waiter.run, waiter.step.id, waiter.item
            match outcome:
                case Progressed(_, fraction, message):
                    left = self._seconds_left(job, fraction, now)
                    run.listener(told.CallProgress(run.id, step, item, fraction, message, left))
                case Previewed(_, blob):
                    run.listener(told.CallPreview(run.id, step, item, written(blob.digest), blob.media_type))
                case Logged(_, lines):
                    run.listener(told.Log(run.id, self.journal.wall(), "info", step, item, "\n".join(lines)))

    def _seconds_left(self, job: Job, fraction: float, now: float) -> float | None:
        """Seconds until a call ends: as its node's calls took, and the more it has done, the more by its own pace."""
        taken = now - job.began
        whole = self.expected(job.tasks[0].step) * len(job.tasks)
        if fraction > 0.0:
            trust = min(1.0, 2.0 * fraction)
            whole = trust * taken / fraction + (1.0 - trust) * whole
        return round(max(0.0, whole - taken), 3) if whole > 0.0 else None

    def is_under_way(self, run: Run) -> bool:
        """Whether calls are under way that a run waits for."""
        return any(self._is_of(job, run) for job in self._jobs.values())

    def release_idle(self) -> None:
        """Let claims go that no call is made under, as far as the store can be written at all."""
        busy = {task.key for job in self._jobs.values() for task in job.tasks}
        with suppress(DioramaError):
            self.claims.release([key for key in self.claims.held if key not in busy])


def _after(past: Past, failed: Failed) -> Past:
    """What a call has been through once it failed."""
    attempt = past.attempt + 1
    match failed.cause:
        case "node":
            return replace(past, attempt=attempt, failures=past.failures + 1)
        case "crash":
            return replace(past, attempt=attempt, crashes=past.crashes + 1)
        case "memory":
            return replace(past, attempt=attempt, rung=past.rung + 1)


def _is_tried_again(past: Past, failed: Failed, waiter: Task) -> bool:
    """Whether a call that failed is tried once more for one that waits for it."""
    entry = waiter.step.kind.entry
    match failed.cause:
        case "node":
            retries = entry.node.settings.retries if waiter.run.retries is None else waiter.run.retries
            return past.failures <= retries
        case "crash":
            return past.crashes < CRASHES
        case "memory":
            return past.rung < rungs_of(entry)
