"""The real scheduler over simulated devices: whole runs, several at once, through crashes and lack of memory."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from hypothesis import given
from hypothesis import strategies as st
from tests.support.leased_executor import LeasedExecutor
from tests.support.simulated_fleet import CATALOGUE, Machine, in_memory
from tests.support.simulation import MemoryClaims, MemoryStore

from diorama.check import check
from diorama.expand import Expansion, Step
from diorama.graph import Constant, Graph, GraphNode, Input, Wire
from diorama.lease.device import GIB
from diorama.lease.simulated import SimulatedDevice
from diorama.library import Library
from diorama.plan import Plan, recipes_of
from diorama.run.scheduler import Scheduler
from diorama.run.state import Run

TURNS = 20_000


@dataclass(frozen=True)
class Node:
    """A node of a random graph: what it takes, and the earlier one that it waits for."""

    node: str
    gib: float
    seconds: float
    after: int | None
    items: int


STEPS = st.lists(
    st.builds(
        Node,
        st.sampled_from(["a", "b", "c", "d", "ad", "bare"]),
        st.sampled_from([0.0, 0.5, 2.0]),
        st.sampled_from([0.5, 2.0]),
        st.none() | st.integers(0, 7),
        st.sampled_from([0, 0, 3]),
    ),
    min_size=1,
    max_size=8,
)


def graph_of(steps: list[Node], run: int) -> Graph:
    nodes: dict[str, GraphNode] = {}
    for number, step in enumerate(steps):
        inputs: dict[str, Input] = {"gib": Constant(step.gib), "seconds": Constant(step.seconds)}
        if step.items:
            inputs["after"] = Constant([run * 1000 + number * 10 + item for item in range(step.items)])
        elif step.after is not None and step.after < number and not steps[step.after].items:
            inputs["after"] = Wire(f"n{step.after}", "value")
        else:
            inputs["after"] = Constant(run * 1000 + number * 10)
        nodes[f"n{number}"] = GraphNode(f"q/{step.node}", inputs, for_each=("after",) if step.items else ())
    return Graph(nodes=nodes, results={name: Wire(name, "value") for name in nodes})


@dataclass
class Studio:
    """A scheduler whose device lane is real."""

    machine: Machine
    truths: list[float | None]
    runs: list[Run] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = MemoryStore(self.machine.world)
        self.executor = LeasedExecutor(self.machine, self.truth_of)
        self.machine.servers.append(self.executor.server)
        claims = MemoryClaims(self.machine.world, self.store, self.executor)
        clock = self.machine.world.clock
        self.scheduler = Scheduler(self.store, self.executor, claims, clock=clock, wall=clock)
        self.library = Library(CATALOGUE)

    def truth_of(self, content: str) -> float | None:
        return self.truths[crc32(content.encode()) % len(self.truths)]

    def submit(self, graph: Graph, priority: int = 0) -> Run:
        checked = check(graph, self.library, {})
        assert not checked.faults, checked.faults
        steps: list[Step] = []
        provided = Expansion(self.library, steps).open(graph, checked, {})
        results = {name: provided[wire.node, wire.port] for name, wire in graph.results.items()}
        plan = Plan(graph, checked.parameters, steps, results, recipes_of(steps))
        run = Run(f"run{len(self.runs)}", plan, self.library, priority=priority)
        self.runs.append(run)
        self.scheduler.submit(run)
        return run

    def settle(self, actions: list[tuple[float, Callable[[], None]]]) -> None:
        """Turn until every run has ended; what is asked for at a moment is done between two turns."""
        left = sorted(actions, key=lambda one: one[0])
        for _ in range(TURNS):
            while left and left[0][0] <= self.machine.world.now:
                left.pop(0)[1]()
            if self.scheduler.is_idle and not left:
                break
            if self.scheduler.is_idle:
                self.machine.world.pass_time(left[0][0])
                continue
            self.scheduler.turn(min(1.0, left[0][0] - self.machine.world.now) if left else 1.0)
        else:
            raise AssertionError(f"no end in sight at {self.machine.world.now}: {self.machine._shown()}")
        for _ in range(200):
            # Calls that nobody waits for any more end by themselves, and leases that nobody uses are let go.
            self.executor.wait(0.1)
        for stand in self.executor.server.leases.stands.values():
            assert stand.call is None, "a lease does not end"
            assert not stand.is_held, "a lease is kept for nothing"
        self.machine.check()


def studio(stack: ExitStack, gib: list[float], truths: list[float | None]) -> Studio:
    folder = Path(stack.enter_context(in_memory()))
    devices = [SimulatedDevice(f"sim{number}", size) for number, size in enumerate(gib)]
    return Studio(Machine(folder, devices), truths)


GIBS = st.lists(st.sampled_from([11.0, 16.0, 24.0]), min_size=1, max_size=2)
RUNS = st.lists(st.tuples(STEPS, st.integers(0, 30), st.integers(0, 2)), min_size=1, max_size=4)


def begins(made: Studio, steps: list[Node], number: int, priority: int) -> Callable[[], None]:
    def begin() -> None:
        made.submit(graph_of(steps, number), priority)

    return begin


@given(GIBS, RUNS)
def test_runs_that_fit_succeed_whatever_their_order(gib: list[float], runs: list[tuple[list[Node], int, int]]) -> None:
    with ExitStack() as stack:
        made = studio(stack, gib, [None])
        made.settle([(when, begins(made, steps, number, first)) for number, (steps, when, first) in enumerate(runs)])
        assert [run.state for run in made.runs] == ["succeeded"] * len(runs)
        for view in made.executor.server.leases.views():
            assert view.swaps <= view.evictions <= view.loads


MISFORTUNES = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(["crash", "fail", "cancel", "full", "empty"]), st.integers(0, 3)),
    max_size=8,
)


@given(GIBS, RUNS, MISFORTUNES, st.lists(st.sampled_from([None, None, 3.0, 12.0, 40.0]), min_size=1, max_size=4))
def test_every_run_ends_and_every_lease_with_it(
    gib: list[float],
    runs: list[tuple[list[Node], int, int]],
    misfortunes: list[tuple[int, str, int]],
    truths: list[float | None],
) -> None:
    with ExitStack() as stack:
        made = studio(stack, gib, truths)

        def strikes(what: str, whom: int) -> Callable[[], None]:
            def strike() -> None:
                device = made.machine.devices[whom % len(made.machine.devices)]
                match what:
                    case "crash":
                        made.executor.crash(device.name)
                    case "fail":
                        device.memory.failing = whom
                    case "cancel" if made.runs:
                        made.scheduler.cancel(made.runs[whom % len(made.runs)].id)
                    case "full" | "empty":
                        room = device.memory.total - device.memory.used + device.memory.foreign
                        device.memory.foreign = min(device.memory.total - GIB, room) if what == "full" else 0

            return strike

        actions = [
            (float(when), begins(made, steps, number, first)) for number, (steps, when, first) in enumerate(runs)
        ]
        made.settle(actions + [(float(when), strikes(what, whom)) for when, what, whom in misfortunes])
        assert len(made.runs) == len(runs)
        for run in made.runs:
            assert run.state in ("succeeded", "failed", "cancelled")
            assert {fault.code for fault in run.faults} <= {"R009", "R010", "R012"}


def test_calls_of_all_runs_share_the_models_that_are_loaded() -> None:
    with ExitStack() as stack:
        made = studio(stack, [11.0], [None])
        # Each run needs three models, one after the other; the device has room for one.
        for number in range(6):
            chain = [Node(node, 0.5, 1.0, place - 1 if place else None, 0) for place, node in enumerate("abc")]
            made.submit(graph_of(chain, number))
        made.settle([])
        assert [run.state for run in made.runs] == ["succeeded"] * 6
        (view,) = made.executor.server.leases.views()
        assert view.loads == 3, "all first steps, then all second ones, then all third ones"
