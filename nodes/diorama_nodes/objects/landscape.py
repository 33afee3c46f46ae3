"""Trees, rocks, islands, waterfalls, mountains."""

from __future__ import annotations

from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.garden import blades, petal
from diorama_nodes.objects.kinds import Size, Wish, kind
from diorama_nodes.objects.materials import leafy, material, shaded
from diorama_nodes.objects.primitives import blob, cylinder, sheet, sphere, tube
from diorama_nodes.objects.shapes import leaf_cards, smooth_shape
from diorama_nodes.objects.surfaces import Array, grid_triangles, moved, scaled, turned
from diorama_nodes.objects.varieties import crystals


def _crown(wish: Wish, centres: Array, radii: Array, color: str, count: int, length: float) -> list[Part]:
    """Dark clumps with leaves over them."""
    rng = wish.rng(2)
    core = material("foliage", shaded(color, 0.55))
    parts = [
        blob(tuple(radius * 0.9), tuple(centre), core, rng, 0.3, 2)
        for centre, radius in zip(centres, radii, strict=True)
    ]
    half = count // 2
    parts.append(leaf_cards(rng, centres, radii, half, length, leafy("foliage", color)))
    return [*parts, leaf_cards(rng, centres, radii, count - half, length, leafy("foliage", shaded(color, 1.18)))]


def _broadleaf(wish: Wish, color: str, trunk_share: float, thick: float, clumps: int, spread: float) -> list[Part]:
    """A trunk that forks into limbs, each with a clump of leaves at its end."""
    rng = wish.rng()
    w, h, d = wish.size
    bark = material("bark", "#d8d4c8" if wish.says("birch") else None)
    fork = h * trunk_share
    trunk = [(0, 0, 0), (0.02 * w, fork * 0.5, 0), (0, fork, 0.02 * w), (0.02 * w, h * 0.72, 0)]
    parts = [tube(trunk, [thick * 1.5, thick, thick * 0.85, thick * 0.3], bark, 10)]
    for k in range(5):
        a = k * tau / 5 + float(rng.uniform(0, 1))
        parts.append(
            tube(
                [
                    (thick * 0.7 * cos(a), thick * 1.2, thick * 0.7 * sin(a)),
                    (thick * 2.4 * cos(a), -0.02, thick * 2.4 * sin(a)),
                ],
                [thick * 0.6, thick * 0.2],
                bark,
                6,
            )
        )
    centres, radii = [np.array([0.0, h * 0.8, 0.0])], [np.array([w * 0.25, h * 0.19, d * 0.25])]
    for k in range(clumps):
        a = k * tau / clumps + float(rng.uniform(-0.25, 0.25))
        y, reach = h * float(rng.uniform(0.52, 0.74)), spread * float(rng.uniform(0.85, 1.1))
        end = np.array([w * reach * cos(a), y, d * reach * sin(a)])
        middle = np.array([end[0] * 0.5, (fork + y) * 0.48, end[2] * 0.5])
        parts.append(
            tube([(0, fork * 0.85, 0), tuple(middle), tuple(end)], [thick * 0.6, thick * 0.4, thick * 0.15], bark, 7)
        )
        centres.append(end)
        radii.append(np.array([w * 0.22, h * 0.16, d * 0.22]) * rng.uniform(0.85, 1.15))
    return parts + _crown(wish, np.array(centres), np.array(radii), color, 1300, h * 0.026)


CROWNS = (
    (("cherry", "blossom", "sakura", "plum"), "#f0b6c6"),
    (("maple", "momiji"), "#b8402a"),
    (("autumn", "fall"), "#c9752c"),
    (("birch",), "#8aa84a"),
    (("willow",), "#7f9a4a"),
    (("ginkgo",), "#d8b02c"),
)
"""Colours of crowns by what was said of the tree."""


