"""Small pictures of surfaces, one metre across, that repeat without a seam and are light, to be tinted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from diorama.values import Image
from diorama_nodes.objects.surfaces import Array

SIDE = 256


def _noise(seed: int, across: float, down: float, side: int = SIDE) -> Array:
    """Seamless noise from 0 to 1 whose features are about 1/across and 1/down of the picture."""
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft2(rng.normal(size=(side, side)))
    v = np.fft.fftfreq(side, 1 / side)[:, None] / down
    u = np.fft.rfftfreq(side, 1 / side)[None, :] / across
    spectrum *= np.exp(-(u**2 + v**2))
    spectrum[0, 0] = 0
    field = np.fft.irfft2(spectrum, s=(side, side))
    return np.asarray(np.clip(0.5 + field / (field.std() * 5), 0, 1))


def _grid(rows: int, columns: int, offset: float = 0.0) -> tuple[Array, Array, Array]:
    """For a pattern of cells: a number for each pixel's cell, and the place in it, each way from 0 to 1."""
    y, x = np.meshgrid((np.arange(SIDE) + 0.5) / SIDE, (np.arange(SIDE) + 0.5) / SIDE, indexing="ij")
    row = np.floor(y * rows)
    shifted = x * columns + offset * (row % 2)
    column = np.floor(shifted) % columns
    return row * columns + column, shifted % 1, (y * rows) % 1


def _cells(seed: int, rows: int, columns: int, offset: float, joint: float, depth: float, spread: float) -> Array:
    """Bricks, blocks or tiles with dark joints: `joint` is their width in metres, `depth` how dark they are."""
    number, x, y = _grid(rows, columns, offset)
    tone = 1 - spread * np.random.default_rng(seed).random(rows * columns)
    edge = np.minimum(np.minimum(x, 1 - x) / columns, np.minimum(y, 1 - y) / rows)
    body = np.clip((edge - joint / 2) / 0.006, 0, 1)
    return np.asarray((depth + (1 - depth) * body) * tone[number.astype(int)])


def _grain() -> Array:
    rings = np.sin(38 * _noise(1, 1.3, 5) + 6 * _noise(2, 2, 20))
    return 0.87 + 0.055 * rings + 0.16 * (_noise(3, 4, 90) - 0.5)


def _planks() -> Array:
    number, _, y = _grid(6, 1)
    tone = 1 - 0.22 * np.random.default_rng(5).random(6)
    joint = np.clip(np.minimum(y, 1 - y) / 0.05, 0.25, 1)
    return np.asarray(_grain() * tone[number.astype(int)] * joint)


def _bark() -> Array:
    ridges = np.abs(_noise(7, 18, 3) - 0.5) * 2
    return 0.5 + 0.7 * ridges + 0.2 * (_noise(8, 40, 20) - 0.5)


def _brushed() -> Array:
    return 0.9 + 0.14 * (_noise(9, 2, 100) - 0.5) + 0.1 * (_noise(10, 3, 3) - 0.5)


def _worn() -> Array:
    stains = np.clip((_noise(11, 4, 3) - 0.55) * 4, 0, 1)
    return 0.95 - 0.22 * stains * _noise(12, 20, 12) + 0.12 * (_noise(13, 50, 50) - 0.5)


def _stone() -> Array:
    return 0.82 + 0.3 * (_noise(14, 6, 6) - 0.5) + 0.25 * (_noise(15, 30, 30) - 0.5)


def _blocks() -> Array:
    return _cells(16, 4, 2, 0.5, 0.022, 0.42, 0.3) * (0.9 + 0.35 * (_noise(17, 20, 20) - 0.5))


def _marble() -> Array:
    veins = np.abs(np.sin(7 * _noise(18, 2, 2) + 3 * _noise(19, 7, 7)))
    return 0.84 + 0.16 * np.clip(veins * 3.2, 0, 1)


def _concrete() -> Array:
    return 0.88 + 0.2 * (_noise(20, 3, 3) - 0.5) + 0.14 * (_noise(21, 60, 60) - 0.5)


def _brick() -> Array:
    return _cells(22, 12, 4, 0.5, 0.014, 0.38, 0.4) * (0.93 + 0.3 * (_noise(23, 40, 40) - 0.5))


def _tiles() -> Array:
    return _cells(24, 5, 5, 0.0, 0.01, 0.55, 0.06)


