"""The service: runs accepted durably, queued, run and told of, for any number of threads. docs/design/service.md."""

from __future__ import annotations

import secrets
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from diorama.catalogue import Catalogue, installed
from diorama.execute.call import Executor
from diorama.execute.threads import ThreadExecutor
from diorama.execute.transport import Transport
from diorama.explain import Reason, reasons
from diorama.faults import DioramaError, Fault
from diorama.graph import Graph, Wire
from diorama.library import FindGraph, Library
from diorama.plan import Plan, look_up
from diorama.refs import Ref, from_row
from diorama.refusals import WrongState
from diorama.run import events as told
from diorama.run.engine import Engine
from diorama.run.hub import EventHub
from diorama.run.intake import Intake, new_run, request_digest
from diorama.run.options import QueueSettings, ServiceOptions, check_settings, settings_of
from diorama.run.orders import Orders
from diorama.run.pump import Chore, Pump
from diorama.run.scheduler import Scheduler, engine_fault
from diorama.run.showing import batch_view, begun_view, run_view
from diorama.run.stage import Stage
from diorama.run.views import BatchView, Page, QueueView, RunFilter, RunView, Submission
from diorama.store.access import Access
from diorama.store.artefacts import Artefacts
from diorama.store.calls import CallStore
from diorama.store.claims import Claims
from diorama.store.graphs import SavedGraphs
from diorama.store.projects import Projects
from diorama.store.queue import Promise, Queue
from diorama.store.run_rows import NewRun, RunRow, RunRows
from diorama.store.servers import Servers, this_server
from diorama.store.settings import Settings
from diorama.store.turns import Limits
from diorama.templates import find_graph

