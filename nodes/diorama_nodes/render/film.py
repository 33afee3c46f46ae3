"""From light to a picture: glow of what is bright, exposure, filmic tones, vignette, sRGB."""

from __future__ import annotations

from functools import cache

import numpy as np

from diorama.values.image import Pixels
from diorama.values.scene import Environment
from diorama_nodes.render.arrays import Floats, floats, luminance
from diorama_nodes.render.filters import blur, double, halve
from diorama_nodes.render.sky import is_night

BLOOM_SHARE = 0.1
BLOOM_FALL = 0.85
"""The share of the narrowest glow, and of each one twice as wide as the last."""
BLOOM_START = 0.9
"""Exposed luminance from which light spills over."""
BLOOM_LIMIT = 14.0
FILM_GAIN = 1.3
"""What makes up for the curve's darker middle tones."""
CURVE_STEPS = 4096
DAY_MIDDLE = 0.2
"""Exposed luminance that half of a day's or a room's pixels should reach."""
VIVIDNESS = 1.12
DAYLIGHT_GAIN = 1.22
"""A clear sky is shown nearly white at its brightest, as the eye that is used to it sees it."""

_INTO_FILM = ((0.59719, 0.35458, 0.04823), (0.07600, 0.90834, 0.01566), (0.02840, 0.13383, 0.83777))
_OUT_OF_FILM = ((1.60475, -0.53108, -0.07367), (-0.10208, 1.10813, -0.00605), (-0.00327, -0.07276, 1.07602))
"""sRGB to the fitted ACES colour space and back (Hill's fit of RRT and ODT, as published with the BakingLab sample)."""


def safe_exposure(light: Floats, environment: Environment) -> float:
    """The environment's exposure, held back where a scene would burn out and raised where it would be seen too dimly.

    A night keeps its darkness as long as something in it is bright.
    """
    dark = is_night(environment)
    open_day = not dark and environment.setting == "outdoor"
    exposure = environment.exposure * (DAYLIGHT_GAIN if open_day else 1.0)
    bright = luminance(light).reshape(-1)[::7] * np.float32(exposure)
    lit = float(np.quantile(bright, 0.99))
    middle = float(np.quantile(bright, 0.5))
    factor = 1.0
    if lit < 0.25:
        factor = (0.25 / max(lit, 1e-3)) ** 0.6
    elif middle > 0.9:
        factor = (0.9 / middle) ** 0.8
    elif not dark and middle < DAY_MIDDLE:
        factor = min((DAY_MIDDLE / max(middle, 1e-3)) ** 0.5, 1.6)
    return exposure * min(max(factor, 0.02), 4.0)


def bloom(light: Floats) -> Floats:
    """Exposed light (3, h, w) with the glow that bright places throw around them in lens and eye."""
    height, width = light.shape[1:]
    small = halve(light)
    level = luminance(small)
    spill = np.clip(level - np.float32(BLOOM_START), 0.0, BLOOM_LIMIT) / np.maximum(level, np.float32(1e-4))
    layers = [blur(small * spill)]
    # As wide in the picture at any size of it: 6 layers for 540 rows, one more for twice as many.
    for _ in range(max(round(float(np.log2(height))) - 4, 1)):
        if min(layers[-1].shape[1:]) < 4:
            break
        layers.append(blur(halve(layers[-1])))
    glow = layers[-1] * np.float32(BLOOM_SHARE * BLOOM_FALL ** (len(layers) - 1))
    for number in range(len(layers) - 2, -1, -1):
        glow = double(glow, *layers[number].shape[1:])
        glow += layers[number] * np.float32(BLOOM_SHARE * BLOOM_FALL**number)
    return floats(light + double(glow, height, width))


def develop(light: Floats, tile: Floats, vignette: float = 0.28) -> Pixels:
    """Exposed light (3, h, w) as 8-bit sRGB pixels (h, w, 3), a fine grain hiding the steps between tones."""
    height, width = light.shape[1:]
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None] ** 2
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :] ** 2
    distance = (down + across) * np.float32(0.5)
    reach = np.float32(FILM_GAIN) - np.float32(FILM_GAIN * vignette) * distance * np.sqrt(distance)
    light = light * reach
    grey = luminance(light)
    light = np.maximum(grey + (light - grey) * np.float32(VIVIDNESS), np.float32(0.0))
    film = _mixed(floats(light), _INTO_FILM)
    toned = (film * (film + np.float32(0.0245786)) - np.float32(0.000090537)) / (
        film * (np.float32(0.983729) * film + np.float32(0.4329510)) + np.float32(0.238081)
    )
    shown = np.clip(_mixed(floats(toned), _OUT_OF_FILM), 0.0, 1.0)
    # The curve's steps lie closer where the eye is finer: the table is over the square root.
    steps = (np.sqrt(shown) * np.float32(CURVE_STEPS - 1)).astype(np.int32)
    tones = _curve()[steps]
    rows, columns = -(-height // tile.shape[0]), -(-width // tile.shape[1])
    tones += np.tile(tile, (rows, columns))[:height, :width]
    return np.ascontiguousarray(np.minimum(tones, np.float32(255.0)).astype(np.uint8).transpose(1, 2, 0))


def _mixed(light: Floats, matrix: tuple[tuple[float, ...], ...]) -> Floats:
    """Colours (3, h, w) under a 3 x 3 matrix."""
    rows = [light[0] * np.float32(a) + light[1] * np.float32(b) + light[2] * np.float32(c) for a, b, c in matrix]
    return np.stack(rows)


@cache
def _curve() -> Floats:
    """sRGB tones 0..255 over the square root of linear light."""
    linear = (np.arange(CURVE_STEPS) / (CURVE_STEPS - 1)) ** 2
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return (srgb * 255.0).astype(np.float32)
