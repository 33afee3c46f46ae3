"""Things that are carried, each standing upright about the hand that holds it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diorama.values.mesh import Material, Part
from diorama_nodes.character import shapes, swatches
from diorama_nodes.character.field import Point

Maker = Callable[[Point, float, str], list[Part]]


def _stick(at: Point, low: float, high: float, radius: float, name: str, color: str) -> Part:
    points = [(at[0], at[1] + low + (high - low) * share, at[2]) for share in (0, 0.33, 0.66, 1)]
    return shapes.tube(points, [radius] * 4, swatches.glossy(name, color), 10)


def umbrella(at: Point, size: float, color: str) -> list[Part]:
    """An open umbrella with eight ribs and a crook."""
    cloth, rod = swatches.matte("umbrella", color, 0.6), swatches.metal("rod", "#8d9197")
    angles = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    scallop = np.abs(np.sin(angles * 4))
    rows = []
    for share in np.linspace(0.02, 1, 12):
        drop = 0.24 * share**2.1 + 0.030 * share**4 * (0.5 - scallop)
        radius = 0.56 * share * (1 - 0.035 * share * scallop)
        rows.append(np.stack([np.sin(angles) * radius, 0.80 - drop, np.cos(angles) * radius], 1))
    outer = np.array(rows[::-1])
    inner = outer[::-1] - np.array([0, 0.006, 0])
    canopy = shapes.loft(np.concatenate([inner, outer[:1], outer]) * size + np.array(at), cloth)
    crook = [(0, -0.10, 0), (0, -0.14, 0.004), (0, -0.165, 0.022), (0, -0.165, 0.045), (0, -0.14, 0.058)]
    handle = [
        (at[0] + x * size, at[1] + y * size, at[2] + z * size) for x, y, z in [(0, 0.06, 0), (0, -0.02, 0), *crook]
    ]
    parts = [
        canopy,
        _stick(at, -0.02 * size, 0.86 * size, 0.006 * size, "rod", "#8d9197"),
        shapes.tube(handle, [0.012 * size] * 7, swatches.glossy("handle", "#3a2416"), 10),
    ]
    for number in range(8):
        turn = 2 * np.pi * number / 8
        way = np.array([np.sin(turn), 0, np.cos(turn)])
        points = [
            tuple(np.array(at) + size * (way * 0.30 * share + [0, 0.52 + 0.19 * share, 0])) for share in (0, 0.5, 1)
        ]
        parts.append(shapes.tube(points, [0.003 * size] * 3, rod, 6))
    return parts


def sword(at: Point, size: float, color: str) -> list[Part]:
    """A straight sword: grip in the hand, blade upwards."""
    steel, gold = swatches.metal("blade", "#c4cad0", 0.2), swatches.metal("guard", "#b8933f")
    rows = []
    for height, wide, thick in ((0.075, 0.026, 0.006), (0.5, 0.023, 0.005), (0.78, 0.019, 0.004), (0.88, 0.001, 0.001)):
        corners = [
            (wide, 0),
            (0.3 * wide, thick),
            (-0.3 * wide, thick),
            (-wide, 0),
            (-0.3 * wide, -thick),
            (0.3 * wide, -thick),
        ]
        rows.append([[x, height, z] for z, x in corners])
    blade = shapes.loft(np.array(rows)[:, :] * size + np.array(at), steel, has_caps=True)
    cross = [(at[0], at[1] + 0.07 * size, at[2] + share * 0.10 * size) for share in (-1, -0.5, 0.5, 1)]
    pommel = (at[0], at[1] - 0.10 * size, at[2])
    return [
        blade,
        shapes.tube(cross, [0.010 * size, 0.013 * size, 0.013 * size, 0.010 * size], gold),
        _stick(at, -0.09 * size, 0.07 * size, 0.013 * size, "grip", "#4a2a1c"),
        shapes.ellipsoid(pommel, (0.020 * size,) * 3, gold),
    ]


def lantern(at: Point, size: float, color: str) -> list[Part]:
    """A lantern that hangs from the hand, alight."""
    iron, glow = swatches.metal("iron", "#3b3733", 0.5), swatches.glowing("flame", "#ffb347", 6.0)

    def ring(profile: list[tuple[float, float]]) -> Part:
        return shapes.lathe([(r * size, h * size) for r, h in profile], iron, at=at, segments=20)

    bow = [
        (at[0] + 0.05 * size * float(np.sin(turn)), at[1] + (0.05 * float(np.cos(turn)) - 0.055) * size, at[2])
        for turn in np.linspace(-np.pi / 2, np.pi / 2, 9)
    ]
    parts = [
        ring([(0, -0.10), (0.03, -0.06), (0.055, -0.085), (0.075, -0.095), (0.07, -0.105), (0, -0.105)][::-1]),
        ring([(0, -0.285), (0.07, -0.285), (0.072, -0.262), (0, -0.262)]),
        shapes.ellipsoid((at[0], at[1] - 0.185 * size, at[2]), (0.046 * size, 0.072 * size, 0.046 * size), glow),
        shapes.tube(bow, [0.004 * size] * 9, iron, 8),
    ]
    for number in range(6):
        turn = 2 * np.pi * number / 6
        x, z = at[0] + 0.062 * size * float(np.sin(turn)), at[2] + 0.062 * size * float(np.cos(turn))
        parts.append(
            shapes.tube(
                [(x, at[1] - 0.27 * size, z), (x, at[1] - 0.185 * size, z), (x, at[1] - 0.10 * size, z)],
                [0.004 * size] * 3,
                iron,
                6,
            )
        )
    return parts


def staff(at: Point, size: float, color: str) -> list[Part]:
    """A tall staff with a shining stone."""
    wood = swatches.matte("wood", "#5a3d25")
    bends = [(0.0, -0.86), (0.008, -0.5), (-0.006, 0.0), (0.006, 0.4), (0.0, 0.62)]
    points = [(at[0] + x * size, at[1] + y * size, at[2] - x * size) for x, y in bends]
    parts = [shapes.tube(points, [r * size for r in (0.013, 0.015, 0.015, 0.016, 0.024)], wood, 12)]
    parts.append(
        shapes.ellipsoid(
            (at[0], at[1] + 0.68 * size, at[2]),
            (0.042 * size, 0.055 * size, 0.042 * size),
            swatches.glowing("stone", "#6fd3ff", 3.0),
        )
    )
    for side in (1.0, -1.0):
        prong = [(0, 0.60), (side * 0.05, 0.64), (side * 0.060, 0.70), (side * 0.035, 0.755)]
        parts.append(
            shapes.tube(
                [(at[0] + x * size, at[1] + y * size, at[2]) for x, y in prong],
                [0.016 * size, 0.012 * size, 0.009 * size, 0.004 * size],
                wood,
                8,
            )
        )
    return parts


def book(at: Point, size: float, color: str) -> list[Part]:
    """A closed book."""
    return [
        _slab(at, (0.075 * size, 0.11 * size, 0.020 * size), swatches.matte("cover", color)),
        _slab(
            (at[0] + 0.003 * size, at[1], at[2]),
            (0.076 * size, 0.105 * size, 0.015 * size),
            swatches.matte("pages", "#ece4cf"),
        ),
    ]


def bag(at: Point, size: float, color: str) -> list[Part]:
    """A case or bag with a handle."""
    leather = swatches.glossy("bag", color, 0.5)
    low = (at[0], at[1] - 0.20 * size, at[2])
    bow = [
        (at[0], at[1] + (0.03 * float(np.cos(turn)) - 0.03) * size, at[2] + 0.07 * size * float(np.sin(turn)))
        for turn in np.linspace(-np.pi / 2, np.pi / 2, 9)
    ]
    return [
        _slab(low, (0.055 * size, 0.145 * size, 0.20 * size), leather),
        shapes.tube(bow, [0.008 * size] * 9, leather, 8),
    ]


def flower(at: Point, size: float, color: str) -> list[Part]:
    """A bunch of flowers."""
    green, bloom = swatches.matte("stems", "#3f7a3a"), swatches.matte("bloom", color)
    parts = [
        shapes.tube(
            [(at[0], at[1] - 0.10 * size, at[2]), (at[0], at[1], at[2]), (at[0], at[1] + 0.12 * size, at[2])],
            [0.012 * size, 0.014 * size, 0.05 * size],
            green,
        )
    ]
    for number in range(9):
        turn, reach = number * 2.39996, 0.075 * (number / 8) ** 0.5
        spot = (
            at[0] + reach * size * float(np.sin(turn)),
            at[1] + (0.17 - reach * 0.5) * size,
            at[2] + reach * size * float(np.cos(turn)),
        )
        parts.append(shapes.ellipsoid(spot, (0.030 * size, 0.026 * size, 0.030 * size), bloom, 12))
    return parts


def balloon(at: Point, size: float, color: str) -> list[Part]:
    """A balloon on a string."""
    ball = (at[0], at[1] + 0.95 * size, at[2])
    return [
        _stick(at, -0.1 * size, 0.8 * size, 0.002 * size, "string", "#d8d4cc"),
        shapes.ellipsoid(ball, (0.14 * size, 0.17 * size, 0.14 * size), swatches.glossy("balloon", color, 0.2), 24),
    ]


def guitar(at: Point, size: float, color: str) -> list[Part]:
    """A guitar held by its neck, its body below the hand."""
    wood, neck = swatches.glossy("guitar", color, 0.3), swatches.glossy("neck", "#3a2416")
    turns = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    wide = 0.155 + 0.035 * np.cos(2 * turns) - 0.028 * np.cos(turns) ** 3 * 0.6
    outline = np.stack(
        [
            np.sin(turns) * wide * (1 - 0.22 * np.exp(-(((np.cos(turns) - 0.15) / 0.25) ** 2))),
            np.cos(turns) * 0.24 - 0.42,
            np.zeros(64),
        ],
        1,
    )
    rows = [outline + np.array([0, 0, z]) for z in (-0.045, 0.045)]
    rows = [rows[0], rows[0], rows[1], rows[1]]
    body = shapes.loft(np.array(rows) * size + np.array(at), wood, has_caps=True)
    hole = shapes.ellipsoid(
        (at[0], at[1] - 0.38 * size, at[2] + 0.045 * size),
        (0.045 * size, 0.045 * size, 0.003),
        swatches.matte("hole", "#120c08"),
    )
    return [
        body,
        hole,
        _stick(at, -0.30 * size, 0.28 * size, 0.019 * size, "neck", "#3a2416"),
        _slab((at[0], at[1] + 0.33 * size, at[2]), (0.033 * size, 0.07 * size, 0.012 * size), neck),
    ]


def _slab(at: Point, half: Point, material: Material) -> Part:
    """A box with softly rounded corners."""
    turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    sine, cosine = np.sin(turns), np.cos(turns)
    outline = np.stack(
        [
            np.sign(sine) * np.abs(sine) ** 0.3 * half[0],
            np.zeros(40),
            np.sign(cosine) * np.abs(cosine) ** 0.3 * half[2],
        ],
        1,
    )
    rows = [
        outline * [shrink, 1, shrink] + [0, rise * half[1], 0]
        for shrink, rise in ((0.9, -1), (0.98, -0.985), (1, -0.95), (1, 0.95), (0.98, 0.985), (0.9, 1))
    ]
    return shapes.loft(np.array(rows) + np.array(at), material, has_caps=True)


PROPS: dict[str, tuple[Maker, str, str]] = {
    "umbrella": (umbrella, "r", "#8f2130"),
    "sword": (sword, "r", "#c4cad0"),
    "lantern": (lantern, "r", "#3b3733"),
    "staff": (staff, "r", "#5a3d25"),
    "book": (book, "l", "#6b2f2a"),
    "bag": (bag, "l", "#5a3a22"),
    "flower": (flower, "r", "#d9486b"),
    "balloon": (balloon, "r", "#d8343f"),
    "guitar": (guitar, "l", "#b8692f"),
}
"""Each thing with the hand that carries it and its colour where none is given."""

SAME: dict[str, str] = {
    "parasol": "umbrella",
    "torch": "lantern",
    "lamp": "lantern",
    "wand": "staff",
    "cane": "staff",
    "stick": "staff",
    "walking_stick": "staff",
    "spear": "staff",
    "blade": "sword",
    "katana": "sword",
    "briefcase": "bag",
    "suitcase": "bag",
    "handbag": "bag",
    "basket": "bag",
    "flowers": "flower",
    "bouquet": "flower",
    "rose": "flower",
    "books": "book",
    "notebook": "book",
    "violin": "guitar",
    "balloons": "balloon",
    "case": "bag",
    "pitchfork": "staff",
    "light": "lantern",
}


def prop_of(words: str) -> str:
    """The known thing that words name, or an empty text."""
    text = words.strip().lower().replace("-", "_").replace(" ", "_")
    for word in (text, *reversed(text.split("_"))):
        if word in PROPS:
            return word
        if word in SAME:
            return SAME[word]
    return ""
