"""Light that reaches surfaces from everywhere: the sky's, and what other surfaces pass on."""

from __future__ import annotations

import numpy as np

from diorama_nodes.render.arrays import Floats, Indices, column, floats, frames
from diorama_nodes.render.patterns import samples
from diorama_nodes.render.shot import Shot

SPREAD = 0.2
"""Radians a bounced ray stands for: textures are looked up as blurred as that."""
LIMIT = 1.2
NEAR = 1.2
"""Metres within which another surface takes light from a corner."""


def arriving(shot: Shot, position: Floats, normal: Floats, pixels: Indices) -> Floats:
    """Mean light that comes to surface points over their hemispheres, weighted by the cosine, and openness: (4, n).

    Openness is 1 where nothing is near and falls towards 0 in a corner.
    """
    first, second = frames(normal)
    start = position + normal * np.float32(4e-3)
    total = np.zeros((4, position.shape[1]), np.float32)
    for ray in range(shot.effort.bounce_rays):
        share, turn = samples(shot.tile, pixels, shot.view.width, 211 + ray)
        radius = np.sqrt(share)
        turn *= np.float32(2 * np.pi)
        upwards = np.sqrt(np.maximum(1 - share, np.float32(1e-4)))
        way = first * (radius * np.cos(turn)) + second * (radius * np.sin(turn)) + normal * upwards
        sky = _open_sky(shot, floats(way))
        light, distance = shot.seen_along(start, floats(way), pixels, SPREAD, LIMIT, sky)
        total[:3] += light
        total[3] += np.minimum(distance * np.float32(1 / NEAR), np.float32(1.0))
    total *= np.float32(1.0 / shot.effort.bounce_rays)
    return total


def _open_sky(shot: Shot, way: Floats) -> Floats:
    """The ambient light (3, n) along rays that meet nothing: outdoors more of it comes from above than aslant."""
    ambient = column(shot.environment.ambient)
    if shot.environment.setting == "indoor":
        return floats(ambient + np.zeros_like(way))
    # Over the hemisphere of level ground the mean is 1.
    return floats(ambient * (np.float32(0.5) + np.float32(0.75) * np.maximum(way[1], np.float32(0.0))))
