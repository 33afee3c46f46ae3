"""Reflections in water, polished floors, glass and metal."""

from __future__ import annotations

import numpy as np

from diorama_nodes.render.arrays import Floats, Indices, dot, floats, frames, luminance, normalized
from diorama_nodes.render.patterns import samples
from diorama_nodes.render.shot import Shot, mirrored
from diorama_nodes.render.surface import Points

DULL = 0.5
"""Roughness from which a surface mirrors no shapes."""
LIMIT = 5.0
LEAST = 0.03
"""Share of a mirror's light below which it is not worth a ray."""


def fresnel(points: Points) -> Floats:
    """The share (3, n) of light that surfaces send on as mirrors do (Schlick's, less where rough)."""
    straight = points.reflectance * (1 - points.metallic) + points.color * points.metallic
    away = 1 - np.clip(dot(points.normal, points.to_eye), 0.0, 1.0)
    away = away * away * away * away * away
    smoothness = 1 - points.roughness
    return floats(straight + np.maximum(smoothness - straight, np.float32(0.0)) * away)


def sharpness(points: Points) -> Floats:
    """How much of a mirror's light comes as a picture of what is there, 0..1."""
    smooth = np.clip((np.float32(DULL) - points.roughness) * np.float32(3.0), 0.0, 1.0)
    return floats(smooth)


def mirror_image(shot: Shot, points: Points, pixels: Indices) -> tuple[Floats, Floats]:
    """Light (3, n) that mirrors see, and whether each was asked, 1.0 or 0.0 (n,).

    In quick pictures only every second pixel is asked, as on a chessboard; its neighbours share what it saw.
    """
    light = np.zeros_like(points.position)
    asked = luminance(fresnel(points)) * sharpness(points) > LEAST
    if shot.effort.mirrors_every_second:
        rows, columns = np.divmod(pixels, shot.view.width)
        asked &= (rows + columns) % 2 == 0
    chosen = np.flatnonzero(asked)
    if not len(chosen):
        return light, asked.astype(np.float32)
    mirrors = points.at(chosen)
    first, second = frames(mirrors.normal)
    start = mirrors.position + mirrors.face_normal * (np.float32(2e-3) + mirrors.distance * np.float32(2e-4))
    spread = mirrors.roughness * mirrors.roughness
    for ray in range(shot.effort.mirror_rays):
        radius, turn = samples(shot.tile, pixels[chosen], shot.view.width, 151 + ray)
        # Facets lean as in the GGX distribution, the widest tenth left out: seen at a low angle they draw
        # lights out into streaks towards the eye.
        radius *= np.float32(0.9)
        lean = spread * np.sqrt(radius / (1 - radius))
        turn *= np.float32(2 * np.pi)
        facet = normalized(mirrors.normal + first * (lean * np.cos(turn)) + second * (lean * np.sin(turn)))
        bent = mirrored(mirrors.to_eye, facet)
        # A ray bent into the surface comes out of it again.
        inside = np.minimum(dot(bent, mirrors.face_normal) - np.float32(0.01), np.float32(0.0))
        bent = normalized(bent - mirrors.face_normal * (2 * inside))
        seen, distance = shot.seen_along(start, bent, pixels[chosen], shot.view.pixel_angle * 2, LIMIT)
        light[:, chosen] += shot.through_air(start, bent, np.minimum(distance, np.float32(2000.0)), seen)
    light *= np.float32(1.0 / shot.effort.mirror_rays)
    return light, asked.astype(np.float32)
