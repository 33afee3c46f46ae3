"""A device that is not there: memory that is counted, speeds, and faults at will. What tests and benchmarks run on."""

from __future__ import annotations

from diorama.lease.device import GIB, Gone, Memory, Place, Reading


class OutOfMemoryError(RuntimeError):
    """Raised where a simulated allocation fails, in the words of torch."""


class SimulatedMemory:
    """The memory of a simulated device, by who holds it."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.foreign = 0
        """Bytes that programs hold which Diorama knows nothing of."""
        self.held: dict[str, int] = {}
        self.peaks: dict[str, int] = {}
        self.bounds: dict[str, int] = {}
        self.most_used = 0
        """The most that was held at once, foreign programs included."""
        self.failing = 0
        """How many of the next allocations fail although there is room."""

    @property
    def used(self) -> int:
        """Bytes that anyone holds."""
        return self.foreign + sum(self.held.values())

    def take(self, holder: str, size: int) -> None:
        """Allocate; raises `OutOfMemoryError` as torch does."""
        bound = self.bounds.get(holder, self.total)
        fits = self.used + size <= self.total and self.held.get(holder, 0) + size <= bound
        if self.failing or not fits:
            self.failing = max(self.failing - 1, 0)
            free = max(self.total - self.used, 0)
            raise OutOfMemoryError(
                f"CUDA out of memory. Tried to allocate {size / GIB:.2f} GiB. GPU 0 has a total capacity of "
                f"{self.total / GIB:.2f} GiB of which {free / GIB:.2f} GiB is free."
            )
        self.held[holder] = self.held.get(holder, 0) + size
        self.peaks[holder] = max(self.peaks.get(holder, 0), self.held[holder])
        self.most_used = max(self.most_used, self.used)

    def give(self, holder: str, size: int) -> None:
        """Free what was allocated."""
        left = self.held.get(holder, 0) - size
        assert left >= 0, f"{holder} frees more than it holds"
        self.held[holder] = left

    def drop(self, holder: str) -> None:
        """Free all that a holder has, as the end of its process does."""
        for counted in (self.held, self.peaks, self.bounds):
            counted.pop(holder, None)


class SimulatedDevice:
    """A GPU that can be slow, full, or gone."""

    is_gpu = True
    title = "Simulated GPU"

    def __init__(self, name: str = "sim0", gib: float = 24.0, load_gib_per_second: float = 1.0) -> None:
        self.name = name
        self.identity = f"simulated-{name}"
        self.place = Place("cpu")
        self.memory = SimulatedMemory(int(gib * GIB))
        self.load_gib_per_second = load_gib_per_second
        self.slowness = 1.0
        """What all that it does takes, as a multiple of what it should."""
        self.is_gone = False
        self.is_mute = False
        """Whether its driver tells no metric at all."""
        self.utilisation = 0.0
        self.celsius = 40.0

    def read(self) -> Reading:
        """What it tells now; raises `Gone` after it vanished."""
        if self.is_gone:
            raise Gone("GPU is lost")
        if self.is_mute:
            return Reading()
        return Reading(Memory(self.memory.total, self.memory.used), self.utilisation, self.celsius)

    def used_by(self, pid: int) -> int | None:
        """Nothing: holders of simulated memory are no processes."""
        return None

    def load_seconds(self, gib: float) -> float:
        """What loading weights takes."""
        return gib / self.load_gib_per_second * self.slowness
