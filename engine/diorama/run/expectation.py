"""What steps are expected to take: as calls of their nodes took here, else as declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diorama.expand import Step
from diorama.plan import expected_seconds
from diorama.store.calls import CallStore

LEARNED_SECONDS = 1.0
"""How long what was learned of calls is not read anew."""


class Expectation:
    """Remembers for a moment what a store has learned."""

    def __init__(self, store: CallStore, clock: Callable[[], float]) -> None:
        self.store = store
        self.clock = clock
        self._learned: Mapping[str, float] | None = None
        self._read_at = 0.0

    def forget(self) -> None:
        """Read anew when it is next asked for, unless that was done a moment ago."""
        if self.clock() - self._read_at >= LEARNED_SECONDS:
            self._learned = None

    def seconds(self, step: Step) -> float:
        """Seconds that a call of a step is expected to take; read once a run, where anything runs at all."""
        if self._learned is None:
            self._learned = self.store.learned()
            self._read_at = self.clock()
        return expected_seconds(step, self._learned)

    def left(self, step: Step, items: int, taken: float, fraction: float) -> float | None:
        """Seconds until a call ends: as its node's calls took, and the more it has done, the more by its own pace."""
        whole = self.seconds(step) * items
        if fraction > 0.0:
            trust = min(1.0, 2.0 * fraction)
            whole = trust * taken / fraction + (1.0 - trust) * whole
        return round(max(0.0, whole - taken), 3) if whole > 0.0 else None
