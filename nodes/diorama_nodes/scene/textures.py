"""Small procedural pictures for grounds and walls; each repeats without a seam."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from diorama.values import Image
from diorama.values.mesh import Rgb

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
SIDE = 256


def linear(color: str) -> Rgb:
    """The linear RGB of an sRGB colour `#rrggbb`."""
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def grain(rng: np.random.Generator, cells: tuple[int, ...] = (4, 8, 16, 32, 64), fall: float = 0.55) -> Array:
    """Cloudy noise from 0 to 1, (SIDE, SIDE), the sum of ever finer grids."""
    total = np.zeros((SIDE, SIDE))
    weight = 1.0
    for count in cells:
        total += weight * _stretched(rng.random((count, count)))
        weight *= fall
    total -= total.min()
    return np.asarray(total / total.max())


def _stretched(grid: Array) -> Array:
    """A grid drawn out to SIDE with smooth steps, wrapping round."""
    for axis in (0, 1):
        count = grid.shape[axis]
        at = np.arange(SIDE) * count / SIDE
        low = at.astype(int)
        part = at - low
        part = part * part * (3 - 2 * part)
        shape = (-1, 1) if axis == 0 else (1, -1)
        grid = np.take(grid, low, axis) * (1 - part.reshape(shape)) + np.take(
            grid, (low + 1) % count, axis
        ) * part.reshape(shape)
    return grid


def _picture(value: Array, tint: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Image:
    """A picture of brightness `value` (SIDE, SIDE) from 0 to 1 in a tint."""
    pixels = np.clip(value[:, :, None] * np.array(tint) * 255, 0, 255)
    return Image(np.round(pixels).astype(np.uint8))


def _grid(across: int, down: int, joint: float, shift: float = 0.0) -> tuple[Array, Array]:
    """Joints (1 on the stone, 0 in the joint) and a number for each stone, both (SIDE, SIDE)."""
    y = np.arange(SIDE)[:, None] / SIDE * down
    row = np.floor(y).astype(int)
    x = np.arange(SIDE)[None, :] / SIDE * across + shift * (row % 2)
    column = np.floor(x).astype(int) % across
    from_joint = np.minimum(
        np.minimum(x % 1, 1 - x % 1) / across, np.broadcast_to(np.minimum(y % 1, 1 - y % 1) / down, x.shape)
    )
    return np.clip(from_joint / joint * 2 - 0.5, 0, 1), row * across + column


def _stones(rng: np.random.Generator, across: int, down: int, joint: float, shift: float, spread: float) -> Array:
    flat, number = _grid(across, down, joint, shift)
    tone = 1 - spread * rng.random(across * down)[number]
    return np.asarray((0.45 + 0.55 * flat) * tone * (0.86 + 0.14 * grain(rng)))


def _asphalt(rng: np.random.Generator) -> Array:
    speckle = rng.random((SIDE, SIDE))
    return 0.55 + 0.25 * grain(rng, (3, 6, 12, 24)) + 0.2 * speckle * grain(rng)


def _planks(rng: np.random.Generator) -> Array:
    flat, number = _grid(6, 2, 0.006, 0.0)
    tone = 1 - 0.35 * rng.random(12)[number]
    fibre = _stretched(rng.random((4, 4))) * 0.1 + np.tile(grain(rng, (64, 128))[:1], (SIDE, 1)) * 0.25
    return np.asarray((0.4 + 0.6 * flat) * tone * (0.75 + fibre))


def _grass(rng: np.random.Generator) -> Array:
    return 0.5 + 0.3 * grain(rng, (4, 8, 16)) + 0.3 * (grain(rng, (64, 128), 0.9) - 0.5)


def _sand(rng: np.random.Generator) -> Array:
    waves = np.sin(2 * np.pi * (np.arange(SIDE)[:, None] / SIDE * 9 + 0.9 * grain(rng, (3, 6))))
    return 0.82 + 0.06 * waves + 0.08 * grain(rng, (32, 64, 128), 0.9)


def _plates(rng: np.random.Generator) -> Array:
    flat, number = _grid(2, 2, 0.008, 0.5)
    return np.asarray((0.6 + 0.4 * flat) * (1 - 0.12 * rng.random(4)[number]) * (0.92 + 0.08 * grain(rng)))


def _streaked(rng: np.random.Generator) -> Array:
    """Old plaster or concrete: blotches, with dark streaks where water has run down."""
    streaks = np.tile(grain(rng, (16, 32, 64), 0.8)[:1], (SIDE, 1)) ** 3
    return 0.72 + 0.28 * grain(rng) - 0.22 * streaks * grain(rng, (4, 8))


DRAWN: dict[str, Callable[[np.random.Generator], Array]] = {
    "asphalt": _asphalt,
    "concrete": _streaked,
    "brick": lambda rng: _stones(rng, 8, 16, 0.012, 0.5, 0.35),
    "paving": lambda rng: _stones(rng, 4, 4, 0.012, 0.5, 0.22),
    "cobbles": lambda rng: _stones(rng, 12, 12, 0.022, 0.5, 0.3),
    "flagstones": lambda rng: _stones(rng, 3, 5, 0.014, 0.5, 0.3),
    "tiles": lambda rng: _stones(rng, 8, 8, 0.008, 0.0, 0.05),
    "planks": _planks,
    "plaster": lambda rng: 0.93 + 0.07 * grain(rng),
    "grass": _grass,
    "sand": _sand,
    "snow": lambda rng: 0.93 + 0.07 * grain(rng, (4, 8, 16, 32)),
    "rock": lambda rng: 0.55 + 0.45 * grain(rng, (4, 8, 16, 32, 64), 0.7),
    "soil": lambda rng: 0.55 + 0.3 * grain(rng, (8, 16, 32)) + 0.15 * rng.random((SIDE, SIDE)),
    "plates": _plates,
    "carpet": lambda rng: 0.85 + 0.15 * rng.random((SIDE, SIDE)),
    "water": lambda rng: 0.8 + 0.2 * grain(rng, (6, 12, 24)),
}
"""How each surface is drawn, as brightness; its colour is the material's."""


@lru_cache(maxsize=64)
def surface(name: str, seed: int = 0) -> Image:
    """The picture of a surface, 256 x 256, grey: the material's base colour tints it."""
    index = list(DRAWN).index(name)
    return _picture(DRAWN[name](np.random.default_rng([seed, index])))