def _shingles() -> Array:
    number, x, y = _grid(8, 6, 0.5)
    tone = 1 - 0.3 * np.random.default_rng(25).random(48)
    lip = 0.55 + 0.45 * np.clip(1.15 - y, 0, 1)
    gap = np.clip(np.minimum(x, 1 - x) / 0.06, 0.5, 1)
    return np.asarray(lip * gap * tone[number.astype(int)])


def _cobble() -> Array:
    rng = np.random.default_rng(26)
    rows = 9
    centres = (np.stack(np.meshgrid(np.arange(rows), np.arange(rows)), -1).reshape(-1, 2) + 0.5) / rows
    centres += rng.uniform(-0.25, 0.25, centres.shape) / rows
    around = np.concatenate([centres + np.array([i, j]) for i in (-1, 0, 1) for j in (-1, 0, 1)])
    from scipy.spatial import cKDTree

    y, x = np.meshgrid((np.arange(SIDE) + 0.5) / SIDE, (np.arange(SIDE) + 0.5) / SIDE, indexing="ij")
    found = cKDTree(around).query(np.stack([x, y], -1).reshape(-1, 2), k=2)
    distance, nearest = np.asarray(found[0]), np.asarray(found[1])
    body = np.clip((distance[:, 1] - distance[:, 0]) * rows / 0.28, 0, 1).reshape(SIDE, SIDE)
    tone = 1 - 0.3 * rng.random(rows * rows)
    number = (nearest[:, 0] % (rows * rows)).reshape(SIDE, SIDE)
    return np.asarray((0.35 + 0.65 * np.sqrt(body)) * tone[number])


def _asphalt() -> Array:
    return 0.8 + 0.5 * (_noise(27, 110, 110) - 0.5) + 0.3 * (_noise(28, 3, 3) - 0.5)


def _sand() -> Array:
    return 0.88 + 0.22 * (_noise(29, 90, 90) - 0.5) + 0.2 * (_noise(30, 5, 5) - 0.5)


def _leather() -> Array:
    return 0.8 + 0.25 * np.abs(_noise(31, 45, 45) - 0.5) * 2 + 0.2 * (_noise(32, 4, 4) - 0.5)


def _weave() -> Array:
    y, x = np.meshgrid(np.arange(SIDE), np.arange(SIDE), indexing="ij")
    threads = np.where((x // 4 + y // 4) % 2 == 0, 1.0, 0.84)
    return threads * (0.95 + 0.12 * (_noise(33, 6, 6) - 0.5))


def _wicker() -> Array:
    y, x = np.meshgrid(np.arange(SIDE) / SIDE, np.arange(SIDE) / SIDE, indexing="ij")
    over = np.sin(2 * np.pi * (x * 16 + 0.5 * np.floor(y * 24)))
    strand = np.sin(np.pi * ((y * 24) % 1))
    return 0.4 + 0.6 * np.clip(strand * (0.65 + 0.35 * over), 0, 1)


def _leaves() -> Array:
    return 0.62 + 0.9 * (_noise(34, 30, 30) - 0.5) + 0.5 * (_noise(35, 8, 8) - 0.5) + 0.2


def _grass() -> Array:
    return 0.75 + 0.5 * (_noise(36, 90, 25) - 0.5) + 0.3 * (_noise(37, 6, 6) - 0.5)


PATTERNS: dict[str, Callable[[], Array]] = {
    "grain": _grain,
    "planks": _planks,
    "bark": _bark,
    "brushed": _brushed,
    "worn": _worn,
    "stone": _stone,
    "blocks": _blocks,
    "marble": _marble,
    "concrete": _concrete,
    "brick": _brick,
    "tiles": _tiles,
    "shingles": _shingles,
    "cobble": _cobble,
    "asphalt": _asphalt,
    "sand": _sand,
    "leather": _leather,
    "weave": _weave,
    "wicker": _wicker,
    "leaves": _leaves,
    "grass": _grass,
}


@cache
def pattern_image(name: str) -> Image:
    """The picture of a pattern, 256 x 256 pixels, grey; its mean is kept light so that a tint keeps its strength."""
    field = np.clip(PATTERNS[name](), 0, 1)
    level = np.rint(255 * field).astype(np.uint8)
    return Image(np.repeat(level[:, :, None], 3, axis=2))
