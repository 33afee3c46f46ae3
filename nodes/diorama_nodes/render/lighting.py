"""Light that comes straight from lamps, sun and moon: how much of it each point sends to the eye."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from diorama.values.scene import Light
from diorama_nodes.render.arrays import Flags, Floats, Indices, column, dot, floats, luminance, normalized
from diorama_nodes.render.patterns import ball, tile_places
from diorama_nodes.render.surface import Points

LAMP_RADIUS = 0.1
"""Metres; how large a point light is for its shadows and its gleam."""
SUN_SPREAD = 0.02
"""Radians to the edge of a sun or moon, for soft shadows."""
GLEAM_LIMIT = 40.0
HOUSING = 0.22
"""Metres around a lamp in which nothing casts a shadow."""
OFFSET = 1.5e-3
"""Metres a shadow ray starts above its surface."""


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """Light that arrives at points from one lamp: direction to it (3, n), distance (n,), irradiance unfaced (n,)."""

    toward: Floats
    distance: Floats
    strength: Floats


@dataclass(frozen=True, slots=True)
class Shadows:
    """How shadow rays are sent: against what, in which pattern, and above which share of a point's light."""

    is_blocked: Callable[[Floats, Floats, Floats], Flags]
    """Whether anything lies along rays, by origins, directions and lengths."""
    table: Floats
    """Of `ball_table`: where on a lamp a pixel's ray goes."""
    width: int
    rays: int
    least: float
    """Radiance below which a shadow would not be seen."""
    share: float


def arrival(light: Light, position: Floats) -> Arrival:
    """What a light sends to places (3, n): physical falloff, windowed at its reach (KHR_lights_punctual)."""
    count = position.shape[1]
    if light.kind == "directional":
        toward = np.ascontiguousarray(np.broadcast_to(normalized(-column(light.direction)), (3, count)))
        return Arrival(toward, np.full(count, np.float32(1e4)), np.full(count, np.float32(light.intensity)))
    offset = column(light.position) - position
    squared = dot(offset, offset)
    distance = np.sqrt(squared)
    toward = floats(offset / np.maximum(distance, np.float32(1e-6)))
    strength = floats(np.float32(light.intensity) / np.maximum(squared, np.float32(LAMP_RADIUS**2)))
    if light.reach is not None:
        window = np.clip(1 - (squared * np.float32(1.0 / max(light.reach, 1e-3) ** 2)) ** 2, 0.0, 1.0)
        strength = floats(strength * window * window)
    if light.kind == "spot":
        strength = floats(strength * _cone(light, toward))
    return Arrival(toward, distance, floats(strength))


def _cone(light: Light, toward: Floats) -> Floats:
    """How much of a spot's light goes along -toward: all within the inner cone, none beyond the outer one."""
    axis = normalized(column(light.direction))
    cosine = -(axis[0] * toward[0] + axis[1] * toward[1] + axis[2] * toward[2])
    outer, inner = np.cos(light.outer_cone), np.cos(min(light.inner_cone, light.outer_cone))
    fade = np.clip((cosine - np.float32(outer)) / np.float32(max(inner - outer, 1e-3)), 0.0, 1.0)
    return floats(fade * fade)


def reflected(points: Points, light: Light, came: Arrival, has_gleam: bool = True) -> Floats:
    """Radiance (3, n) that points send to the eye of a light, were nothing in its way: Lambert and GGX."""
    facing = dot(points.normal, came.toward)
    np.maximum(facing, np.float32(0.0), out=facing)
    irradiance = facing * came.strength
    body = points.color * ((1 - points.metallic) * np.float32(1 / np.pi))
    if has_gleam:
        body += _gleam(points, came, facing)
    body *= irradiance
    body *= column(light.color)
    return floats(body)


def _gleam(points: Points, came: Arrival, facing: Floats) -> Floats:
    """The GGX lobe with Schlick's Fresnel term, widened by the lamp's size (Karis 2013)."""
    half = normalized(came.toward + points.to_eye)
    along_half = np.clip(dot(points.normal, half), 0.0, 1.0)
    to_eye = np.clip(dot(points.normal, points.to_eye), 1e-3, 1.0)
    toward_half = np.clip(dot(came.toward, half), 0.0, 1.0)
    alpha = points.roughness * points.roughness
    wide = np.minimum(alpha + np.float32(0.5 * LAMP_RADIUS) / came.distance, np.float32(1.0))
    squared = wide * wide
    depth = along_half * along_half * (squared - 1) + 1
    lobe = alpha * alpha / (np.float32(np.pi) * depth * depth)
    k = wide * np.float32(0.5)
    masking = np.float32(0.25) / ((facing * (1 - k) + k) * (to_eye * (1 - k) + k))
    away = 1 - toward_half
    fresnel = away * away
    fresnel = fresnel * fresnel * away
    straight = points.reflectance * (1 - points.metallic) + points.color * points.metallic
    straight += (1 - straight) * fresnel
    straight *= np.minimum(lobe * masking, np.float32(GLEAM_LIMIT))
    return floats(straight)


def direct_light(
    points: Points,
    lights: tuple[Light, ...],
    has_gleam: bool = True,
    shadows: Shadows | None = None,
    pixels: Indices | None = None,
) -> tuple[Floats, Floats]:
    """All lights' radiance at the points (3, n): were nothing in the way, and with shadows.

    Only where a light gives a share that the eye could miss is a shadow ray sent for it.
    """
    shares: list[tuple[int, Light, Arrival, Floats]] = []
    faintest = 0.0 if shadows is None else shadows.least
    total = np.zeros((3, len(points)), np.float32)
    for number, light in enumerate(lights):
        came = arrival(light, points.position)
        if float(came.strength.max(initial=0.0)) <= faintest:
            continue
        share = reflected(points, light, came, has_gleam)
        total += share
        shares.append((number, light, came, share))
    if shadows is None or pixels is None:
        return total, total
    shadowed = total.copy()
    least = np.maximum(luminance(total) * np.float32(shadows.share), np.float32(shadows.least))
    start = points.position + points.face_normal * (np.float32(OFFSET) + points.distance * np.float32(2e-4))
    spots = tile_places(pixels, shadows.width)
    for number, light, came, share in shares:
        lit = np.flatnonzero(luminance(share) > least)
        if len(lit):
            rays = np.ascontiguousarray(start[:, lit]), came.distance[lit], spots[lit]
            dark = _hidden(light, *rays, shadows, number)
            dim = np.flatnonzero(dark)
            shadowed[:, lit[dim]] -= share[:, lit[dim]] * dark[dim]
    np.maximum(shadowed, np.float32(0.0), out=shadowed)
    return total, shadowed


def _hidden(light: Light, start: Floats, distance: Floats, spots: Indices, shadows: Shadows, number: int) -> Floats:
    """The share of a light that places do not see, by rays to places spread over it."""
    hidden = np.zeros(len(distance), np.float32)
    for ray in range(shadows.rays):
        jitter = ball(shadows.table, spots, 3 + number * shadows.rays + ray)
        if light.kind == "directional":
            way = normalized(-column(light.direction)) + jitter * np.float32(SUN_SPREAD)
            reach = np.full_like(distance, np.float32(1e4))
        else:
            way = column(light.position) - start + jitter * np.float32(LAMP_RADIUS)
            # A lamp's own housing must not put it out: the ray ends short of the light.
            reach = np.maximum(1 - np.float32(HOUSING) / np.maximum(distance, np.float32(1e-3)), np.float32(0.5))
        hidden += shadows.is_blocked(start, way, reach)
    hidden *= np.float32(1.0 / shadows.rays)
    return hidden
