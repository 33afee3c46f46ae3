"""What a run would do: which steps are cached, which will be called, and what that is expected to cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from diorama.expand import Given, Output, Step
from diorama.graph import Graph
from diorama.keys import Digest, constant_mark, key_of, wire_mark
from diorama.refs import Inline, Ref
from diorama.store.calls import CallStore
from diorama.store.known import Known


@dataclass(slots=True)
class Plan:
    """A graph made ready to run: its steps, and for the asked-for results what is cached and what is not."""

    graph: Graph
    values: Mapping[str, JsonValue]
    """Value of every parameter, seeds settled."""
    steps: list[Step]
    results: Mapping[str, Given]
    """Where each asked-for result comes from."""
    recipes: list[Digest | None]
    """Recipe key of each step; None below a volatile one."""
    found: dict[int, Known] = field(default_factory=dict)
    """Cached steps that the run takes values from. Steps above them are not looked at."""
    kept: dict[int, Mapping[str, Ref]] = field(default_factory=dict)
    """What those steps gave."""
    wanted: list[int] = field(default_factory=list)
    """Steps that will run, or be found cached once their inputs are known; sources first."""

    @property
    def goals(self) -> list[int]:
        """The steps that the results come from."""
        return sorted({given.step for given in self.results.values() if isinstance(given, Output)})


def recipes_of(steps: Sequence[Step], known: Sequence[Digest | None] = ()) -> list[Digest | None]:
    """The recipe key of every step, in one pass; `known` are those of the first steps, made before."""
    recipes: list[Digest | None] = list(known)
    add_recipes(steps, recipes)
    return recipes


def add_recipes(steps: Sequence[Step], recipes: list[Digest | None]) -> None:
    """Add the recipes of the steps that are new since `recipes` were made."""
    for step in steps[len(recipes) :]:
        recipes.append(_recipe(step, recipes))


def forget_recipes(plan: Plan, number: int) -> None:
    """Let no recipe lead to what a step gave, nor to what is made of it: it is right for this run alone."""
    plan.recipes[number] = None
    for below in range(number + 1, len(plan.recipes)):
        if any(plan.recipes[source] is None for source in plan.steps[below].sources):
            plan.recipes[below] = None


def _recipe(step: Step, recipes: Sequence[Digest | None]) -> Digest | None:
    kind = step.kind
    if kind.is_volatile:
        return None
    unchosen = kind.lazy and unchosen_ports(step)
    inputs, defaults = step.inputs, kind.defaults
    marks: list[tuple[bytes, bytes]] = []
    for port, name in kind.keyed:
        if unchosen and port in unchosen:
            continue
        given = inputs.get(port) or defaults[port]
        if isinstance(given, Output):
            source = recipes[given.step]
            if source is None:
                return None
            marks.append((name, wire_mark(source, given.port)))
        else:
            marks.append((name, constant_mark(given.digest)))
    if step.for_each:
        marks.append((b"\0for_each", ",".join(step.for_each).encode()))
    return key_of(kind.recipe_prefix, marks)


def call_key(step: Step, inputs: Mapping[str, Ref]) -> Digest | None:
    """The key of a call whose inputs are known; lazy inputs that were not needed are not among them."""
    kind = step.kind
    if kind.is_volatile:
        return None
    return key_of(kind.call_prefix, [(name, inputs[port].digest) for port, name in kind.keyed if port in inputs])


def unchosen_ports(step: Step, values: Mapping[str, Ref] | None = None) -> frozenset[str]:
    """The lazy ports of a step that are known not to be needed: none as long as what decides is not known.

    `values` are the inputs that are not lazy, where they are known; else the constants are looked at. A port that
    the step is mapped over is always needed: it says how many items there are. What the node's `needs` raises is
    raised here where `values` are known; a plan takes every port as needed then, and the run tells it.
    """
    kind = step.kind
    decisive: dict[str, JsonValue] = {}
    for port in kind.ports:
        if port in kind.lazy:
            continue
        given = values[port] if values is not None else step.given(port)
        if not isinstance(given, Inline):
            return frozenset()
        decisive[port] = given.value
    needs = kind.entry.node.needs_function
    if needs is None:
        return frozenset()
    try:
        return kind.lazy - needs(**decisive) - frozenset(step.for_each)
    except Exception:
        if values is not None:
            raise
        return frozenset()


def active_sources(step: Step) -> list[int]:
    """The steps whose outputs a step needs before it can be called; lazy inputs only where they surely are needed."""
    if not step.kind.lazy:
        return step.sources
    unchosen = unchosen_ports(step)
    is_settled = all(
        not isinstance(step.inputs.get(port), Output) for port in step.kind.ports if port not in step.kind.lazy
    )
    return [
        given.step
        for port, given in step.inputs.items()
        if isinstance(given, Output) and (port not in step.kind.lazy or (is_settled and port not in unchosen))
    ]


def nothing_settled(number: int) -> bool:
    """For a plan that is not under way: every step may still be looked at."""
    return False


def look_up(
    plan: Plan,
    store: CallStore,
    goals: Iterable[int],
    use_cache: bool = True,
    is_settled: Callable[[int], bool] = nothing_settled,
) -> tuple[list[int], list[int]]:
    """Walk back from `goals`: gives the steps to run and the cached ones, both sources first.

    Below a hit nothing is looked at, nor below a step that `is_settled`: one that the run has or has under way.

    The goals' own recipes are asked for first: when everything is cached, that is the only look-up.
    """
    fresh = [goal for goal in goals if goal not in plan.found and not is_settled(goal)]
    cached = _take_whole(plan, store, fresh) if use_cache else set()
    if use_cache and len(cached) < len(fresh):
        left = [goal for goal in fresh if goal not in cached]
        hits = _hits(plan, store, [step for step in _above(plan, left, is_settled) if step not in cached])
    else:
        hits = {}
    wanted: set[int] = set()
    waiting = list(fresh)
    while waiting:
        number = waiting.pop()
        if number in wanted or number in cached or is_settled(number):
            continue
        if number in plan.found or (number in hits and _take(plan, store, number, hits[number])):
            cached.add(number)
            continue
        wanted.add(number)
        waiting.extend(active_sources(plan.steps[number]))
    return sorted(wanted), sorted(cached)


def _take_whole(plan: Plan, store: CallStore, steps: Sequence[int]) -> set[int]:
    """Take the steps that are cached and whole into the plan; gives which."""
    return {number for number, known in _hits(plan, store, steps).items() if _take(plan, store, number, known)}


def _take(plan: Plan, store: CallStore, number: int, known: Known) -> bool:
    outputs = usable(plan.steps[number], known, store)
    if outputs is None:
        return False
    plan.found[number] = known
    plan.kept[number] = outputs
    return True


def usable(step: Step, known: Known, store: CallStore) -> Mapping[str, Ref] | None:
    """What a cached call gave; None, and the call is forgotten, where its row or a blob is damaged."""
    if not store.is_whole(known):
        return None
    try:
        outputs = known.outputs()
    except ValueError:
        outputs = {}
    if outputs.keys() != step.kind.interface.outputs.keys():
        store.forget([known.key])
        return None
    return outputs


def _above(plan: Plan, goals: Iterable[int], is_settled: Callable[[int], bool]) -> list[int]:
    """Every step that the goals depend on and that is not settled, the goals included."""
    seen = set(goals)
    waiting = list(seen)
    while waiting:
        for source in plan.steps[waiting.pop()].sources:
            if source not in seen and not is_settled(source):
                seen.add(source)
                waiting.append(source)
    return sorted(seen)


def _hits(plan: Plan, store: CallStore, steps: Sequence[int]) -> dict[int, Known]:
    by_recipe = {recipe: step for step in steps if (recipe := plan.recipes[step]) is not None}
    known = store.by_recipe(list(by_recipe))
    # Two steps of one graph may share a recipe: each of them is a hit.
    return {step: known[recipe] for step in steps if (recipe := plan.recipes[step]) is not None and recipe in known}


def expected_seconds(step: Step, learned: Mapping[str, float]) -> float:
    """Seconds that a step's calls are expected to take: as learned here, else as declared."""
    entry = step.kind.interface.entry
    if entry is None:
        return 0.0
    return learned.get(entry.id, entry.node.settings.cost.seconds)
