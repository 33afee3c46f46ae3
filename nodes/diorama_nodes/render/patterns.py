"""Fixed noise: a blue-noise tile for sampling, and smooth value noise for puddles and clouds."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from diorama_nodes.render.arrays import Floats, Indices, floats

TILE = 64
PATTERNS = 4
"""Tiles that are kept; a seed beyond takes one of them."""
GOLDEN = 0.6180339887498949
R2 = (0.7548776662466927, 0.5698402909980532)
"""Steps of the two-dimensional sequence that fills the square most evenly (Roberts 2018)."""


@lru_cache(maxsize=4)
def blue_noise(seed: int) -> Floats:
    """A 64 x 64 tile of evenly spread values in 0..1 whose neighbours differ as much as they can.

    White noise, its low frequencies taken away and its values ranked again, five times over.
    """
    tile = np.random.default_rng(seed).random((TILE, TILE))
    frequency = np.fft.fftfreq(TILE)
    squared = frequency[:, None] ** 2 + frequency[None, :] ** 2
    high_pass = 1.0 - np.exp(-squared * (2.0 * np.pi * 1.9) ** 2 / 2.0)
    for _ in range(5):
        # Rounded, so that the ranks do not hang on the last bit of a Fourier transform.
        tile = np.round(np.fft.ifft2(np.fft.fft2(tile) * high_pass).real, 9)
        ranks = np.empty(TILE * TILE)
        ranks[np.argsort(tile, axis=None, kind="stable")] = np.arange(TILE * TILE)
        tile = ((ranks + 0.5) / (TILE * TILE)).reshape(TILE, TILE)
    return tile.astype(np.float32)


def samples(tile: Floats, pixels: Indices, width: int, dimension: int) -> tuple[Floats, Floats]:
    """Two numbers in 0..1 for each pixel (its number in the picture, row by row), fresh in each dimension."""
    flat = tile.reshape(-1)
    rows, columns = np.divmod(pixels, width)
    shift = 19 * dimension
    first = flat[((rows + shift) % TILE) * TILE + (columns + 7 * shift) % TILE]
    second = flat[((rows + shift + 31) % TILE) * TILE + (columns + 7 * shift + 17) % TILE]
    first = (first + np.float32(dimension * R2[0] % 1.0)) % np.float32(1.0)
    second = (second + np.float32(dimension * R2[1] % 1.0)) % np.float32(1.0)
    return first, second


def tile_places(pixels: Indices, width: int) -> Indices:
    """Where in the tile each pixel (its number in the picture, row by row) lies."""
    rows, columns = np.divmod(pixels, width)
    places: Indices = (rows % TILE) * TILE + columns % TILE
    return places


def ball(table: Floats, places: Indices, dimension: int) -> Floats:
    """Points (3, n) of a `ball_table` by places in the tile; others in each dimension."""
    return np.take(table, (places + dimension * 1237) & (TILE * TILE - 1), axis=1)


@lru_cache(maxsize=4)
def ball_table(seed: int) -> Floats:
    """Points (3, 4096) evenly spread in a ball of radius 1, in the order of the tile."""
    tile = blue_noise(seed)
    height = 2 * tile.reshape(-1) - 1
    turn = np.roll(tile, (23, 41), (0, 1)).reshape(-1) * np.float32(2 * np.pi)
    radius = np.cbrt(np.roll(tile, (47, 11), (0, 1)).reshape(-1))
    flat = np.sqrt(1 - height * height)
    return (np.stack([flat * np.cos(turn), height, flat * np.sin(turn)]) * radius).astype(np.float32)


@lru_cache(maxsize=8)
def _lattice(seed: int) -> Floats:
    return np.random.default_rng(seed).random((256, 256)).astype(np.float32)


def value_noise(x: Floats, y: Floats, seed: int) -> Floats:
    """Smooth noise in 0..1 over the plane, one lattice point a unit, repeating after 256."""
    lattice = _lattice(seed).reshape(-1)
    left, low = np.floor(x), np.floor(y)
    u, v = x - left, y - low
    u *= u * (np.float32(3.0) - np.float32(2.0) * u)
    v *= v * (np.float32(3.0) - np.float32(2.0) * v)
    column, row = left.astype(np.int32) & 255, low.astype(np.int32) & 255
    right, high = (column + 1) & 255, ((row + 1) & 255) << 8
    row <<= 8
    bottom = lattice[row + column] * (1 - u) + lattice[row + right] * u
    top = lattice[high + column] * (1 - u) + lattice[high + right] * u
    return floats(bottom * (1 - v) + top * v)


def cloud_noise(x: Floats, y: Floats, seed: int, octaves: int = 4) -> Floats:
    """Value noise of several sizes laid over each other, in 0..1."""
    total = np.zeros_like(x)
    share, scale, sum_of_shares = 0.5, 1.0, 0.0
    for octave in range(octaves):
        total += np.float32(share) * value_noise(
            x * np.float32(scale) + np.float32(13.7 * octave), y * np.float32(scale) - np.float32(7.3 * octave), seed
        )
        sum_of_shares += share
        share *= 0.5
        scale *= 2.03
    total /= np.float32(sum_of_shares)
    return total
