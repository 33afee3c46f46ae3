"""A world in virtual time around the real scheduler: executor, store and claims that obey a drawn fate."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from zlib import crc32

import orjson

from diorama.catalogue import Entry
from diorama.context import Context
from diorama.execute.call import Call, Done, Failed, Outcome, Progressed, Stopped, Waiting
from diorama.faults import failure
from diorama.keys import Digest
from diorama.refs import Inline, Many, Ref, inline, many, to_row
from diorama.run.lanes import LEVEL_SECONDS
from diorama.store.calls import CallStore
from diorama.store.claims import CLAIM_SECONDS, Claims
from diorama.store.group import Group
from diorama.store.known import Known

Fortune = Literal["well", "flaky", "bad", "hangs", "stops", "damaged", "crashes", "deadly", "tight", "vast"]
"""`crashes` costs a worker its life once, `deadly` always; `tight` takes too much memory until it is called alone and
sparingly, `vast` always."""
Foreign = Literal["nobody", "finishes", "dies", "gives up"]
LIGHT_CALL_SECONDS = 0.0005


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a call: how long it takes, how it ends, whether it listens, who else makes it."""

    seconds: float = 0.1
    fortune: Fortune = "well"
    listens: bool = True
    foreign: Foreign = "nobody"


Content = str
"""A call by what goes in: the node and the values, as the model names it too."""


def content_of(node: str, values: object) -> Content:
    """The name of a call."""
    return f"{node} {orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()}"


def value_of(ref: Ref) -> object:
    """The JSON value that a stand-in stands for; the simulated nodes make no blobs."""
    if isinstance(ref, Many):
        return [value_of(item) for item in ref.items]
    assert isinstance(ref, Inline)
    return ref.value


def ref_of(value: object) -> Ref:
    """A stand-in for a simulated node's output."""
    return many([ref_of(item) for item in value]) if isinstance(value, list) else inline(value)  # type: ignore[arg-type]


@dataclass
class World:
    """Time, what is due when, and the fate of every call."""

    fates: Sequence[Fate] = (Fate(),)
    now: float = 0.0
    due: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    count: int = 0

    def clock(self) -> float:
        """Seconds of virtual time."""
        return self.now

    def at(self, when: float, act: Callable[[], None]) -> None:
        """Let something happen at a moment."""
        self.count += 1
        heapq.heappush(self.due, (when, self.count, act))

    def pass_time(self, until: float) -> None:
        """Go to the next thing that is due, no further than `until`, and let it happen with all due by then."""
        self.now = max(self.now, min([until, *(when for when, _, _ in self.due[:1])]))
        while self.due and self.due[0][0] <= self.now:
            heapq.heappop(self.due)[2]()

    def fate(self, content: Content) -> Fate:
        """The fate of a call; the same whenever it is asked."""
        return self.fates[crc32(content.encode()) % len(self.fates)]


