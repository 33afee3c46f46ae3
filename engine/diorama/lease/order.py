"""The order of calls that wait for devices: those whose models are loaded already go first, within a bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

TURN_CALLS: Final = 16
TURN_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Caller:
    """A call that waits, as its place in the order goes."""

    models: tuple[str, ...]
    priority: int
    """Calls of another priority than the first wait, whatever is loaded."""
    since: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A device that is free, and the models on it."""

    device: str
    resident: frozenset[str]

    def lacks(self, caller: Caller) -> list[str]:
        """The models that would have to be loaded for a call."""
        return [model for model in caller.models if model not in self.resident]


@dataclass(frozen=True, slots=True)
class Turn:
    """Calls of one device without a load between them."""

    calls: int
    began: float


class Order:
    """Which call goes next, on which device.

    Of the calls that are as important as the first, those go first whose models all lie on a free device. They have a
    turn there: after `turn_calls` calls or `turn_seconds` it ends as soon as an older call waits for other models,
    and the oldest of these goes next. So nobody is overtaken by more than one turn of each other set of models.
    """

    def __init__(self, turn_calls: int = TURN_CALLS, turn_seconds: float = TURN_SECONDS) -> None:
        self.turn_calls = turn_calls
        self.turn_seconds = turn_seconds
        self._turns: dict[str, Turn] = {}

    def picks(
        self,
        waiting: Sequence[Caller],
        spots: Sequence[Spot],
        now: float,
        reload_seconds: Mapping[str, float] | None = None,
    ) -> list[tuple[int, Spot]]:
        """For each free device the call that should go next on it, the best of these pairs first.

        `waiting` is in the order in which calls should go by themselves, with one for each set of models;
        `reload_seconds` tells what a swap costs, for models of which it is known.
        """
        if not waiting:
            return []
        # The first is of the highest priority, unless it has waited for so long that it goes before that.
        level = [number for number, one in enumerate(waiting) if one.priority == waiting[0].priority]
        costs = reload_seconds or {}
        pairs: list[tuple[tuple[bool, int, float, int], int, Spot]] = []
        for place, spot in enumerate(spots):
            number = self._next(waiting, level, spot, now)
            lacking = spot.lacks(waiting[number])
            # Where a swap cannot be avoided, it is made on the device that it costs the least on.
            seconds = sum(costs.get(model, 1.0) for model in lacking)
            pairs.append(((bool(lacking), number, seconds, place), number, spot))
        return [(number, spot) for _, number, spot in sorted(pairs, key=lambda pair: pair[0])]

    def _next(self, waiting: Sequence[Caller], level: Sequence[int], spot: Spot, now: float) -> int:
        at_home = next((number for number in level if not spot.lacks(waiting[number])), None)
        if at_home is None or (level[0] < at_home and self._is_over(spot.device, now)):
            return level[0]
        return at_home

    def _is_over(self, device: str, now: float) -> bool:
        turn = self._turns.get(device)
        return turn is not None and (turn.calls >= self.turn_calls or now - turn.began >= self.turn_seconds)

    def began(self, caller: Caller, spot: Spot, now: float) -> None:
        """A call has begun: it goes on with the turn of its device, or begins one."""
        turn = self._turns.get(spot.device)
        if turn is None or spot.lacks(caller):
            turn = Turn(0, now)
        self._turns[spot.device] = Turn(turn.calls + 1, turn.began)
