"""Nodes that take memory of a simulated device inside real worker processes, and the keeper of those workers.

What a worker holds stands in a file of its own beside those of the others, so that the servers see it as NVML shows it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Event

from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.context import Context
from diorama.lease.device import GIB, Memory, Place, Reading
from diorama.lease.keeper import DeviceKeeper
from diorama.lease.meter import SimulatedMeter
from diorama.lease.simulated import SimulatedDevice, SimulatedMemory
from diorama.model import Model, Placement
from diorama.node import Cost, node
from tests.support.simulated_models import SHARE, Weights
from tests.support.tally import note

BOOK = "SIMULATED_BOOK"
"""Environment variable: the folder of a device, in which each worker has a file with the bytes that it holds."""
TOTAL = "SIMULATED_GIB"
HOLDER = "worker"


class BookedMemory(SimulatedMemory):
    """A worker's view of a device's memory: what the others hold is foreign to it."""

    def __init__(self) -> None:
        super().__init__(int(float(os.environ.get(TOTAL, "16")) * GIB))
        self.book = Path(os.environ[BOOK])

    def take(self, holder: str, size: int) -> None:
        self.foreign = booked(self.book, but=os.getpid())
        super().take(holder, size)
        self._write()

    def give(self, holder: str, size: int) -> None:
        super().give(holder, size)
        self._write()

    def _write(self) -> None:
        (self.book / str(os.getpid())).write_text(str(self.held.get(HOLDER, 0)))


def booked(book: Path, but: int = 0) -> int:
    """Bytes that living processes hold."""
    held = 0
    for entry in book.iterdir():
        if entry.name != str(but) and is_there(entry.name):
            held += int(entry.read_text() or "0")
    return held


def is_there(pid: str) -> bool:
    """Whether a process has not ended."""
    try:
        return b") Z" not in Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False


class BookedDevice(SimulatedDevice):
    """A device whose memory is that of real processes."""

    def __init__(self, folder: Path, name: str = "sim0", gib: float = 16.0) -> None:
        super().__init__(name, gib)
        self.book = folder / name
        self.book.mkdir(parents=True, exist_ok=True)
        self.place = Place("cpu", {BOOK: str(self.book), TOTAL: str(gib)})

    def read(self) -> Reading:
        reading = super().read()
        memory = Memory(self.memory.total, self.memory.foreign + booked(self.book))
        return Reading(memory, reading.utilisation, reading.celsius)


@cache
def memory() -> BookedMemory:
    """The memory of this worker's device."""
    return BookedMemory()


def keeper(device: str) -> DeviceKeeper:
    """The keeper of such a worker."""
    return DeviceKeeper(SimulatedMeter(memory(), HOLDER), device)


def _model(name: str, gib: float) -> Model[Weights]:
    def load(placement: Placement) -> Weights:
        note(f"load-{name}-{placement.offload}")
        return Weights(memory(), HOLDER, int(gib * GIB * SHARE[placement.offload]), placement)

    return Model(name, load, gib, f"who/{name}", "r1", "MIT")


PAINTER, WRITER = _model("painter", 6.0), _model("writer", 5.0)
COST = Cost(seconds=1.0, vram_gib=1.0)


@node(models=[PAINTER], cost=COST)
def painted(ctx: Context, x: int, gib: float = 1.0) -> int:
    """Give the next number, taking so much memory for it."""
    return _taking(ctx, PAINTER, "paint", [x], gib)[0]


@painted.batched
def _painted(ctx: Context, items: Sequence[dict[str, float]]) -> list[int]:
    return _taking(ctx, PAINTER, "paint", [int(item["x"]) for item in items], sum(item["gib"] for item in items))


@painted.vram
def _painted_gib(x: int, gib: float) -> float:
    return min(gib, 1.0)


@node(models=[WRITER], cost=COST)
def written(ctx: Context, x: int, gib: float = 1.0) -> int:
    """Give the next number, by another model."""
    return _taking(ctx, WRITER, "write", [x], gib)[0]


@node(models=[PAINTER], cost=COST, time_limit=60.0)
def patient(ctx: Context, x: int, seconds: float = 30.0) -> int:
    """Tell progress for a while, then give the number of the process."""
    note(f"patient-{os.getpid()}")
    with ctx.model(PAINTER):
        begun = time.monotonic()
        while (past := time.monotonic() - begun) < seconds:
            ctx.progress(past / seconds)
            Event().wait(0.02)
    return os.getpid()


@node(models=[PAINTER], cost=COST)
def dying(ctx: Context, x: int) -> int:
    """End the worker while it holds a model."""
    with ctx.model(PAINTER):
        note(f"dying-{os.getpid()}")
        os._exit(3)


@node(cost=COST)
def visible(ctx: Context, x: int) -> str:
    """Give the GPUs that the process may see, once another call could have begun."""
    note(f"visible-{os.getpid()}")
    Event().wait(0.5)
    return os.environ.get("CUDA_VISIBLE_DEVICES", "")


def _taking(ctx: Context, model: Model[Weights], verb: str, items: list[int], gib: float) -> list[int]:
    note(f"{verb}-{len(items)}")
    with ctx.model(model):
        size = int(gib * GIB)
        memory().take(HOLDER, size)
        memory().give(HOLDER, size)
    return [x + 1 for x in items]


def catalogue() -> Catalogue:
    """Them all."""
    return catalogue_of(Pack("d", "1"), painted, written, patient, dying, visible)
