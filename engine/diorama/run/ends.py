"""How runs leave the scheduler: at their end, cancelled, paused, with a store that fails, or lost to another server."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from diorama.faults import Fault
from diorama.run import events as told
from diorama.run.dispatch import Dispatch
from diorama.run.journal import Journal, NotWritten
from diorama.run.record import short_values
from diorama.run.state import Run

GRACE_SECONDS = 5.0
"""How long a cancelled run waits for its calls before it ends without them."""


class Ends:
    """The runs that are under way, and how each of them ends: once, told once and last.

    `left` is given each run that is no longer here, when its end is on disk and was told; `pass_on` is called when
    several things may have been told.
    """

    def __init__(
        self,
        journal: Journal,
        dispatch: Dispatch,
        clock: Callable[[], float],
        wall: Callable[[], float],
        left: Callable[[Run], None],
        pass_on: Callable[[], None],
    ) -> None:
        self.runs: dict[str, Run] = {}
        self.journal = journal
        self.dispatch = dispatch
        self.clock = clock
        self.wall = wall
        self.left = left
        self.pass_on = pass_on
        self.cancelled: deque[str] = deque()
        """Runs whose cancel was asked for and not yet carried out; any thread may add to it."""
        self._give_up: dict[str, float] = {}
        self._pausing: set[str] = set()
        self._leaving: list[Run] = []

    def __bool__(self) -> bool:
        """Whether runs are still ending."""
        return bool(self._give_up or self._pausing or self._leaving)

    def pause(self, name: str) -> None:
        """Let a run make no new calls; when those under way have ended, it ends as paused."""
        run = self.runs.get(name)
        if run is not None and run.takes_calls:
            run.is_pausing = True
            self._pausing.add(name)
            self.dispatch.cancel_unwanted()

    def lose(self, name: str) -> None:
        """Stop a run that is another server's by now: nothing more is written or told of it."""
        run = self.runs.get(name)
        if run is not None:
            run.is_lost = True
            run.state = "interrupted"
            self.journal.drop(run)
            self._forget(run)

    def cancel_asked(self) -> None:
        """Carry out the cancels that were asked for."""
        while self.cancelled:
            run = self.runs.get(self.cancelled.popleft())
            if run is None or run.is_cancelled:
                continue
            run.is_cancelled = True
            self._give_up[run.id] = self.clock() + GRACE_SECONDS
            run.active.clear()
            self.dispatch.cancel_unwanted()
        self.end_waiting()

    def end_waiting(self) -> None:
        """End cancelled and pausing runs whose calls have ended, and cancelled ones that waited long enough."""
        for name in list(self._give_up):
            run = self.runs.get(name)
            mine = self.dispatch.cancelled_jobs_of(run) if run is not None else []
            if run is None or not mine or self.clock() >= self._give_up[name]:
                for job in mine:
                    self.dispatch.abandon(job)
                del self._give_up[name]
                if run is not None:
                    self.end(run, "cancelled", [])
        for name in list(self._pausing):
            run = self.runs.get(name)
            if run is None or run.is_cancelled:
                self._pausing.discard(name)
            elif not self.dispatch.is_under_way(run) and name not in self.cancelled:
                self._pausing.discard(name)
                run.state = "paused"
                self.journal.tell(run, told.RunPaused)
                self.journal.end(run)
                self._forget(run)

    def end_if_over(self, run: Run) -> None:
        """End a run that has nothing left to do. A cancel asked for in the same moment wins over its end."""
        if run.active or run.is_over or run.is_cancelled or run.id in self.cancelled:
            return
        self.end(run, "failed" if run.stopped else "succeeded", [])

    def end(self, run: Run, state: told.State, faults: Sequence[Fault]) -> None:
        """End a run, unless it has ended."""
        if run.is_over:
            return
        state = "cancelled" if run.id in self.cancelled else state
        run.state = state
        run.faults.extend(faults)
        run.ended_wall = self.wall()
        self.journal.tell(run, told.RunEnded, state, self.clock() - run.started, short_values(run))
        self.journal.end(run)
        self._forget(run)

    def end_all(self, faults: Sequence[Fault]) -> None:
        """End every run as failed, or as cancelled where that was asked for."""
        for run in list(self.runs.values()):
            self.end(run, "cancelled" if run.is_cancelled else "failed", faults)

    def flush(self) -> None:
        """Write what is waiting, then tell it, then take leave of the runs whose end it was."""
        try:
            lost = self.journal.write()
            for name in lost:
                self.lose(name)
            for run in self._leaving:
                if run.id in lost:
                    # Its end came too late.
                    run.is_lost, run.state = True, "interrupted"
        except NotWritten as error:
            self._not_written(error)
        self.pass_on()
        leaving, self._leaving = self._leaving, []
        for run in leaving:
            self.left(run)

    def _not_written(self, error: NotWritten) -> None:
        """End every run whose record could not be written: what was not told is taken back, the end is told alone.

        The journal then holds no end, so that the run counts as interrupted when the store is opened again.
        """
        claims = self.dispatch.claims
        claimed = [made for _, made in error.group.made if made.claim is not None]
        claims.held.update((made.key, made.claim[1]) for made in claimed if made.claim is not None)
        untold: dict[str, tuple[Run, int]] = {}
        for run, event in error.untold:
            numbered = not isinstance(event, told.Log)
            untold[run.id] = (run, untold.get(run.id, (run, 0))[1] + numbered)
        for run in self.runs.values():
            untold.setdefault(run.id, (run, 0))
        for run, count in untold.values():
            run.seq += 1 - count
            run.state = "cancelled" if run.is_cancelled else "failed"
            run.faults.extend(fault for fault in error.faults if fault not in run.faults)
            run.ended_wall = self.wall()
            run.is_unwritten = True
            self._forget(run)
        for run, _ in untold.values():
            run.listener(told.RunEnded(run.id, run.seq, run.ended_wall, run.state, self.clock() - run.started))
        self.dispatch.release_idle()

    def _forget(self, run: Run) -> None:
        if self.runs.pop(run.id, None) is not None:
            self._leaving.append(run)
        run.active.clear()
        self._give_up.pop(run.id, None)
        self._pausing.discard(run.id)
        if run.state != "succeeded":
            self.dispatch.cancel_unwanted()
        if not self.runs:
            self.dispatch.rest()

    def pause_seconds(self, longest: float) -> float:
        """Seconds until something is due by itself: here, or of the calls."""
        given_up = [when - self.clock() for when in self._give_up.values()]
        return max(0.0, min([self.dispatch.pause(longest), *given_up]))