CLOSE_SECONDS = 5.0
"""How long a service that closes waits for its runs."""


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
        options: ServiceOptions | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        ids: Callable[[], str] = new_id,
    ) -> None:
        self.id = ids()
        self.options = options or ServiceOptions()
        self.wall = wall
        self.ids = ids
        self.store = store if isinstance(store, CallStore) else CallStore(store, wall)
        self.queue_rows = Queue(self.store)
        self.rows = RunRows(self.store)
        self.kept_settings = Settings(self.store)
        self.saved = SavedGraphs(self.store)
        self.projects = Projects(self.store)
        self.artefacts = Artefacts(self.store)
        self.access = Access(self.store)
        self.servers = Servers(
            self.store, this_server(self.id, self.options.address), clock, self.options.lease_seconds
        )
        self.intake = Intake(self.store, catalogue if catalogue is not None else installed(), graphs)
        self.transport = Transport(self.store.blobs)
        self.executor = executor if executor is not None else ThreadExecutor(self.transport)
        self.hub = EventHub(self.store.events, {"queue": self._queue_events})
        self.stage = Stage(self.id, self.queue_rows, self.hub, wall, self._complain)
        claims = Claims(self.store, self.id, seconds=self.options.lease_seconds)
        scheduler = Scheduler(
            self.store, self.executor, claims, clock=clock, wall=wall, left=self.stage.left, told=self.hub.send
        )
        self.engine = self.stage.engine = Engine(scheduler, self._complain)
        self.pump = Pump(self._take, self._complain, self.options.poll_seconds, clock)
        self.stage.freed = self.pump.wake
        self.orders = Orders(self.id, self.queue_rows, self.rows, self.stage, self.hub, self.pump.wake, wall)
        self._in_force = settings_of(self.options, {})

    @property
    def library(self) -> Library:
        """The nodes that were found."""
        return self.intake.library

    def start(self) -> None:
        """Take part: register as a server, and begin to take runs."""
        self.servers.register()
        self._read_settings()
        self.pump.chores += [
            Chore(1.0, self.servers.beat),
            Chore(self.options.poll_seconds, self._read_settings),
            Chore(self.options.poll_seconds, self._heed_wishes),
            Chore(self.options.poll_seconds, self.stage.settle),
            Chore(self.options.poll_seconds / 2, self._relay),
        ]
        self.engine.start()
        self.pump.start()

    def close(self, grace_seconds: float = CLOSE_SECONDS) -> None:
        """Take no more runs, give those under way some seconds, and let threads and database go."""
        self.pump.close(CLOSE_SECONDS)
        self.engine.close(CLOSE_SECONDS)
        self.executor.close()
        self.engine.scheduler.claims.close()
        self.servers.leave()
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
        accepted = self.intake.accept(submission)
        name = self.ids()
        force = self._in_force
        # Where nobody waits, the way over the queue's table would take longer than a small run.
        begins = (
            not force.paused and force.max_running_per_client is None and self.stage.reserve(name, force.max_running)
        )
        try:
            run = self.intake.made_ready(name, accepted, 1, 1) if begins else None
            new = new_run(name, accepted)
            earlier, queued = self._enqueue(new, submission, begins)
        except BaseException:
            self.stage.release(name)
            raise
        if earlier is not None:
            self.stage.release(name)
            return self.run(earlier), False
        self.hub.tell(queued)
        if run is not None:
            run.seq = queued.seq
            self.stage.begin(run)
            return begun_view(new, run.plan.values, queued), True
        self.stage.others_wait = True
        self.pump.wake()
        return self.run(name), True

    def _enqueue(self, new: NewRun, submission: Submission, begins: bool) -> tuple[str | None, told.RunQueued]:
        """Put a run into the queue; gives the one that its idempotency key led to before, or what is to be told."""
        promise = None
        if submission.idempotency_key is not None:
            promise = Promise(submission.client, submission.idempotency_key, request_digest(submission))
        event = told.RunQueued(new.id, 1, self.wall(), new.title, new.client, new.priority, None)
        content = told.event_json(event)
        earlier = self.queue_rows.add(
            [new], promise=promise, tell=lambda run, seq: content, owner=self.id if begins else None
        )
        return None if earlier is None else earlier.id, event

    def run(self, run: str) -> RunView:
        """A run as it stands; raises `NoSuch`."""
        row = self.rows.get(run)
        return self._view(row, self.queue_rows.place(row))

    def runs(self, wanted: RunFilter | None = None, cursor: str | None = None, limit: int = 50) -> Page[RunView]:
        """Runs, the newest first."""
        given = wanted or RunFilter()
        page = self.rows.page(
            state=given.state,
            project=given.project,
            batch=given.batch,
            saved=given.saved,
            client=given.client,
            cursor=cursor,
            limit=limit,
        )
        return Page([self._view(row, None) for row in page.items], page.next)

    def _view(self, row: RunRow, place: int | None) -> RunView:
        results = self.stage.results(row.id)
        names = list(from_row(row.results or b"{}")) if results is None else list(results)
        return run_view(row, self.rows.last_seq(row.id), names, self.stage.progress(row.id), place)

    def graph_of(self, run: str) -> bytes:
        """The graph that a run was made of, as it was settled."""
        return self.rows.graph(run)

    def manifest(self, run: str) -> bytes:
        """The manifest of a run that has ended; raises `NoSuch`, or `WrongState` where it has not."""
        row = self.rows.get(run)
        content = self.store.record(run)
        if not content:
            raise WrongState(run, row.state, "ended")
        return content

    def results(self, run: str) -> Mapping[str, Ref]:
        """The results of a run that are there, by name."""
        found = self.stage.results(run)
        return from_row(self.rows.get(run).results or b"{}") if found is None else found

    def events(self, run: str, since: int = 0, limit: int | None = None) -> list[tuple[int, bytes]]:
        """What a run told after an event's number: numbers, and events as JSON."""
        self.rows.get(run)
        return self.store.events(run, since, limit)

    def cancel(self, run: str) -> RunView:
        """Cancel a run in whatever state; one that has ended otherwise raises `WrongState`."""
        self.orders.cancel(run)
        return self.run(run)

    def pause(self, run: str) -> RunView:
        """Let a run make no more calls until it is resumed."""
        self.orders.pause(run)
        return self.run(run)

    def resume(self, run: str) -> RunView:
        """Queue a run again that is paused or was interrupted: it goes on where it was."""
        self.orders.requeue(run, ("paused", "interrupted"))
        return self.run(run)

    def retry(self, run: str) -> RunView:
        """Queue a run again that has failed, was cancelled or interrupted; what it finished is not made again."""
        self.orders.requeue(run, ("failed", "cancelled", "interrupted"))
        return self.run(run)

    def discard(self, run: str) -> RunView:
        """Take an interrupted run away; gives it as it was."""
        return self._deleted(run, ("interrupted",))

    def save_as_failed(self, run: str) -> RunView:
        """Keep an interrupted run on record as failed."""
        self.orders.save_as_failed(run)
        return self.run(run)

    def delete(self, run: str) -> RunView:
        """Take a run away that is not under way, with its events and results; gives it as it was."""
        return self._deleted(run, ("queued", "paused", "succeeded", "failed", "cancelled", "interrupted"))

    def _deleted(self, run: str, states: Sequence[str]) -> RunView:
        view = self.run(run)
        self.queue_rows.delete(run, states)
        return view

    def move(
        self, run: str, priority: int | None = None, before: str | None = None, after: str | None = None
    ) -> RunView:
        """Give a queued run another priority, or a place before or after another queued run of its client."""
        self.queue_rows.move(run, priority=priority, before=before, after=after)
        return self.run(run)

    # The queue

    def queue(self) -> QueueView:
        """The queue as it stands."""
        force = self._in_force
        counts = self.rows.counts()
        return QueueView(force.paused, counts, list(self.stage.going), force.max_running, force.max_running_per_client)

    def pause_queue(self) -> None:
        """Let no queued run begin, on any server; those under way go on."""
        self.set_settings({"paused": True})

    def resume_queue(self) -> None:
        """Let queued runs begin again."""
        self.set_settings({"paused": False})

    def clear_queue(self) -> int:
        """Cancel every queued run; gives how many those were."""
        return self.orders.clear()

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

    # Batches

    def batch(self, batch: str) -> BatchView:
        """A batch as it stands; raises `NoSuch`."""
        return batch_view(self.rows.batch(batch))

    def batches(self, client: str | None = None, cursor: str | None = None, limit: int = 50) -> Page[BatchView]:
        """Batches, the newest first."""
        page = self.rows.batches(client, cursor, limit)
        return Page([batch_view(row) for row in page.items], page.next)

    # The pump's thread

    def _take(self) -> bool:
        force = self._in_force
        if force.paused:
            return False
        # Set before the look: who queues a run after it sets this again.
        self.stage.others_wait = False
        if len(self.stage.going) >= force.max_running:
            self.stage.others_wait = True
            return False
        row = self.queue_rows.claim_next(self.id, Limits(force.max_running, force.max_running_per_client))
        if row is None:
            return False
        self.stage.expect(row.id, row.token)
        try:
            run = self.intake.run_of(row, self.rows.graph(row.id))
            run.seq = self.rows.last_seq(row.id)
        except DioramaError as error:
            self.stage.refuse(row.id, row.token, error.faults)
        except Exception as error:  # what was written down by another version, a pack's own code
            self._complain(f"run {row.id} could not be planned:\n{traceback.format_exc()}")
            self.stage.refuse(row.id, row.token, [engine_fault(row.id, error)])
        else:
            self.stage.begin(run)
        return True

    def _read_settings(self) -> None:
        self._in_force = settings_of(self.options, self.kept_settings.all())

    def _heed_wishes(self) -> None:
        for run, wish in self.queue_rows.wishes(self.id).items():
            self.stage.ask(run, "cancel" if wish == "cancel" else "pause")

    def _relay(self) -> None:
        """Pass on what other servers told of the runs that someone here listens to."""
        for run, since in self.hub.runs.items():
            if run not in self.stage.going and (events := self.store.events(run, since)):
                self.hub.relay(run, events)

    # What is told

    def _queue_events(self) -> Sequence[told.Event]:
        view = self.queue()
        states, running = dict(view.states), list(view.running)
        changed = told.QueueChanged(
            self.wall(), view.paused, states, running, view.max_running, view.max_running_per_client
        )
        return [changed]

    def _complain(self, text: str) -> None:
        self.hub.tell(told.Log(None, self.wall(), "error", "", None, text))
