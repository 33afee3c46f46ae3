"""The worker processes: started when they are needed, kept warm, listened to, replaced when they die."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import deque
from dataclasses import dataclass
from functools import partial

from diorama.execute import proc
from diorama.execute.call import Call, Done, Failed, Logged, Outcome, Previewed, Progressed, Stopped
from diorama.execute.child import Assignment, Child
from diorama.execute.devices import Devices, Grant, Served, Usage
from diorama.execute.devices import Ended as How
from diorama.execute.messages import Ended, Hello, Order, Ready, Said, node_name, order_json
from diorama.execute.readiness import Readiness
from diorama.execute.scratch import scratch_folder
from diorama.execute.verdict import verdict
from diorama.execute.wire import ORDER_BYTES, Garbage
from diorama.refs import blobs_in
from diorama.store.blobs import BlobStore

GIB = 2**30
CPU = "cpu"
DEVICE = "device"

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
CPU_ENVIRONMENT = {"OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1")}
"""There are as many workers as cores: each computes with one thread."""


@dataclass(frozen=True, slots=True)
class PoolOptions:
    """How many workers there are, and how long each lives."""

    cpu_workers: int = max(CORES, 2)
    """Most workers at once for calls that need no device."""
    warm_workers: int = 1
    """How many of them stay when there is nothing to do."""
    idle_seconds: float = 60.0
    """How long the others stay."""
    recycle_calls: int = 2000
    """A worker is replaced after so many calls,"""
    recycle_bytes: int = GIB
    """or when it is idle and holds so much more than it did when it was ready."""
    kept_bytes: int = 256 * 2**20
    """Encoded size of the decoded values that a worker keeps at hand."""
    grace_seconds: float = 4.5
    """How long a cancelled call may go on before its worker is killed."""
    catalogue: str = ""
    """`module:attribute` of the workers' catalogue, or nothing for the packs that are installed."""