@kind("tree", (3.6, 5.0, 3.6))
def tree(wish: Wish) -> list[Part]:
    """A broad-leaved tree; with blossom where cherry or blossom was said, bare where dead."""
    color = wish.color or next((tone for words, tone in CROWNS if wish.says(*words)), "#4f7d35")
    if wish.says("dead", "bare", "leafless"):
        return [
            part
            for part in _broadleaf(wish, color, 0.4, wish.h * 0.03, 7, 0.34)
            if part.material.name.startswith("bark")
        ]
    return _broadleaf(wish, color, 0.38, wish.h * 0.026, 6, 0.26)


@kind("oak", (7.0, 7.5, 7.0))
def oak(wish: Wish) -> list[Part]:
    """A wide old tree with a thick trunk."""
    return _broadleaf(wish, wish.color or "#46702c", 0.3, wish.h * 0.05, 8, 0.3)


@kind("pine_tree", (2.8, 6.5, 2.8))
def pine_tree(wish: Wish) -> list[Part]:
    """A conifer: tiers of drooping boughs about a straight trunk."""
    rng = wish.rng()
    r, h = wish.w / 2, wish.h
    color = wish.color or "#2f5a38"
    tones = (leafy("foliage", color), leafy("foliage", shaded(color, 0.78)))
    parts = [
        tube([(0, 0, 0), (0, h * 0.5, 0), (0, h * 0.97, 0)], [h * 0.024, h * 0.017, h * 0.004], material("bark"), 9)
    ]
    tiers = 13
    for tier in range(tiers):
        share = tier / (tiers - 1)
        y, reach = h * (0.16 + 0.78 * share), r * (1 - share) ** 0.85 + r * 0.06
        count = 9 if share < 0.6 else 7
        for k in range(count):
            bough = _bough(
                reach * float(rng.uniform(0.85, 1.08)),
                reach * 0.5,
                -reach * (0.42 - 0.3 * share),
                tones[(tier + k) % 2],
            )
            parts.append(
                moved(
                    turned(bough, "y", tau * (k + 0.5 * (tier % 2)) / count + float(rng.uniform(-0.15, 0.15))),
                    (0, y, 0),
                )
            )
    return [*parts, moved(turned(petal(h * 0.06, h * 0.02, 0.0, color, "foliage"), "x", -pi / 2), (0, h * 0.93, 0))]


def _bough(length: float, width: float, drop: float, stuff: Material) -> Part:
    share = np.array([0.0, 0.3, 0.55, 0.8, 1.0])
    half = width / 2 * np.array([0.25, 0.85, 1.0, 0.6, 0.03]) * np.array([1, 1, 0.85, 1, 1])
    z = np.repeat((share * length)[:, None], 3, axis=1)
    x = np.stack([-half, np.zeros(5), half], axis=1)
    y = drop * (share**1.4)[:, None] - np.stack([half * 0.55, np.zeros(5), half * 0.55], axis=1)
    return sheet(np.stack([x, y, z], axis=-1), stuff)


@kind("palm_tree", (3.6, 6.0, 3.6))
def palm_tree(wish: Wish) -> list[Part]:
    """A bent, ringed trunk under a crown of feathered fronds, with nuts."""
    rng = wish.rng()
    r, h = wish.w / 2, wish.h
    lean = [(r * 0.34 * t * t - r * 0.17, h * 0.84 * t, 0.0) for t in np.linspace(0, 1, 15)]
    thick = [h * 0.027 * (1.25 - 0.55 * k / 14) * (1.1 if k % 2 else 0.94) for k in range(15)]
    top = np.array(lean[-1])
    parts = [tube(lean, thick, material("bark", "#8a7458"), 10)]
    color = wish.color or "#4f8a3a"
    tones = (leafy("foliage", color), leafy("foliage", shaded(color, 0.75)))
    for k in range(13):
        frond = _frond(
            r * float(rng.uniform(0.9, 1.05)),
            h * (0.1 if k % 2 else 0.15),
            h * float(rng.uniform(0.1, 0.22)),
            tones[k % 2],
        )
        parts += [
            moved(turned(part, "y", k * tau / 13 + float(rng.uniform(-0.15, 0.15))), tuple(top)) for part in frond
        ]
    nut = material("bark", "#6a4a2c")
    return parts + [
        sphere(h * 0.02, (top[0] + 0.16 * cos(a), top[1] - 0.1, 0.16 * sin(a)), nut, 10) for a in np.arange(4) * tau / 4
    ]


