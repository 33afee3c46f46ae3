"""The service: runs accepted durably, queued, run and told of, for any number of threads. docs/design/service.md."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import JsonValue

from diorama.catalogue import Catalogue, installed
from diorama.execute.call import Executor
from diorama.execute.threads import ThreadExecutor
from diorama.execute.transport import Transport
from diorama.explain import Reason, reasons
from diorama.faults import DioramaError, Fault
from diorama.graph import Graph, Wire
from diorama.hindsight import Hindsight
from diorama.lease.leases import Leases
from diorama.library import FindGraph, Library
from diorama.plan import Plan, look_up
from diorama.refs import Ref
from diorama.run import events as told
from diorama.run.admission import Admission
from diorama.run.batches import Axes
from diorama.run.device_watch import DeviceWatch, needs_device
from diorama.run.engine import Engine
from diorama.run.hub import EventHub
from diorama.run.intake import Intake
from diorama.run.membership import Membership
from diorama.run.options import QueueSettings, ServiceOptions, check_settings, settings_of
from diorama.run.orders import Orders
from diorama.run.pump import Chore, Pump
from diorama.run.records import Records
from diorama.run.right_of_way import RightOfWay
from diorama.run.scheduler import Scheduler
from diorama.run.stage import Stage
from diorama.run.turnstile import Turnstile
from diorama.run.views import BatchView, LogLine, Mode, Page, QueueView, RunFilter, RunView, Submission
from diorama.store.access import Access
from diorama.store.artefacts import Artefacts
from diorama.store.calls import CallStore
from diorama.store.claims import Claims
from diorama.store.graphs import SavedGraphs
from diorama.store.projects import Projects
from diorama.store.queue import Queue
from diorama.store.servers import Servers, this_server
from diorama.store.settings import Settings
from diorama.store.shares import Shares
from diorama.templates import find_graph

CLOSE_SECONDS = 5.0
"""How long a service that closes waits for its runs, and then for each of its threads."""
BEAT_SECONDS = 1.0


def new_id() -> str:
    """An id that nobody else has."""
    return secrets.token_hex(8)


class Service:
    """Runs over one store, for any number of clients and beside other servers. Every method is for any thread.

    One engine thread owns the scheduler; what others ask goes to it as a command.
    """

    def __init__(
        self,
        store: Path | CallStore,
        *,
        catalogue: Catalogue | None = None,
        graphs: FindGraph = find_graph,
        executor: Executor | None = None,
        devices: Leases | None = None,
        options: ServiceOptions | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        ids: Callable[[], str] = new_id,
    ) -> None:
        self.id = ids()
        self.options = options or ServiceOptions()
        self.wall = wall
        self.store = store if isinstance(store, CallStore) else CallStore(store, wall)
        self.saved, self.projects = SavedGraphs(self.store), Projects(self.store)
        self.artefacts, self.access = Artefacts(self.store), Access(self.store)
        self.shares = Shares(self.store)
        self.transport = Transport(self.store.blobs)
        self.executor = executor if executor is not None else ThreadExecutor(self.transport)
        self.devices = devices
        self.hub = EventHub(self.store.events, {"queue": self._queue_events, "devices": self._device_events})
        self._device_watch = DeviceWatch(devices, self.hub.tell, clock, wall) if devices is not None else None
        self.intake = Intake(self.store, catalogue if catalogue is not None else installed(), self.saved, graphs)
        self.kept_settings = Settings(self.store)
        self._in_force = settings_of(self.options, {})
        self._queue_told: QueueView | None = None
        self._is_closed = False
        self._queue = Queue(self.store)
        self.stage = Stage(self.id, self._queue, self.hub, wall, self._complain)
        self._records = Records(self.store, self._queue, self.stage, self.settings)
        way_in = (self._queue, self._records.rows, self.intake, self.stage, self.settings, self._complain)
        self.pump = Pump(Turnstile(self.id, *way_in).let_in, self._complain, self.options.poll_seconds, clock)
        self.stage.freed = self.pump.wake
        self.right_of_way = RightOfWay(clock)
        self.engine = self.stage.engine = Engine(self._scheduler(clock), self._complain)
        common = (self._queue, self.stage, self.hub)
        self._orders = Orders(self.id, *common, self._records.rows, self.pump.wake, wall)
        self._admission = Admission(self.id, self.intake, *common, self.settings, self.pump.wake, wall, ids)
        me = this_server(self.id, self.options.address)
        servers = Servers(self.store, me, clock, self.options.lease_seconds)
        self.membership = Membership(self.store, servers, *common, self.settings, self.pump.wake, wall)

    def _scheduler(self, clock: Callable[[], float]) -> Scheduler:
        claims = Claims(self.store, self.id, seconds=self.options.lease_seconds)
        return Scheduler(
            self.store,
            self.executor,
            claims,
            clock=clock,
            wall=self.wall,
            left=self.stage.left,
            pass_on=self.hub.send,
            give_way=self.right_of_way.give_way,
        )

    @property
    def library(self) -> Library:
        """The nodes that were found."""
        return self.intake.library

    def start(self) -> None:
        """Take part: what dead servers left is taken care of, then runs are taken from the queue."""
        self._read_settings()
        self.membership.enter()
        poll = self.options.poll_seconds
        self.pump.chores += [
            Chore(BEAT_SECONDS, self.membership.beat),
            Chore(BEAT_SECONDS, self.membership.bury_dead),
            Chore(poll, self._read_settings),
            Chore(poll, self.membership.heed_wishes),
            Chore(poll, self.stage.settle),
            Chore(poll / 2, self.membership.relay),
            Chore(poll, self._tell_queue),
        ]
        if self._device_watch is not None:
            self.pump.chores.append(Chore(poll, self._device_watch.look))
        self.engine.start()
        self.pump.start()

    def close(self, grace_seconds: float = CLOSE_SECONDS) -> None:
        """Take no more runs, give those under way some seconds, put the others back into the queue, and let go.

        Takes no longer than the grace and a few times `CLOSE_SECONDS`, whatever hangs.
        """
        if self._is_closed:
            return
        self._is_closed = True
        self.pump.close(CLOSE_SECONDS)
        self.stage.hand_back(grace_seconds)
        self.engine.close(CLOSE_SECONDS)
        self.executor.close()
        with suppress(DioramaError):
            self.engine.scheduler.claims.close()
            self.membership.leave()
        self.hub.close()
        self.store.close()

    def __enter__(self) -> Service:
        self.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    # Graphs

    def check(
        self, graph: Graph, values: Mapping[str, JsonValue] | None = None, targets: Sequence[Wire] = ()
    ) -> list[Fault]:
        """Every fault of a graph; none where it can run."""
        return self.intake.faults(graph, values, targets)

    def plan(
        self,
        graph: Graph,
        values: Mapping[str, JsonValue] | None = None,
        targets: Sequence[Wire] = (),
        use_cache: bool = True,
    ) -> Plan:
        """What a run would do; raises `DioramaError` with every fault of the graph."""
        plan = self.intake.plan(self.intake.accept(Submission(graph, values or {}, targets)))
        plan.wanted, _ = look_up(plan, self.store, plan.goals, use_cache)
        return plan

    def explain(
        self, graph: Graph, values: Mapping[str, JsonValue] | None = None, targets: Sequence[Wire] = ()
    ) -> list[Reason]:
        """For each step that a run would look at, whether it would be called and why."""
        return reasons(self.plan(graph, values, targets), self.store)

    # Runs

    def submit(self, submission: Submission) -> tuple[RunView, bool]:
        """Queue a run; it is on the disk when this returns. False where its idempotency key was seen before.

        Raises `DioramaError` with every fault of the graph, or `KeyReused`.
        """
        self._refuse_without_device(submission)
        admitted = self._admission.submit(submission)
        return admitted.view or self.run(admitted.id), admitted.is_new

    def run(self, run: str) -> RunView:
        """A run as it stands; raises `NoSuch`."""
        return self._records.run(run)

    def runs(self, wanted: RunFilter | None = None, cursor: str | None = None, limit: int = 50) -> Page[RunView]:
        """Runs, the newest first."""
        return self._records.runs(wanted or RunFilter(), cursor, limit)

    def graph_of(self, run: str) -> bytes:
        """The graph that a run was made of, as it was settled; raises `NoSuch`."""
        return self._records.graph(run)

    def manifest(self, run: str) -> bytes:
        """The manifest of a run that has ended; raises `NoSuch`, or `WrongState` where it has not."""
        return self._records.manifest(run)

    def reasons(self, run: str) -> Sequence[Hindsight]:
        """Why each step of a run that has ended ran, or which run made what it gave; raises as `manifest` does."""
        return self._records.reasons(run)

    def results(self, run: str) -> Mapping[str, Ref]:
        """The results of a run that are there, by name; raises `NoSuch`."""
        return self._records.results(run)

    def events(self, run: str, since: int = 0, limit: int | None = None) -> list[tuple[int, bytes]]:
        """What a run told after an event's number: numbers, and events as JSON; raises `NoSuch`."""
        return self._records.events(run, since, limit)

    def log(self, run: str) -> Sequence[LogLine]:
        """What was kept for a run's log, as tracebacks of calls that failed; raises `NoSuch`."""
        return self._records.log(run)

    def cancel(self, run: str) -> RunView:
        """Cancel a run: one that waits will not start. Raises `WrongState` for one that has ended otherwise."""
        self._orders.cancel(run)
        return self.run(run)

    def pause(self, run: str) -> RunView:
        """Let a run make no more calls until it is resumed; those under way are finished and kept."""
        self._orders.pause(run)
        return self.run(run)

    def resume(self, run: str) -> RunView:
        """Queue a run again that is paused or was interrupted: it goes on where it was."""
        self._orders.requeue(run, ("paused", "interrupted"))
        return self.run(run)

    def retry(self, run: str) -> RunView:
        """Queue a run again that failed, was cancelled or interrupted; what it finished is not made again."""
        self._orders.requeue(run, ("failed", "cancelled", "interrupted"), at_end=True)
        return self.run(run)

    def discard(self, run: str) -> RunView:
        """Take an interrupted run away; gives it as it was."""
        return self._deleted(run, ("interrupted",))

    def save_as_failed(self, run: str) -> RunView:
        """Keep an interrupted run on record as failed."""
        self._orders.save_as_failed(run)
        return self.run(run)

    def delete(self, run: str) -> RunView:
        """Take a run away that is not under way, with its events and results; gives it as it was."""
        return self._deleted(run, ("queued", "paused", "succeeded", "failed", "cancelled", "interrupted"))

    def _deleted(self, run: str, states: Sequence[str]) -> RunView:
        view = self.run(run)
        self._queue.delete(run, states)
        return view

    def move(
        self, run: str, priority: int | None = None, before: str | None = None, after: str | None = None
    ) -> RunView:
        """Give a queued run another priority, or a place before or after another queued run of its client."""
        self._queue.move(run, priority=priority, before=before, after=after)
        return self.run(run)

    # Batches

    def submit_batch(self, submission: Submission, axes: Axes, mode: Mode = "product") -> tuple[BatchView, bool]:
        """Queue a run for each combination of values, all or none; they are on the disk when this returns.

        `axes` are lists of values by parameter. Also tells whether the batch is new: with an idempotency key that
        was seen before it is the earlier one. Raises `DioramaError` with every fault of any run.
        """
        admitted = self._admission.submit_batch(submission, axes, mode)
        return self.batch(admitted.id), admitted.is_new

    def _refuse_without_device(self, submission: Submission) -> None:
        """Raise `DioramaError` (R012, R013) for a run that has calls to make and that no device would take now."""
        fault = self.devices.refusal() if self.devices is not None else None
        if fault is None or not needs_device(submission.graph, self.library):
            return
        if self.plan(submission.graph, submission.values, submission.targets, submission.use_cache).wanted:
            raise DioramaError([fault])

    def _device_events(self) -> Sequence[told.Event]:
        return self._device_watch.standing() if self._device_watch is not None else ()

    def batch(self, batch: str) -> BatchView:
        """A batch as it stands; raises `NoSuch`."""
        return self._records.batch(batch)

    def batches(self, client: str | None = None, cursor: str | None = None, limit: int = 50) -> Page[BatchView]:
        """Batches, the newest first."""
        return self._records.batches(client, cursor, limit)

    def cancel_batch(self, batch: str) -> BatchView:
        """Cancel all runs of a batch that have not ended; raises `NoSuch`."""
        self.batch(batch)
        self._orders.cancel_batch(batch)
        return self.batch(batch)

    # The queue

    def queue(self) -> QueueView:
        """The queue as it stands."""
        return self._records.queue_view()

    def waiting(self, limit: int = 50) -> Sequence[RunView]:
        """The queued runs in the order in which they go, as far as that is settled: clients take turns."""
        return self._records.waiting(limit)

    def pause_queue(self) -> None:
        """Let no queued run begin, on any server; those under way go on."""
        self.set_settings({"paused": True})

    def resume_queue(self) -> None:
        """Let queued runs begin again."""
        self.set_settings({"paused": False})

    def clear_queue(self) -> int:
        """Cancel every queued run; gives how many those were."""
        return self._orders.clear()

    def settings(self) -> QueueSettings:
        """The settings in force."""
        return self._in_force

    def set_setting(self, name: str, value: JsonValue) -> QueueSettings:
        """Set one setting for all servers; None gives it its default again. Raises `DioramaError` (Q005)."""
        return self.set_settings({name: value})

    def set_settings(self, values: Mapping[str, JsonValue]) -> QueueSettings:
        """Set several settings at once, all or none."""
        check_settings(values)
        self.kept_settings.set(values)
        self._read_settings()
        self.hub.tell(*self._queue_events())
        self.pump.wake()
        return self._in_force

    def _read_settings(self) -> None:
        self._in_force = settings_of(self.options, self.kept_settings.all())

    # What is told

    def _queue_events(self) -> Sequence[told.Event]:
        return [self._queue_changed(self.queue())]

    def _queue_changed(self, view: QueueView) -> told.QueueChanged:
        states, running = dict(view.states), list(view.running)
        most = (view.max_running, view.max_running_per_client)
        return told.QueueChanged(self.wall(), view.paused, states, running, *most)

    def _tell_queue(self) -> None:
        """Tell those who hear of the queue how it stands where that is new, also by what other servers did."""
        if not self.hub.is_heard("queue"):
            return
        view = self.queue()
        if view != self._queue_told:
            self._queue_told = view
            self.hub.tell(self._queue_changed(view))

    def _complain(self, text: str) -> None:
        self.hub.tell(told.Log(None, self.wall(), "error", "", None, text))
