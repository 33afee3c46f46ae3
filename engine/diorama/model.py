"""Weights that nodes need, as they are declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Model(Generic[T]):
    """Weights that a node needs: how they are loaded, how large they are, and where they come from."""

    name: str
    load: Callable[[], T]
    gib: float
    repository: str
    revision: str
    license: str