def _frond(length: float, rise: float, fall: float, stuff: Material) -> list[Part]:
    """A rib that rises and falls, with a row of narrow leaves on each side as one toothed sheet."""
    count = 19
    t = np.linspace(0, 1, count)
    z = length * t
    y = rise * 4 * t * (1 - t) * 0.8 + rise * t - (rise + fall) * t**2.2
    wide = (
        length
        * 0.17
        * np.sin(pi * np.clip(t * 0.92 + 0.08, 0, 1)) ** 0.7
        * np.where(np.arange(count) % 2 == 0, 1.0, 0.32)
    )
    x = np.stack([-wide, np.zeros(count), wide], axis=1)
    ys = np.stack([y - wide * 0.7, y, y - wide * 0.7], axis=1)
    zs = np.stack([z + wide * 0.4, z, z + wide * 0.4], axis=1)
    return [sheet(np.stack([x, ys, zs], axis=-1), stuff)]


@kind("rock", (1.2, 0.8, 1.0))
def rock(wish: Wish) -> list[Part]:
    """A boulder with facets and a smaller one beside it; crystals where glass or crystal was asked for."""
    if wish.material in ("glass", "crystal") or wish.says("crystal"):
        return crystals(wish)
    rng = wish.rng()
    w, h, d = wish.size
    stone = wish.body("stone", "#86827a")
    return [
        blob((w * 0.44, h * 0.6, d * 0.46), (-w * 0.04, h * 0.34, 0), stone, rng, 0.34, 2, True),
        blob((w * 0.2, h * 0.26, d * 0.2), (w * 0.34, h * 0.14, d * 0.24), stone, rng, 0.34, 1, True),
    ]


def _heights(rng: np.random.Generator, x: Array, z: Array, waves: int) -> Array:
    """Rolling noise of about -1 to 1."""
    total = np.zeros(x.shape)
    for k in range(waves):
        f = 1.6**k * 2.2
        a, b, c = rng.uniform(0, tau, 3)
        total += np.sin(f * (x * cos(a) + z * sin(a)) + b) * np.sin(f * (z * cos(a) - x * sin(a)) + c) / 1.5**k
    return total / 2


def _mountain_size(wish: Wish) -> Size:
    return (40.0, 5.5, 34.0) if wish.says("hill") else (60.0, 28.0, 40.0)


@kind("mountain", (60.0, 28.0, 40.0), size_of=_mountain_size)
def mountain(wish: Wish) -> list[Part]:
    """A range with one high peak, snow above, trees' green at its foot; a hill is round, green and level on top."""
    if wish.says("hill"):
        return _hill(wish)
    rng = wish.rng()
    w, h, d = wish.size
    n = 40
    u, v = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n))
    far = np.sqrt(u**2 + v**2)
    ridge = 1 - np.abs(_heights(rng, u * 1.6, v * 1.6, 6))
    high = (
        np.clip(1 - far, 0, 1) ** 1.15 * (0.55 + 0.5 * ridge)
        + 0.25 * np.clip(1 - np.hypot(u - 0.45, v + 0.1) / 0.5, 0, 1) * ridge
    )
    high = np.where(far >= 1, 0.0, high)
    grid = np.stack([u * w / 2, high / high.max() * h, v * d / 2], axis=-1).reshape(-1, 3)
    triangles = grid_triangles(n, n)
    x, y, z = grid[triangles].mean(axis=1).T
    middles = y / h + 0.06 * _heights(rng, x * 5 / w, z * 5 / w, 3)
    level = np.digitize(middles, [0.2, 0.58])
    base = wish.color or "#6d6a68"
    stuffs = (material("foliage", "#4a5f3c"), material("stone", base), material("snow"))
    uvs = grid[:, [0, 2]] / 6
    return [smooth_shape(grid, triangles[level == k], uvs, stuff) for k, stuff in enumerate(stuffs)]


