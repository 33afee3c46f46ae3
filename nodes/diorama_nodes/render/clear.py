"""Surfaces that let light through: glass, and pictures with soft edges."""

from __future__ import annotations

import numpy as np

from diorama.context import Context
from diorama_nodes.render.arrays import Floats, Indices, column
from diorama_nodes.render.canvas import Canvas
from diorama_nodes.render.lighting import direct_light
from diorama_nodes.render.mirror import LIMIT, fresnel, sharpness
from diorama_nodes.render.parallel import in_stretches
from diorama_nodes.render.shot import Shot, mirrored
from diorama_nodes.render.surface import Points, points_of
from diorama_nodes.render.tracer import Hits

LAYERS = 4
"""How many clear surfaces a ray is followed through."""


def behind_glass(ctx: Context, canvas: Canvas, light: Floats) -> Floats:
    """Light (3, n) after its way through the clear surfaces in front of it."""
    shot = canvas.shot
    if shot.geometry.clear.tracer.is_empty:
        return light
    result = light.copy()

    def look_through(stretch: slice) -> None:
        way = np.ascontiguousarray(canvas.directions[:, stretch])
        pixels = np.arange(stretch.start, stretch.stop)
        kept, added = _layers(shot, way, pixels, canvas.hits.distance[stretch])
        result[:, stretch] = light[:, stretch] * kept + added

    in_stretches(ctx, light.shape[1], look_through, (0.88, 0.9, "glass"))
    return result


def _layers(shot: Shot, way: Floats, pixels: Indices, end: Floats) -> tuple[Floats, Floats]:
    """What share (n,) of the light behind comes through, and what (3, n) the surfaces add."""
    kept, added = np.ones(len(pixels), np.float32), np.zeros_like(way)
    clear = shot.geometry.clear
    rays, passed = np.arange(len(pixels)), np.zeros(len(pixels), np.float32)
    for _ in range(LAYERS):
        ways = np.ascontiguousarray(way[:, rays])
        hits = clear.tracer.hits(shot.origins(len(rays)) + ways * passed, ways)
        distance = hits.distance + passed
        near = np.flatnonzero((hits.triangle >= 0) & (distance < end[rays]))
        if not len(near):
            break
        rays, distance = rays[near], distance[near]
        found = Hits(hits.triangle[near], distance, hits.u[near], hits.v[near])
        ways = np.ascontiguousarray(ways[:, near])
        points = points_of(shot.geometry, clear, shot.origins(len(rays)), ways, found, shot.view.pixel_angle)
        shown = shot.through_air(shot.origins(len(rays)), ways, distance, _light_of(shot, points, pixels[rays]))
        share = np.clip(points.alpha, 0.0, 1.0)
        added[:, rays] += shown * kept[rays]
        kept[rays] *= 1 - share
        passed = distance * np.float32(1.0 + 1e-5) + np.float32(1e-3)
    return kept, added


def _light_of(shot: Shot, points: Points, pixels: Indices) -> Floats:
    """Light that a clear surface itself sends to the eye: its share of body and shine, and what it mirrors."""
    _, light = direct_light(points, shot.lights, True, shot.shadows(1), pixels)
    light = light + points.color * column(shot.environment.ambient) + points.emission
    light *= np.clip(points.alpha, 0.0, 1.0)
    glossy = np.flatnonzero(sharpness(points) > 0)
    if len(glossy):
        mirrors = points.at(glossy)
        start = mirrors.position + mirrors.face_normal * np.float32(2e-3)
        way = mirrored(mirrors.to_eye, mirrors.normal)
        seen, _ = shot.seen_along(start, way, pixels[glossy], shot.view.pixel_angle * 2, LIMIT)
        light[:, glossy] += seen * fresnel(mirrors) * sharpness(mirrors)
    return light
