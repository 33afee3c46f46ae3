"""Why each call of a run that has ended was made: what went into it, beside what went in the time before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import orjson
from pydantic import JsonValue

from diorama.explain import shown
from diorama.keys import Digest
from diorama.store.calls import CallStore

Tree = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Change:
    """A part of a call's key that is another than the time before."""

    text: str
    port: str = ""
    """Empty where it is the node itself."""
    step: str = ""
    """The step that the port is given its value by; empty where it is a value of the graph."""


@dataclass(frozen=True, slots=True)
class Hindsight:
    """What became of a step in a run, and why."""

    step: str
    node: str
    ran: bool
    made_by: str
    """The run that made what it gave."""
    seconds: float
    reason: str
    changes: tuple[Change, ...] = ()


@dataclass(slots=True)
class _Made:
    """A step's first call in a run."""

    node: str
    code: str
    key: str
    cached: bool
    made_by: str
    seconds: float
    inputs: Tree = field(default_factory=dict)
    is_known: bool = False


def hindsights(manifest: Tree, store: CallStore) -> list[Hindsight]:
    """What became of each step of a run, in the order of its manifest."""
    made = _made(manifest)
    wanted = {step for step, call in made.items() if not call.cached}
    before = _before(manifest, wanted, store)
    _read_inputs([*made.values(), *before.values()], store)
    wires = _wires(manifest)
    return [_hindsight(step, call, before.get(step), wires.get(step, {})) for step, call in made.items()]


def _hindsight(step: str, call: _Made, before: _Made | None, wires: Mapping[str, str]) -> Hindsight:
    if call.cached:
        reason = f"cached: made in {call.seconds:.2f} s by run {call.made_by}"
        return Hindsight(step, call.node, False, call.made_by, call.seconds, reason)
    if before is None:
        return Hindsight(step, call.node, True, call.made_by, call.seconds, "never ran here before")
    changes = tuple(_changes(call, before, wires))
    if changes:
        reason = "; ".join(change.text for change in changes)
    elif before.is_known and call.is_known:
        reason = "nothing that goes into it changed, but what it gave was not kept or not to be used"
    else:
        reason = "what went into it the time before is no longer known"
    return Hindsight(step, call.node, True, call.made_by, call.seconds, reason, changes)


def _changes(call: _Made, before: _Made, wires: Mapping[str, str]) -> Iterable[Change]:
    if call.node != before.node:
        yield Change(f"the node was {before.node}")
        return
    if call.code != before.code:
        yield Change(f"the node's version {before.code} -> {call.code}")
    if not (call.is_known and before.is_known):
        return
    for port in sorted(call.inputs.keys() | before.inputs.keys()):
        was, now = before.inputs.get(port), call.inputs.get(port)
        if was == now:
            continue
        text = f"{port} changed"
        if isinstance(was, dict) and isinstance(now, dict) and "value" in was and "value" in now:
            text = f"{port} {shown(was['value'])} -> {shown(now['value'])}"
        yield Change(text, port, wires.get(port, ""))


def _made(manifest: Tree) -> dict[str, _Made]:
    """The steps of a run; one that was called for each item of a list ran where any of its calls did."""
    found: dict[str, _Made] = {}
    calls = manifest.get("calls")
    for call in calls if isinstance(calls, list) else ():
        if not isinstance(call, dict):
            continue
        step, cached = str(call.get("step")), bool(call.get("cached"))
        seconds = call.get("seconds")
        spent = float(seconds) if isinstance(seconds, int | float) else 0.0
        known = found.get(step)
        if known is None or (known.cached and not cached):
            node, code, key, made_by = (str(call.get(name, "")) for name in ("node", "code", "key", "made_by"))
            found[step] = _Made(node, code, key, cached, made_by, spent)
        elif known.cached == cached:
            known.seconds += spent
    return found


def _before(manifest: Tree, wanted: set[str], store: CallStore) -> dict[str, _Made]:
    """The latest call of each step in the runs before this one of graphs with its title."""
    found: dict[str, _Made] = {}
    started = manifest.get("started")
    if not wanted or not isinstance(started, int | float):
        return found
    for earlier in store.past_manifests(str(manifest.get("title", "")), before=started):
        if earlier.get("run") == manifest.get("run"):
            continue
        for step, call in _made(earlier).items():
            if step in wanted:
                found.setdefault(step, call)
        if found.keys() == wanted:
            break
    return found


def _read_inputs(made: Iterable[_Made], store: CallStore) -> None:
    by_key = {Digest(bytes.fromhex(call.key)): call for call in made if call.key}
    documents = store.documents(list(by_key))
    for call in made:
        document = documents.get(Digest(bytes.fromhex(call.key))) if call.key else None
        if document is not None:
            # What explains a call is not sealed as its outputs are: a damaged document explains nothing.
            with suppress(orjson.JSONDecodeError, AttributeError):
                call.inputs = orjson.loads(document).get("inputs", {})
                call.is_known = True


def _wires(manifest: Tree) -> dict[str, dict[str, str]]:
    """By step and port the step that gives the value; of the graph itself, not of those saved that it uses."""
    graph = manifest.get("graph")
    nodes = graph.get("nodes") if isinstance(graph, dict) else None
    found: dict[str, dict[str, str]] = {}
    for name, node in nodes.items() if isinstance(nodes, dict) else ():
        inputs = node.get("inputs") if isinstance(node, dict) else None
        for port, given in inputs.items() if isinstance(inputs, dict) else ():
            wire = given.get("wire") if isinstance(given, dict) else None
            if isinstance(wire, str):
                found.setdefault(name, {})[port] = wire.rpartition(".")[0]
    return found
