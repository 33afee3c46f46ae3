"""Servers that share simulated devices in virtual time: real leases, ledgers and keepers, workers that are not.

Each use of a device (a call that begins, a model that is held, a progress, an end) is put down with the token of its
lease, so that a test can say: no use ever comes after one of a later lease.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from diorama.catalogue import Pack, catalogue_of
from diorama.context import Context
from diorama.execute.call import Call, Waiting, rungs_of
from diorama.execute.devices import Ended, Grant, LeaseLost, Refused, Usage
from diorama.lease.device import GIB
from diorama.lease.keeper import DeviceKeeper
from diorama.lease.leases import Leases
from diorama.lease.ledger import Ledger
from diorama.lease.meter import SimulatedMeter
from diorama.lease.order import Order
from diorama.lease.owner import Sight
from diorama.lease.page import Owner, holds
from diorama.lease.simulated import OutOfMemoryError, SimulatedDevice
from diorama.model import Model, Placement
from diorama.node import Cost, Node, node
from diorama.refs import Ref, inline
from tests.support.simulated_models import Shelf, Weights
from tests.support.simulation import World

CRASHES = 2
"""How often a call may cost its worker."""
ACTIVE: list[Worker] = []
"""The worker whose code is at work: what loads a model loads it there."""


def _loader(name: str, gib: float) -> Callable[[Placement], Weights]:
    return lambda placement: ACTIVE[-1].shelf.model(name, gib).load(placement)


MODELS: Mapping[str, Model[Weights]] = {
    name: Model(name, _loader(name, gib), gib, f"who/{name}", "r1", "MIT")
    for name, gib in {"a": 6.0, "b": 8.0, "c": 5.0, "d": 3.0}.items()
}


def _node(name: str, *models: str) -> Node[..., int]:
    def run(ctx: Context, gib: float = 0.0, seconds: float = 1.0, after: int = 0) -> int:
        """Take memory for a while, after another has."""
        return after + 1

    run.__name__ = name
    made: Node[..., int] = node(models=[MODELS[one] for one in models], cost=Cost(1.0, 1.0))(run)
    made.batched(lambda ctx, items: [int(item["after"]) + 1 for item in items])
    made.vram(lambda gib, **others: gib)
    return made


CATALOGUE = catalogue_of(
    Pack("q", "1"),
    _node("a", "a"),
    _node("b", "b"),
    _node("c", "c"),
    _node("d", "d"),
    _node("ad", "a", "d"),
    _node("bare"),
)


@dataclass(eq=False)
class Job:
    """A call that a server wants made."""

    node: str = "a"
    gib: float = 1.0
    """What an item takes beyond the models; what it says itself before it was measured."""
    seconds: float = 1.0
    items: int = 1
    priority: int = 0
    truth: float | None = None
    """What an item really takes, where that is something else."""
    since: float = 0.0
    rung: int = 0
    crashes: int = 0
    result: str = ""
    began: float = 0.0
    number: int = 0

    @property
    def inputs(self) -> Sequence[Mapping[str, Ref]]:
        """What goes in."""
        return [{"gib": inline(self.gib), "seconds": inline(self.seconds)} for _ in range(self.items)]

    @property
    def waiting(self) -> Waiting:
        """How it waits."""
        entry = CATALOGUE.entries[f"q/{self.node}"]
        return Waiting(entry, self.inputs, self.priority, 0.0, self.since, self.rung)

    def take(self, meter: SimulatedMeter, offload: str) -> int:
        """Allocate what it takes; offloaded models make what else there is no smaller."""
        size = int((self.gib if self.truth is None else self.truth) * self.items * GIB)
        meter.memory.take(meter.holder, size)
        return size


class Worker:
    """A worker process of one device: its share of the memory, and a real keeper."""

    def __init__(self, machine: Machine, device: SimulatedDevice, name: str) -> None:
        self.machine = machine
        self.device = device
        self.meter = SimulatedMeter(device.memory, name)
        self.shelf = Shelf(device.memory, name)
        self.keeper = DeviceKeeper(self.meter, "cpu")
        self.keeper.residency.clock = self.shelf.clock
        self.job: Job | None = None
        self.grant: Grant | None = None
        self._held = ExitStack()
        self._size = 0

    def begin(self, job: Job, grant: Grant) -> float:
        """Start a call; gives the seconds that it takes. Raises what a node or the keeper would."""
        self.job, self.grant = job, grant
        ACTIVE.append(self)
        before = self.shelf.now
        try:
            self.use()
            self.keeper.begin(grant)
            for model in job.waiting.entry.node.settings.models:
                self._held.enter_context(self.keeper.hold(model, Placement()))
            self._size = job.take(self.meter, grant.offload)
        finally:
            ACTIVE.pop()
        return (self.shelf.now - before) * self.device.slowness + job.seconds * job.items * self.device.slowness

    def use(self) -> None:
        """Use the device under the lease; raises `LeaseLost`."""
        assert self.grant is not None
        self.keeper._grant = self.grant
        self.keeper.check()
        self.machine.uses.setdefault(self.device.name, []).append(self.grant.lease.token)

    def end(self) -> Usage:
        """Let go of all but the models."""
        if self._size:
            self.meter.memory.give(self.meter.holder, self._size)
        self._size = 0
        self._held.close()
        self.job = self.grant = None
        return self.keeper.end()

    def die(self) -> None:
        """End, with all that it holds."""
        self.meter.memory.drop(self.meter.holder)
        self.job = None


class Server:
    """A server: real leases, and a pool that starts what they choose."""

    def __init__(self, machine: Machine, name: str, order: Order | None) -> None:
        self.machine = machine
        self.name = name
        owner = Owner(name, 1000, 1.0, "here")
        self.leases = Leases(
            machine.devices,
            folder=machine.folder,
            clock=machine.world.clock,
            owner=owner,
            order=order,
            ledger=lambda path, owner: Ledger(path, owner, clock=machine.world.clock, sight=machine.sight),
        )
        self.waiting: list[Job] = []
        self.ended: list[Job] = []
        self.workers: dict[str, Worker | None] = {device.name: None for device in machine.devices}
        self.is_dead = False
        self.is_stopped = False
        self.deferred: list[Callable[[], None]] = []
        self.calls = 0
        self.started: list[str] = []
        """Nodes in the order in which their calls began."""

    def add(self, job: Job) -> Job:
        """Let a job wait."""
        job.since = self.machine.world.now
        self.machine.jobs += 1
        job.number = self.machine.jobs
        self.waiting.append(job)
        return job

    def step(self) -> None:
        """One round of the server: tend, then start what can be started."""
        if self.is_dead or self.is_stopped:
            return
        for device in self.leases.tend():
            self.kill(device)
        while self._start_one():
            pass
        if self.leases.pause() == 0.0 and not self.leases.tend():
            assert self.leases.pause() != 0.0, "something stays due: a real loop would spin"

    def _start_one(self) -> bool:
        heads: dict[tuple[str, ...], Job] = {}
        for job in sorted(self.waiting, key=lambda one: (-one.priority, one.since, one.number)):
            heads.setdefault(job.waiting.models, job)
        free = [name for name, worker in self.workers.items() if worker is None or worker.job is None]
        if not heads or not free:
            return False
        choice = self.leases.choose([job.waiting for job in heads.values()], free)
        if choice is None:
            return False
        job = list(heads.values())[choice.index]
        self.waiting.remove(job)
        if isinstance(choice.grant, Refused):
            self._ends(job, choice.grant.code)
        else:
            self._begin(job, choice.grant)
        return True

    def _begin(self, job: Job, grant: Grant) -> None:
        machine = self.machine
        device = machine.device(grant.device)
        machine.check_grant(self, grant)
        worker = self.workers[grant.device]
        if worker is None:
            machine.born += 1
            worker = self.workers[grant.device] = Worker(machine, device, f"{self.name}-{machine.born}")
        self.calls += 1
        number = self.calls
        self.leases.begin(Call(number, job.waiting.entry, job.inputs, job.rung), grant)
        self.started.append(job.node)
        job.began = machine.world.now
        try:
            seconds = worker.begin(job, grant)
        except OutOfMemoryError:
            self._end(worker, job, number, "memory")
        except LeaseLost:
            self._end(worker, job, number, "failed")
        else:
            half = machine.world.now + seconds / 2
            machine.world.at(half, lambda: self._later(lambda: self._progress(worker, job, number)))
            machine.world.at(half + seconds / 2, lambda: self._later(lambda: self._done(worker, job, number)))

    def _later(self, act: Callable[[], None]) -> None:
        if self.is_stopped:
            self.deferred.append(act)
        else:
            act()

    def _is_at(self, worker: Worker, job: Job) -> bool:
        return not self.is_dead and worker.job is job and self.workers[worker.device.name] is worker

    def _progress(self, worker: Worker, job: Job, number: int) -> None:
        if self._is_at(worker, job):
            try:
                worker.use()
            except LeaseLost:
                self._end(worker, job, number, "failed")

    def _done(self, worker: Worker, job: Job, number: int) -> None:
        if self._is_at(worker, job):
            try:
                worker.use()
            except LeaseLost:
                self._end(worker, job, number, "failed")
            else:
                self._end(worker, job, number, "done")

    def _end(self, worker: Worker, job: Job, number: int, how: Ended) -> None:
        self.leases.end(number, how, worker.end())
        match how:
            case "done":
                self._ends(job, "done")
            case "memory":
                self._again_more_sparingly(job)
            case _:
                self._crashed(job, "R011")

    def _again_more_sparingly(self, job: Job) -> None:
        if job.items > 1 and job.rung > 0:
            for items in ((job.items + 1) // 2, job.items // 2):
                part = Job(job.node, job.gib, job.seconds, items, job.priority, job.truth, job.since, job.rung)
                part.number = job.number
                self.waiting.append(part)
            self._ends(job, "halved")
            return
        job.rung += 1
        if job.rung >= rungs_of(job.waiting.entry):
            self._ends(job, "R009")
        else:
            self.waiting.append(job)

    def _crashed(self, job: Job, code: str) -> None:
        job.crashes += 1
        if job.crashes >= CRASHES:
            self._ends(job, code)
        else:
            self.waiting.append(job)

    def _ends(self, job: Job, result: str) -> None:
        assert not job.result, "a job ends twice"
        job.result = result
        self.ended.append(job)

    def kill(self, device: str) -> None:
        """End the worker of a device, as its crash would."""
        worker = self.workers[device]
        self.workers[device] = None
        if worker is not None:
            job = worker.job
            worker.die()
            if job is not None:
                under_way = self.leases.stands[device].call
                assert under_way is not None
                self.leases.end(under_way.call, "died", None)
                self._crashed(job, "R008")
            self.leases.lost(device)

    def die(self) -> None:
        """End without a word, with all workers."""
        self.is_dead = True
        self.machine.gone.add(self.name)
        for worker in self.workers.values():
            if worker is not None:
                worker.die()

    def resume(self) -> None:
        """Go on after having been stopped; what workers did meanwhile comes in now."""
        if self.is_stopped:
            self.is_stopped = False
            deferred, self.deferred = self.deferred, []
            for act in deferred:
                act()

    def pause(self) -> float | None:
        """Seconds until it has to be stepped."""
        return None if self.is_dead or self.is_stopped else self.leases.pause()


def in_memory() -> tempfile.TemporaryDirectory[str]:
    """A folder for ledgers that costs no disk, where the machine has one."""
    memory = Path("/dev/shm")
    return tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None)


@dataclass
class Machine:
    """The devices of one machine, and the servers on it."""

    folder: Path
    devices: Sequence[SimulatedDevice]
    world: World = field(default_factory=World)
    servers: list[Server] = field(default_factory=list)
    uses: dict[str, list[int]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    born: int = 0
    jobs: int = 0

    def server(self, name: str = "s0", order: Order | None = None) -> Server:
        """One more server."""
        made = Server(self, name, order)
        self.servers.append(made)
        return made

    def device(self, name: str) -> SimulatedDevice:
        """A device by its name."""
        return next(one for one in self.devices if one.name == name)

    def sight(self, owner: Owner) -> Sight:
        """Whether a server's process is there."""
        return "dead" if owner.id in self.gone else "alive"

    def check_grant(self, server: Server, grant: Grant) -> None:
        """Hold a grant to what there is at this moment."""
        memory = self.device(grant.device).memory
        mine = server.workers[grant.device]
        others = memory.used - (memory.held.get(mine.meter.holder, 0) if mine is not None else 0)
        reserve = server.leases.stands[grant.device].reserve
        assert grant.budget_bytes <= max(memory.total - reserve - others, 0), "more is granted than there is"
        assert holds(Path(grant.lease.ledger), grant.lease.owner, grant.lease.token), "a grant without a lease"

    def check(self) -> None:
        """What holds at every moment."""
        for device in self.devices:
            memory = device.memory
            assert memory.most_used <= memory.total, "a device holds more than it has"
            tokens = self.uses.get(device.name, [])
            assert tokens == sorted(tokens), "a device is used under a lease that another has followed"
            valid = [server.name for server in self.servers if self._is_using(server, device)]
            assert len(valid) <= 1, f"{device.name} is leased to {valid} at once"

    def _is_using(self, server: Server, device: SimulatedDevice) -> bool:
        worker = server.workers[device.name]
        if server.is_dead or worker is None or worker.job is None or worker.grant is None:
            return False
        lease = worker.grant.lease
        return holds(Path(lease.ledger), lease.owner, lease.token)

    def run(self, until: float, actions: Sequence[tuple[float, Callable[[], None]]] = ()) -> None:
        """Let time pass, and what happens in it happen."""
        for when, act in actions:
            self.world.at(when, act)
        while self.world.now < until:
            for server in self.servers:
                server.step()
            self.check()
            pauses = [pause for server in self.servers if (pause := server.pause()) is not None]
            # A moment that is due at once is a server's own; time goes on all the same, as it does for real.
            self.world.pass_time(min(until, self.world.now + max(min(pauses, default=until), 0.001)))
            if not self.is_busy and not self.world.due:
                break
        self.check()

    @property
    def is_busy(self) -> bool:
        """Whether anything is left to be done."""
        return any(
            not server.is_dead and (server.waiting or any(one and one.job for one in server.workers.values()))
            for server in self.servers
        )

    def settle(self, within: float) -> None:
        """Let everything come to its end, and see that nothing is left."""
        self.run(self.world.now + within)
        assert not self.is_busy, f"no end within {within} s: {self._shown()}"
        self.quiet()

    def quiet(self) -> None:
        """Let leases lapse that nobody uses, and add up what is left in memory."""
        self._idle(5.0)
        for server in self.servers:
            if server.is_dead:
                continue
            for stand in server.leases.stands.values():
                assert stand.call is None, "a lease does not end"
                assert not stand.is_held, "a lease is kept for nothing"
        for device in self.devices:
            workers = [one for server in self.servers if not server.is_dead and (one := server.workers[device.name])]
            kept = sum(sum(worker.keeper.residency.sizes.values()) for worker in workers)
            assert device.memory.used == device.memory.foreign + kept, "memory is lost or counted twice"

    def _idle(self, seconds: float) -> None:
        until = self.world.now + seconds
        while self.world.now < until:
            for server in self.servers:
                server.step()
            pauses = [pause for server in self.servers if (pause := server.pause()) is not None]
            self.world.pass_time(min(until, self.world.now + max(min(pauses, default=seconds), 0.001)))
        self.check()

    def _shown(self) -> str:
        left = {
            server.name: (
                [(job.node, job.rung) for job in server.waiting],
                {name: worker and worker.job and worker.job.node for name, worker in server.workers.items()},
                [(stand.is_held, stand.is_leaving, stand.why_gone) for stand in server.leases.stands.values()],
            )
            for server in self.servers
            if not server.is_dead
        }
        return f"at {self.world.now}: {left}"