def _hill(wish: Wish) -> list[Part]:
    rng = wish.rng()
    w, h, d = wish.size
    u, v = np.meshgrid(np.linspace(-1, 1, 40), np.linspace(-1, 1, 40))
    far = np.clip((np.hypot(u, v) - 0.52) / 0.48, 0, 1)
    slope = 1 - far * far * (3 - 2 * far)
    high = h * slope * (1 + 0.1 * _heights(rng, u * 2, v * 2, 3) * (slope < 1))
    grid = np.stack([u * w / 2, high, v * d / 2], axis=-1).reshape(-1, 3)
    triangles = grid_triangles(40, 40)
    raised = triangles[slope.reshape(-1)[triangles].max(axis=1) > 0.0]
    return [smooth_shape(grid, raised, grid[:, [0, 2]] / 3, material("grass", wish.color))]


def _floating(wish: Wish) -> list[Part]:
    """Grass on top of a cone of rock that hangs in the air."""
    rng = wish.rng()
    w, h, d = wish.size
    rings, sides = 14, 40
    turn = np.linspace(0, tau, sides + 1)
    rim = 1 + 0.08 * np.sin(3 * turn + rng.uniform(0, 6)) + 0.05 * np.sin(5 * turn + rng.uniform(0, 6))
    down = np.linspace(0, 1, rings)[:, None]
    rough = 1 + 0.16 * rng.uniform(-1, 1, (rings, sides))
    rough = np.concatenate([rough, rough[:, :1]], axis=1)
    reach = rim * (1 - down**1.15) ** 0.8 * np.where(down > 0.02, rough, 1.0) * 0.48
    y = h * (0.86 - 0.86 * down) + 0 * turn
    cone = np.stack([w * reach * np.cos(turn), y, d * reach * np.sin(turn)], axis=-1)
    share = np.linspace(1, 0, 8)[:, None]
    lift = h * (0.86 + 0.1 * (1 - share**4)) + 0 * turn
    spread = rim * share * 0.485
    top = np.stack([w * spread * np.cos(turn), lift, d * spread * np.sin(turn)], axis=-1)
    parts = [sheet(cone[::-1], material("stone", "#7b6f62")), sheet(top[::-1], material("grass", wish.color))]
    tufts = blades(wish, 40, 1.6, 0.35, "#5f8a3a")
    return [*parts, *(moved(part, (0.0, h * 0.95, 0.0)) for part in tufts)]


def _island_size(wish: Wish) -> Size:
    return (13.0, 7.5, 11.0) if wish.says("floating", "sky") else (9.0, 3.2, 8.0)


@kind("island", (9.0, 3.2, 8.0), size_of=_island_size)
def island(wish: Wish) -> list[Part]:
    """A hump of grass with a beach, rocks and a palm; a floating one is level on a cone of rock."""
    if wish.says("floating", "sky"):
        return _floating(wish)
    rng = wish.rng()
    w, h, d = wish.size
    n = 34
    u, v = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n))
    angle = np.arctan2(v, u)
    far = np.hypot(u, v) / (
        0.92 + 0.06 * np.sin(3 * angle + rng.uniform(0, 6)) + 0.04 * np.sin(5 * angle + rng.uniform(0, 6))
    )
    high = h * 0.26 * np.clip(1 - far**2, 0, 1) ** 0.7 * (1 + 0.25 * _heights(rng, u, v, 3))
    grid = np.stack([u * w / 2, high, v * d / 2], axis=-1).reshape(-1, 3)
    triangles = grid_triangles(n, n)
    reach = far.reshape(-1)[triangles].mean(axis=1)
    inside = (far.reshape(-1)[triangles] < 1.02).all(axis=1)
    uvs = grid[:, [0, 2]]
    parts = [
        smooth_shape(grid, triangles[inside & (reach > 0.66)], uvs, material("sand")),
        smooth_shape(grid, triangles[inside & (reach <= 0.66)], uvs, material("grass", wish.color)),
    ]
    palm = palm_tree(wish.sized((w * 0.36, h * 0.86, w * 0.36)))
    parts += [moved(part, (-w * 0.08, h * 0.2, 0)) for part in palm]
    parts += [moved(part, (w * 0.1, h * 0.22, d * 0.05)) for part in blades(wish, 30, 0.7, 0.4, "#5f8a3a")]
    return parts + [
        moved(part, (w * x, h * 0.04, d * z))
        for x, z in ((0.3, 0.2), (-0.3, -0.25))
        for part in rock(wish.sized((1.1, 0.7, 0.9)))
    ]