class VirtualExecutor:
    """Makes calls in virtual time, and holds the scheduler to its promises about what it starts."""

    def __init__(self, world: World, capacity: int) -> None:
        self.world = world
        self.capacity = capacity
        self.outcomes: list[Outcome] = []
        self.under_way: dict[int, Call] = {}
        self.cancelled: set[int] = set()
        self.fell: set[Content] = set()
        """Calls that failed as they do once."""
        self.started: list[Content] = []
        self.succeeded: set[Content] = set()
        self.may_repeat = False
        self.is_woken = False
        self.all_waiting: Callable[[], Iterable[Waiting]] = list

    def contents(self, call: Call) -> list[Content]:
        """The calls in a call: one an item."""
        return [
            content_of(call.entry.node.name, {port: value_of(ref) for port, ref in one.items()}) for one in call.inputs
        ]

    def is_inline(self, entry: Entry) -> bool:
        """Whether a call is light."""
        return entry.node.is_light

    def lane(self, entry: Entry) -> str:
        """All calls wait for the same places."""
        return "places"

    def choose(self, lane: str, waiting: Sequence[Waiting]) -> int | None:
        """The first, while there is a place."""
        heavy = [call for call in self.under_way.values() if not call.entry.node.is_light]
        if len(heavy) >= self.capacity:
            return None
        for other in self.all_waiting():
            levels = other.priority - waiting[0].priority
            # The chains of these small graphs count for a few seconds.
            waited_longer = other.since - waiting[0].since >= levels * LEVEL_SECONDS - 15.0
            assert levels <= 0 or waited_longer, "a call of a more important run is passed over"
        return 0

    def start(self, call: Call) -> None:
        """Begin a call."""
        contents = self.contents(call)
        node = call.entry.node
        busy = [name for other in self.under_way.values() for name in self.contents(other)]
        if not node.settings.is_volatile:
            assert not set(contents) & set(busy), "a call is made while the same one is under way"
            assert len(set(contents)) == len(contents), "a batch holds the same call twice"
            assert self.may_repeat or not set(contents) & self.succeeded, "a call is made that succeeded before"
        self.started += contents
        self.under_way[call.id] = call
        if node.is_light:
            self.world.now += LIGHT_CALL_SECONDS
            self._end(call.id)
            return
        heavy = [other for other in self.under_way.values() if not other.entry.node.is_light]
        assert len(heavy) <= self.capacity, "more calls are under way than there are places"
        fates = [self.world.fate(content) for content in contents]
        if any(fate.fortune == "hangs" for fate in fates):
            return
        seconds = sum(fate.seconds for fate in fates)
        self.world.at(self.world.now + seconds / 2, lambda: self._tell(Progressed(call.id, 0.5, "half")))
        self.world.at(self.world.now + seconds, lambda: self._end(call.id))

    def _tell(self, outcome: Outcome) -> None:
        if outcome.call in self.under_way:
            self.outcomes.append(outcome)

    def _end(self, number: int) -> None:
        call = self.under_way.get(number)
        if call is None:
            return
        outcome = self._outcome(call)
        if isinstance(outcome, Done):
            self.succeeded.update(self.contents(call))
        self._tell(outcome)
        del self.under_way[number]

    def _outcome(self, call: Call) -> Outcome:
        for content in self.contents(call):
            match self.world.fate(content).fortune:
                case "bad":
                    return Failed(call.id, "R001", "it is bad")
                case "stops" if not call.entry.node.is_light:
                    return Stopped(call.id)
                case ("crashes" | "deadly") as fortune if not call.entry.node.is_light:
                    if fortune == "deadly" or content not in self.fell:
                        self.fell.add(content)
                        return Failed(call.id, "R010", "its worker died", cause="crash")
                case ("tight" | "vast") as fortune if not call.entry.node.is_light:
                    if fortune == "vast" or call.rung == 0 or len(call.inputs) > 1:
                        return Failed(call.id, "R009", "it ran out of memory", cause="memory")
                case ("flaky" | "damaged") as fortune if content not in self.fell:
                    self.fell.add(content)
                    damaged = Digest(b"\0" * 32) if fortune == "damaged" else None
                    return Failed(call.id, "R001", "it fell", damaged=damaged)
        node = call.entry.node
        items = [{port: value_of(ref) for port, ref in one.items()} for one in call.inputs]
        return Done(call.id, [{"value": ref_of(node.function(Context(), **item))} for item in items], 0.1)

    def cancel(self, call: int) -> None:
        """Ask a call to end; one that listens does so a moment later."""
        found = self.under_way.get(call)
        if found is None or call in self.cancelled:
            return
        self.cancelled.add(call)
        if all(self.world.fate(content).listens for content in self.contents(found)):
            self.world.at(self.world.now + 0.01, lambda: self._stop(call))

    def _stop(self, call: int) -> None:
        self._tell(Stopped(call))
        self.under_way.pop(call, None)

    def abandon(self, call: int) -> None:
        """Forget a call."""
        self.under_way.pop(call, None)

    def wait(self, seconds: float | None) -> Sequence[Outcome]:
        """What came in; lets time pass where nothing has."""
        assert seconds is not None, "a wait without an end"
        if not self.outcomes and not self.is_woken:
            self.world.pass_time(self.world.now + seconds)
        self.is_woken = False
        outcomes, self.outcomes = self.outcomes, []
        return outcomes

    def wake(self) -> None:
        """Let `wait` return."""
        self.is_woken = True

    def close(self) -> None:
        """Nothing to let go."""


