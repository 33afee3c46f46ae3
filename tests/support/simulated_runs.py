"""Runs of the real scheduler in a simulated world, heard and held to what every run promises."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from diorama.check import check
from diorama.context import Context
from diorama.execute.call import Waiting
from diorama.expand import Expansion, Step
from diorama.graph import Graph
from diorama.keys import Digest
from diorama.library import Library
from diorama.plan import Plan, recipes_of
from diorama.refs import Ref
from diorama.run import events as told
from diorama.run.ends import GRACE_SECONDS
from diorama.run.scheduler import Scheduler
from diorama.run.state import Run
from tests.support.simulated_graphs import CATALOGUE, SAVED
from tests.support.simulation import (
    Content,
    MemoryClaims,
    MemoryStore,
    VirtualExecutor,
    World,
    content_of,
    ref_of,
    value_of,
)

TURNS = 5_000
"""A simulated world comes to rest within far fewer."""


@dataclass
class Heard:
    """A run, what it told, and when it was cancelled."""

    run: Run
    events: list[told.Event] = field(default_factory=list)
    cancelled_at: float | None = None
    ended_at: float | None = None
    """When it ended or was paused the last time."""
    graph: Graph | None = None

    def kept(self) -> list[told.Kept]:
        """The events that are in the journal."""
        return [event for event in self.events if not isinstance(event, told.Live)]

    def results(self) -> dict[str, object]:
        """The results that are there, as plain values."""
        return {name: value_of(ref) for name, ref in self.run.results().items()}


class Simulation:
    """One store, one executor and one scheduler in a world."""

    def __init__(self, world: World, capacity: int = 2) -> None:
        self.world = world
        self.store = MemoryStore(world)
        self.executor = VirtualExecutor(world, capacity)
        self.claims = MemoryClaims(world, self.store, self.executor)
        self.claims.result_of = self._result_of
        self.scheduler = Scheduler(self.store, self.executor, self.claims, clock=world.clock, wall=world.clock)
        self.executor.all_waiting = self._all_waiting
        self.library = Library(CATALOGUE, SAVED.get)
        self.actions: list[tuple[float, Callable[[], None]]] = []
        self.heard: list[Heard] = []
        self.lost: set[str] = set()
        """Runs that another server took at some time."""

    def _result_of(self, key: Digest) -> tuple[Content, dict[str, Ref]]:
        """What another process would give for a call that is about to be claimed."""
        (task, *_) = self.scheduler.dispatch._flights._flights[key].tasks
        values = {port: value_of(ref) for port, ref in task.inputs.items()}
        function = task.step.kind.entry.node.function
        return content_of(task.step.kind.entry.node.name, values), {"value": ref_of(function(Context(), **values))}

    def plan(self, graph: Graph) -> Plan:
        """A graph made ready to run."""
        checked = check(graph, self.library, {})
        assert not checked.faults, checked.faults
        steps: list[Step] = []
        provided = Expansion(self.library, steps).open(graph, checked, {})
        results = {name: provided[wire.node, wire.port] for name, wire in graph.results.items()}
        return Plan(graph, checked.parameters, steps, results, recipes_of(steps))

    def submit(self, graph: Graph, use_cache: bool = True) -> Heard:
        """Begin a run."""
        run = Run(f"run{len(self.heard)}", self.plan(graph), self.library, use_cache=use_cache)
        heard = Heard(run)
        run.listener = lambda event: self._hear(heard, event)
        self.heard.append(heard)
        self.executor.may_repeat |= not use_cache
        self.scheduler.submit(run)
        return heard

    def enqueue(self, graph: Graph, priority: int = 0) -> Heard:
        """Begin a run that was taken from a queue, so that it can be paused, resumed and lost."""
        run = Run(f"run{len(self.heard)}", self.plan(graph), self.library)
        heard = Heard(run, graph=graph)
        self.heard.append(heard)
        self._begin(heard, run, priority)
        return heard

    def resume(self, heard: Heard) -> None:
        """Begin a run anew that was paused or lost, as the queue gives it out again."""
        assert heard.graph is not None
        assert heard.run.is_over
        run = Run(heard.run.id, self.plan(heard.graph), self.library, attempt=heard.run.attempt + 1)
        run.seq = max((event.seq for event in heard.kept()), default=0)
        heard.ended_at = None
        self._begin(heard, run, heard.run.priority)

    def _begin(self, heard: Heard, run: Run, priority: int) -> None:
        run.priority = priority
        run.token = self.store.tokens[run.id] = self.store.tokens.get(run.id, 0) + 1
        run.listener = lambda event: self._hear(heard, event)
        heard.run = run
        self.store.run_states[run.id] = "running"
        self.scheduler.submit(run)

    def take_away(self, heard: Heard) -> None:
        """Let another server take a run that is under way here, as if this one were dead."""
        if not heard.run.is_over:
            self.lost.add(heard.run.id)
            self.store.tokens[heard.run.id] += 1

    def _all_waiting(self) -> Iterable[Waiting]:
        lanes = self.scheduler.dispatch._heavy._lanes.values()
        return [entry.waiting for groups in lanes for heap in groups.values() for entry in heap]

    def _hear(self, heard: Heard, event: told.Event) -> None:
        assert heard.ended_at is None, "something is told after the end"
        assert event.run not in self.store.refused, "something is told of a run that another server has"  # type: ignore[operator, union-attr]
        heard.events.append(event)
        if isinstance(event, told.Live):
            return
        is_unwritten_end = isinstance(event, told.RunEnded) and self.store.failing_writes
        assert (event.run, event.seq) in self.store.told or is_unwritten_end, "told before it was written"
        if isinstance(event, told.RunEnded | told.RunPaused):
            heard.ended_at = self.world.now

    def cancel(self, heard: Heard) -> None:
        """Cancel a run, as another thread would."""
        if not heard.run.is_over:
            heard.cancelled_at = self.world.now
            self.scheduler.cancel(heard.run.id)

    def run(self, graph: Graph, use_cache: bool = True) -> Heard:
        """Run a graph to its end."""
        heard = self.submit(graph, use_cache)
        self.settle()
        return heard

    def at(self, when: float, act: Callable[[], None]) -> None:
        """Let something be asked of the scheduler between two turns at a moment."""
        self.actions.append((when, act))
        self.world.at(when, self.executor.wake)

    def settle(self) -> None:
        """Turn until every run has ended and nothing is left to come."""
        for _ in range(TURNS):
            for when, act in [one for one in self.actions if one[0] <= self.world.now]:
                self.actions.remove((when, act))
                act()
            if self.scheduler.is_idle and not self.actions:
                break
            if self.scheduler.is_idle:
                self.scheduler.flush()
                self.world.pass_time(min(when for when, _ in self.actions))
                continue
            self.scheduler.turn()
        else:
            raise AssertionError(f"no end in sight: {self._shown()}")
        self.scheduler.flush()

    def _shown(self) -> str:
        left = self.scheduler
        going = {run.id: [(run.step(one).id, run.waiting.get(one)) for one in run.active] for run in left.runs.values()}
        calls = f"jobs {list(left.dispatch._jobs)}, foreign {len(list(left.dispatch.sharing))}"
        return f"at {self.world.now}, {going}, {calls}, due {self.world.due}"

    def drain(self) -> None:
        """Let calls end that nobody waits for any more, and see that nothing is left behind."""
        for _ in range(1000):
            if not self.scheduler.dispatch._jobs:
                break
            self.world.pass_time(self.world.now + 1.0)
            self.scheduler.turn()
        self.scheduler.flush()
        left = self.scheduler
        for waiting in (
            left.dispatch._jobs,
            left.dispatch._flights,
            left.dispatch._light,
            left.dispatch._heavy,
            left.dispatch.sharing,
            left.ends,
        ):
            assert not waiting, "something is left behind"
        assert not left.dispatch.live
        assert not left.dispatch._asked
        assert not left.journal._events
        assert not len(left.journal._group)
        assert not self.claims.held, "a claim is still held"
        assert not [owner for owner, _, _ in self.claims.table.values() if owner == "this"]

    def check_promises(self) -> None:
        """What holds of every run, whatever becomes of it."""
        for heard in self.heard:
            kept = heard.kept()
            ends = [event for event in kept if isinstance(event, told.RunEnded | told.RunPaused)]
            if not heard.run.is_lost:
                assert kept[-1] is ends[-1], "a run was not told to have ended"
                assert self._state_of(ends[-1]) == heard.run.state
            begun = [place for place, event in enumerate(kept) if isinstance(event, told.RunStarted)]
            assert all(kept[place - 1] in ends for place in begun[1:] if not self._was_lost(heard)), "begun twice"
            assert sum(isinstance(event, told.RunEnded) for event in kept) <= 1
            assert [event.seq for event in kept] == list(range(1, len(kept) + 1)), "events are missing"
            assert heard.run.state in ("succeeded", "failed", "cancelled", "interrupted", "paused")
            assert not heard.run.active
            if heard.cancelled_at is not None:
                assert heard.run.state == "cancelled", "a cancelled run ended otherwise"
                assert heard.ended_at is not None
                taken = heard.ended_at - heard.cancelled_at
                assert taken <= GRACE_SECONDS + 1.0, f"a cancel takes {taken} s"
                self._check_quiet(heard)

    def _state_of(self, end: told.Kept) -> str:
        return end.state if isinstance(end, told.RunEnded) else "paused"

    def _was_lost(self, heard: Heard) -> bool:
        return heard.run.id in self.lost

    def _check_quiet(self, heard: Heard) -> None:
        for event in heard.kept():
            if isinstance(event, told.CallStarted):
                assert heard.cancelled_at is not None
                assert event.at <= heard.cancelled_at, "a call began for a cancelled run"
