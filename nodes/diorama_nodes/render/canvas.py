"""The picture in work: what each pixel's ray met, and the light it brings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama.context import Context
from diorama_nodes.render.arrays import Floats, Indices, floats
from diorama_nodes.render.bounce import arriving
from diorama_nodes.render.filters import Guide, enlarge, smooth
from diorama_nodes.render.lighting import direct_light
from diorama_nodes.render.mirror import fresnel, mirror_image, sharpness
from diorama_nodes.render.parallel import in_stretches
from diorama_nodes.render.shot import Shot
from diorama_nodes.render.surface import Points, meet, points_of
from diorama_nodes.render.tracer import Hits
from diorama_nodes.render.wetness import LEVEL, soak


@dataclass(slots=True, eq=False)
class Canvas:
    """Flat pictures of n = width x height pixels, (3, n) or (n,) float32, row by row."""

    shot: Shot
    directions: Floats
    hits: Hits
    points: Points
    """Of those pixels whose ray met something."""
    met: Indices
    unshadowed: Floats
    shadowed: Floats
    guide: Guide

    def picture(self, values: Floats) -> Floats:
        """Values of the points that were met as a picture (c, h, w), nought elsewhere."""
        view = self.shot.view
        if len(self.met) == view.width * view.height:
            return values.reshape(-1, view.height, view.width)
        flat = np.zeros((values.shape[0], view.width * view.height), np.float32)
        flat[:, self.met] = values
        return flat.reshape(-1, view.height, view.width)

    def taken(self, picture: Floats) -> Floats:
        """A picture's values (c, n) at the points that were met."""
        flat = picture.reshape(picture.shape[0], -1)
        return flat if len(self.met) == flat.shape[1] else np.take(flat, self.met, axis=1)


def join(pieces: list[Points]) -> Points:
    """Points of several stretches as one."""
    names = Points.__dataclass_fields__
    return Points(**{name: np.concatenate([getattr(piece, name) for piece in pieces], axis=-1) for name in names})


def look(ctx: Context, shot: Shot) -> Canvas:
    """Send a ray through every pixel, and light what it meets."""
    view = shot.view
    shadows = shot.shadows(shot.effort.shadow_rays)

    def lit(stretch: slice) -> tuple[Floats, Hits, Points, Floats, Floats]:
        pixels = np.arange(stretch.start, stretch.stop)
        rows, columns = np.divmod(pixels, view.width)
        way = view.rays(columns.astype(np.float32) + np.float32(0.5), rows.astype(np.float32) + np.float32(0.5))
        hits = meet(shot.geometry, shot.origins(len(pixels)), way)
        near = np.flatnonzero(hits.triangle >= 0)
        points = points_at(shot, np.ascontiguousarray(way[:, near]), hits, near)
        unshadowed, shadowed = direct_light(points, shot.lights, True, shadows, pixels[near])
        return way, hits, points, unshadowed, shadowed

    parts = in_stretches(ctx, view.width * view.height, lit, (0.1, 0.55, "light"))
    ways, found, pieces, unshadowed, shadowed = zip(*parts, strict=True)
    hits = Hits(*(np.concatenate([getattr(piece, name) for piece in found]) for name in Hits.__slots__))
    points = join(list(pieces))
    met = np.flatnonzero(hits.triangle >= 0)
    directions, whole, dimmed = (np.concatenate(halves, axis=1) for halves in (ways, unshadowed, shadowed))
    canvas = Canvas(shot, directions, hits, points, met, whole, dimmed, _NO_GUIDE)
    canvas.guide = _guide(canvas)
    return canvas


def points_at(shot: Shot, way: Floats, hits: Hits, near: Indices) -> Points:
    """The points that chosen rays from the eye met, wet where it is wet."""
    found = Hits(hits.triangle[near], hits.distance[near], hits.u[near], hits.v[near])
    origins = shot.origins(len(near))
    points = points_of(shot.geometry, shot.geometry.solid, origins, way, found, shot.view.pixel_angle)
    soak(points, shot.environment, shot.seconds, shot.seed)
    return points


_NOTHING = np.zeros((3, 0, 0), np.float32)
_NO_GUIDE = Guide(_NOTHING, _NOTHING, _NOTHING[0], _NOTHING[0])


