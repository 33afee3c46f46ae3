"""Where runs come in: checked, written down durably, and begun at once where a place is free and nobody waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import orjson
from pydantic import JsonValue

from diorama.faults import DioramaError, pointer
from diorama.json_text import canonical, normal
from diorama.run import events as told
from diorama.run.batches import Axes, combined, count_of, read_axes
from diorama.run.hub import EventHub
from diorama.run.intake import Accepted, Intake, new_run, options_of, request_digest
from diorama.run.options import QueueSettings
from diorama.run.showing import begun_view
from diorama.run.stage import Stage
from diorama.run.views import Mode, RunView, Submission
from diorama.seeds import RANDOM, draw_seed, drawn_seeds
from diorama.store.queue import NewBatch, Promise, Queue
from diorama.store.run_rows import NewRun
from diorama.upgrade import upgraded


@dataclass(frozen=True, slots=True)
class Admitted:
    """A run or batch that was accepted, now or before with the same idempotency key."""

    id: str
    view: RunView | None = None
    """The run, where it begins at once."""
    is_new: bool = True


class Admission:
    """Takes submissions of any thread."""

    def __init__(
        self,
        me: str,
        intake: Intake,
        queue: Queue,
        stage: Stage,
        hub: EventHub,
        settings: Callable[[], QueueSettings],
        wake: Callable[[], None],
        wall: Callable[[], float],
        ids: Callable[[], str],
    ) -> None:
        self.me = me
        self.intake = intake
        self.queue = queue
        self.stage = stage
        self.hub = hub
        self.settings = settings
        self.wake = wake
        self.wall = wall
        self.ids = ids

    def submit(self, submission: Submission) -> Admitted:
        """Accept a run, on the disk when this returns; raises `DioramaError` with every fault, or `KeyReused`."""
        accepted = self.intake.accept(submission)
        new = new_run(self.ids(), accepted)
        begins = self._has_place(new.id)
        try:
            run = self.intake.made_ready(new.id, accepted, 1, 1, new.graph) if begins else None
            queued = told.RunQueued(new.id, 1, self.wall(), new.title, new.client, new.priority, None)
            earlier = self.queue.add(
                [new],
                promise=_promise(submission),
                tell=lambda run, seq: told.event_json(queued),
                owner=self.me if begins else None,
                now=queued.at,
            )
        except BaseException:
            self.stage.release(new.id)
            raise
        if earlier is not None:
            self.stage.release(new.id)
            return Admitted(earlier.id, is_new=False)
        self.hub.tell(queued)
        if run is None:
            self._waits()
            return Admitted(new.id)
        run.seq = queued.seq
        self.stage.begin(run)
        return Admitted(new.id, begun_view(new, run.plan.values, queued))

    def _has_place(self, run: str) -> bool:
        """Whether a run can begin at once: over the queue's table it would take longer than a small run takes."""
        force = self.settings()
        return not force.paused and force.max_running_per_client is None and self.stage.reserve(run, force.max_running)

    def _waits(self) -> None:
        self.stage.others_wait = True
        self.wake()

    def submit_batch(self, submission: Submission, axes: Axes, mode: Mode) -> Admitted:
        """Accept a batch whole; raises `DioramaError` with every fault of any run, or `KeyReused`."""
        count_of(axes, mode)
        catalogue = self.intake.library.catalogue
        graph = upgraded(submission.graph, catalogue)
        accepted, axes = self._accepted(submission, axes, mode)
        name, title = self.ids(), accepted.settled.title if submission.title is None else submission.title
        seeds = [name for name, parameter in graph.parameters.items() if parameter.type == "seed"]
        given = {name: submission.values.get(name, graph.parameters[name].default) for name in seeds}
        base = dict(accepted.checked.parameters) | {name: RANDOM for name in seeds if given[name] == RANDOM}
        new = [
            NewRun(
                id=self.ids(),
                title=title,
                graph=b"",
                parameters=canonical(normal(_with_seeds(base | values, seeds))),
                options=options_of(submission, accepted.pins, drawn_seeds(graph, catalogue)),
                client=submission.client,
                project=submission.project,
                batch=name,
                saved=submission.saved,
                priority=submission.priority,
            )
            for values in combined(axes, mode)
        ]
        asked = orjson.dumps([dict(axes), mode])
        now = self.wall()
        earlier = self.queue.add(
            new,
            batch=NewBatch(name, title, submission.client, graph.canonical()),
            promise=_promise(submission, asked),
            tell=lambda run, seq: told.event_json(
                told.RunQueued(run, seq, now, title, submission.client, submission.priority, name)
            ),
            now=now,
        )
        if earlier is not None:
            return Admitted(earlier.id, is_new=False)
        self._waits()
        return Admitted(name)

    def _accepted(self, submission: Submission, axes: Axes, mode: Mode) -> tuple[Accepted, Axes]:
        """A batch that was checked: the graph once, the values of all runs; raises `DioramaError` with every fault."""
        first = next(combined(axes, mode))
        found = self.intake.look_at(submission, dict(submission.values) | first)
        of_axes = {pointer("parameters", name): name for name in axes}
        faults = [
            replace(fault, at=pointer("axes", of_axes[fault.at])) if fault.at in of_axes else fault
            for fault in found.checked.faults
            if of_axes.get(fault.at) not in found.settled.parameters
        ]
        try:
            known = {name: values for name, values in axes.items() if name in found.settled.parameters}
            read = read_axes(found.settled, found.checked, known, mode, self.intake.files(submission.folder))
        except DioramaError as error:
            raise DioramaError([*faults, *error.faults]) from error
        if faults:
            raise DioramaError(faults)
        return found, read


def _with_seeds(values: Mapping[str, JsonValue], seeds: Sequence[str]) -> dict[str, JsonValue]:
    """A run's values with those seeds drawn that are given as `random`."""
    return {**values, **{name: draw_seed() for name in seeds if values.get(name) == RANDOM}}


def _promise(submission: Submission, *more: bytes) -> Promise | None:
    if submission.idempotency_key is None:
        return None
    return Promise(submission.client, submission.idempotency_key, request_digest(submission, *more))
