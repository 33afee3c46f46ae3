"""Functions that picture values for thumbnails, as packs register them: the engine itself knows no renderer."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from diorama.catalogue import GROUP

if TYPE_CHECKING:
    from diorama.values.image import Image

Painter = Callable[[Any, int, int], "Image"]
"""Gives a picture of a value, of a width and height in pixels; raises `BadInput` where there is nothing to see."""


@cache
def painters() -> Mapping[str, str]:
    """`module:function` of the painter of each type, as packs' `PAINTERS` name them; the first pack by name wins."""
    found: dict[str, str] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            named = getattr(importlib.import_module(point.value), "PAINTERS", {})
        except Exception:  # noqa: S112  # a pack may raise anything; the catalogue tells that it did
            continue
        found = {**named, **found}
    return found


def painter_of(type_: str) -> Painter | None:
    """The painter of a type; None where no pack has one."""
    module, _, name = painters().get(type_, "").partition(":")
    if not module:
        return None
    painter: Painter = getattr(importlib.import_module(module), name)
    return painter
