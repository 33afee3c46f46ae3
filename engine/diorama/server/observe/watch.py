"""What runs tell, as lines of the log and as figures, on a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import TYPE_CHECKING, Final

from diorama.run import events as told
from diorama.server.observe.traces import RunTraces

if TYPE_CHECKING:
    from diorama.run.service import Service
    from diorama.run.state import Run
    from diorama.server.observe.meter import Meter

log = logging.getLogger("diorama.run")

ALWAYS: Final = frozenset(
    {
        told.RunQueued,
        told.RunStarted,
        told.RunPaused,
        told.RunResumed,
        told.RunEnded,
        told.CallFailed,
        told.Log,
        told.Warned,
    }
)
IN_DETAIL: Final = frozenset({told.CallStarted, told.CallFinished, told.StepBlocked, told.ResultReady})
"""Logged as well at the level `debug`."""
LEVELS: Final = {"info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
TELL_SECONDS: Final = 0.1
"""How often what was heard is told: waking a thread for each event would take the turn of those who work."""
CLOSE_SECONDS: Final = 5.0


class Watch:
    """Hears every event of a service; whoever tells one is held up by no more than putting it into a row."""

    def __init__(self, service: Service, meter: Meter) -> None:
        self._service = service
        self._meter = meter
        self._heard: deque[tuple[told.Event, Run | None, float]] = deque()
        self._closing = threading.Event()
        self.traces: RunTraces | None = None
        """Set before it is opened, where traces are wanted."""
        self._kinds = ALWAYS
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Begin to hear."""
        if self.traces is not None or log.isEnabledFor(logging.DEBUG):
            self._kinds = ALWAYS | IN_DETAIL
        self._thread = threading.Thread(target=self._serve, name="diorama-watch", daemon=True)
        self._thread.start()
        self._service.hub.taps.append(self._hear)

    def close(self) -> None:
        """Tell what was heard, and hear nothing more."""
        if self._thread is not None:
            self._service.hub.taps.remove(self._hear)
            self._closing.set()
            self._thread.join(CLOSE_SECONDS)
            self._thread = None

    def _hear(self, event: told.Event) -> None:
        if type(event) not in self._kinds:
            return
        going = self._service.stage.going.get(getattr(event, "run", None) or "")
        self._heard.append((event, going.run if going is not None else None, self._service.wall()))

    def _serve(self) -> None:
        is_closing = False
        while not is_closing:
            is_closing = self._closing.wait(TELL_SECONDS)
            while self._heard:
                try:
                    self._take(*self._heard.popleft())
                except Exception:  # what is told of must not end the telling
                    log.exception("an event could not be logged")

    def _take(self, event: told.Event, run: Run | None, heard: float) -> None:
        if self.traces is not None:
            self.traces.take(event)
        match event:
            case told.RunEnded():
                self._meter.runs.labels(event.state).inc()
                if run is not None:
                    self._meter.count_calls(run)
                self._meter.lag.observe(max(0.0, heard - event.at))
                self._say(f"run {event.state}", event, state=event.state, seconds=round(event.seconds, 6))
            case told.RunQueued():
                self._meter.lag.observe(max(0.0, heard - event.at))
                self._say("run queued", event, title=event.title, client=event.client, priority=event.priority)
            case told.RunStarted():
                self._meter.lag.observe(max(0.0, heard - event.at))
                self._say("run started", event, title=event.title, to_run=event.to_run, cached=event.cached)
            case told.CallFailed():
                outcome = "retried" if event.retried else "failed"
                self._meter.calls.labels(_node_of(event.step, run), outcome).inc()
                said = f"a call failed: {event.message}"
                self._say(said, event, logging.WARNING, code=event.code, retried=event.retried)
            case told.Log():
                log.log(LEVELS[event.level], event.text, extra={"fields": _fields(event)})
            case told.Warned():
                log.warning(event.message, extra={"fields": {"about": event.about}})
            case _:
                level = logging.INFO if isinstance(event, told.RunPaused | told.RunResumed) else logging.DEBUG
                self._say(event.kind.replace("_", " "), event, level)

    def _say(self, text: str, event: told.Event, level: int = logging.INFO, **more: object) -> None:
        log.log(level, text, extra={"fields": {**_fields(event), **more}})


def _fields(event: told.Event) -> dict[str, object]:
    """What names the run and the call that an event tells of."""
    names = ("run", "seq", "step", "item")
    return {name: value for name in names if (value := getattr(event, name, None)) not in (None, "")}


def _node_of(step: str, run: Run | None) -> str:
    """The node that a step calls: steps are few, and those that fail fewer."""
    steps = run.plan.steps if run is not None else ()
    return next((one.kind.name for one in steps if one.id == step), "unknown")
