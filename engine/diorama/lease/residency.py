"""Which models are loaded on a device, and which go when another needs their room."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from diorama.execute.devices import Load
from diorama.lease.device import GIB
from diorama.lease.meter import Meter
from diorama.model import OFFLOADS, Dtype, Model, Offload, Placement, Quantization

T = TypeVar("T")

LEAST_GIB: Final = 1 / 1024
"""Models smaller than this count as this large: there is nothing to be won by letting them go."""

Key = tuple[str, Dtype, Quantization]
"""Weights in a form. How they are offloaded is none of it: two copies of them would serve nobody."""


@dataclass(slots=True)
class _Resident:
    """A model that is loaded."""

    model: Model[Any]
    placement: Placement
    value: Any
    size: int
    seconds: float
    """What loading it took."""
    rank: tuple[float, int] = (0.0, 0)
    """The lowest goes first; of two that are worth the same, the one that was used before the other."""
    holds: int = 0

    @property
    def cost(self) -> float:
        """Seconds of loading that a GiB of it stands for."""
        return self.seconds / max(self.size / GIB, LEAST_GIB)


@dataclass(slots=True)
class Tally:
    """What happened since a call began."""

    loads: list[Load] = field(default_factory=list)
    evicted: list[str] = field(default_factory=list)
    peak_bytes: int = 0
    call_bytes: int = 0


class Residency:
    """The models on one device. All methods are for one thread.

    Which model goes is decided as in GreedyDual-Size (Cao and Irani, 1997): each has the rank of the last that went
    plus what a GiB of it costs to load again, set anew whenever it is used, and the lowest rank goes. Models held in
    a `with` block never go.
    """

    def __init__(self, meter: Meter, device: str, clock: Callable[[], float] = time.perf_counter) -> None:
        self.meter = meter
        self.device = device
        self.clock = clock
        self.budget = 0
        """Bytes that all models and the call may take together; 0 for no bound."""
        self.call_bytes = 0
        """What of them is kept for the call."""
        self.offload: Offload = "none"
        """The least that models are offloaded."""
        self.wanted: Collection[str] = ()
        """Names of models that other calls wait for: they go last."""
        self.tally = Tally()
        self._residents: dict[Key, _Resident] = {}
        self._floor = 0.0
        """The rank of the model that went last."""
        self._uses = 0
        self._base = 0
        """Bytes in use when the peak was last counted from."""

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes of the models that are loaded, by name; forms of one model are added up."""
        sizes: dict[str, int] = {}
        for one in self._residents.values():
            sizes[one.model.name] = sizes.get(one.model.name, 0) + one.size
        return sizes

    def restart(self, is_alone: bool = False) -> None:
        """Count loads, evictions and peaks from here: a call begins, before which all idle models go if it is alone."""
        self.tally = Tally()
        if is_alone:
            for key in self._idle():
                self._evict(key)
            self.meter.reclaim()
            self.tally = Tally(evicted=self.tally.evicted)
        self._count_from_here()

    def finish(self) -> Tally:
        """What happened since the call began."""
        self._count()
        return self.tally

    @contextmanager
    def hold(self, model: Model[T], wanted: Placement) -> Iterator[T]:
        """The model, loaded as wanted or with more offload; it does not go before the block ends."""
        key = (model.identity, wanted.dtype, wanted.quantization)
        offload = max(wanted.offload, self.offload, key=OFFLOADS.index)
        found = self._residents.get(key)
        if found is not None and found.placement.offload != offload and not found.holds:
            self._evict(key)
            found = None
        if found is None:
            found = self._load(key, model, replace(wanted, device=self.device, offload=offload))
        self._uses += 1
        found.rank = (self._floor + found.cost, self._uses)
        found.holds += 1
        try:
            yield found.value
        finally:
            found.holds -= 1

    def _load(self, key: Key, model: Model[T], placement: Placement) -> _Resident:
        need = int(model.gib * GIB) if placement.offload == "none" else 0
        self._make_room(need + self.call_bytes)
        self._count()
        before, begun = self.meter.used(), self.clock()
        try:
            value = model.load(placement)
        except BaseException as error:
            # Half a model hangs in the frames of the failed load for as long as anyone keeps the error.
            _let_go(error)
            self.meter.reclaim()
            self._count_from_here()
            raise
        after, seconds = self.meter.used(), self.clock() - begun
        resident = _Resident(model, placement, value, max(after - before, 0), seconds)
        self._residents[key] = resident
        self.tally.loads.append(Load(model.name, seconds, before, after))
        self.tally.peak_bytes = max(self.tally.peak_bytes, self.meter.peak())
        self._count_from_here()
        return resident

    def _make_room(self, need: int) -> None:
        """Let idle models go, the lowest rank first, until there is room or none is left."""
        while self.budget and self.meter.used() + need > self.budget:
            idle = self._idle()
            if not idle:
                return
            self._evict(min(idle, key=self._worth))

    def _idle(self) -> list[Key]:
        """The models that may go. Keys alone: whoever refers to a model while it goes keeps its memory."""
        return [key for key, one in self._residents.items() if not one.holds]

    def _worth(self, key: Key) -> tuple[bool, tuple[float, int]]:
        """What speaks for a model's staying."""
        resident = self._residents[key]
        return resident.model.name in self.wanted, resident.rank

    def _evict(self, key: Key) -> None:
        self._count()
        gone = self._residents.pop(key)
        self._floor = max(self._floor, gone.rank[0])
        self.tally.evicted.append(gone.model.name)
        del gone
        self.meter.reclaim()
        self._count_from_here()

    def _count(self) -> None:
        """Take down what was the most since the models last changed."""
        peak = self.meter.peak()
        self.tally.peak_bytes = max(self.tally.peak_bytes, peak)
        self.tally.call_bytes = max(self.tally.call_bytes, peak - self._base)

    def _count_from_here(self) -> None:
        self.meter.restart()
        self._base = self.meter.used()


def _let_go(error: BaseException) -> None:
    """Clear the frames of an error and of those that led to it."""
    seen: BaseException | None = error
    while seen is not None:
        traceback.clear_frames(seen.__traceback__)
        seen = seen.__cause__ or seen.__context__