class Pool:
    """The workers of a server. What they tell of their calls gathers in `outcomes`."""

    def __init__(self, blobs: BlobStore, devices: Devices, options: PoolOptions) -> None:
        self.blobs = blobs
        self.devices = devices
        self.options = options
        self.readiness = Readiness()
        self.outcomes: deque[Outcome] = deque()
        self.children: dict[int, Child] = {}
        self.by_call: dict[int, Child] = {}
        self._started = 0
        self._oom_kills = proc.oom_kills()
        """How many processes the machine has ended for want of memory, as it was last seen."""
        self._scratch = scratch_folder()

    def of(self, lane: str, device: str = "") -> list[Child]:
        """The workers of a lane that have not been ended."""
        return [one for one in self.living() if one.lane == lane and one.device == device]

    def living(self) -> list[Child]:
        """The workers that have not been ended."""
        return [one for one in self.children.values() if one.state != "ending"]

    @property
    def started(self) -> int:
        """How many workers were started so far."""
        return self._started

    def free_devices(self) -> list[str]:
        """The devices whose worker can take a call, or is not there yet."""
        busy = {one.device for one in self.children.values() if one.lane == DEVICE and one.state != "idle"}
        return [served.name for served in self.devices.served() if served.name not in busy]

    def has_cpu_place(self) -> bool:
        """Whether a call that needs no device can be started."""
        workers = self.of(CPU)
        return len(workers) < self.options.cpu_workers or any(one.state == "idle" for one in workers)

    def start(self, call: Call, grant: Grant | None, memory_bytes: int) -> None:
        """Let a worker make a call: an idle one, or a new one."""
        order = order_json(Order(call.id, node_name(call), call.inputs, call.rung, memory_bytes, grant))
        if len(order) > ORDER_BYTES:
            message = f"its inputs name too many values to be handed to a worker: {len(order):,} bytes of them"
            self.outcomes.append(Failed(call.id, "R001", message, is_final=True))
            return
        try:
            child = self._worker_for(call, grant)
        except OSError as error:
            message = f"a worker could not be started: {error.strerror or error}"
            self.outcomes.append(Failed(call.id, "R010", message, cause="crash"))
            return
        if grant is not None:
            self.devices.begin(call, grant)
        child.assign(Assignment(call, grant, time.monotonic(), memory_bytes, child.rss_bytes), order)
        self.readiness.also_write(child.process.calls.fileno(), child.has_more_to_send)
        self._hear_output(child)
        child.remember(blob for inputs in call.inputs for ref in inputs.values() for blob in blobs_in(ref))
        self.by_call[call.id] = child

    def _worker_for(self, call: Call, grant: Grant | None) -> Child:
        lane, device = (CPU, "") if grant is None else (DEVICE, grant.device)
        idle = self._alive([one for one in self.of(lane, device) if one.state == "idle"])
        if not idle:
            served = {one.name: one for one in self.devices.served()}
            return self._new(lane, served.get(device))
        if len(idle) == 1:
            return idle[0]
        wanted = {blob.digest: blob.size for inputs in call.inputs for ref in inputs.values() for blob in blobs_in(ref)}
        # Where the values are at hand; else the one that was busy last, so that the others can go.
        return max(
            idle, key=lambda one: (sum(wanted[digest] for digest in wanted.keys() & one.values.keys()), one.since)
        )

    def _alive(self, children: list[Child]) -> list[Child]:
        """Those that are still there; the others died a moment ago, and their death is yet to be heard of."""
        alive: list[Child] = []
        for child in children:
            if child.has_ended():
                self.bury(child)
            else:
                alive.append(child)
        return alive

    def _new(self, lane: str, served: Served | None) -> Child:
        self._started += 1
        scratch = self._scratch / str(self._started)
        scratch.mkdir()
        environment = {**(served.environment if served else CPU_ENVIRONMENT), "TMPDIR": str(scratch)}
        hello = Hello(
            path=sys.path,
            blobs=str(self.blobs.root.absolute()),
            catalogue=self.options.catalogue,
            keeper=self.devices.keeper if served else "",
            device=served.torch if served else "cpu",
            server=os.getpid(),
            kept_bytes=self.options.kept_bytes,
        )
        child = Child(self._started, lane, hello, environment)
        child.device = served.name if served else ""
        self.children[child.number] = child
        self.readiness.add(child.process.calls.fileno(), partial(self._hear, child))
        self._hear_output(child)
        if child.process.ended >= 0:
            self.readiness.add(child.process.ended, partial(self.bury, child))
        return child

    def _hear(self, child: Child) -> None:
        try:
            child.send_more()
            self.readiness.also_write(child.process.calls.fileno(), child.has_more_to_send)
            for said in child.hear():
                self._act_on(child, said)
        except Garbage as error:
            self.end(child, str(error))
        except EOFError:
            # Its death is told in a moment, with how it died; one that only closed its end is ended by the watch.
            self.readiness.drop(child.process.calls.fileno())
            child.silent_since = time.monotonic()

    def _act_on(self, child: Child, said: Said) -> None:
        assignment = child.assignment
        match said:
            case Ready():
                child.become_ready()
            case Ended():
                if assignment is None or assignment.call.id != said.outcome.call:
                    raise Garbage("it told the end of a call that it does not make")
                if isinstance(said.outcome, Done):
                    self._check(assignment.call, said.outcome)
                self._ended(child, assignment, said)
            case Progressed() | Previewed():
                # A thread that a call left behind may still speak of it.
                if assignment is None or assignment.call.id != said.call:
                    return
                self._pass_on(assignment, said)

    def _pass_on(self, assignment: Assignment, said: Progressed | Previewed) -> None:
        if isinstance(said, Progressed):
            # Of what came in at once only the latest is told.
            if self.outcomes and self.outcomes[-1] is assignment.progress:
                self.outcomes.pop()
            assignment.progress = said
        self.outcomes.append(said)

    def _check(self, call: Call, done: Done) -> None:
        """Hold what a worker gave to what it must be; raises `Garbage`."""
        ports = call.entry.node.outputs.keys()
        if len(done.outputs) != len(call.inputs) or any(one.keys() != ports for one in done.outputs):
            raise Garbage("what it gave are not the outputs of the node")
        for outputs in done.outputs:
            for ref in outputs.values():
                for blob in blobs_in(ref):
                    if not self.blobs.holds(blob.digest, blob.size):
                        raise Garbage(f"it gave {blob.digest.hex()}, which is not in the store")

    def _ended(self, child: Child, assignment: Assignment, said: Ended) -> None:
        self.read_output(child)
        outcome = said.outcome
        self._log(child, child.output.end())
        self._release(assignment, _how(outcome), said.usage)
        child.finish(said.rss_bytes)
        if isinstance(outcome, Done):
            child.remember(blob for outputs in outcome.outputs for ref in outputs.values() for blob in blobs_in(ref))
        if not assignment.is_abandoned:
            self.outcomes.append(outcome)
        if self._is_spent(child, said.usage):
            self.end(child, "it has done its part")

    def _is_spent(self, child: Child, usage: Usage | None) -> bool:
        if usage is not None:
            # It holds models, and whoever shares out devices says when it should go.
            return usage.is_spent
        grown = child.rss_bytes - child.ready_bytes
        return child.calls_done >= self.options.recycle_calls or grown > self.options.recycle_bytes

    def _release(self, assignment: Assignment, how: How, usage: Usage | None) -> None:
        self.by_call.pop(assignment.call.id, None)
        if assignment.grant is not None:
            self.devices.end(assignment.call.id, how, usage)

    def read_output(self, child: Child) -> None:
        """Take what a worker has printed; one that floods is read by the watch alone, a little at a time."""
        self._log(child, child.read_output())
        if child.output.is_flooding:
            self.readiness.drop(child.process.printed)

    def _hear_output(self, child: Child) -> None:
        self.readiness.add(child.process.printed, partial(self.read_output, child))

    def _log(self, child: Child, lines: list[str]) -> None:
        if lines and child.assignment is not None and not child.assignment.is_abandoned:
            self.outcomes.append(Logged(child.assignment.call.id, lines))

    def end(self, child: Child, why: str) -> None:
        """Kill a worker with all that it started; what it says from here on is not heard."""
        if child.state != "ending":
            self.readiness.drop(child.process.calls.fileno())
            child.end(why)

    def end_idle(self) -> None:
        """Let idle workers go that hold no models, for the memory that they take."""
        for child in self.of(CPU):
            if child.state == "idle":
                self.end(child, "its memory was wanted")

    def bury(self, child: Child) -> None:
        """Take leave of a worker that has ended: its call fails, its device is free, its files go."""
        # What it started goes first, while its number cannot be another's yet.
        self.end(child, "")
        status = child.reap()
        if status is None:
            return
        self.read_output(child)
        self._log(child, child.output.end())
        for file in (child.process.printed, child.process.ended):
            self.readiness.drop(file)
        del self.children[child.number]
        child.process.close()
        shutil.rmtree(self._scratch / str(child.number), ignore_errors=True)
        assignment = child.assignment
        if assignment is not None:
            self._release(assignment, "died", None)
            if not assignment.is_abandoned:
                self.outcomes.append(self._last_word(child, assignment, status))
        if child.device:
            self.devices.lost(child.device)

    def _last_word(self, child: Child, assignment: Assignment, status: int) -> Failed | Stopped:
        """What becomes of a call whose worker is dead."""
        before, self._oom_kills = self._oom_kills, proc.oom_kills()
        if assignment.is_cancelled:
            return Stopped(assignment.call.id)
        return verdict(child, assignment, status, self._oom_kills > before, time.monotonic())

    def abandon(self, call: int) -> None:
        """Give a call up: its worker is killed, and nothing more is told of it."""
        child = self.by_call.get(call)
        if child is not None and child.assignment is not None:
            child.assignment.is_abandoned = True
            self.end(child, "its call was given up")
        if any(outcome.call == call for outcome in self.outcomes):
            self.outcomes = deque(outcome for outcome in self.outcomes if outcome.call != call)

    def close(self, seconds: float) -> None:
        """End all workers; they are gone when this returns, but for what the kernel holds on to."""
        limit = time.monotonic() + seconds
        for child in list(self.children.values()):
            self.end(child, "the server ends")
        for child in list(self.children.values()):
            child.wait(max(0.0, limit - time.monotonic()))
            self.bury(child)
        self.outcomes.clear()
        self.readiness.close()
        shutil.rmtree(self._scratch, ignore_errors=True)


def _how(outcome: Done | Failed | Stopped) -> How:
    match outcome:
        case Done():
            return "done"
        case Stopped():
            return "stopped"
        case Failed():
            return "memory" if outcome.cause == "memory" else "failed"
