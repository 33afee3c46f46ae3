"""The scheduler: a small loop over what comes in. docs/design/scheduler.md tells its invariants."""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from diorama.execute.call import Call, Done, Executor, Failed, Outcome, Previewed, Progressed, Stopped
from diorama.expand import Step
from diorama.faults import DioramaError, Fault
from diorama.keys import Digest, tagged
from diorama.plan import expected_seconds, usable
from diorama.refs import Ref, many
from diorama.run import events as told
from diorama.run import walk
from diorama.run.record import manifest_of, run_row
from diorama.run.state import Record, Run, Spread
from diorama.run.tasks import Job, Task, call_key, jobs_of, key_document
from diorama.store.calls import CallStore, Group, Made
from diorama.store.claims import Claims
from diorama.store.fault_points import reach

FLUSH_ROWS = 1000
FLUSH_SECONDS = 0.05
"""Rows are written together when there are this many or the oldest is this old; what they tell waits for them."""
LIGHT_A_TURN = 64
"""Light calls made before the loop looks at what else came in."""
GRACE_SECONDS = 5.0
"""How long a cancelled run waits for its calls before it ends without them."""
FOREIGN_SECONDS = 0.05
"""How often a call that another process makes is looked for."""
TRIES_OF_STOPPED = 3
"""How often a call is tried that ends as if cancelled although it is still wanted."""
PROGRESS_SECONDS = 0.1
"""How often progress of one call is passed on."""


