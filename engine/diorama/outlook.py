"""Which of the steps that a run would look at are sure to be called, and which hang on what comes out above them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from diorama.expand import Output, Step
from diorama.keys import Digest
from diorama.plan import Plan, active_sources, call_key, look_up, unchosen_ports, usable
from diorama.refs import Inline, Many, Ref, inline, many
from diorama.store.calls import CallStore
from diorama.store.known import Known

Inputs = Mapping[str, Ref]


@dataclass(slots=True)
class Outlook:
    """What is known of a plan's steps before anything runs; a step that is in none of these may run."""

    certain: set[int] = field(default_factory=set)
    """Steps that are called whatever comes out above them."""
    found: dict[int, Known | None] = field(default_factory=dict)
    """Steps whose recipe is new but whose calls are in the cache, with the call where it is a single one."""
    optional: list[int] = field(default_factory=list)
    """Steps beside those wanted, which lazy inputs may come to need."""


def outlook(plan: Plan, store: CallStore, called_before: Mapping[str, object]) -> Outlook:
    """What can be said of the steps of a plan that was looked up.

    The key of a step is known once all its inputs are; without a call under it the step is called. Below a step
    that is called nothing is known, but that a node is called of which no call was ever made here (`called_before`).
    Of steps that may come to the same key one is called for all of them.
    """
    seen = Outlook()
    _follow(plan, store, seen)
    left = [number for number in plan.wanted if number not in seen.found]
    _note_first_calls(plan, left, called_before, seen)
    lazy = {source for number in plan.wanted for source in _unsettled(plan, number)}
    more, _ = look_up(plan, store, sorted(lazy - set(plan.wanted)))
    seen.optional = [number for number in more if number not in plan.wanted]
    return seen


def _follow(plan: Plan, store: CallStore, seen: Outlook) -> None:
    """Go down from what is known, level by level, as long as calls are there for what went in."""
    given: dict[int, Inputs] = dict(plan.kept)
    waits = {number: set(active_sources(plan.steps[number])) - given.keys() for number in plan.wanted}
    fed: defaultdict[int, list[int]] = defaultdict(list)
    for number, sources in waits.items():
        for source in sources:
            fed[source].append(number)
    taken: set[Digest] = set()
    ready = [number for number, sources in waits.items() if not sources]
    while ready:
        keys = {number: keys for number in ready if (keys := _keys(plan.steps[number], given)) is not None}
        known = store.by_key([key for one in keys.values() for key in one])
        ready = []
        for number, wanted in keys.items():
            outputs = _outputs(plan.steps[number], wanted, known, store)
            if outputs is None:
                # Of two steps with one key the first is called, the other finds what that gave.
                if not taken.issuperset(wanted):
                    seen.certain.add(number)
                taken.update(wanted)
                continue
            seen.found[number] = None if plan.steps[number].for_each else known[wanted[0]]
            given[number] = outputs
            for below in fed[number]:
                waits[below].discard(number)
                if not waits[below]:
                    ready.append(below)
    seen.certain.update(number for number in plan.wanted if _is_called_each_time(plan.steps[number]))


def _is_called_each_time(step: Step) -> bool:
    return step.kind.is_volatile and step.body is None and not step.for_each


def _keys(step: Step, given: Mapping[int, Inputs]) -> list[Digest] | None:
    """The keys of a step's calls, or None where they are not known: for a loop one for each item."""
    inputs = _inputs(step, given)
    if inputs is None or step.body is not None:
        return None
    keys = [call_key(step, one) for one in _items(step, inputs)]
    return [key for key in keys if key is not None] if None not in keys else None


def _inputs(step: Step, given: Mapping[int, Inputs]) -> dict[str, Ref] | None:
    known: dict[str, Ref] = {}
    for port in step.kind.ports:
        value = step.given(port)
        if not isinstance(value, Output):
            known[port] = value
        elif value.step in given:
            known[port] = given[value.step][value.port]
        elif port not in step.kind.lazy:
            return None
    if not step.kind.lazy:
        return known
    try:
        unchosen = unchosen_ports(step, {port: known[port] for port in step.kind.ports if port not in step.kind.lazy})
    except Exception:  # the node's own code may raise anything; the run tells it
        return None
    chosen = step.kind.lazy - unchosen
    return {port: ref for port, ref in known.items() if port not in unchosen} if chosen <= known.keys() else None


def _items(step: Step, inputs: Mapping[str, Ref]) -> Iterator[Mapping[str, Ref]]:
    """The inputs of each call of a step; of lists that do not zip, which fail, as many as the shortest has."""
    if not step.for_each:
        yield inputs
        return
    for items in zip(*(_listed(inputs[port]) for port in step.for_each), strict=False):
        yield {**inputs, **dict(zip(step.for_each, items, strict=True))}


def _listed(ref: Ref) -> Sequence[Ref]:
    if isinstance(ref, Many):
        return ref.items
    return [inline(item) for item in ref.value] if isinstance(ref, Inline) and isinstance(ref.value, list) else []


def _outputs(step: Step, keys: Sequence[Digest], known: Mapping[Digest, Known], store: CallStore) -> Inputs | None:
    """What a step gives, where all its calls are in the cache and whole; None where one is to be made."""
    items: list[Inputs] = []
    for key in keys:
        outputs = usable(step, known[key], store) if key in known else None
        if outputs is None:
            return None
        items.append(outputs)
    if not step.for_each:
        return items[0]
    return {port: many([one[port] for one in items]) for port in step.kind.interface.outputs}


def _note_first_calls(plan: Plan, left: Sequence[int], called_before: Mapping[str, object], seen: Outlook) -> None:
    """Steps of nodes that were never called here are called, one of those that may come to the same key."""
    by_node: defaultdict[str, list[int]] = defaultdict(list)
    for number in left:
        step = plan.steps[number]
        if step.body is None and not step.for_each and not step.kind.is_volatile:
            by_node[step.kind.entry.id].append(number)
    for node, numbers in by_node.items():
        if node in called_before:
            continue
        constant = _constant_ports([plan.steps[number] for number in numbers])
        known: set[tuple[Digest, ...]] = set()
        for number in sorted(numbers, key=lambda number: number not in seen.certain):
            step = plan.steps[number]
            values = tuple(ref.digest for port in constant if not isinstance(ref := step.given(port), Output))
            if values not in known:
                seen.certain.add(number)
            known.add(values)


def _constant_ports(steps: Sequence[Step]) -> list[str]:
    """The ports that count and whose values are constants in all of these steps of one node."""
    return [
        port
        for port, _ in steps[0].kind.keyed
        if port not in steps[0].kind.lazy and not any(isinstance(step.given(port), Output) for step in steps)
    ]


def _unsettled(plan: Plan, number: int) -> list[int]:
    """The sources of a step's lazy inputs of which it is not known yet whether they are needed."""
    step = plan.steps[number]
    if not step.kind.lazy:
        return []
    unchosen = unchosen_ports(step)
    return [given.step for port in step.kind.lazy - unchosen if isinstance(given := step.given(port), Output)]
