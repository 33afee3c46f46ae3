"""The runs that this server has under way: begun on the engine's thread, heard, and taken leave of."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Condition, Lock

import orjson

from diorama.faults import DioramaError, Fault, faults_json
from diorama.refs import Ref
from diorama.refusals import WrongState
from diorama.run import events as told
from diorama.run.engine import Engine
from diorama.run.hub import EventHub
from diorama.run.scheduler import engine_fault
from diorama.run.state import Run
from diorama.run.teller import Teller
from diorama.store.queue import Queue, Wish

SETTLE_SECONDS = 5.0
"""How long another thread waits for the engine's."""
HEALS = 3
"""How often a run is planned anew when stored values turn out damaged under it."""


@dataclass(slots=True)
class Going:
    """A run that this server took from the queue."""

    id: str
    token: int
    run: Run | None = None
    """None until the engine has begun it."""
    wish: Wish | None = None
    fractions: dict[tuple[str, int | None], float] = field(default_factory=dict)
    """How far its calls are that are under way."""
    results: dict[str, Ref] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """The end of a run that could not be written yet."""

    token: int
    state: told.State
    faults: tuple[Fault, ...]


class Stage:
    """Runs under way here. Any thread may look at them and ask something of them."""

    def __init__(
        self, me: str, queue: Queue, hub: EventHub, wall: Callable[[], float], complain: Callable[[str], None]
    ) -> None:
        self.me = me
        self.queue = queue
        self.hub = hub
        self.wall = wall
        self.complain = complain
        self.going: dict[str, Going] = {}
        self.others_wait = True
        """Whether runs may be queued that came before any that comes now."""
        self.unsettled: dict[str, Unsettled] = {}
        self.to_heal: list[str] = []
        self.freed: Callable[[], None] = lambda: None
        """Is called when a place is free."""
        self.engine: Engine
        self._healed: dict[str, int] = {}
        self._lock = Lock()
        self._emptied = Condition(self._lock)

    def expect(self, run: str, token: int) -> None:
        """Count a run as here: it was taken from the queue and is about to begin."""
        with self._lock:
            self.going[run] = Going(run, token)

    def reserve(self, run: str, most: int) -> bool:
        """Keep a place for a run that is about to be submitted; False where none is free or others wait for it."""
        with self._lock:
            if self.others_wait or len(self.going) >= most:
                return False
            self.going[run] = Going(run, 1)
            return True

    def release(self, run: str) -> None:
        """Let a place go that was kept for a run which does not come."""
        self._gone(run, 1)

    def begin(self, run: Run) -> None:
        """Hand a run to the engine."""
        self.engine.ask(lambda: self._begin(run))

    def ask(self, run: str, wish: Wish) -> bool:
        """Ask a run to be cancelled or paused; False where it is not here."""
        with self._lock:
            going = self.going.get(run)
            if going is None:
                return False
            if going.wish != "cancel":
                going.wish = wish
        self.engine.ask(lambda: self._act(run, wish))
        return True

    def refuse(self, run: str, token: int, faults: Sequence[Fault]) -> None:
        """End a run that cannot begin."""
        self._end_unbegun(run, token, "failed", faults)

    def progress(self, run: str) -> float | None:
        """The share of a run's steps that are done, those under way counted in part; None where it is not here."""
        going = self.going.get(run)
        if going is None or going.run is None:
            return None
        left, done = len(going.run.active), len(going.run.outputs)
        under_way = sum(going.fractions.copy().values())
        whole = left + done
        return round(min(1.0, (done + under_way) / whole), 4) if whole else 0.0

    def results(self, run: str) -> Mapping[str, Ref] | None:
        """The results of a run so far; None where it is not here."""
        going = self.going.get(run)
        return None if going is None else going.results.copy()

    def lose_all(self) -> None:
        """Stop all runs without a word, since they are other servers' by now; returns when that is done."""
        lost = list(self.going)
        self.engine.ask(lambda: self._lose(lost))
        self.engine.settle(SETTLE_SECONDS)

    def hand_back(self, grace_seconds: float) -> None:
        """Wait some seconds for the runs to end, then put those that have not back into the queue, in their places."""
        with self._lock:
            self._emptied.wait_for(lambda: not self.going, grace_seconds)
            left = [(going.id, going.token) for going in self.going.values()]
        self.lose_all()
        for run, token in left:
            teller = Teller(self.wall, told.RunResumed)
            # What cannot be handed back counts as interrupted as soon as this server has left.
            with suppress(DioramaError):
                self.queue.requeue(run, ("running",), fence=(self.me, token), tell=teller)
                self.hub.tell(*teller.told)

    # On the engine's thread

    def _lose(self, lost: Sequence[str]) -> None:
        for run in lost:
            self.engine.scheduler.lose(run)
            self.unsettled.pop(run, None)
            going = self.going.get(run)
            if going is not None:
                self._gone(run, going.token)

    def _begin(self, run: Run) -> None:
        going = self.going.get(run.id)
        if going is None:
            return
        if going.wish is not None:
            self._end_unbegun(run.id, run.token, "cancelled" if going.wish == "cancel" else "paused", ())
            return
        going.run = run
        run.listener = self._hear
        try:
            self.engine.scheduler.submit(run)
        except DioramaError as error:
            self._end_unbegun(run.id, run.token, "failed", error.faults)
        except Exception as error:
            self.complain(f"run {run.id} could not begin:\n{traceback.format_exc()}")
            self._end_unbegun(run.id, run.token, "failed", [engine_fault(run.id, error)])

    def _act(self, run: str, wish: Wish) -> None:
        if wish == "cancel":
            self.engine.scheduler.cancel(run)
        else:
            self.engine.scheduler.pause(run)

    def _hear(self, event: told.Event) -> None:
        match event:
            case told.CallProgress():
                going = self.going.get(event.run)
                if going is not None:
                    going.fractions[event.step, event.item] = event.fraction
            case told.CallFinished() | told.CallFailed():
                going = self.going.get(event.run)
                if going is not None:
                    going.fractions.pop((event.step, event.item), None)
            case told.ResultReady():
                going = self.going.get(event.run)
                if going is not None and going.run is not None:
                    given = going.run.plan.results[event.result]
                    if going.run.is_known(given):
                        going.results[event.result] = going.run.value(given)
        self.hub.publish(event)

    def left(self, run: Run) -> None:
        """Take leave of a run that is the scheduler's no longer."""
        if run.is_lost:
            self._healed.pop(run.id, None)
        elif run.is_unwritten:
            self.unsettled[run.id] = Unsettled(run.token, run.state, tuple(run.faults))
        elif run.needs_plan and self._healed.get(run.id, 0) < HEALS:
            self._healed[run.id] = self._healed.get(run.id, 0) + 1
            self.to_heal.append(run.id)
        else:
            self._healed.pop(run.id, None)
        self._gone(run.id, run.token)

    # On any thread

    def _gone(self, run: str, token: int) -> None:
        with self._lock:
            going = self.going.get(run)
            # It may have been taken anew since.
            if going is not None and going.token == token:
                del self.going[run]
                self._emptied.notify_all()
        if self.others_wait:
            self.freed()

    def _end_unbegun(self, run: str, token: int, state: told.State, faults: Sequence[Fault]) -> None:
        try:
            # Where another server took it meanwhile, there is nothing to be written.
            with suppress(WrongState):
                self._write_end(run, token, state, faults)
        except DioramaError:
            self.unsettled[run] = Unsettled(token, state, tuple(faults))
        self._gone(run, token)

    def _write_end(self, run: str, token: int, state: told.State, faults: Sequence[Fault]) -> None:
        if state == "paused":
            teller = Teller(self.wall, told.RunPaused)
            self.queue.set_state(run, ("running",), state, fence=(self.me, token), tell=teller)
        else:
            teller = Teller(self.wall, told.RunEnded, state, 0.0)
            self.queue.set_state(
                run,
                ("running",),
                state,
                fence=(self.me, token),
                tell=teller,
                ended=self.wall(),
                faults=orjson.dumps(faults_json(faults)),
            )
        self.hub.tell(*teller.told)

    def settle(self) -> None:
        """Write the ends that could not be written, and queue again the runs that are to be planned anew."""
        for run, end in list(self.unsettled.items()):
            with suppress(WrongState):
                self._write_end(run, end.token, end.state, end.faults)
            del self.unsettled[run]
        while self.to_heal:
            teller = Teller(self.wall, told.RunResumed)
            self.queue.requeue(self.to_heal[-1], ("interrupted",), tell=teller)
            self.to_heal.pop()
            self.hub.tell(*teller.told)