class MemoryStore(CallStore):
    """The tables of a store in memory; writes and reads fail when they are told to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.calls: dict[Digest, Known] = {}
        self.recipes: dict[Digest, Digest] = {}
        self.told: set[tuple[str, int]] = set()
        self.run_states: dict[str, str] = {}
        self.tokens: dict[str, int] = {}
        """The newest token of each run that came from a queue."""
        self.refused: set[str] = set()
        """Runs of which something was refused, since another server had taken them."""
        self.writes = 0
        self.reads = 0
        self.failing_writes: frozenset[int] = frozenset()
        self.failing_reads: frozenset[int] = frozenset()
        self.claims: MemoryClaims | None = None

    def _read(self) -> None:
        self.reads += 1
        if self.reads in self.failing_reads:
            raise failure("S003", "store", "another process holds the database; try again when it has finished")

    def by_recipe(self, wanted: Sequence[Digest]) -> dict[Digest, Known]:
        self._read()
        found = {recipe: self.recipes[recipe] for recipe in wanted if recipe in self.recipes}
        return {recipe: self.calls[key] for recipe, key in found.items() if key in self.calls}

    def by_key(self, wanted: Sequence[Digest]) -> dict[Digest, Known]:
        self._read()
        return {key: self.calls[key] for key in wanted if key in self.calls}

    def is_whole(self, known: Known) -> bool:
        return True

    def forget(self, keys: Iterable[Digest]) -> None:
        for key in keys:
            self.calls.pop(key, None)

    def touch(self, used: Iterable[Known]) -> None:
        for known in used:
            assert known.key in self.calls

    def write(self, group: Group) -> list[Digest]:
        self.writes += 1
        if self.writes in self.failing_writes:
            raise failure("R006", "store", "the disk is full; make room and run again, what is finished is kept")
        group.lost = {run for run, token in group.tokens.items() if self.tokens[run] != token}
        self.refused |= group.lost
        group.drop(group.lost)
        for row in group.run_rows:
            assert row["id"] not in self.run_states, "a run begins twice"
            self.run_states[str(row["id"])] = "running"
        for run, made in group.made:
            if self.claims is not None and made.claim is not None:
                self.claims.table.pop(made.key, None)
            self.calls.setdefault(made.key, Known(made.key, to_row(made.outputs), made.seconds, run, self.world.now))
        self.recipes.update(group.led)
        for run, seq, _ in group.told:
            assert (run, seq) not in self.told, "two events of a run have one number"
            assert seq == 1 or (run, seq - 1) in self.told, "the journal of a run has a gap"
            self.told.add((run, seq))
        for end in group.run_ends:
            assert self.run_states[str(end["wanted"])] == "running", "a run ends twice"
            self.run_states[str(end["wanted"])] = str(end["new_state"])
        return []

    def learned(self) -> dict[str, float]:
        return {}


class MemoryClaims(Claims):
    """Claims in memory, some of them held by another process when they are first asked for."""

    def __init__(self, world: World, store: MemoryStore, executor: VirtualExecutor) -> None:
        super().__init__(store, "this", world.clock)
        self.world = world
        self.memory = store
        self.executor = executor
        self.table: dict[Digest, tuple[str, int, float]] = {}
        self.asked: set[Digest] = set()
        self.result_of: Callable[[Digest], tuple[Content, dict[str, Ref]]] | None = None
        store.claims = self

    def take(self, keys: Sequence[Digest]) -> dict[Digest, int]:
        taken: dict[Digest, int] = {}
        for key in keys:
            if key not in self.asked:
                self.asked.add(key)
                self._meet(key)
            owner, token, expires = self.table.get(key, ("this", 0, 0.0))
            if owner != "this" and expires > self.world.now:
                continue
            self.table[key] = ("this", token + 1, self.world.now + CLAIM_SECONDS)
            taken[key] = token + 1
        self.held.update(taken)
        return taken

    def _meet(self, key: Digest) -> None:
        """Another process may hold the claim: it finishes, dies without a word, or gives up and lets go."""
        match self.world.fate(key.hex()).foreign:
            case "nobody":
                return
            case "dies":
                self.table[key] = ("other", 1, self.world.now + CLAIM_SECONDS)
            case "gives up":
                self.table[key] = ("other", 1, float("inf"))
                self.world.at(self.world.now + 3.0, lambda: self._let_go(key))
            case "finishes":
                assert self.result_of is not None
                content, outputs = self.result_of(key)
                self.table[key] = ("other", 1, float("inf"))
                fortune = self.world.fate(content).fortune
                end = (lambda: self._finish(key, content, outputs)) if fortune == "well" else lambda: self._let_go(key)
                self.world.at(self.world.now + 0.7, end)

    def _let_go(self, key: Digest) -> None:
        self.table.pop(key, None)

    def _finish(self, key: Digest, content: Content, outputs: dict[str, Ref]) -> None:
        self.table.pop(key, None)
        self.memory.calls[key] = Known(key, to_row(outputs), 0.7, "other", self.world.now)
        self.executor.succeeded.add(content)

    def renew(self) -> None:
        for key in self.held:
            owner, token, _ = self.table[key]
            self.table[key] = (owner, token, self.world.now + CLAIM_SECONDS)

    def release(self, keys: Sequence[Digest]) -> None:
        for key in keys:
            if self.held.pop(key, None) is not None:
                self.table.pop(key, None)
