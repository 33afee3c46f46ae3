"""Smooth outlines: pixels that an edge runs through are looked at in more places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama.context import Context
from diorama_nodes.render.arrays import Flags, Floats, Indices, Ints, column, dot, luminance
from diorama_nodes.render.canvas import Canvas, points_at
from diorama_nodes.render.filters import shifted
from diorama_nodes.render.lighting import direct_light
from diorama_nodes.render.parallel import in_stretches
from diorama_nodes.render.shot import Shot
from diorama_nodes.render.surface import meet
from diorama_nodes.render.tracer import Hits

PLACES = ((0.31, -0.19), (-0.22, -0.34), (-0.04, 0.36))
"""Further places from a pixel's middle, in pixels: with the middle, four that no near-level edge meets at once."""
KIN = 0.35
CONTRAST = 0.02
"""Difference of tones, 0..1, below which an edge is not seen."""
STRANGER = 3.0
"""Unlikeness from which a neighbour's light is not taken."""


@dataclass(frozen=True, slots=True, eq=False)
class _Extra:
    """Further rays, n of them, and what they met."""

    pixels: Indices
    way: Floats
    hits: Hits
    position: Floats


def edge_pixels(canvas: Canvas, light: Floats) -> Indices:
    """Pixels where one surface ends and another, or the sky, begins, and the eye can see it."""
    view = canvas.shot.view
    hit = canvas.guide.hit > 0
    edge: Flags = np.zeros_like(hit)
    material = _materials(canvas).reshape(hit.shape)
    shown = luminance(light).reshape(hit.shape) * np.float32(canvas.shot.environment.exposure)
    tone = shown / (1 + shown)
    for axis in (0, 1):
        first, second = shifted(axis, 1)
        parted = canvas.guide.kinship(axis, 1) < KIN
        parted &= hit[first] | hit[second]
        parted |= material[first] != material[second]
        parted &= np.abs(tone[first] - tone[second]) > CONTRAST
        edge[first] |= parted
        edge[second] |= parted
    return np.flatnonzero(edge.reshape(view.width * view.height))


def refine(ctx: Context, canvas: Canvas, light: Floats) -> Floats:
    """Light (3, n) whose edge pixels are the mean of several places."""
    edges = edge_pixels(canvas, light)
    exposure = np.float32(canvas.shot.environment.exposure)
    material = _materials(canvas)
    refined = light.copy()

    def soften(stretch: slice) -> None:
        pixels = edges[stretch]
        # Averaged as they will be shown, so that a lamp's edge is as smooth as any.
        own = light[:, pixels]
        weight = 1 / (1 + luminance(own) * exposure)
        total = own * weight
        for place in PLACES:
            seen = _seen(canvas, light, material, pixels, place)
            share = 1 / (1 + luminance(seen) * exposure)
            total += seen * share
            weight += share
        refined[:, pixels] = total / weight

    in_stretches(ctx, len(edges), soften, (0.84, 0.88, "edges"))
    return refined


def _materials(canvas: Canvas) -> Ints:
    """The material at each pixel, -1 for the sky."""
    material = np.full(len(canvas.hits.triangle), -1, np.int32)
    material[canvas.met] = canvas.points.material
    return material


def _seen(canvas: Canvas, light: Floats, material: Ints, pixels: Indices, place: tuple[float, float]) -> Floats:
    """Light at another place of each pixel: that of a neighbour on the same surface, or looked up afresh."""
    view = canvas.shot.view
    rows, columns = np.divmod(pixels, view.width)
    across, down = np.float32(0.5 + place[0]), np.float32(0.5 + place[1])
    way = view.rays(columns.astype(np.float32) + across, rows.astype(np.float32) + down)
    origins = canvas.shot.origins(len(pixels))
    hits = meet(canvas.shot.geometry, origins, way)
    extra = _Extra(pixels, way, hits, origins + way * hits.distance)
    nearest, unlikeness = _nearest_kin(canvas, material, extra, place)
    seen = light[:, nearest]
    strangers = np.flatnonzero(unlikeness >= STRANGER)
    if len(strangers):
        seen[:, strangers] = _afresh(canvas.shot, extra, strangers)
    return seen


def _nearest_kin(canvas: Canvas, material: Ints, extra: _Extra, place: tuple[float, float]) -> tuple[Indices, Floats]:
    """The pixel around each ray that shows most nearly what it met, and how unlike that is."""
    view = canvas.shot.view
    position, normal = canvas.guide.position.reshape(3, -1), canvas.guide.normal.reshape(3, -1)
    tolerance = canvas.guide.tolerance.reshape(-1)
    rows, columns = np.divmod(extra.pixels, view.width)
    is_sky = extra.hits.triangle < 0
    own = canvas.shot.geometry.solid.material
    met = np.where(is_sky, np.int32(-1), own[extra.hits.triangle] if len(own) else np.int32(-1))
    best = np.full(len(rows), np.float32(1e9))
    nearest = extra.pixels.copy()
    sideways, lengthways = (1 if place[0] > 0 else -1), (1 if place[1] > 0 else -1)
    for down, across in ((0, 0), (0, sideways), (lengthways, 0), (lengthways, sideways)):
        row, line = np.clip(rows + down, 0, view.height - 1), np.clip(columns + across, 0, view.width - 1)
        other = row * view.width + line
        apart = np.float32(0.3 * ((across - place[0]) ** 2 + (down - place[1]) ** 2))
        off_plane = np.abs(dot(extra.position - position[:, other], normal[:, other])) / tolerance[other]
        cost = np.where(is_sky, np.float32(0.0), np.minimum(off_plane, np.float32(1e6))) + apart
        cost += np.where(met == material[other], np.float32(0.0), np.float32(1e6))
        closer = cost < best
        best = np.where(closer, cost, best)
        nearest = np.where(closer, other, nearest)
    return nearest, best


def _afresh(shot: Shot, extra: _Extra, strangers: Indices) -> Floats:
    """Light of rays that met what no pixel around them shows: a wire, a far lamp."""
    light = np.empty((3, len(strangers)), np.float32)
    is_sky = extra.hits.triangle[strangers] < 0
    away, near = np.flatnonzero(is_sky), strangers[~is_sky]
    if len(away):
        light[:, away] = shot.sky(np.ascontiguousarray(extra.way[:, strangers[away]]))
    if len(near):
        way = np.ascontiguousarray(extra.way[:, near])
        points = points_at(shot, way, extra.hits, near)
        _, direct = direct_light(points, shot.lights, True, shot.shadows(1), extra.pixels[near])
        direct = direct + points.color * column(shot.environment.ambient) + points.emission
        arrived = shot.through_air(shot.origins(len(near)), way, points.distance, direct)
        light[:, np.flatnonzero(~is_sky)] = arrived
    return light
