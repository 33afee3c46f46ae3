"""Nodes for tests of the editor, beside the real ones: nodes that wait, tell progress, fail."""

from __future__ import annotations

from diorama.catalogue import Catalogue, Pack, catalogue_of, installed
from diorama.context import Context
from diorama.node import Cost, node
from diorama.values.image import Image
from tests.support import service_nodes
from tests.support.service_nodes import GATES

TICK_SECONDS = 0.005


@node(cost=Cost(seconds=1.0))
def ticking(ctx: Context, gate: str, picture: Image | None = None) -> Image:
    """Tell progress 200 times a second until a gate is open."""
    import numpy as np

    number = 0
    while not GATES[gate].wait(TICK_SECONDS):
        ctx.check_cancelled()
        number += 1
        ctx.progress(number % 100 / 100, f"step {number}")
        if number == 1:
            ctx.preview(Image(np.full((16, 16, 3), 200, np.uint8)))
    return Image(np.full((16, 16, 3), 100, np.uint8))


@node(cost=Cost(seconds=1e-6))
def bright(ctx: Context, image: Image, by: int = 1) -> Image:
    """Make a picture brighter."""
    import numpy as np

    return Image(np.clip(image.pixels.astype(np.int32) + by, 0, 255).astype(np.uint8))


@node(cost=Cost(seconds=1e-6))
def spoiled(ctx: Context, image: Image, why: str = "the paint has run out") -> Image:
    """Fail as a node with a bug does."""
    raise RuntimeError(why)


def catalogue() -> Catalogue:
    """The installed nodes, and as packs `t` and `e` those of `service_nodes` and of this module."""
    found = installed()
    added = (service_nodes.catalogue(), catalogue_of(Pack("e", "1"), ticking, bright, spoiled))
    entries = dict(found.entries)
    for one in added:
        entries |= one.entries
    return Catalogue(entries, (*found.packs, *(pack for one in added for pack in one.packs)), found.broken)
