"""What a fault test measured, for docs/reliability.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Figures: TypeAlias = Mapping[str, str]
"""What was measured, by name."""


def percentile(measured: Sequence[float], share: float) -> float:
    """The value that a share of those measured does not exceed."""
    ordered = sorted(measured)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(measured: Sequence[float], unit: str) -> str:
    """Median, 99th percentile and greatest of some measurements, given in seconds."""
    factor = {"s": 1.0, "ms": 1000.0}[unit]
    shown = [value * factor for value in (percentile(measured, 0.5), percentile(measured, 0.99), max(measured))]
    return "median {:.3g} {u}, p99 {:.3g} {u}, most {:.3g} {u}".format(*shown, u=unit)


class NotHere(Exception):
    """Raised where a fault cannot be injected on this machine; says why."""
