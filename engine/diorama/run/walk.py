"""How a run moves over its steps: what is ready when a step is done, what is blocked when one failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from diorama.expand import Expansion, Given, Output, Step
from diorama.library import saved_name
from diorama.limits import limits
from diorama.plan import active_sources, add_recipes, look_up, unchosen_ports
from diorama.refs import Inline, Many, Ref, inline
from diorama.run.state import Run
from diorama.store.calls import CallStore


class UnequalLists(ValueError):
    """Raised where lists that are zipped have different lengths."""

    code = "R005"


class TooManyItems(UnequalLists):
    """Raised where a list has more items than a step is mapped over."""

    code = "R007"


class BadNeeds(Exception):
    """Raised where a node's `needs` raises."""


def activate(
    run: Run, goals: Iterable[int], store: CallStore, expected: Callable[[Step], float]
) -> tuple[list[int], list[int]]:
    """Bring the steps under `goals` into the run; gives those that are ready and those that are cached.

    A cached step's outputs are in the run when this returns; nothing was told of it yet. A step is ready also where
    one that it needs has failed: it is then blocked as soon as it is moved on.
    """
    add_recipes(run.plan.steps, run.plan.recipes)
    wanted, cached = look_up(run.plan, store, goals, run.use_cache, run.is_settled)
    for number in cached:
        run.outputs[number] = run.plan.kept.pop(number)
    run.active.update(wanted)
    ready = [number for number in wanted if wait_for(run, number, active_sources(run.step(number))) == 0]
    _rate(run, wanted, expected)
    return ready, cached


def wait_for(run: Run, number: int, sources: Iterable[int]) -> int:
    """Let a step wait for the sources that are not done; gives how many those are, 0 where one will never be."""
    missing = {source for source in sources if source not in run.outputs}
    if run.stopped and not run.stopped.keys().isdisjoint(missing):
        missing = set()
    for source in missing:
        run.feeds.setdefault(source, []).append(number)
    run.waiting[number] = len(missing)
    return len(missing)


def _rate(run: Run, added: Sequence[int], expected: Callable[[Step], float]) -> None:
    """Rate steps by the longest chain of seconds below them, so that the critical path goes first."""
    for number in reversed(added):
        below = max((run.urgency.get(fed, 0.0) for fed in run.feeds.get(number, ())), default=0.0)
        run.urgency[number] = below + expected(run.step(number))


def done(run: Run, number: int, outputs: Mapping[str, Ref]) -> list[int]:
    """Put a step's outputs into the run; gives the steps that are now ready."""
    run.outputs[number] = outputs
    run.active.discard(number)
    ready: list[int] = []
    for fed in run.feeds.pop(number, ()):
        run.waiting[fed] -= 1
        if run.waiting[fed] == 0 and fed in run.active:
            ready.append(fed)
    return ready


def stop(run: Run, number: int, by: str) -> list[int]:
    """Take a failed step out of the run and all that waits for it; gives the blocked ones."""
    blocked: list[int] = []
    run.stopped[number] = by
    run.active.discard(number)
    waiting = list(run.feeds.pop(number, ()))
    while waiting:
        fed = waiting.pop()
        if fed in run.stopped or fed not in run.active:
            continue
        run.stopped[fed] = by
        run.active.discard(fed)
        blocked.append(fed)
        waiting.extend(run.feeds.pop(fed, ()))
    return blocked


def inputs_of(run: Run, number: int) -> tuple[dict[str, Ref], list[int]]:
    """A ready step's inputs by port, and the sources of lazy inputs that it turns out to need and that are not done."""
    step = run.step(number)
    if run.stopped:
        stopped = [source for source in active_sources(step) if source in run.stopped]
        if stopped:
            return {}, stopped
    eager = {port: run.value(step.given(port)) for port in step.kind.ports if port not in step.kind.lazy}
    if not step.kind.lazy:
        return eager, []
    try:
        unchosen = unchosen_ports(step, eager)
    except Exception as error:  # the node's own code may raise anything
        raise BadNeeds(f"which inputs it needs cannot be told: {type(error).__name__}: {error}") from error
    chosen: dict[str, Given] = {port: step.given(port) for port in step.kind.lazy - unchosen}
    missing = [given.step for given in chosen.values() if isinstance(given, Output) and not run.is_known(given)]
    if missing:
        return eager, missing
    return eager | {port: run.value(given) for port, given in sorted(chosen.items())}, []


def items_of(run: Run, number: int, inputs: Mapping[str, Ref]) -> list[dict[str, Ref]]:
    """The inputs of each item of a mapped step; raises `UnequalLists` where the lists do not zip."""
    step = run.step(number)
    lists: dict[str, Sequence[Ref]] = {}
    for port in step.for_each:
        lists[port] = _items(port, inputs[port])
    lengths = {port: len(items) for port, items in lists.items()}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{port} has {length}" for port, length in lengths.items())
        raise UnequalLists(f"the lists that are zipped differ in length: {shown}")
    count = next(iter(lengths.values()))
    if count > limits().max_items:
        raise TooManyItems(f"{count:,} items are given to for_each, but at most {limits().max_items:,} are taken")
    return [{**inputs, **{port: items[number] for port, items in lists.items()}} for number in range(count)]


def _items(port: str, ref: Ref) -> Sequence[Ref]:
    if isinstance(ref, Many):
        return ref.items
    if isinstance(ref, Inline) and isinstance(ref.value, list):
        return [inline(item) for item in ref.value]
    raise UnequalLists(f"{port!r} is no list")


def open_items(run: Run, number: int, items: Sequence[Mapping[str, Ref]]) -> list[int]:
    """Open a loop's saved graph once for each item; gives the steps that the results come from."""
    step = run.step(number)
    assert step.body is not None
    expansion = Expansion(run.library, run.plan.steps)
    name = saved_name(step.kind.name) or ""
    run.gathers[number] = [
        expansion.open_body(step.body, name, dict(inputs), f"{step.id}[{item}]/") for item, inputs in enumerate(items)
    ]
    return sorted({given.step for one in run.gathers[number] for given in one.values() if isinstance(given, Output)})
