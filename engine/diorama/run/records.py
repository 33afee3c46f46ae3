"""What is known of runs, batches and the queue, put together from the tables and from what is under way here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import orjson

from diorama.hindsight import Hindsight, hindsights
from diorama.refs import Ref, from_row
from diorama.refusals import WrongState
from diorama.run.intake import settled_graph
from diorama.run.options import QueueSettings
from diorama.run.showing import batch_view, run_view
from diorama.run.stage import Stage
from diorama.run.views import BatchView, LogLine, Page, QueueView, RunFilter, RunView
from diorama.store.calls import CallStore
from diorama.store.queue import Queue
from diorama.store.run_rows import RunRow, RunRows

UNENDED = ("queued", "running", "paused", "interrupted")
"""States of runs that something is still to become of."""


class Records:
    """Reads, for any thread."""

    def __init__(self, store: CallStore, queue: Queue, stage: Stage, settings: Callable[[], QueueSettings]) -> None:
        self.store = store
        self.queue = queue
        self.rows = RunRows(store)
        self.stage = stage
        self.settings = settings

    def run(self, run: str) -> RunView:
        """A run as it stands; raises `NoSuch`."""
        row, seq = self.rows.standing(run)
        return self._view(row, seq, self.queue.place(row) if row.state == "queued" else None)

    def runs(self, wanted: RunFilter, cursor: str | None, limit: int) -> Page[RunView]:
        """Runs, the newest first."""
        page = self.rows.standings(
            state=wanted.state,
            project=wanted.project,
            batch=wanted.batch,
            saved=wanted.saved,
            client=wanted.client,
            title=wanted.title,
            cursor=cursor,
            limit=limit,
        )
        return Page([self._view(row, seq, None) for row, seq in page.items], page.next)

    def waiting(self, limit: int) -> list[RunView]:
        """The queued runs that go first, each with about how many go before it."""
        return [self._view(row, seq, place) for place, (row, seq) in enumerate(self.rows.waiting(limit))]

    def _view(self, row: RunRow, seq: int, place: int | None) -> RunView:
        here = self.stage.results(row.id) if row.state == "running" else None
        results = orjson.loads(row.results or b"{}") if here is None else here
        view = run_view(row, seq, list(results), self.stage.progress(row.id), place)
        return self._as_told(view)

    def _as_told(self, view: RunView) -> RunView:
        """A run as its clients were told that it ended, also where the disk had no room for its end yet."""
        end = self.stage.unsettled.get(view.id)
        if end is None or view.state != "running":
            return view
        return replace(view, state=end.state, faults=end.faults)

    def graph(self, run: str) -> bytes:
        """The graph that a run was made of, as it was settled; raises `NoSuch`."""
        content = self.rows.graph(run)
        options = orjson.loads(self.rows.get(run).options)
        return settled_graph(content, options).canonical() if "drawn" in options else content

    def manifest(self, run: str) -> bytes:
        """The manifest of a run that has ended; raises `NoSuch`, or `WrongState` where it has not."""
        row = self.rows.get(run)
        content = self.store.record(run)
        if not content:
            raise WrongState(run, row.state, "ended")
        return content

    def reasons(self, run: str) -> Sequence[Hindsight]:
        """What became of each step of a run that has ended, and why; raises as `manifest` does."""
        return hindsights(orjson.loads(self.manifest(run)), self.store)

    def results(self, run: str) -> Mapping[str, Ref]:
        """The results of a run that are there, by name; raises `NoSuch`."""
        here = self.stage.results(run)
        row = self.rows.get(run)
        # Once its end is on the disk they all are there; the stage hears of it a little later.
        return here if here is not None and row.state == "running" else from_row(row.results or b"{}")

    def events(self, run: str, since: int, limit: int | None) -> list[tuple[int, bytes]]:
        """What a run told after an event's number; raises `NoSuch`."""
        self.rows.get(run)
        return self.store.events(run, since, limit)

    def log(self, run: str) -> Sequence[LogLine]:
        """What was kept for a run's log, in order; raises `NoSuch`."""
        self.rows.get(run)
        return [LogLine(*row) for row in self.store.log(run)]

    def queue_view(self) -> QueueView:
        """The queue as it stands."""
        force = self.settings()
        # Those that have ended may be a million, and to count them all would take as long.
        counts, running = self.rows.counts(states=UNENDED), list(self.stage.going)
        return QueueView(force.paused, counts, running, force.max_running, force.max_running_per_client)

    def batch(self, batch: str) -> BatchView:
        """A batch as it stands; raises `NoSuch`."""
        return batch_view(self.rows.batch(batch))

    def batches(self, client: str | None, cursor: str | None, limit: int) -> Page[BatchView]:
        """Batches, the newest first."""
        page = self.rows.batches(client, cursor, limit)
        return Page([batch_view(row) for row in page.items], page.next)
