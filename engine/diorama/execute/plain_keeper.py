"""Models in a device worker where nobody shares out devices: the latest one stays loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from diorama.execute.call import Call, Waiting
from diorama.execute.devices import Choice, Ended, Grant, Served, Usage
from diorama.model import Model, Placement

CPU = Served("cpu")


class OneCpu:
    """The machine's processor as the only device: one call at a time has it."""

    keeper = "diorama.execute.plain_keeper:PlainKeeper"

    def served(self) -> Sequence[Served]:
        """The processor."""
        return (CPU,)

    def choose(self, waiting: Sequence[Waiting], free: Sequence[str]) -> Choice | None:
        """The first, while the processor is free."""
        if not free:
            return None
        first = waiting[0]
        return Choice(0, Grant(free[0], offload=first.step.offload, is_alone=first.step.is_alone))

    def begin(self, call: Call, grant: Grant) -> None:
        """Nothing to take."""

    def end(self, call: int, how: Ended, usage: Usage | None) -> None:
        """Nothing to free."""

    def lost(self, device: str) -> None:
        """Nothing to forget."""

    def tend(self) -> Sequence[str]:
        """Nobody else can take the processor."""
        return ()

    def pause(self) -> float | None:
        """Nothing is due by itself."""
        return None

    def close(self) -> None:
        """Nothing to let go."""


class PlainKeeper:
    """Holds the latest model until a call holds another."""

    def __init__(self, device: str) -> None:
        self.device = device
        self._grant = Grant(device)
        self._kept: tuple[tuple[str, Placement], Any] | None = None

    def begin(self, grant: Grant) -> None:
        """Let the model go where the call is made alone."""
        self._grant = grant
        if grant.is_alone:
            self._kept = None

    @contextmanager
    def hold(self, model: Model[Any], wanted: Placement) -> Iterator[Any]:
        """The model, loaded where no call before left it."""
        placement = replace(wanted, device=self.device, offload=self._grant.offload)
        name = (model.identity, placement)
        if self._kept is None or self._kept[0] != name:
            self._kept = None
            self._kept = (name, model.load(placement))
        yield self._kept[1]

    def check(self) -> None:
        """Nobody else can take the processor."""

    def end(self) -> Usage:
        """Nothing is measured."""
        return Usage()
