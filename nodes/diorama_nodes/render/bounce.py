"""Light that reaches surfaces from everywhere: the sky's, and what other surfaces pass on."""

from __future__ import annotations

import numpy as np

from diorama_nodes.render.arrays import Floats, Indices, column, frames
from diorama_nodes.render.patterns import samples
from diorama_nodes.render.shot import Shot

SPREAD = 0.2
"""Radians a bounced ray stands for: textures are looked up as blurred as that."""


def arriving(shot: Shot, position: Floats, normal: Floats, pixels: Indices) -> Floats:
    """Mean light (3, n) that comes to surface points over their hemispheres, weighted by the cosine."""
    first, second = frames(normal)
    ambient = column(shot.environment.ambient)
    start = position + normal * np.float32(4e-3)
    total = np.zeros_like(position)
    for ray in range(shot.effort.bounce_rays):
        share, turn = samples(shot.tile, pixels, shot.view.width, 211 + ray)
        radius = np.sqrt(share)
        turn *= np.float32(2 * np.pi)
        upwards = np.sqrt(np.maximum(1 - share, np.float32(1e-4)))
        way = first * (radius * np.cos(turn)) + second * (radius * np.sin(turn)) + normal * upwards
        light, _ = shot.seen_along(start, np.asarray(way, np.float32), pixels, SPREAD, ambient)
        total += light
    total *= np.float32(1.0 / shot.effort.bounce_rays)
    return total
