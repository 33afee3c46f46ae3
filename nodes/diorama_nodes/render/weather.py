"""Rain and snow in the air: streaks and flakes at their own depths, lit by what is around them."""

from __future__ import annotations

import numpy as np

from diorama_nodes.render.arrays import Floats, Ints, column, floats
from diorama_nodes.render.canvas import Canvas
from diorama_nodes.render.filters import blur, double, halve

DROPS = 2600
FLAKES = 3600
NEAREST, FARTHEST = 1.1, 22.0
"""Metres from the eye between which drops and flakes are shown one by one; beyond, they are mist."""
STREAK = 0.42
"""Metres that a drop falls while the picture is taken."""
DROP_WIDTH = 0.0035
WIND = 0.07
"""How far a drop is blown aside for each metre it falls."""


def with_weather(canvas: Canvas, light: Floats) -> Floats:
    """Light (3, h, w) with the rain and snow that fall before it."""
    environment = canvas.shot.environment
    if environment.rain <= 0 and environment.snow <= 0:
        return light
    around = _light_around(light)
    if environment.rain > 0:
        cover = _rain(canvas, min(environment.rain, 1.0))
        light = light + cover * (around * np.float32(1.0) + column(environment.ambient)[:, :, None] * 0.5)
    if environment.snow > 0:
        cover = np.minimum(_snow(canvas, min(environment.snow, 1.0)), np.float32(1.0))
        tone = around * np.float32(1.3) + column(environment.ambient)[:, :, None] * np.float32(1.2)
        light = light * (1 - cover * np.float32(0.9)) + tone * cover
    return floats(light)


def _light_around(light: Floats) -> Floats:
    """Light spread wide, as it falls on what is in the air."""
    sizes = []
    small = light
    for _ in range(4):
        sizes.append(small.shape[1:])
        small = halve(np.minimum(small, np.float32(6.0)))
    small = blur(blur(small))
    for size in reversed(sizes):
        small = double(small, *size)
    return small


def _depths(share: Floats) -> Floats:
    return floats(NEAREST * (FARTHEST / NEAREST) ** share)


def _rain(canvas: Canvas, amount: float) -> Floats:
    """How much of each pixel (h, w) streaks of rain cover."""
    view = canvas.shot.view
    count = int(DROPS * amount * max(view.width / view.height, 0.2) / (16 / 9))
    random = np.random.default_rng((canvas.shot.seed, 71)).random((5, count)).astype(np.float32)
    depth = _depths(random[0])
    size = 1 / (depth * np.float32(view.pixel_angle))
    length = np.maximum(STREAK * size * abs(float(view.up[1])), 2.0)
    x, y = random[1] * view.width, random[2] * (view.height + length) - length * np.float32(0.5)
    width = np.maximum(DROP_WIDTH * size, np.float32(0.75))
    strength = np.minimum(DROP_WIDTH * size / width, 1.0) * (np.float32(0.35) + np.float32(0.65) * random[3])
    strength *= np.float32(0.55) * np.minimum(depth * np.float32(0.4), np.float32(1.0))
    steps = np.ceil(length).astype(np.int32)
    drop = np.repeat(np.arange(count), steps)
    share = (np.arange(len(drop)) - np.repeat(np.cumsum(steps) - steps, steps)) / steps[drop].astype(np.float32)
    lean = np.float32(WIND) + (random[4] - np.float32(0.5)) * np.float32(0.03)
    down = y[drop] + (share - np.float32(0.5)) * length[drop]
    across = x[drop] - (share - np.float32(0.5)) * (length * lean)[drop]
    fade = np.sin(np.float32(np.pi) * share) * strength[drop]
    dabs = []
    for offset in range(-2, 3):
        # A streak's profile: a bell as wide as the drop.
        place = np.floor(across) + offset
        off = (place + np.float32(0.5) - across) / (np.float32(0.6) * width[drop])
        dabs.append((place, np.floor(down), depth[drop], fade * np.exp(-off * off)))
    return _splat(canvas, dabs)


def _snow(canvas: Canvas, amount: float) -> Floats:
    """How much of each pixel (h, w) flakes cover."""
    view = canvas.shot.view
    count = int(FLAKES * (0.25 + 0.75 * amount) * max(view.width / view.height, 0.2) / (16 / 9))
    random = np.random.default_rng((canvas.shot.seed, 72)).random((4, count)).astype(np.float32)
    depth = _depths(random[0])
    size = (np.float32(0.006) + np.float32(0.008) * random[3]) / (depth * np.float32(view.pixel_angle))
    radius = np.clip(size, 0.7, view.height / 100)
    strength = np.clip(size / radius, 0.0, 1.0) ** 2 * np.minimum(depth * np.float32(0.25), 0.85)
    x, y = random[1] * view.width, random[2] * view.height
    dabs = []
    reach = int(np.ceil(radius.max(initial=1.0) * 1.6))
    for down in range(-reach, reach + 1):
        for across in range(-reach, reach + 1):
            chosen = np.flatnonzero(radius * np.float32(1.7) >= max(abs(down), abs(across)) - 1)
            place, line = np.floor(x[chosen]) + across, np.floor(y[chosen]) + down
            off = ((place + 0.5 - x[chosen]) ** 2 + (line + 0.5 - y[chosen]) ** 2) / radius[chosen] ** 2
            dabs.append((place, line, depth[chosen], strength[chosen] * np.exp(-off * off)))
    return _splat(canvas, dabs)


def _splat(canvas: Canvas, dabs: list[tuple[Floats, Floats, Floats, Floats]]) -> Floats:
    """Dabs (place, line, depth, strength) summed on the pixels (h, w) where nothing stands before them."""
    view = canvas.shot.view
    place, line, depth, strength = (np.concatenate(parts) for parts in zip(*dabs, strict=True))
    inside = np.flatnonzero((place >= 0) & (place < view.width) & (line >= 0) & (line < view.height))
    pixel: Ints = line[inside].astype(np.int32) * view.width + place[inside].astype(np.int32)
    shown = strength[inside] * (canvas.hits.distance[pixel] > depth[inside])
    return floats(np.bincount(pixel, shown, view.width * view.height)).reshape(view.height, view.width)
