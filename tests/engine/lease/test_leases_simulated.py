"""Any history of grants, crashes, evictions and lack of memory on simulated devices, under one server and several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.simulated_fleet import Job, Machine, Server, in_memory

from diorama.lease.device import GIB
from diorama.lease.order import Order
from diorama.lease.simulated import SimulatedDevice

What = Literal["crash", "kill", "stop", "resume", "foreign", "fail", "vanish", "appear", "slow"]
HARMLESS: tuple[What, ...] = ("foreign", "fail", "slow")


@dataclass(frozen=True)
class Misfortune:
    """Something that happens to a server or a device at a moment."""

    when: float
    what: What
    server: int
    device: int
    gib: int

    def strike(self, machine: Machine) -> Callable[[], None]:
        server = machine.servers[self.server % len(machine.servers)]
        device = machine.devices[self.device % len(machine.devices)]

        def act() -> None:
            match self.what:
                case "crash" if not server.is_stopped and not server.is_dead:
                    server.kill(device.name)
                case "kill" if not server.is_dead:
                    server.die()
                case "stop":
                    server.is_stopped = True
                case "resume":
                    server.resume()
                case "foreign":
                    room = device.memory.total - device.memory.used + device.memory.foreign
                    device.memory.foreign = min(self.gib * GIB, room)
                case "fail":
                    device.memory.failing = self.gib % 4
                case "vanish" | "appear":
                    device.is_gone = self.what == "vanish"
                case "slow":
                    device.slowness = 1.0 + self.gib % 5

        return act


@dataclass(frozen=True)
class Wanted:
    """A job that comes at a moment."""

    when: float
    server: int
    node: str
    gib: float
    truth: float | None
    seconds: float
    items: int
    priority: int


def moments(most: float) -> st.SearchStrategy[float]:
    return st.integers(0, int(most * 10)).map(lambda tenths: tenths / 10)


WANTED = st.builds(
    Wanted,
    moments(40),
    st.integers(0, 2),
    st.sampled_from(["a", "b", "c", "d", "ad", "bare"]),
    st.sampled_from([0.0, 0.5, 1.0, 4.0]),
    st.sampled_from([None, None, 0.5, 6.0, 30.0]),
    st.sampled_from([0.1, 1.0, 5.0]),
    st.integers(1, 5),
    st.integers(0, 1),
)


def misfortunes(*what: What) -> st.SearchStrategy[list[Misfortune]]:
    one = st.builds(
        Misfortune, moments(60), st.sampled_from(what), st.integers(0, 2), st.integers(0, 1), st.integers(0, 20)
    )
    return st.lists(one, max_size=8)


@dataclass(frozen=True)
class Story:
    gib: list[float]
    servers: int
    wanted: list[Wanted]
    misfortunes: list[Misfortune]

    def play(self, folder: Path, order: Callable[[], Order] = Order) -> Machine:
        """Let it happen until all that can end has ended."""
        machine = Machine(folder, [SimulatedDevice(f"sim{number}", gib) for number, gib in enumerate(self.gib)])
        for number in range(self.servers):
            machine.server(f"s{number}", order())
        for one in self.wanted:
            machine.world.at(one.when, self._comes(machine.servers[one.server % self.servers], one))
        for misfortune in self.misfortunes:
            machine.world.at(misfortune.when, misfortune.strike(machine))
        machine.run(61.0)
        for server in machine.servers:
            server.resume()
        for device in machine.devices:
            device.is_gone = False
        machine.settle(3000.0)
        return machine

    def _comes(self, server: Server, one: Wanted) -> Callable[[], None]:
        job = Job(one.node, one.gib, one.seconds, one.items, one.priority, one.truth)
        return lambda: None if server.is_dead else coming(server, [job])()


def stories(servers: int, *what: What) -> st.SearchStrategy[Story]:
    return st.builds(
        Story,
        st.lists(st.sampled_from([10.0, 16.0, 24.0]), min_size=1, max_size=2),
        st.integers(1, servers),
        st.lists(WANTED, min_size=1, max_size=12),
        misfortunes(*what),
    )


def results(machine: Machine) -> set[str]:
    return {job.result for server in machine.servers for job in server.ended if not server.is_dead}


@given(stories(1, "crash", *HARMLESS, "vanish", "appear"))
def test_one_server_is_never_over_budget_and_every_call_ends(story: Story) -> None:
    with in_memory() as folder:
        machine = story.play(Path(folder))
        assert results(machine) <= {"done", "halved", "R008", "R009", "R012", "R013"}


@given(stories(3, "crash", "kill", "stop", "resume", *HARMLESS, "vanish", "appear"))
def test_servers_on_one_machine_are_fenced_off_from_each_other_and_every_lease_ends(story: Story) -> None:
    with in_memory() as folder:
        machine = story.play(Path(folder))
        assert results(machine) <= {"done", "halved", "R008", "R009", "R011", "R012", "R013"}


@given(stories(2, "slow"))
def test_without_misfortune_only_what_does_not_fit_fails(story: Story) -> None:
    with in_memory() as folder:
        machine = story.play(Path(folder))
        for server in machine.servers:
            for job in server.ended:
                needs = (job.gib if job.truth is None else job.truth) + 1.0
                is_too_large = any(needs > gib - 2.0 for gib in story.gib)
                assert job.result in ("done", "halved") or (job.result == "R009" and is_too_large), job


@settings(max_examples=30)
@given(stories(2, "slow"))
def test_the_same_story_goes_the_same_way_twice(story: Story) -> None:
    told = []
    for _ in range(2):
        with in_memory() as folder:
            machine = story.play(Path(folder))
            told.append(
                [(server.started, [(job.node, job.result) for job in server.ended]) for server in machine.servers]
            )
    assert told[0] == told[1]


def coming(server: Server, jobs: Sequence[Job]) -> Callable[[], None]:
    def come() -> None:
        for job in jobs:
            server.add(job)

    return come


def short(node: str) -> Job:
    return Job(node, gib=1.0, seconds=0.5)


@given(st.lists(st.sampled_from("abcd"), min_size=2, max_size=24))
def test_models_are_loaded_no_more_often_than_in_the_order_of_arrival(nodes: list[str]) -> None:
    loads: list[int] = []
    for calls in (16, 0):
        with in_memory() as folder:
            machine = Machine(Path(folder), [SimulatedDevice(gib=10.0)])
            server = machine.server(order=Order(turn_calls=calls))
            coming(server, [short(node) for node in nodes])()
            machine.settle(3000.0)
            loads.append(server.leases.views()[0].loads)
    assert loads[0] <= loads[1]


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=12), st.integers(1, 6))
def test_nobody_starves_while_calls_of_a_loaded_model_keep_coming(nodes: list[str], turn: int) -> None:
    with in_memory() as folder:
        machine = Machine(Path(folder), [SimulatedDevice(gib=10.0)])
        server = machine.server(order=Order(turn_calls=turn))
        # One more call of the loaded model comes before each of its calls has ended.
        for number in range(80):
            machine.world.at(number * 0.5, coming(server, [short("a")]))
        rare = [short(node) for node in nodes]
        machine.world.at(1.0, coming(server, rare))
        machine.run(400.0)
        assert {job.result for job in rare} == {"done"}
        # Each of them waits for one turn of the model that is loaded and, before and after it, for a load.
        assert max(job.began for job in rare) <= 1.0 + len(nodes) * ((turn + 1) * 0.5 + 2 * 8.0) + 8.0