def _waterfall_size(wish: Wish) -> Size:
    return (2.2, 7.0, 0.9) if wish.says("free") else (4.0, 5.0, 3.2)


def _free_fall(wish: Wish) -> list[Part]:
    """A veil of water that falls through the air, torn at its end."""
    w, h, d = wish.size
    rng = wish.rng()
    water = leafy("water", wish.color or "#bfe3ec")
    t, across = np.linspace(0, 1, 22)[:, None], np.linspace(-1, 1, 14)[None, :]
    parts = []
    for layer in range(3):
        wide = w * (0.5 - 0.12 * layer) * (1 - 0.25 * t)
        ahead = d * (-0.5 + 0.85 * np.clip(t * 3, 0, 1) ** 0.5 - 0.12 * layer)
        wave = 0.05 * np.sin(across * (9 + 4 * layer) + 5 * t + rng.uniform(0, 6))
        parts.append(sheet(np.stack([wide * across, h * (1 - t) + 0 * across, ahead + wave], axis=-1), water))
    return parts


@kind("waterfall", (4.0, 5.0, 3.2), size_of=_waterfall_size)
def waterfall(wish: Wish) -> list[Part]:
    """Water that falls over a cliff of boulders into a pool with spray, or freely off an edge."""
    if wish.says("free"):
        return _free_fall(wish)
    rng = wish.rng()
    w, h, d = wish.size
    stone, water, foam = (
        wish.body("stone", "#6f6d68") if wish.material else material("stone", "#6f6d68"),
        leafy("water", wish.color or "#a9d3de"),
        material("snow", "#f2f7fa"),
    )
    parts = []
    for row in range(4):
        for k in range(5):
            size = np.array([w * 0.17, h * 0.17, d * 0.2]) * rng.uniform(0.85, 1.3, 3)
            spot = ((k - 2) * w * 0.19, h * (0.1 + 0.22 * row), -d * (0.18 + 0.03 * row) - d * 0.12 * (k == 2))
            parts.append(blob(tuple(size), spot, stone, rng, 0.3, 1, True))
    for x, z in ((-0.4, 0.1), (0.4, 0.12), (-0.42, 0.36), (0.38, 0.38), (0.0, 0.46)):
        parts.append(blob((w * 0.11, h * 0.07, d * 0.1), (x * w, h * 0.03, z * d), stone, rng, 0.3, 1, True))
    t, across = np.linspace(0, 1, 16)[:, None], np.linspace(-1, 1, 14)[None, :]
    for layer, (wide, push) in enumerate(((0.17, 0.0), (0.11, 0.03))):
        ahead = d * (-0.26 + 0.3 * np.clip(t * 2.2, 0, 1) ** 0.6 + push) + 0.05 * np.sin(
            across * (9 + 4 * layer) + 3 * t
        )
        y = h * np.clip(0.93 - 0.9 * np.clip((t - 0.12) / 0.88, 0, 1) ** 1.3, 0.03, 1) + 0 * across
        parts.append(sheet(np.stack([w * wide * across * (1 + 0.15 * t), y, ahead + 0 * across], axis=-1), water))
    parts.append(
        scaled(moved(cylinder(0.5, 0.03, (0, 0, 0), water, sides=32), (0, h * 0.02, 0.0)), (w * 0.84, 1, d * 0.62))
    )
    parts[-1] = moved(parts[-1], (0, 0, d * 0.2))
    for _ in range(16):
        a = float(rng.uniform(-1, 1))
        parts.append(
            blob(
                tuple(np.array([0.12, 0.08, 0.1]) * rng.uniform(0.6, 1.4)),
                (a * w * 0.19, h * 0.035, d * 0.08 + 0.12 * float(rng.uniform(-1, 1))),
                foam,
                rng,
                0.3,
                1,
            )
        )
    return parts
