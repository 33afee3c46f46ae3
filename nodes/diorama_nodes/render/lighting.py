"""Light that comes straight from lamps, sun and moon: how much of it each point sends to the eye."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama.values.scene import Light
from diorama_nodes.render.arrays import Floats, Indices, column, dot, frames, luminance, normalized
from diorama_nodes.render.patterns import samples
from diorama_nodes.render.surface import Points
from diorama_nodes.render.tracer import Tracer

LAMP_RADIUS = 0.1
"""Metres; how large a point light is for its shadows and its gleam."""
SUN_SPREAD = 0.02
"""Radians to the edge of a sun or moon, for soft shadows."""
GLEAM_LIMIT = 40.0
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

    tracer: Tracer
    tile: Floats
    width: int
    rays: int
    least: float
    """Radiance below which a shadow would not be seen."""
    share: float = 0.03


def arrival(light: Light, position: Floats) -> Arrival:
    """What a light sends to places (3, n): physical falloff, windowed at its reach (KHR_lights_punctual)."""
    count = position.shape[1]
    if light.kind == "directional":
        toward = np.ascontiguousarray(np.broadcast_to(normalized(-column(light.direction)), (3, count)))
        return Arrival(toward, np.full(count, np.float32(1e4)), np.full(count, np.float32(light.intensity)))
    offset = column(light.position) - position
    squared = dot(offset, offset)
    distance = np.sqrt(squared)
    toward = offset / np.maximum(distance, np.float32(1e-6))
    strength = np.float32(light.intensity) / np.maximum(squared, np.float32(LAMP_RADIUS**2))
    if light.reach is not None:
        window = np.clip(1 - (squared * np.float32(1.0 / max(light.reach, 1e-3) ** 2)) ** 2, 0.0, 1.0)
        strength *= window * window
    if light.kind == "spot":
        strength *= _cone(light, toward)
    return Arrival(toward, distance, strength)


def _cone(light: Light, toward: Floats) -> Floats:
    """How much of a spot's light goes along -toward: all within the inner cone, none beyond the outer one."""
    axis = normalized(column(light.direction))
    cosine = -(axis[0] * toward[0] + axis[1] * toward[1] + axis[2] * toward[2])
    outer, inner = np.cos(light.outer_cone), np.cos(min(light.inner_cone, light.outer_cone))
    fade = np.clip((cosine - np.float32(outer)) / np.float32(max(inner - outer, 1e-3)), 0.0, 1.0)
    return np.asarray(fade * fade, np.float32)


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
    return np.asarray(body, np.float32)


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
    return np.asarray(straight, np.float32)


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
    total = np.zeros((3, len(points)), np.float32)
    for number, light in enumerate(lights):
        came = arrival(light, points.position)
        if not float(came.strength.max(initial=0.0)):
            continue
        share = reflected(points, light, came, has_gleam)
        total += share
        shares.append((number, light, came, share))
    if shadows is None or pixels is None:
        return total, total
    shadowed = total.copy()
    whole = luminance(total)
    for number, light, came, share in shares:
        weight = luminance(share)
        lit = np.flatnonzero(weight > np.maximum(whole * np.float32(shadows.share), np.float32(shadows.least)))
        if len(lit):
            dark = 1 - _visible(points, lit, light, came, shadows, pixels, number)
            shadowed[:, lit] -= share[:, lit] * dark
    np.maximum(shadowed, np.float32(0.0), out=shadowed)
    return total, shadowed


def _visible(
    points: Points, lit: Indices, light: Light, came: Arrival, shadows: Shadows, pixels: Indices, number: int
) -> Floats:
    """The share of a light that chosen points see, by rays to places spread over it."""
    start = points.position[:, lit] + points.face_normal[:, lit] * (
        np.float32(OFFSET) + points.distance[lit] * np.float32(2e-4)
    )
    toward, distance = came.toward[:, lit], came.distance[lit]
    if light.kind != "directional":
        offset = column(light.position) - start
        distance = np.sqrt(dot(offset, offset))
        toward = offset / np.maximum(distance, np.float32(1e-6))
    spread = SUN_SPREAD * distance if light.kind == "directional" else np.full(len(lit), np.float32(LAMP_RADIUS))
    first, second = frames(toward)
    seen = np.zeros(len(lit), np.float32)
    for ray in range(shadows.rays):
        radius, turn = samples(shadows.tile, pixels[lit], shadows.width, 3 + number * shadows.rays + ray)
        radius = np.sqrt(radius) * spread
        turn *= np.float32(2 * np.pi)
        way = toward * distance + first * (radius * np.cos(turn)) + second * (radius * np.sin(turn))
        # A lamp's own housing must not put it out: the ray ends short of the light.
        reach = np.where(distance > 0.5, 1 - np.float32(0.22) / np.maximum(distance, 0.5), np.float32(0.5))
        seen += ~shadows.tracer.is_blocked(start, way.astype(np.float32), reach.astype(np.float32))
    seen *= np.float32(1.0 / shadows.rays)
    return seen
