"""The executor of the simulator with a lane for devices: real leases and keepers under the real scheduler."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from diorama.catalogue import Entry
from diorama.context import Context
from diorama.execute.call import Call, Done, Failed, Outcome, Waiting
from diorama.execute.devices import Choice, Ended, Grant, Refused
from diorama.lease.simulated import OutOfMemoryError
from tests.support.simulated_fleet import Job, Machine, Server, Worker
from tests.support.simulation import VirtualExecutor, ref_of, value_of


class LeasedExecutor(VirtualExecutor):
    """Calls that use a device wait for one and take its memory; `truth_of` tells how much more than declared."""

    def __init__(self, machine: Machine, truth_of: Callable[[str], float | None]) -> None:
        super().__init__(machine.world, capacity=2)
        self.machine = machine
        self.truth_of = truth_of
        self.server = Server(machine, "s0", None)
        self.choice: Choice | None = None
        self.at_work: dict[int, Worker] = {}
        self.cancelled_calls: set[int] = set()

    def lane(self, entry: Entry) -> str:
        """That of devices for nodes that use one."""
        return "device" if entry.node.uses_device else "places"

    def choose(self, lane: str, waiting: Sequence[Waiting]) -> int | None:
        """What the leases choose."""
        if lane != "device":
            return super().choose(lane, waiting)
        free = [name for name, worker in self.server.workers.items() if worker is None or worker.job is None]
        self.choice = self.server.leases.choose(waiting, free) if free else None
        return None if self.choice is None else self.choice.index

    def start(self, call: Call) -> None:
        """Begin a call on the device that was chosen for it."""
        if self.lane(call.entry) != "device":
            super().start(call)
            return
        assert self.choice is not None
        granted, self.choice = self.choice.grant, None
        if isinstance(granted, Refused):
            self.outcomes.append(Failed(call.id, granted.code, granted.message, is_final=True))
            return
        self.machine.check_grant(self.server, granted)
        self.under_way[call.id] = call
        self.server.leases.begin(call, granted)
        worker = self.server.workers[granted.device]
        if worker is None:
            self.machine.born += 1
            worker = Worker(self.machine, self.machine.device(granted.device), f"worker{self.machine.born}")
            self.server.workers[granted.device] = worker
        self._begin(call, worker, granted)

    def _begin(self, call: Call, worker: Worker, grant: Grant) -> None:
        self.at_work[call.id] = worker
        (content, *_) = self.contents(call)
        first = {port: value_of(ref) for port, ref in call.inputs[0].items()}
        gib, seconds = float(str(first["gib"])), float(str(first["seconds"]))
        job = Job(call.entry.node.name, gib, seconds, len(call.inputs), 0, self.truth_of(content), rung=call.rung)
        try:
            took = worker.begin(job, grant)
        except OutOfMemoryError as error:
            self._ends(call, Failed(call.id, "R009", str(error), cause="memory"), "memory")
            return
        self.world.at(self.world.now + took, lambda: self._done(call, worker, job))

    def _done(self, call: Call, worker: Worker, job: Job) -> None:
        if self.at_work.get(call.id) is not worker or worker.job is not job:
            return
        worker.use()
        items = [{port: value_of(ref) for port, ref in one.items()} for one in call.inputs]
        made = [{"value": ref_of(call.entry.node.function(Context(), **item))} for item in items]
        self.succeeded.update(self.contents(call))
        self._ends(call, Done(call.id, made, 0.1), "done")

    def _ends(self, call: Call, outcome: Outcome, how: Ended) -> None:
        worker = self.at_work.pop(call.id)
        self.server.leases.end(call.id, how, worker.end())
        self._tell(outcome)
        self.under_way.pop(call.id, None)

    def crash(self, device: str) -> None:
        """Let the worker of a device die."""
        worker = self.server.workers[device]
        if worker is None:
            return
        self.server.workers[device] = None
        worker.die()
        for number, one in list(self.at_work.items()):
            if one is worker:
                del self.at_work[number]
                self.server.leases.end(number, "died", None)
                self._tell(Failed(number, "R010", "its worker died", cause="crash"))
                self.under_way.pop(number, None)
        self.server.leases.lost(device)

    def cancel(self, call: int) -> None:
        """Ask a call to end: on a device it is killed with its worker a moment later."""
        if call not in self.at_work:
            super().cancel(call)
        elif call not in self.cancelled_calls:
            self.cancelled_calls.add(call)
            self.world.at(self.world.now + 0.5, lambda: self._kill(call))

    def abandon(self, call: int) -> None:
        """Forget a call, and kill its worker."""
        self._kill(call)
        super().abandon(call)

    def _kill(self, call: int) -> None:
        worker = self.at_work.get(call)
        if worker is not None:
            self.crash(worker.device.name)

    def wait(self, seconds: float | None) -> Sequence[Outcome]:
        """What came in; time passes to what is due with devices at the latest."""
        for device in self.server.leases.tend():
            self.crash(device)
        assert seconds is not None, "a wait without an end"
        pause = self.server.leases.pause()
        self.machine.check()
        return super().wait(seconds if pause is None else min(seconds, max(pause, 0.001)))