def _guide(canvas: Canvas) -> Guide:
    tolerance = canvas.points.distance * np.float32(canvas.shot.view.pixel_angle * 2.5) + np.float32(2e-3)
    points = canvas.points
    # Ripples on wet ground part nothing.
    is_rippled = (points.face_normal[1] > LEVEL) & (canvas.shot.environment.wetness > 0)
    normal = np.where(is_rippled, points.face_normal, points.normal)
    whole = canvas.picture(np.concatenate([points.position, normal, tolerance[None]]))
    hit = (canvas.hits.triangle >= 0).astype(np.float32).reshape(whole.shape[1:])
    return Guide(whole[:3], whole[3:6], whole[6] + (1 - hit), hit)


def shade(ctx: Context, canvas: Canvas) -> Floats:
    """Light (3, n) that arrives at the eye from each pixel, through the air."""
    shot, points = canvas.shot, canvas.points
    light = np.empty_like(canvas.directions)
    away = np.flatnonzero(canvas.hits.triangle < 0)

    def sky(stretch: slice) -> None:
        light[:, away[stretch]] = shot.sky(np.ascontiguousarray(canvas.directions[:, away[stretch]]))

    in_stretches(ctx, len(away), sky)
    if not len(points):
        return light
    ctx.progress(0.56, "shadows")
    direct = canvas.unshadowed * _softened(canvas)
    around = _around(ctx, canvas)
    seen = _reflections(ctx, canvas, around)

    def arrive(stretch: slice) -> None:
        part = points.at(stretch)
        sent = direct[:, stretch] + part.emission + around[:, stretch] * part.color * (1 - part.metallic)
        sent += seen[:, stretch] * fresnel(part)
        pixels = canvas.met[stretch]
        light[:, pixels] = shot.through_air(shot.origins(len(pixels)), -part.to_eye, part.distance, sent)

    in_stretches(ctx, len(points), arrive, (0.8, 0.84, "air"))
    return light


def _softened(canvas: Canvas) -> Floats:
    """The share of direct light that shadows leave, smoothed where one surface goes on."""
    share = (canvas.shadowed + np.float32(1e-5)) / (canvas.unshadowed + np.float32(1e-5))
    return canvas.taken(smooth(canvas.picture(share), canvas.guide, (1, 3)))


def _around(ctx: Context, canvas: Canvas) -> Floats:
    """Bounced light, gathered at every second pixel of every second row."""
    view = canvas.shot.view
    half = canvas.guide.halved()
    rows, columns = np.nonzero(half.hit)
    position, normal = (np.ascontiguousarray(plane[:, rows, columns]) for plane in (half.position, half.normal))
    pixels = rows * view.width + columns
    light = np.zeros((4, *half.hit.shape), np.float32)

    def gather(stretch: slice) -> None:
        start, up = np.ascontiguousarray(position[:, stretch]), np.ascontiguousarray(normal[:, stretch])
        light[:, rows[stretch], columns[stretch]] = arriving(canvas.shot, start, up, pixels[stretch])

    in_stretches(ctx, len(pixels), gather, (0.6, 0.72, "light from all around"))
    light = smooth(light, half, (1, 3))
    openness = light[3].copy()
    # Light is spread wide, for it has few rays; the shade in corners is kept as narrow as it was found.
    light = smooth(light, half, (9, 5))
    light = light[:3] * ((openness + np.float32(0.05)) / (light[3] + np.float32(0.05)))
    return canvas.taken(enlarge(light, half, canvas.guide))


def _reflections(ctx: Context, canvas: Canvas, around: Floats) -> Floats:
    """Light that mirrors see, and for duller surfaces what comes from all around."""
    points = canvas.points
    seen = np.zeros_like(points.position)
    asked = np.zeros(len(points), np.float32)

    def reflect(stretch: slice) -> None:
        seen[:, stretch], asked[stretch] = mirror_image(canvas.shot, points.at(stretch), canvas.met[stretch])

    in_stretches(ctx, len(points), reflect, (0.72, 0.8, "reflections"))
    if not asked.any():
        return around
    clear = smooth(canvas.picture(np.concatenate([seen, asked[None]])), canvas.guide, (1, 1))
    # What is rough smears what it mirrors, more along the line of sight than across it.
    smeared = smooth(smooth(clear, canvas.guide, (2,)), canvas.guide, (3, 5), (0,))
    roughness = np.clip((points.roughness - np.float32(0.06)) * np.float32(9.0), 0.0, 1.0)
    both, wide = canvas.taken(clear), canvas.taken(smeared)
    both += (wide - both) * roughness
    seen = both[:3] / np.maximum(both[3], np.float32(1e-3))
    share = sharpness(points) * np.minimum(both[3] * np.float32(4.0), np.float32(1.0))
    return floats(around + (seen - around) * share)
