"""Work on the store that takes a while: done in the background, one at a time, and told of while it goes."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from pydantic import JsonValue

from diorama.faults import DioramaError, Fault
from diorama.refusals import NoSuch
from diorama.server.problems import refused

log = logging.getLogger(__name__)

ChoreKind = Literal["collect", "verify"]
ChoreState = Literal["running", "succeeded", "failed"]
Work = Callable[[Callable[[float], None]], Mapping[str, JsonValue]]
"""Does it, tells how far it is from 0 to 1, and gives what came of it."""
KEPT: Final = 50
"""Chores that are remembered once they are over."""


@dataclass(frozen=True, slots=True)
class ChoreView:
    """A chore as it stands. Times are seconds since the epoch."""

    id: str
    kind: ChoreKind
    state: ChoreState
    progress: float
    started: float
    ended: float | None = None
    result: Mapping[str, JsonValue] | None = None
    fault: Fault | None = None


class Chores:
    """The chores of one server. Any thread may ask."""

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._chores: OrderedDict[str, ChoreView] = OrderedDict()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self, kind: ChoreKind, work: Work) -> ChoreView:
        """Begin a chore; raises `Refusal` (H010) while another is under way."""
        with self._lock:
            busy = next((one for one in self._chores.values() if one.state == "running"), None)
            if busy is not None:
                raise refused("H010", busy.id, f"the store is busy with another chore ({busy.kind}); wait for its end")
            view = ChoreView(secrets.token_hex(8), kind, "running", 0.0, self._wall())
            self._chores[view.id] = view
            while len(self._chores) > KEPT:
                self._chores.popitem(last=False)
            self._thread = threading.Thread(target=self._do, args=(view, work), name=f"diorama-{kind}", daemon=True)
            self._thread.start()
        return view

    def get(self, chore: str) -> ChoreView:
        """A chore as it stands; raises `NoSuch`."""
        with self._lock:
            view = self._chores.get(chore)
        if view is None:
            raise NoSuch("chore", chore)
        return view

    def all(self) -> list[ChoreView]:
        """Every chore that is remembered, the newest first."""
        with self._lock:
            return list(reversed(self._chores.values()))

    def wait(self, seconds: float) -> bool:
        """Wait for the end of what is under way; False where it takes longer."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def _do(self, view: ChoreView, work: Work) -> None:
        try:
            result = work(lambda fraction: self._put(replace(view, progress=round(fraction, 3))))
            self._put(replace(view, state="succeeded", progress=1.0, ended=self._wall(), result=result))
        except DioramaError as error:
            self._put(replace(view, state="failed", ended=self._wall(), fault=error.faults[0]))
        except Exception:
            log.exception("a chore failed", extra={"fields": {"chore": view.id, "kind": view.kind}})
            fault = Fault("H009", view.id, "the server met an error of its own; its log has more")
            self._put(replace(view, state="failed", ended=self._wall(), fault=fault))

    def _put(self, view: ChoreView) -> None:
        with self._lock:
            self._chores[view.id] = view
