"""What is asked of runs: cancelled, paused, queued again, given up; carried out here, or by whoever has the run."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress

from diorama.refusals import NoSuch, WrongState
from diorama.run import events as told
from diorama.run.hub import EventHub
from diorama.run.record import left_behind
from diorama.run.stage import Stage
from diorama.run.teller import Teller
from diorama.store.queue import Queue, Wish
from diorama.store.run_rows import RunRows

LOOKS = 10
"""How often a run is looked at again that changes its state while something is asked of it."""


class Orders:
    """Carries out what any thread asks of a run."""

    def __init__(
        self,
        me: str,
        queue: Queue,
        stage: Stage,
        hub: EventHub,
        rows: RunRows,
        wake: Callable[[], None],
        wall: Callable[[], float],
    ) -> None:
        self.me = me
        self.queue = queue
        self.rows = rows
        self.stage = stage
        self.hub = hub
        self.wake = wake
        self.wall = wall

    def cancel(self, run: str) -> None:
        """Cancel a run; one that waits will not start, one under way is asked to stop."""
        for _ in range(LOOKS):
            state = self.rows.get(run).state
            if state == "cancelled":
                return
            if state in ("queued", "paused", "interrupted"):
                teller = Teller(self.wall, told.RunEnded, "cancelled", 0.0)
                if self.queue.cancel(run=run, states=(state,), tell=teller):
                    self.hub.tell(*teller.told)
                    return
            elif state == "running":
                if self._asked(run, "cancel"):
                    return
            else:
                raise WrongState(run, state, "queued, running, paused or interrupted")
        raise WrongState(run, self.rows.get(run).state, "in one state for a moment")

    def pause(self, run: str) -> None:
        """Let a run make no more calls."""
        for _ in range(LOOKS):
            state = self.rows.get(run).state
            if state == "paused":
                return
            if state == "queued":
                teller = Teller(self.wall, told.RunPaused)
                try:
                    self.queue.set_state(run, ("queued",), "paused", tell=teller)
                except WrongState:
                    continue
                self.hub.tell(*teller.told)
                return
            if state != "running":
                raise WrongState(run, state, "queued or running")
            if self._asked(run, "pause"):
                return
        raise WrongState(run, self.rows.get(run).state, "in one state for a moment")

    def _asked(self, run: str, wish: Wish) -> bool:
        """Whether a run under way, here or on another server, was asked for something."""
        return self.stage.ask(run, wish) or self.queue.wish(run, wish) not in (None, self.me)

    def requeue(self, run: str, states: Collection[str], *, at_end: bool = False) -> None:
        """Queue a run again that is in one of these states, in its old place or behind its client's others."""
        if run in self.stage.unsettled:
            self.stage.settle()
        teller = Teller(self.wall, told.RunResumed)
        self.queue.requeue(run, states, at_end=at_end, tell=teller)
        self.stage.others_wait = True
        self.wake()
        self.hub.tell(*teller.told)

    def save_as_failed(self, run: str) -> None:
        """Let an interrupted run count as failed."""
        teller = Teller(self.wall, told.RunEnded, "failed", 0.0)
        self.queue.set_state(run, ("interrupted",), "failed", tell=teller, ended=self.wall(), faults=left_behind(run))
        self.hub.tell(*teller.told)

    def cancel_batch(self, batch: str) -> None:
        """Cancel the runs of a batch that have not ended."""
        teller = Teller(self.wall, told.RunEnded, "cancelled", 0.0)
        self.queue.cancel(batch=batch, states=("queued", "paused", "interrupted"), tell=teller)
        self.hub.tell(*teller.told)
        cursor = None
        while True:
            page = self.rows.page(state="running", batch=batch, cursor=cursor, limit=1000)
            for run in page.items:
                # It may have ended by itself meanwhile.
                with suppress(WrongState, NoSuch):
                    self.cancel(run.id)
            cursor = page.next
            if cursor is None:
                return

    def clear(self) -> int:
        """Cancel all that is queued."""
        teller = Teller(self.wall, told.RunEnded, "cancelled", 0.0)
        cancelled = self.queue.cancel(tell=teller)
        self.hub.tell(*teller.told)
        return len(cancelled)
