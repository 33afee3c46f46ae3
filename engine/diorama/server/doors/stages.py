"""How far a run is, stage by stage: what a program shows while it waits for a picture and then for a mesh."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import orjson

from diorama.graph import Graph, read_graph
from diorama.run.service import Service
from diorama.run.views import RunView
from diorama.server.doors.door import upstream

StageState = Literal["waiting", "running", "done", "failed"]
Progress = Literal["queued", "running", "done", "failed", "cancelled", "paused", "interrupted"]
STAGES: Final = ("plan", "reference", "image", "mesh", "motion", "scene", "picture", "audio")
"""Results that count as stages, in the order in which people think of them."""
STATES: Final[dict[str, Progress]] = {"succeeded": "done"}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a run, named after the result that ends it."""

    name: str
    state: StageState
    progress: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How a run stands."""

    view: RunView
    status: Progress
    progress: float
    stages: tuple[Stage, ...]
    operation: str | None
    """The nodes that are being called."""


def standing(service: Service, run: str) -> Standing:
    """How a run stands; raises `NoSuch`."""
    view = service.run(run)
    graph = read_graph(service.graph_of(run))
    calls = _Calls(service, run)
    stages, known = [], set[str]()
    for name in STAGES:
        if name in graph.results:
            nodes = upstream(graph, graph.results[name].node) - known
            known |= nodes
            stages.append(_stage(name, nodes, view, calls))
    status = STATES.get(view.state) or _plain(view)
    progress = 1.0 if status == "done" else view.progress
    if progress is None:
        progress = sum(stage.progress for stage in stages) / len(stages) if stages else 0.0
    return Standing(view, status, round(progress, 4), tuple(stages), calls.operation(graph))


def _plain(view: RunView) -> Progress:
    state = view.state
    assert state != "succeeded"
    return state


def _stage(name: str, nodes: set[str], view: RunView, calls: _Calls) -> Stage:
    if name in view.results:
        return Stage(name, "done", 1.0)
    share = sum(calls.fraction(node) for node in nodes) / len(nodes) if nodes else 0.0
    share = round(min(share, 0.9999), 4)
    if view.state in ("failed", "cancelled", "interrupted"):
        return Stage(name, "failed", share)
    is_begun = view.state == "running" and any(calls.is_begun(node) for node in nodes)
    return Stage(name, "running" if is_begun else "waiting", share)


class _Calls:
    """What the journal of a run and those who call its nodes say of each node of its graph."""

    def __init__(self, service: Service, run: str) -> None:
        self._begun: dict[str, int] = {}
        self._done: dict[str, int] = {}
        self._whole: set[str] = set()
        going = service.stage.going.get(run)
        self._fractions = dict(going.fractions) if going is not None else {}
        for _, content in service.events(run):
            event = orjson.loads(content)
            match event["kind"]:
                case "steps_cached":
                    self._whole.update(_outer(step) for step, *_ in event["steps"])
                case "call_started":
                    self._add(self._begun, event["step"])
                case "call_finished" | "call_failed":
                    self._add(self._done, event["step"])
                case "run_resumed":
                    self._begun.clear()
                    self._done.clear()

    def _add(self, counts: dict[str, int], step: str) -> None:
        node = _outer(step)
        counts[node] = counts.get(node, 0) + 1

    def is_begun(self, node: str) -> bool:
        """Whether any call of it was begun, or need not be."""
        return node in self._whole or node in self._begun or node in self._done

    def fraction(self, node: str) -> float:
        """How far it is: calls under way count in part."""
        if node in self._whole:
            return 1.0
        begun, done = self._begun.get(node, 0), self._done.get(node, 0)
        under_way = sum(share for (step, _), share in self._fractions.items() if _outer(step) == node)
        return min((done + under_way) / max(begun, done, 1), 1.0)

    def operation(self, graph: Graph) -> str | None:
        """The nodes that are being called now, by their ids and types."""
        going: Iterable[str] = (node for node, count in self._begun.items() if count > self._done.get(node, 0))
        names = [f"{node} ({graph.nodes[node].type})" for node in going if node in graph.nodes]
        return ", ".join(names[:3]) or None


def _outer(step: str) -> str:
    """The node of the graph that a step is of, or is inside."""
    return step.partition("/")[0]
