"""Why each step of a plan will run, or that it will not: a difference between two key documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

import orjson
from pydantic import JsonValue

from diorama.expand import Output, Step
from diorama.keys import Digest
from diorama.outlook import outlook
from diorama.plan import Plan, expected_seconds
from diorama.refs import Inline
from diorama.store.calls import CallStore
from diorama.store.known import Known


@dataclass(frozen=True, slots=True)
class Reason:
    """What will become of a step, and why. `causes` are the steps above it that make it run."""

    step: str
    node: str
    will_run: bool
    text: str
    seconds: float
    changed: tuple[str, ...] = ()
    """Ports whose value is another than the last time."""
    causes: tuple[str, ...] = ()
    is_certain: bool = True
    """Whether it is so whatever the steps above come to give: one that will run may be found in the cache yet."""
    is_needed: bool = True
    """False for a step that only lazy inputs may come to need."""

    def json(self) -> dict[str, JsonValue]:
        """The reason for machine-readable output."""
        return {
            "step": self.step,
            "node": self.node,
            "will_run": self.will_run,
            "certain": self.is_certain,
            "needed": self.is_needed,
            "reason": self.text,
            "seconds": round(self.seconds, 4),
            "changed": list(self.changed),
            "causes": list(self.causes),
        }


@dataclass(slots=True)
class _Past:
    """The last call of a step: its node, its code, and what went in."""

    node: str
    code: str
    run: str
    key: Digest | None = None
    inputs: Mapping[str, Mapping[str, JsonValue]] = field(default_factory=dict)
    is_kept: bool = False


def reasons(plan: Plan, store: CallStore) -> list[Reason]:
    """A reason for each step that the plan looked at, and for those that a run may come to look at, sources first."""
    learned = store.learned()
    seen = outlook(plan, store, learned)
    found = plan.found | seen.found
    running = {number for number in (*plan.wanted, *seen.optional) if number not in found}
    past = _past_of(plan, [plan.steps[number] for number in sorted(running)], store)
    told: list[Reason] = []
    optional = set(seen.optional)
    for number in sorted(running | set(found)):
        step = plan.steps[number]
        if number in running:
            reason = _reason(plan, step, running, past.get(step.id), expected_seconds(step, learned))
            is_certain, is_needed = number in seen.certain, number not in optional
            told.append(replace(reason, is_certain=is_certain, is_needed=is_needed))
        else:
            told.append(Reason(step.id, step.kind.name, False, _cached(found[number]), 0.0))
    return told


def _cached(known: Known | None) -> str:
    return "cached: every item" if known is None else f"cached: made in {known.seconds:.2f} s by run {known.run}"


def _past_of(plan: Plan, steps: Iterable[Step], store: CallStore) -> dict[str, _Past]:
    """The latest call of each step in the runs on record of graphs with this title."""
    missing = {step.id for step in steps}
    past: dict[str, _Past] = {}
    for manifest in store.past_manifests(plan.graph.title) if missing else ():
        calls = manifest.get("calls")
        for call in calls if isinstance(calls, list) else ():
            if isinstance(call, dict) and call.get("step") in missing:
                name = str(call["step"])
                key = Digest(bytes.fromhex(str(call["key"]))) if call.get("key") else None
                past[name] = _Past(str(call["node"]), str(call["code"]), str(manifest["run"]), key)
        missing -= past.keys()
        if not missing:
            break
    documents = store.documents([one.key for one in past.values() if one.key is not None])
    for one in past.values():
        if one.key in documents:
            one.is_kept = True
            with suppress(orjson.JSONDecodeError, AttributeError):
                # What explains a call is not sealed as its outputs are: a damaged document explains nothing.
                one.inputs = orjson.loads(documents[one.key]).get("inputs", {})
    return past


def _reason(plan: Plan, step: Step, wanted: set[int], past: _Past | None, seconds: float) -> Reason:
    causes = tuple(sorted({plan.steps[source].id for source in step.sources if source in wanted}))
    if step.kind.is_volatile:
        text = "runs each time: the node reads the outside world and is declared volatile"
        return Reason(step.id, step.kind.name, True, text, seconds, causes=causes)
    if past is None:
        return Reason(step.id, step.kind.name, True, "never ran here before", seconds, causes=causes)
    changes, ports = _changes(plan, step, past)
    parts = changes + [f"{cause} runs before it" for cause in causes]
    if not parts:
        kept = "what it gave is no longer whole in the cache" if past.is_kept else "what it gave is no longer kept"
        parts = [kept]
    return Reason(step.id, step.kind.name, True, "; ".join(parts), seconds, tuple(ports), causes)


def _changes(plan: Plan, step: Step, past: _Past) -> tuple[list[str], list[str]]:
    if past.node != step.kind.name:
        return [f"the node was {past.node}"], []
    entry = step.kind.interface.entry
    changes: list[str] = []
    if entry is not None and entry.code != past.code:
        changes.append(f"the node's version {past.code} -> {entry.code}")
    ports: list[str] = []
    for port, _ in step.kind.keyed:
        if port in step.for_each or port not in past.inputs:
            continue
        change = _change(plan, step, port, past.inputs[port])
        if change:
            ports.append(port)
            changes.append(change)
    return changes, ports


def _change(plan: Plan, step: Step, port: str, was: Mapping[str, JsonValue]) -> str:
    """How a port's value differs from the last time, or nothing where it does not or is not known yet."""
    given = step.given(port)
    if isinstance(given, Output):
        known = plan.found.get(given.step)
        if known is None:
            return ""
        given = known.outputs()[given.port]
    if "value" in was and isinstance(given, Inline):
        now = given.value
        return f"{port} {shown(was['value'])} -> {shown(now)}" if now != was["value"] else ""
    return f"{port} changed" if was.get("digest") != given.digest.hex() else ""


def shown(value: JsonValue) -> str:
    """A value as it stands in a reason."""
    text = orjson.dumps(value).decode()
    return text if len(text) <= 60 else text[:57] + "..."
