"""The scheduler: a small loop over what comes in. docs/design/scheduler.md tells its invariants."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from diorama.execute.call import Executor, Failed
from diorama.faults import DioramaError, Fault
from diorama.garbage import collected_seldom
from diorama.keys import Digest, tagged
from diorama.plan import call_key
from diorama.refs import Ref, many
from diorama.run import events as told
from diorama.run import walk
from diorama.run.dispatch import Dispatch
from diorama.run.ends import Ends
from diorama.run.journal import Journal
from diorama.run.state import Run, Spread, nothing
from diorama.run.tasks import Task
from diorama.store.calls import CallStore
from diorama.store.claims import Claims
from diorama.store.group import Made

LIGHT_A_TURN = 64
"""Light calls made before the loop looks at what else came in."""
CACHED_TOLD = 100
"""Cached steps that one event names at most: an event is sent, and read, in one stretch."""


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
        left: Callable[[Run], None] = nothing,
        pass_on: Callable[[], None] = nothing,
        give_way: Callable[[], None] = nothing,
    ) -> None:
        self.store = store
        self.executor = executor
        self.claims = claims
        self.clock = clock
        self.wall = wall
        self.journal = Journal(store, clock, wall)
        self.dispatch = Dispatch(store, executor, claims, self.journal, clock, self, give_way)
        self.ends = Ends(self.journal, self.dispatch, clock, wall, left, pass_on)
        self.runs = self.ends.runs
        self._asked: deque[Callable[[], None]] = deque()
        self._ready: deque[tuple[Run, int]] = deque()
        self._moving: Run | None = None

    def submit(self, run: Run) -> None:
        """Begin a run; one that was not queued is on disk when this returns."""
        run.started, run.started_wall = self.clock(), self.wall()
        run.state = "running"
        self.runs[run.id] = run
        self.dispatch.expectation.forget()
        try:
            ready, cached = walk.activate(run, run.plan.goals, self.store, self.dispatch.expectation.seconds)
            self.store.touch(run.plan.found[number] for number in cached)
        except BaseException:
            del self.runs[run.id]
            raise
        self.journal.begin(run)
        seconds = sum(self.dispatch.expectation.seconds(run.step(number)) for number in run.active)
        self.journal.tell(run, told.RunStarted, run.plan.graph.title, len(run.active), len(cached), seconds)
        self._take_cached(run, cached)
        self.journal.tell_results(run)
        self._ready.extend((run, number) for number in ready)
        self.ends.end_if_over(run)
        if not run.token:
            self.flush()

    def cancel(self, run: str) -> None:
        """Cancel a run; safe from any thread and from a signal handler."""
        self.ends.cancelled.append(run)
        self.executor.wake()

    def ask(self, act: Callable[[], None]) -> None:
        """Let something be done on the scheduler's thread between two turns; safe from any thread."""
        self._asked.append(act)
        self.executor.wake()

    def pause(self, run: str) -> None:
        """Let a run make no new calls; when those under way have ended, it ends as paused."""
        self.ends.pause(run)

    def lose(self, run: str) -> None:
        """Stop a run that is another server's by now: nothing more is written or told of it."""
        self.ends.lose(run)

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
        self._obey()
        self.ends.cancel_asked()
        self._make_light()
        self.dispatch.start_heavy()
        self.dispatch.look_for_foreign()
        if self.journal.is_due:
            self.flush()
        outcomes = self.executor.wait(0.0)
        if not outcomes and not self.dispatch.has_light and not self._ready and not self.dispatch.is_asked:
            self.flush()
            # What was asked before this look may have been woken for already; what is asked later wakes the wait.
            is_calm = self.runs and not self._asked and not self.ends.cancelled
            outcomes = self.executor.wait(self.ends.pause_seconds(longest)) if is_calm else ()
        for outcome in outcomes:
            self.dispatch.take(outcome)
        self.ends.end_waiting()
        self.dispatch.do_due()
        self.ends.pass_on()

    def rest(self, longest: float) -> None:
        """Wait up to `longest` seconds while there is no run; calls that nobody waits for may still end."""
        self._obey()
        if not self.is_idle:
            return
        self.flush()
        if not self._asked:
            for outcome in self.executor.wait(self.ends.pause_seconds(longest)):
                self.dispatch.take(outcome)

    def _obey(self) -> None:
        """Do what was asked from other threads."""
        while self._asked:
            self._asked.popleft()()

    def blame(self, error: Exception) -> None:
        """End the runs that an error struck: those that were worked on when it was raised, else all of them."""
        job, struck = self.dispatch.working, list[Run]()
        if self._moving is not None:
            struck = [self._moving]
        elif job is not None:
            struck = [task.run for task in job.tasks]
        self._moving = self.dispatch.working = None
        for run in struck if any(not run.is_over for run in struck) else list(self.runs.values()):
            self.ends.end(run, "failed", [engine_fault(run.id, error)])

    def _make_light(self) -> None:
        """Move steps on through light calls, up to a bound: a row of them costs no round of the loop each."""
        self._advance()
        left = LIGHT_A_TURN
        while left > 0 and self.dispatch.has_light:
            left -= self.dispatch.make_light(left)
            for outcome in self.executor.wait(0.0):
                self.dispatch.take(outcome)
            self._advance()

    def run_until_idle(self) -> None:
        """Turn until every run has ended."""
        with collected_seldom():
            while not self.is_idle:
                self.turn()
            self.flush()

    # Steps

    def _take_cached(self, run: Run, cached: Iterable[int]) -> None:
        steps: list[tuple[str, str, str]] = []
        for number in cached:
            known = run.plan.found[number]
            self.journal.record(run, number, None, known.key, True, known.seconds, known.run, run.outputs[number])
            steps.append((run.step(number).id, known.key.hex(), known.run))
        for start in range(0, len(steps), CACHED_TOLD):
            self.journal.tell(run, told.StepsCached, steps[start : start + CACHED_TOLD])

    def _activate(self, run: Run, goals: Iterable[int]) -> None:
        """Bring more steps into a run that is under way."""
        ready, cached = walk.activate(run, goals, self.store, self.dispatch.expectation.seconds)
        self.store.touch(run.plan.found[number] for number in cached)
        self._take_cached(run, cached)
        self._ready.extend((run, number) for number in ready)
        for number in cached:
            self._ready.extend((run, fed) for fed in walk.done(run, number, run.outputs[number]))

    def _advance(self) -> None:
        """Move on every step whose sources are done, until calls are all that is left to wait for."""
        while self._ready or self.dispatch.is_asked:
            while self._ready:
                run, number = self._ready.popleft()
                if number in run.active and not run.is_over and not run.is_pausing:
                    self._moving = run
                    self._move(run, number)
            self._moving = None
            self.dispatch.look_up()

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
            self.dispatch.ask(Task(run, number, None, inputs, call_key(step, inputs)))

    def _spread(self, run: Run, number: int, inputs: Mapping[str, Ref]) -> None:
        step = run.step(number)
        try:
            items = walk.items_of(run, number, inputs)
        except walk.UnequalLists as error:
            self._fail_step(run, number, None, error.code, str(error))
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
            self.dispatch.ask(Task(run, number, item, one, call_key(step, one)))

    def _gather(self, run: Run, number: int) -> None:
        step = run.step(number)
        items = [{name: run.value(given) for name, given in one.items()} for one in run.gathers.pop(number)]
        self._step_done(run, number, _listed(step.kind.interface.outputs, items), None, 0.0)

    def task_done(self, task: Task, outputs: Mapping[str, Ref], cached: bool, seconds: float, made_by: str) -> None:
        """A task has outputs: made now, or found under its key."""
        run, number = task.run, task.number
        if run.is_over or number not in run.active:
            return
        self.journal.record(run, number, task.item, task.key, cached, seconds, made_by, outputs)
        key = task.key.hex() if task.key else ""
        self.journal.tell(run, told.CallFinished, task.step.id, task.item, key, cached, seconds)
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
            self.journal.made(run, call)
        self._step_done(run, number, outputs, key, spread.seconds)

    def _step_done(self, run: Run, number: int, outputs: Mapping[str, Ref], key: Digest | None, seconds: float) -> None:
        recipe = run.plan.recipes[number]
        if recipe is not None and key is not None:
            self.journal.led(recipe, key)
        self._ready.extend((run, fed) for fed in walk.done(run, number, outputs))
        self.journal.tell_results(run, number)
        self.ends.end_if_over(run)

    def _fail_step(self, run: Run, number: int, item: int | None, code: str, message: str) -> None:
        step = run.step(number)
        place = step.id if item is None else f"{step.id}[{item}]"
        run.faults.append(Fault(code, place, message))
        self.journal.tell(run, told.CallFailed, step.id, item, code, message, False)
        if item is None:
            self._stop(run, number, step.id)
        else:
            run.spreads[number].has_failed = True
            self._item_over(run, number)

    def task_failed(self, task: Task, code: str, message: str) -> None:
        """A task failed for good: its step is stopped, the others go on."""
        self._fail_step(task.run, task.number, task.item, code, message)

    def _stop(self, run: Run, number: int, by: str, blocked: bool = False) -> None:
        stopped = walk.stop(run, number, by)
        for one in [number, *stopped] if blocked else stopped:
            self.journal.tell(run, told.StepBlocked, run.step(one).id, by)
        self.ends.end_if_over(run)

    def heal(self, waiters: Sequence[Task], failed: Failed) -> None:
        """A blob was damaged between plan and call: the run is planned anew, which makes the blob again."""
        for waiter in waiters:
            run = waiter.run
            self.ends.end(run, "interrupted", [Fault("R001", waiter.step.id, failed.message)])
            run.needs_plan = run.state == "interrupted"

    def flush(self) -> None:
        """Write what is waiting, then tell it."""
        self.ends.flush()

    def _fail_all(self, faults: Sequence[Fault]) -> None:
        """End every run; nothing is left that waits, also where the failure struck in the middle of something."""
        self.ends.end_all(faults)
        self._ready.clear()
        self.dispatch.clear()
        self.dispatch.release_idle()
        self.flush()


def engine_fault(run: str, error: Exception) -> Fault:
    """The fault of a run that ended since Diorama itself failed."""
    return Fault("R008", run, f"Diorama itself failed at this run: {type(error).__name__}: {error}")


def _listed(ports: Iterable[str], items: Sequence[Mapping[str, Ref]]) -> dict[str, Ref]:
    """Outputs of items as outputs of lists."""
    return {port: many([item[port] for item in items]) for port in ports}
