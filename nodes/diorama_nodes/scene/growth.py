"""What grows or lies about: trees, bushes, grass, flowers, reeds, cacti and rocks, a few shapes of each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diorama.values import Material, Mesh, Part
from diorama_nodes.objects.primitives import blob, lathe, tube
from diorama_nodes.objects.surfaces import merged
from diorama_nodes.scene.facade import paint
from diorama_nodes.scene.textures import linear

LEAVES = {
    "spring": ("#7fae4a", "#93bb58", "#e7b7c6"),
    "summer": ("#4f7a33", "#5f8a3a", "#47702f"),
    "autumn": ("#c2702a", "#a94f25", "#c99a35"),
    "winter": ("#dfe7ee", "#cfd9e2", "#e9eff4"),
}


def is_low(kind: str) -> bool:
    """Whether it is so low that it may grow among the things of the scene."""
    return kind in ("tuft", "flower", "reed")


def shapes(kind: str, season: str, rng: np.random.Generator) -> list[Mesh]:
    """A few different shapes of a kind of growth."""
    make, count = MADE[kind]
    return [Mesh(merged(make(season, rng, number))) for number in range(count)]


def _foliage(season: str, number: int) -> Material:
    colors = LEAVES.get(season, LEAVES["summer"])
    return paint("leaves", colors[number % 3], 0.95, "grass")


def _trunk(height: float, radius: float, rng: np.random.Generator) -> Part:
    bark = paint("bark", "#5d4733", 0.95, "rock")
    lean = rng.uniform(-0.12, 0.12, 2) * height
    share = np.linspace(0, 1, 5)
    line = np.stack([lean[0] * share**2, height * share, lean[1] * share**2], axis=1)
    return tube(line, (radius * (1.25 - 0.75 * share)).tolist(), bark, 7)


def _tree(season: str, rng: np.random.Generator, number: int) -> list[Part]:
    tall = float(rng.uniform(2.0, 2.8))
    leaves = _foliage(season, number)
    parts = [_trunk(tall + 0.8, 0.17, rng)]
    for _ in range(6):
        turn, out = rng.uniform(0, 6.28), rng.uniform(0.2, 1.0)
        size = float(rng.uniform(0.85, 1.35))
        at = (out * np.sin(turn), tall + float(rng.uniform(0.2, 1.7)), out * np.cos(turn))
        parts.append(blob((size, size * 0.85, size), at, leaves, rng, 0.28, 2))
    return parts


def _pine(season: str, rng: np.random.Generator, number: int) -> list[Part]:
    needles = paint(
        "needles", "#dfe8ee" if season == "winter" else ("#27452f", "#2f4d33", "#21402c")[number % 3], 0.95, "grass"
    )
    dark = paint("needles_below", "#2c4a35", 0.95, "grass")
    tall = float(rng.uniform(5.0, 7.5))
    parts = [_trunk(tall * 0.5, 0.16, rng)]
    for level in range(6):
        low = tall * (0.14 + 0.14 * level)
        wide = (1.0 - level / 6.6) * tall * 0.24
        skirt = [(wide * 0.25, low + 0.12), (wide, low), (wide * 0.55, low + tall * 0.1), (0.02, low + tall * 0.24)]
        parts.append(lathe(skirt[1:], material=needles, sides=10))
        parts.append(lathe([(wide * 0.15, low + 0.25), (wide, low)], material=dark, sides=10))
    return parts


def _dead_tree(season: str, rng: np.random.Generator, number: int) -> list[Part]:
    bark = paint("dead_bark", "#4a433c", 0.95, "rock")
    parts = [tube([(0, 0, 0), (0.1, 1.5, 0.05), (0.0, 3.0, 0.2), (0.25, 4.2, 0.1)], [0.22, 0.16, 0.1, 0.03], bark, 7)]
    for _ in range(7):
        low, turn = float(rng.uniform(1.2, 3.4)), float(rng.uniform(0, 6.28))
        out = float(rng.uniform(0.7, 1.5))
        way = np.array([np.sin(turn), 0.0, np.cos(turn)])
        line = [
            np.array([0.05, low, 0.08]),
            np.array([0.05, low + 0.35, 0.08]) + way * out * 0.5,
            np.array([0, low + 0.5, 0]) + way * out,
        ]
        parts.append(tube(np.stack(line), [0.07, 0.045, 0.012], bark, 5))
    return parts


def _palm(season: str, rng: np.random.Generator, number: int) -> list[Part]:
    bark, leaf = paint("palm_bark", "#8a6b4a", 0.95, "rock"), paint("palm_leaf", "#4d7d3a", 0.8, "grass")
    tall, lean = float(rng.uniform(4.0, 5.5)), float(rng.uniform(0.4, 1.1))
    share = np.linspace(0, 1, 7)
    parts = [
        tube(np.stack([lean * share**2, tall * share, 0 * share], axis=1), (0.17 - 0.06 * share).tolist(), bark, 8)
    ]
    for turn in np.arange(11) * 0.571 + rng.uniform(0, 1):
        reach = np.linspace(0, 1, 6)
        spine = np.stack(
            [
                lean + 2.0 * reach * np.sin(turn),
                tall + 0.55 * np.sin(reach * 2.4) - 1.1 * reach**2.5,
                2.0 * reach * np.cos(turn),
            ],
            axis=1,
        )
        parts.append(_blade(spine, 0.26 * np.sin(np.pi * np.clip(reach + 0.12, 0, 1)), leaf))
    return parts


def _blade(
    spine: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    wide: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    material: Material,
) -> Part:
    """A leaf along a spine, seen from both sides."""
    ahead = np.gradient(spine, axis=0)
    across = np.cross(ahead, [0.0, 1.0, 0.0])
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6)
    left, right = spine - across * wide[:, None], spine + across * wide[:, None]
    count = len(spine)
    positions = np.concatenate([left, right, left, right])
    low = np.arange(count - 1)
    top = np.stack([low, low + count, low + count + 1, low, low + count + 1, low + 1], axis=1).reshape(-1, 3)
    under = top[:, ::-1] + 2 * count
    normals = np.tile([0.0, 1.0, 0.0], (4 * count, 1))
    normals[2 * count :] *= -1
    uvs = np.tile(np.stack([np.zeros(count), np.linspace(0, 1, count)], axis=1), (4, 1))
    return Part(
        positions.astype(np.float32),
        normals.astype(np.float32),
        np.concatenate([top, under]).astype(np.uint32),
        uvs.astype(np.float32),
        material,
    )


def _bush(season: str, rng: np.random.Generator, number: int) -> list[Part]:
    leaves = _foliage(season, number + 1)
    return [
        blob(
            (s, s * 0.8, s),
            (float(rng.uniform(-0.4, 0.4)), s * 0.55, float(rng.uniform(-0.4, 0.4))),
            leaves,
            rng,
            0.3,
            2,
        )
        for s in (float(rng.uniform(0.35, 0.6)) for _ in range(3))
    ]


def _blades(
    count: int, spread: float, height: float, wide: float, material: Material, rng: np.random.Generator
) -> Part:
    """Upright blades, each a thin triangle seen from both sides."""
    foot = rng.normal(size=(count, 2)) * spread
    turn, tall = rng.uniform(0, np.pi, count), height * rng.uniform(0.5, 1.2, count)
    bend = rng.normal(size=(count, 2)) * 0.3 * tall[:, None]
    side = np.stack([np.cos(turn), np.zeros(count), np.sin(turn)], axis=1) * wide
    base = np.stack([foot[:, 0], np.zeros(count), foot[:, 1]], axis=1)
    tip = base + np.stack([bend[:, 0], tall, bend[:, 1]], axis=1)
    positions = np.stack([base - side, base + side, tip], axis=1).reshape(-1, 3)
    front = np.arange(count * 3).reshape(-1, 3)
    normals = np.tile([0.0, 1.0, 0.0], (len(positions), 1))
    uvs = np.tile([(0.0, 1.0), (1.0, 1.0), (0.5, 0.0)], (count, 1))
    material = Material(material.name, material.base_color, 0.0, 0.95, double_sided=True)
    return Part(
        positions.astype(np.float32),
        normals.astype(np.float32),
        front.astype(np.uint32),
        uvs.astype(np.float32),
        material,
    )


def _tuft(season: str, rng: np.random.Generator, number: int) -> list[Part]:
    color = {"autumn": "#a5904e", "winter": "#b5b09a"}.get(season, ("#6d8f41", "#5d8238", "#7d9a4a")[number % 3])
    return [_blades(60, 0.28, 0.24, 0.012, paint("grass", color), rng)]


def _reed(season: str, rng: np.random.Generator, number: int) -> list[Part]:
    return [_blades(22, 0.22, 1.2, 0.018, paint("reed", ("#7d8748", "#8d8a50")[number % 2]), rng)]


def _flower(season: str, rng: np.random.Generator, number: int) -> list[Part]:
    color = ("#e8c63a", "#d8578a", "#f2f0ea", "#8a6fd0")[number % 4]
    petals = paint("petals", color, 0.8)
    parts = [_blades(16, 0.16, 0.26, 0.01, paint("stem", "#5d8238"), rng)]
    for _ in range(5):
        x, z = rng.normal(size=2) * 0.16
        y = float(rng.uniform(0.2, 0.34))
        parts.append(lathe([(0.004, y - 0.02), (0.04, y), (0.0, y + 0.02)], material=petals, sides=6))
        parts[-1] = Part(
            parts[-1].positions + np.array([x, 0, z], np.float32),
            parts[-1].normals,
            parts[-1].triangles,
            parts[-1].uvs,
            petals,
        )
    return parts


def _rock(season: str, rng: np.random.Generator, number: int) -> list[Part]:
    size = float(rng.uniform(0.35, 1.0))
    stone = paint("stone", ("#7e7a73", "#8a847a", "#6d6a66")[number % 3], 0.95, "rock")
    return [blob((size * 1.2, size * 0.8, size), (0, size * 0.3, 0), stone, rng, 0.4, 2, True)]


def _cactus(season: str, rng: np.random.Generator, number: int) -> list[Part]:
    skin = paint("cactus", "#5d7d4a", 0.85, "grass")
    tall = float(rng.uniform(2.0, 3.4))
    parts = [
        lathe(
            [(0.2, 0), (0.24, tall * 0.5), (0.2, tall - 0.2), (0.12, tall - 0.06), (0.0, tall)], material=skin, sides=10
        )
    ]
    for side in (-1, 1)[: 1 + number % 2]:
        y = float(rng.uniform(0.4, 0.6)) * tall
        bow = [
            (0, y, 0),
            (side * 0.45, y + 0.03, 0),
            (side * 0.58, y + 0.25, 0),
            (side * 0.58, y + 0.9, 0),
            (side * 0.57, y + 1.0, 0),
        ]
        parts.append(tube(bow, [0.12, 0.13, 0.13, 0.12, 0.02], skin, 8))
    return parts


MADE: dict[str, tuple[Callable[[str, np.random.Generator, int], list[Part]], int]] = {
    "tree": (_tree, 3),
    "pine": (_pine, 3),
    "dead_tree": (_dead_tree, 2),
    "palm": (_palm, 2),
    "bush": (_bush, 2),
    "tuft": (_tuft, 3),
    "reed": (_reed, 2),
    "flower": (_flower, 4),
    "rock": (_rock, 4),
    "cactus": (_cactus, 3),
}
"""How each kind is made, and how many shapes of it there are."""

__all__ = ["is_low", "linear", "shapes"]
