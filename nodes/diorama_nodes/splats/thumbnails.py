"""Small pictures of splats, for lists of artefacts."""

from __future__ import annotations

from diorama.values import Image, Splat
from diorama_nodes.splats.picture import picture_of_splat

TURN = -35.0


def paint_splat(splat: Splat, width: int, height: int) -> Image:
    """A splat as render_splat shows it."""
    return picture_of_splat(splat, width, height, TURN)