class Scheduler:
    """Moves runs over one store and one executor until they end.

    Clock, store, executor and claims are passed in, so that the same code runs under the simulator. All methods
    are for one thread but `cancel`, which any thread may call.
    """

    def __init__(
        self,
        store: CallStore,
        executor: Executor,
        claims: Claims,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.store = store
        self.executor = executor
        self.claims = claims
        self.clock = clock
        self.wall = wall
        self.runs: dict[str, Run] = {}
        self._learned: Mapping[str, float] | None = None
        self._ready: deque[tuple[Run, int]] = deque()
        self._looked_up: list[Task] = []
        self._light: deque[Job] = deque()
        self._heavy: list[tuple[float, int, Job]] = []
        self._jobs: dict[int, Job] = {}
        self._flights: dict[Digest, list[Task]] = {}
        self._foreign: dict[int, tuple[Job, float]] = {}
        self._cancelled: deque[str] = deque()
        self._give_up: dict[str, float] = {}
        self._progress: dict[int, float] = {}
        self._group = Group()
        self._unwritten: dict[Digest, tuple[Run, Made]] = {}
        """Calls that were made and that the store does not know yet."""
        self._events: list[tuple[Run, told.Event]] = []
        self._oldest = 0.0
        self._calls = 0
        self._renewed = 0.0

    def submit(self, run: Run) -> None:
        """Begin a run; it is on disk when this returns."""
        run.started, run.started_wall = self.clock(), self.wall()
        run.state = "running"
        self.runs[run.id] = run
        self._learned = None
        try:
            ready, cached = walk.activate(run, run.plan.goals, self.store, self._expected)
            self.store.touch(run.plan.found[number] for number in cached)
        except BaseException:
            del self.runs[run.id]
            raise
        self._group.run_rows.append(run_row(run))
        seconds = sum(self._expected(run.step(number)) for number in run.active)
        self._tell(run, told.RunStarted, run.plan.graph.title, len(run.active), len(cached), seconds)
        self._take_cached(run, cached)
        self._tell_results(run)
        self._ready.extend((run, number) for number in ready)
        self._end_if_over(run)
        self.flush()

    def cancel(self, run: str) -> None:
        """Cancel a run; safe from any thread and from a signal handler."""
        self._cancelled.append(run)
        self.executor.wake()

    @property
    def is_idle(self) -> bool:
        """Whether every run has ended."""
        return not self.runs

    def turn(self, longest: float = 1.0) -> None:
        """One round: start what can start, wait up to `longest` seconds for what comes in, and act on it.

        Where the store cannot be read or written, every run that is under way ends as failed.
        """
        try:
            self._turn(longest)
        except DioramaError as error:
            self._fail_all(error.faults)

    def _turn(self, longest: float) -> None:
        self._cancel_asked()
        self._advance()
        self._start_jobs()
        self._look_for_foreign()
        if self._is_due():
            self.flush()
        outcomes = self.executor.wait(0.0)
        if not outcomes and not self._light and not self._ready and not self._looked_up:
            self.flush()
            outcomes = self.executor.wait(self._pause(longest)) if self.runs else ()
        for outcome in outcomes:
            self._take(outcome)
        self._watch_time()
        self._renew()

    def run_until_idle(self) -> None:
        """Turn until every run has ended."""
        while not self.is_idle:
            self.turn()
        self.flush()

    # Steps

    def _expected(self, step: Step) -> float:
        """Seconds that a step is expected to take; what was learned is read once a run, where anything runs at all."""
        if self._learned is None:
            self._learned = self.store.learned()
        return expected_seconds(step, self._learned)

    def _take_cached(self, run: Run, cached: Iterable[int]) -> None:
        steps: list[tuple[str, str, str]] = []
        for number in cached:
            known = run.plan.found[number]
            self._record(run, number, None, known.key, True, known.seconds, known.run, run.outputs[number])
            steps.append((run.step(number).id, known.key.hex(), known.run))
        if steps:
            self._tell(run, told.StepsCached, steps)

    def _activate(self, run: Run, goals: Iterable[int]) -> None:
        """Bring more steps into a run that is under way."""
        ready, cached = walk.activate(run, goals, self.store, self._expected)
        self.store.touch(run.plan.found[number] for number in cached)
        self._take_cached(run, cached)
        self._ready.extend((run, number) for number in ready)
        for number in cached:
            self._ready.extend((run, fed) for fed in walk.done(run, number, run.outputs[number]))

    def _advance(self) -> None:
        """Move on every step whose sources are done, until calls are all that is left to wait for."""
        while self._ready or self._looked_up:
            while self._ready:
                run, number = self._ready.popleft()
                if number in run.active and not run.is_over:
                    self._move(run, number)
            self._look_up()

    def _move(self, run: Run, number: int) -> None:
        """Call a step whose sources are done, spread it over its items, or gather what its items gave."""
        if number in run.gathers:
            self._gather(run, number)
            return
        try:
            inputs, missing = walk.inputs_of(run, number)
        except walk.BadNeeds as error:
            self._fail_step(run, number, None, "R001", str(error))
            return
        if missing:
            stopped = [source for source in missing if source in run.stopped]
            if stopped:
                self._stop(run, number, run.stopped[stopped[0]], blocked=True)
                return
            walk.wait_for(run, number, missing)
            self._activate(run, missing)
            return
        step = run.step(number)
        if step.for_each:
            self._spread(run, number, inputs)
        else:
            self._looked_up.append(Task(run, number, None, inputs, call_key(step, inputs)))

    def _spread(self, run: Run, number: int, inputs: Mapping[str, Ref]) -> None:
        step = run.step(number)
        try:
            items = walk.items_of(run, number, inputs)
        except walk.UnequalLists as error:
            self._fail_step(run, number, None, "R005", str(error))
            return
        if step.body is not None:
            goals = walk.open_items(run, number, items)
            if walk.wait_for(run, number, goals) == 0:
                self._ready.append((run, number))
            self._activate(run, goals)
            return
        run.spreads[number] = Spread([None] * len(items), [None] * len(items), len(items))
        if not items:
            self._step_done(run, number, _listed(step.kind.interface.outputs, []), None, 0.0)
        for item, one in enumerate(items):
            self._looked_up.append(Task(run, number, item, one, call_key(step, one)))

    def _gather(self, run: Run, number: int) -> None:
        step = run.step(number)
        items = [{name: run.value(given) for name, given in one.items()} for one in run.gathers.pop(number)]
        self._step_done(run, number, _listed(step.kind.interface.outputs, items), None, 0.0)

    def _task_done(self, task: Task, outputs: Mapping[str, Ref], cached: bool, seconds: float, made_by: str) -> None:
        run, number = task.run, task.number
        if run.is_over or number not in run.active:
            return
        self._record(run, number, task.item, task.key, cached, seconds, made_by, outputs)
        key = task.key.hex() if task.key else ""
        self._tell(run, told.CallFinished, task.step.id, task.item, key, cached, seconds)
        if task.key is not None:
            run.made[task.key] = outputs
        if task.item is None:
            self._step_done(run, number, outputs, task.key, seconds)
            return
        spread = run.spreads[number]
        spread.outputs[task.item] = outputs
        spread.keys[task.item] = task.key
        spread.seconds += 0.0 if cached else seconds
        self._item_over(run, number)

    def _item_over(self, run: Run, number: int) -> None:
        spread = run.spreads[number]
        spread.left -= 1
        if spread.left:
            return
        step = run.step(number)
        if spread.has_failed:
            self._stop(run, number, step.id)
            return
        made = [outputs for outputs in spread.outputs if outputs is not None]
        keys = [key for key in spread.keys if key is not None]
        key = tagged("map", step.kind.call_prefix, *keys) if len(keys) == len(made) else None
        outputs = _listed(step.kind.interface.outputs, made)
        if key is not None and run.plan.recipes[number] is not None:
            call = Made(key, f"{step.kind.name}[]", b"{}", outputs, spread.seconds)
            self._write_later(run, call)
        self._step_done(run, number, outputs, key, spread.seconds)

    def _step_done(self, run: Run, number: int, outputs: Mapping[str, Ref], key: Digest | None, seconds: float) -> None:
        recipe = run.plan.recipes[number]
        if recipe is not None and key is not None:
            self._group.led.append((recipe, key))
        self._ready.extend((run, fed) for fed in walk.done(run, number, outputs))
        self._tell_results(run, number)
        self._end_if_over(run)

    def _fail_step(self, run: Run, number: int, item: int | None, code: str, message: str) -> None:
        step = run.step(number)
        place = step.id if item is None else f"{step.id}[{item}]"
        run.faults.append(Fault(code, place, message))
        self._tell(run, told.CallFailed, step.id, item, code, message, False)
        if item is None:
            self._stop(run, number, step.id)
        else:
            run.spreads[number].has_failed = True
            self._item_over(run, number)

    def _stop(self, run: Run, number: int, by: str, blocked: bool = False) -> None:
        stopped = walk.stop(run, number, by)
        for one in [number, *stopped] if blocked else stopped:
            self._tell(run, told.StepBlocked, run.step(one).id, by)
        self._end_if_over(run)

    # Calls

    def _look_up(self) -> None:
        """Look for ready calls in the cache, all with one query; what is not there waits for an executor."""
        tasks, self._looked_up = self._looked_up, []
        tasks = [task for task in tasks if not task.run.is_over and task.number in task.run.active]
        wanted = [task.key for task in tasks if task.key and task.run.use_cache and task.key not in task.run.made]
        known = self.store.by_key(wanted) if wanted else {}
        if known:
            self.store.touch(known.values())
        missed: dict[tuple[int, int], list[Task]] = {}
        for task in tasks:
            found = known.get(task.key) if task.key and task.run.use_cache else None
            if task.key and task.key in task.run.made:
                self._task_done(task, task.run.made[task.key], True, 0.0, task.run.id)
            elif found is not None and (outputs := usable(task.step, found, self.store)) is not None:
                self._task_done(task, outputs, True, found.seconds, found.run)
            elif task.key and task.key in self._unwritten and task.run.use_cache:
                run, made = self._unwritten[task.key]
                self._task_done(task, made.outputs, True, made.seconds, run.id)
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
        task = job.tasks[0]
        if task.step.kind.entry.node.is_light:
            self._light.append(job)
            return
        self._calls += 1
        heapq.heappush(self._heavy, (-task.run.urgency.get(task.number, 0.0), self._calls, job))

    def _start_jobs(self) -> None:
        for _ in range(min(LIGHT_A_TURN, len(self._light))):
            self._start(self._light.popleft())
        while self._heavy and len(self._jobs) < self.executor.capacity:
            _, _, job = heapq.heappop(self._heavy)
            if not self._is_wanted(job):
                self._put_back(job)
            elif self._claim(job):
                self._start(job)

    def _is_wanted(self, job: Job) -> bool:
        return any(waiter.run.is_going for task in job.tasks for waiter in self._waiters(task))

    def _waiters(self, task: Task) -> Sequence[Task]:
        return self._flights.get(task.key, [task]) if task.key else [task]

    def _land(self, task: Task) -> list[Task]:
        """End a flight; gives those that waited for it and are still wanted."""
        waiters = self._flights.pop(task.key, [task]) if task.key else [task]
        return [waiter for waiter in waiters if waiter.run.is_going and waiter.number in waiter.run.active]

    def _put_back(self, job: Job) -> None:
        """Let those that wait for a job be looked up anew, as far as they are still wanted."""
        for task in job.tasks:
            self._looked_up.extend(self._land(task))

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

    def _look_for_foreign(self) -> None:
        now = self.clock()
        for number, (job, due) in list(self._foreign.items()):
            if due > now:
                continue
            del self._foreign[number]
            self._put_back(job)

    def _start(self, job: Job) -> None:
        if not self._is_wanted(job):
            self._put_back(job)
            return
        self._calls += 1
        job.call = self._calls
        entry = job.tasks[0].step.kind.entry
        self._jobs[job.call] = job
        try:
            if not entry.node.is_light:
                self._tell_started(job)
                self.flush()
            job.deadline = self.clock() + entry.node.settings.time_limit * len(job.tasks)
            self.executor.start(Call(job.call, entry, [one.inputs for one in job.tasks]))
        except BaseException:
            # A listener that raises, Ctrl-C, a store that fails: what waits for this call must not wait for ever.
            self._abandon(job)
            raise

    def _tell_started(self, job: Job) -> None:
        seconds = self._expected(job.tasks[0].step)
        for task in job.tasks:
            for one in self._waiters(task):
                if one.run.is_going:
                    self._tell(one.run, told.CallStarted, one.step.id, one.item, one.attempt, seconds)

    def _take(self, outcome: Outcome) -> None:
        job = self._jobs.get(outcome.call)
        if job is None:
            return
        match outcome:
            case Progressed() | Previewed():
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
                self._task_done(task, outputs, False, seconds, task.run.id)
                continue
            document = key_document(task.step, task.inputs)
            made = Made(task.key, task.step.kind.entry.id, document, outputs, seconds, self._claim_of(job, task))
            self._write_later(task.run, made)
            for number, waiter in enumerate(self._flights.pop(task.key, [task])):
                self._task_done(waiter, outputs, number > 0, seconds, task.run.id)

    def _claim_of(self, job: Job, task: Task) -> tuple[str, int] | None:
        if job.claim is None or task.key is None:
            return None
        return job.claim[0], self.claims.held.pop(task.key, job.claim[1])

    def _job_failed(self, job: Job, failed: Failed) -> None:
        self._release(job)
        if len(job.tasks) > 1:
            self._one_by_one(job)
            return
        (task,) = job.tasks
        waiters = self._land(task)
        if failed.damaged is not None:
            self._heal(waiters, failed)
            return
        again = [waiter for waiter in waiters if not failed.is_final and task.attempt < _tries(waiter)]
        for waiter in waiters:
            if waiter in again:
                self._tell(waiter.run, told.CallFailed, waiter.step.id, waiter.item, failed.code, failed.message, True)
            else:
                waiter.run.tracebacks.append(failed.traceback)
                self._fail_step(waiter.run, waiter.number, waiter.item, failed.code, failed.message)
        self._try_again(again, task.attempt + 1)

    def _one_by_one(self, job: Job) -> None:
        """Call the items of a batch one by one: a bad one must not cost the others."""
        for task in job.tasks:
            self._try_again(self._land(task), task.attempt)

    def _try_again(self, waiters: list[Task], attempt: int, stops: int = 0) -> None:
        """Queue a call again for those that still want it; the first of them leads."""
        if not waiters:
            return
        lead = waiters[0]
        for waiter in waiters:
            waiter.attempt, waiter.stops = attempt, stops
        if lead.key is not None:
            self._flights[lead.key] = waiters
        self._queue(Job([lead]))

    def _heal(self, waiters: Sequence[Task], failed: Failed) -> None:
        """A blob was damaged between plan and call: the run is planned anew, which makes the blob again."""
        for waiter in waiters:
            run = waiter.run
            self._end(run, "interrupted", [Fault("R001", waiter.step.id, failed.message)])
            run.needs_plan = run.state == "interrupted"

    def _job_stopped(self, job: Job) -> None:
        self._release(job)
        for task in job.tasks:
            others = self._land(task)
            # The run that led was cancelled, or the node gave up by itself: for the others it is tried again. Of a
            # batch nobody knows which item it was.
            stops = task.stops if job.is_cancelled or len(job.tasks) > 1 else task.stops + 1
            if stops < TRIES_OF_STOPPED:
                self._try_again(others, task.attempt, stops)
                continue
            for waiter in others:
                self._fail_step(waiter.run, waiter.number, waiter.item, "R001", "the call ended by itself")
        self._end_cancelled()

    def _release(self, job: Job) -> None:
        if job.claim is not None:
            self.claims.release([task.key for task in job.tasks if task.key is not None])
            job.claim = None

    # Cancelling and time

    def _cancel_asked(self) -> None:
        while self._cancelled:
            run = self.runs.get(self._cancelled.popleft())
            if run is None or run.is_cancelled:
                continue
            run.is_cancelled = True
            self._give_up[run.id] = self.clock() + GRACE_SECONDS
            run.active.clear()
            self._cancel_unwanted()
        self._end_cancelled()

    def _cancel_unwanted(self) -> None:
        """Stop calls that nobody waits for any more, and take those that have not begun from the queues."""
        for job in self._jobs.values():
            if not job.is_cancelled and not self._is_wanted(job):
                job.is_cancelled = True
                self.executor.cancel(job.call)
        if any(not self._is_wanted(job) for job in self._queued()):
            for job in [job for job in self._queued() if not self._is_wanted(job)]:
                self._put_back(job)
            self._light = deque(job for job in self._light if self._is_wanted(job))
            self._heavy = [one for one in self._heavy if self._is_wanted(one[2])]
            heapq.heapify(self._heavy)
            self._foreign = {number: one for number, one in self._foreign.items() if self._is_wanted(one[0])}

    def _queued(self) -> Iterator[Job]:
        yield from self._light
        yield from (job for _, _, job in self._heavy)
        yield from (job for job, _ in self._foreign.values())

    def _end_cancelled(self) -> None:
        for name in list(self._give_up):
            run = self.runs.get(name)
            mine = [job for job in self._jobs.values() if job.is_cancelled and self._is_of(job, run)]
            if run is None or not mine or self.clock() >= self._give_up[name]:
                for job in mine:
                    self._abandon(job)
                del self._give_up[name]
                if run is not None:
                    self._end(run, "cancelled", [])

    def _is_of(self, job: Job, run: Run | None) -> bool:
        return any(waiter.run is run for task in job.tasks for waiter in self._waiters(task))

    def _abandon(self, job: Job) -> None:
        """Wait for a call no longer; those that still want it look it up anew."""
        self.executor.abandon(job.call)
        self._jobs.pop(job.call, None)
        self._progress.pop(job.call, None)
        self._put_back(job)
        self._release(job)

    def _watch_time(self) -> None:
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
                self._one_by_one(job)
                continue
            for waiter in self._land(job.tasks[0]):
                message = f"the call took longer than its limit of {limit:g} s"
                self._fail_step(waiter.run, waiter.number, waiter.item, "R003", message)

    def _renew(self) -> None:
        if self.claims.held and self.clock() >= self._renewed + self.claims.seconds / 3:
            self._renewed = self.clock()
            self.claims.renew()

    def _pause(self, longest: float) -> float:
        """Seconds until something is due by itself."""
        now = self.clock()
        due = [now + longest, *self._give_up.values(), *(job.deadline for job in self._jobs.values())]
        due += [when for _, when in self._foreign.values()]
        if self.claims.held:
            due.append(self._renewed + self.claims.seconds / 3)
        return max(0.0, min(due) - now)

    # Writing and telling

    def _record(
        self,
        run: Run,
        number: int,
        item: int | None,
        key: Digest | None,
        cached: bool,
        seconds: float,
        made_by: str,
        outputs: Mapping[str, Ref],
    ) -> None:
        kind = run.step(number).kind
        code = kind.interface.entry.code if kind.interface.entry is not None else ""
        run.records.append(Record(run.step(number).id, item, kind.name, code, key, cached, seconds, made_by, outputs))

    def _write_later(self, run: Run, made: Made) -> None:
        self._note_age()
        self._group.made.append((run.id, made))
        self._unwritten[made.key] = (run, made)

    def _tell(self, run: Run, kind: Callable[..., told.Kept], *what: object) -> None:
        self._note_age()
        run.seq += 1
        event = kind(run.id, run.seq, self.wall(), *what)
        self._group.told.append((run.id, run.seq, told.event_json(event)))
        self._events.append((run, event))

    def _note_age(self) -> None:
        if not self._events and not self._group.made:
            self._oldest = self.clock()

    def _tell_results(self, run: Run, number: int | None = None) -> None:
        for name in run.result_names(number):
            if name not in run.told_results and run.is_known(run.plan.results[name]):
                run.told_results.add(name)
                self._tell(run, told.ResultReady, name)

    def _pass_on(self, job: Job, outcome: Progressed | Previewed) -> None:
        now = self.clock()
        if isinstance(outcome, Progressed):
            if now - self._progress.get(job.call, -1.0) < PROGRESS_SECONDS and outcome.fraction < 1.0:
                return
            self._progress[job.call] = now
        for waiter in [waiter for task in job.tasks for waiter in self._waiters(task) if waiter.run.is_going]:
            run, step, item = waiter.run, waiter.step.id, waiter.item
            if isinstance(outcome, Progressed):
                run.listener(told.CallProgress(run.id, step, item, outcome.fraction, outcome.message))
            else:
                blob = outcome.preview
                run.listener(told.CallPreview(run.id, step, item, blob.digest.hex(), blob.media_type))

    def _is_due(self) -> bool:
        rows = len(self._group)
        return rows >= FLUSH_ROWS or (rows > 0 and self.clock() - self._oldest >= FLUSH_SECONDS)

    def flush(self) -> None:
        """Write what is waiting, then tell it."""
        if not self._group and not self._events:
            return
        group, self._group = self._group, Group()
        self._unwritten.clear()
        pending, self._events = self._events, []
        try:
            self.store.write(group)
        except DioramaError as error:
            self.claims.held.update((made.key, made.claim[1]) for _, made in group.made if made.claim is not None)
            self._not_written(pending, error.faults)
            self._release_idle()
            return
        for run, event in pending:
            run.listener(event)
        reach("events-sent")

    def _not_written(self, pending: Sequence[tuple[Run, told.Event]], faults: Sequence[Fault]) -> None:
        """End every run whose record could not be written: what was not told is taken back, the end is told alone.

        The journal then holds no end, so that the run counts as interrupted when the store is opened again.
        """
        untold: dict[str, tuple[Run, int]] = {}
        for run, _ in pending:
            untold[run.id] = (run, untold.get(run.id, (run, 0))[1] + 1)
        for run in self.runs.values():
            untold.setdefault(run.id, (run, 0))
        for run, count in untold.values():
            run.seq += 1 - count
            run.state = "cancelled" if run.is_cancelled else "failed"
            run.faults.extend(fault for fault in faults if fault not in run.faults)
            run.ended_wall = self.wall()
            self._forget(run)
        for run, _ in untold.values():
            run.listener(told.RunEnded(run.id, run.seq, run.ended_wall, run.state, self.clock() - run.started))

    def _fail_all(self, faults: Sequence[Fault]) -> None:
        """End every run; nothing is left that waits, also where the failure struck in the middle of something."""
        for run in list(self.runs.values()):
            self._end(run, "cancelled" if run.is_cancelled else "failed", faults)
        for waiting in (self._ready, self._looked_up, self._light, self._heavy, self._foreign, self._flights):
            waiting.clear()
        self._release_idle()
        self.flush()

    def _release_idle(self) -> None:
        """Let claims go that no call is made under, as far as the store can be written at all."""
        busy = {task.key for job in self._jobs.values() for task in job.tasks}
        with suppress(DioramaError):
            self.claims.release([key for key in self.claims.held if key not in busy])

    def _end_if_over(self, run: Run) -> None:
        # A cancel that was asked for wins over an end that comes in the same moment.
        if run.active or run.is_over or run.is_cancelled or run.id in self._cancelled:
            return
        self._end(run, "failed" if run.stopped else "succeeded", [])

    def _end(self, run: Run, state: told.State, faults: Sequence[Fault]) -> None:
        if run.is_over:
            return
        state = "cancelled" if run.id in self._cancelled else state
        run.state = state
        run.faults.extend(faults)
        run.ended_wall = self.wall()
        self._tell(run, told.RunEnded, state, self.clock() - run.started)
        self._group.run_ends.append(
            {"wanted": run.id, "new_state": state, "new_manifest": manifest_of(run), "new_ended": run.ended_wall}
        )
        self._forget(run)

    def _forget(self, run: Run) -> None:
        self.runs.pop(run.id, None)
        run.active.clear()
        self._give_up.pop(run.id, None)
        if run.state != "succeeded":
            self._cancel_unwanted()
        if not self.runs and not self._jobs:
            self._flights.clear()


def _tries(task: Task) -> int:
    """How often a call is tried for a run."""
    settings = task.step.kind.entry.node.settings
    return 1 + (settings.retries if task.run.retries is None else task.run.retries)


def _listed(ports: Iterable[str], items: Sequence[Mapping[str, Ref]]) -> dict[str, Ref]:
    """Outputs of items as outputs of lists."""
    return {port: many([item[port] for item in items]) for port in ports}
