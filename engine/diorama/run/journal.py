"""The journal: what a run tells, written before anyone hears of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import orjson

from diorama.faults import DioramaError, faults_json
from diorama.keys import Digest
from diorama.refs import Ref, to_row
from diorama.run import events as told
from diorama.run.record import artefact_rows, manifest_of, run_row
from diorama.run.state import Record, Run
from diorama.store.calls import CallStore
from diorama.store.fault_points import reach
from diorama.store.group import Group, Made

FLUSH_ROWS = 1000
LOG_CHARACTERS = 20_000
"""Of a longer text the end is kept: there a traceback says what happened."""
FLUSH_SECONDS = 0.05
"""Rows are written together when there are this many or the oldest is this old; what they tell waits for them."""


class NotWritten(Exception):
    """Raised where the store did not take a group: `group` with the events `untold` about it."""

    def __init__(self, error: DioramaError, group: Group, untold: list[tuple[Run, told.Event]]) -> None:
        self.faults = error.faults
        self.group = group
        self.untold = untold
        super().__init__(str(error))


class Journal:
    """Collects rows and events of all runs, writes them in groups, and tells what is on disk."""

    def __init__(self, store: CallStore, clock: Callable[[], float], wall: Callable[[], float]) -> None:
        self.store = store
        self.clock = clock
        self.wall = wall
        self.unwritten: dict[Digest, tuple[Run, Made]] = {}
        """Calls that were made and that the store does not know yet."""
        self._group = Group()
        self._events: list[tuple[Run, told.Event]] = []
        self._oldest = 0.0

    def begin(self, run: Run) -> None:
        """Put a run that begins on record; one from the queue was when it was claimed."""
        if not run.token:
            self._group.run_rows.append(run_row(run))

    def end(self, run: Run) -> None:
        """Put the end of a run on record, with its manifest and results; a paused run leaves neither."""
        is_paused = run.state == "paused"
        results = run.results()
        row: dict[str, object] = {
            "wanted": run.id,
            "new_state": run.state,
            "new_faults": b"[]" if is_paused else orjson.dumps(faults_json(run.faults)),
            "new_manifest": None if is_paused else manifest_of(run),
            "new_results": to_row(results),
            "new_ended": None if is_paused else run.ended_wall,
        }
        self._group.run_ends.append(row)
        if run.token and not is_paused:
            self._group.artefacts.extend(artefact_rows(run, results))

    def log(self, run: Run, step: str, item: int | None, text: str) -> None:
        """Keep a text for the run's log, under the number of the event that is told next."""
        self._note_age()
        # A node may raise an error with any text: half a surrogate pair and NUL have no place in a database.
        fit = text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")[-LOG_CHARACTERS:]
        at, number = self.wall(), run.seq + 1
        row: dict[str, object] = {"run": run.id, "number": number, "at": at, "step": step, "item": item, "text": fit}
        self._group.logs.append(row)
        self._events.append((run, told.Log(run.id, at, "error", step, item, fit)))

    def made(self, run: Run, made: Made) -> None:
        """Put a call that was made into the cache, with the next group."""
        self._note_age()
        self._group.made.append((run.id, made))
        self.unwritten[made.key] = (run, made)

    def led(self, recipe: Digest, key: Digest) -> None:
        """Remember which call a recipe led to."""
        self._group.led.append((recipe, key))

    def record(
        self,
        run: Run,
        number: int,
        item: int | None,
        key: Digest | None,
        cached: bool,
        seconds: float,
        made_by: str,
        outputs: Mapping[str, Ref],
    ) -> None:
        """Name a call in the run's manifest."""
        kind = run.step(number).kind
        code = kind.interface.entry.code if kind.interface.entry is not None else ""
        run.records.append(Record(run.step(number).id, item, kind.name, code, key, cached, seconds, made_by, outputs))

    def tell(self, run: Run, kind: Callable[..., told.Kept], *what: object) -> None:
        """Tell an event of a run once it is written; `what` are the event's own fields."""
        self._note_age()
        run.seq += 1
        if run.token:
            self._group.tokens[run.id] = run.token
        event = kind(run.id, run.seq, self.wall(), *what)
        self._group.told.append((run.id, run.seq, told.event_json(event)))
        self._events.append((run, event))

    def tell_results(self, run: Run, number: int | None = None) -> None:
        """Tell which of the asked-for results are there now: those of one step, or all."""
        for name in run.result_names(number):
            if name not in run.told_results and run.is_known(run.plan.results[name]):
                run.told_results.add(name)
                self.tell(run, told.ResultReady, name)

    def drop(self, run: Run) -> None:
        """Take back what waits to be written and told of a run that is another server's by now."""
        self._group.drop({run.id})
        self._group.tokens.pop(run.id, None)
        self._events = [one for one in self._events if one[0] is not run]

    @property
    def is_due(self) -> bool:
        """Whether what is waiting should be written now."""
        rows = len(self._group)
        return rows >= FLUSH_ROWS or (rows > 0 and self.clock() - self._oldest >= FLUSH_SECONDS)

    def write(self) -> set[str]:
        """Write what is waiting, then tell it; raises `NotWritten` where the store does not take it.

        Gives the runs that belong to another server by now: nothing of them was written or told.
        """
        if not self._group and not self._events:
            return set()
        group, self._group = self._group, Group()
        self.unwritten.clear()
        pending, self._events = self._events, []
        try:
            self.store.write(group)
        except DioramaError as error:
            raise NotWritten(error, group, pending) from error
        for run, event in pending:
            if run.id not in group.lost:
                run.listener(event)
        reach("events-sent")
        return group.lost

    def _note_age(self) -> None:
        if not self._events and not self._group.made:
            self._oldest = self.clock()
