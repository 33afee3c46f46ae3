"""Services over a store in a folder, for tests: started, heard and closed, every wait bounded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import orjson

from diorama.graph import Graph
from diorama.run.service import Service
from diorama.run.views import RunView, Submission

BOUND = 20.0
"""Seconds that nothing here may take; only a hang does."""
OVER = ("succeeded", "failed", "cancelled", "interrupted", "paused")


def submitted(service: Service, graph: Graph, **given: object) -> str:
    """The id of a run that was submitted."""
    view, is_new = service.submit(Submission(graph, **given))  # type: ignore[arg-type]
    assert is_new
    return view.id


def until(service: Service, run: str, is_so: Callable[[RunView], bool]) -> RunView:
    """The run once something is so; looked at whenever it tells something."""
    with service.hub.subscribe([f"run:{run}"]) as heard:
        while not is_so(view := service.run(run)):
            assert heard.get(BOUND), f"nothing more is told of {view}"
    return view


def over(service: Service, run: str) -> RunView:
    """The run once it has ended or is paused."""
    return until(service, run, lambda view: view.state in OVER)


def kinds(service: Service, run: str) -> list[str]:
    """The kinds of the events in a run's journal."""
    return [orjson.loads(event)["kind"] for _, event in service.events(run)]


def waited_for(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, looking again every few milliseconds."""
    pause, until_ = threading.Event(), time.monotonic() + BOUND
    while not is_so():
        assert time.monotonic() < until_, "it does not come to be so"
        pause.wait(0.005)
