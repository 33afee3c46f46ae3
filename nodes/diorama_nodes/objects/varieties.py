"""Forms that a kind takes when a word asks for them: crystals for rocks, hedges for fences, an aquarium, a sword."""

from __future__ import annotations

from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.kinds import Wish
from diorama_nodes.objects.materials import glow, leafy, material, shaded
from diorama_nodes.objects.primitives import blob, box, boxes, cylinder, extrude, lathe, sheet, sphere
from diorama_nodes.objects.shapes import leaf_cards, rod
from diorama_nodes.objects.surfaces import moved, scaled, turned


def crystals(wish: Wish) -> list[Part]:
    """Six-sided prisms with points that lean out of a foot of rock; a faint light in each."""
    rng = wish.rng()
    w, h, d = wish.size
    color = wish.color or "#7fd6e8"
    clear, core = material("crystal", color), glow(color, 1.2)
    parts = [blob((w * 0.42, h * 0.13, d * 0.42), (0, h * 0.08, 0), material("stone", "#5d5a58"), rng, 0.3, 2, True)]
    for k in range(9):
        tall = h * (1.0 if k == 0 else float(rng.uniform(0.3, 0.7)))
        r = min(w, d) * 0.09 * (0.6 + tall / h)
        prism = lathe([(0, 0), (r * 0.8, 0), (r, tall * 0.7), (0, tall)], material=clear, sides=6)
        inner = lathe([(0, 0), (r * 0.35, 0), (r * 0.45, tall * 0.66), (0, tall * 0.85)], material=core, sides=6)
        lean, turn = (0.08, 0.0) if k == 0 else (float(rng.uniform(0.25, 0.6)), k * tau / 8)
        foot = (w * 0.16 * sin(turn) * (k > 0), h * 0.06, d * 0.16 * cos(turn) * (k > 0))
        parts += [moved(turned(turned(part, "x", lean), "y", turn), foot) for part in (prism, inner)]
    return parts


def hedge(wish: Wish) -> list[Part]:
    """A clipped hedge: a block of leaves."""
    rng = wish.rng()
    w, h, d = wish.size
    color = wish.color or "#3f6b2f"
    count = max(round(w / 0.5), 2)
    xs = np.linspace(-w / 2 + w / count / 2, w / 2 - w / count / 2, count)
    centres = np.array([(x, h * y, 0.0) for x in xs for y in (0.28, 0.7)])
    radii = np.tile([w / count * 0.62, h * 0.34, d * 0.55], (len(centres), 1))
    block = box((w * 0.97, h * 0.96, d * 0.85), (0, 0, 0), material("foliage", shaded(color, 0.65)), bevel=d * 0.2)
    cards = leaf_cards(rng, centres, radii, min(160 * count, 2200), 0.045, leafy("foliage", color))
    return [block, cards]


def aquarium(wish: Wish) -> list[Part]:
    """A tank of glass on a stand, water, sand, weeds and fish in it."""
    from diorama_nodes.objects.animals import fish

    w, h, d = wish.size
    frame, rng = wish.body("painted_metal", "#24282c"), wish.rng()
    low = h * 0.45
    parts = [
        box((w, low, d), (0, 0, 0), material("wood", "#5d4029"), bevel=0.015),
        box((w, h * 0.04, d), (0, h * 0.96, 0), frame),
    ]
    parts += [box((w * 0.98, h * 0.06, d * 0.98), (0, low, 0), material("sand"))]
    parts += [box((w * 0.97, h * 0.42, d * 0.97), (0, low + h * 0.05, 0), material("water", "#6fb6c8"))]
    parts += [
        box((0.02, h - low, 0.02), (x * (w / 2 - 0.01), low, z * (d / 2 - 0.01)), frame)
        for x in (-1, 1)
        for z in (-1, 1)
    ]
    for k in range(5):
        own = Wish("fish", (w * 0.04, h * 0.09, w * 0.15), wish.seed + k)
        spot = (
            float(rng.uniform(-0.3, 0.3)) * w,
            low + h * float(rng.uniform(0.12, 0.38)),
            float(rng.uniform(-0.25, 0.25)) * d,
        )
        parts += [moved(turned(part, "y", pi / 2 * (-1) ** k), spot) for part in fish(own)]
    for _ in range(12):
        x, z = (float(value) for value in rng.uniform(-0.42, 0.42, 2))
        tall = h * float(rng.uniform(0.12, 0.36))
        y = np.linspace(0, 1, 6)
        spine = np.column_stack([x * w + 0.02 * np.sin(6 * y + x * 9), low + h * 0.05 + tall * y, np.full(6, z * d)])
        half = np.column_stack([0.018 * (1 - y**2) + 0.001, np.zeros(6), np.zeros(6)])
        parts.append(sheet(np.stack([spine - half, spine + half], axis=1), leafy("foliage", "#4f9a52")))
    return [*parts, box((w * 0.9, h * 0.015, d * 0.3), (0, h * 0.945, 0), glow("#e6f6ff", 4.0))]


def single_fruit(wish: Wish, name: str) -> list[Part]:
    """One fruit of a name: a pumpkin, a melon, an orange, a lemon, a pear, a peach or a banana."""
    from diorama_nodes.objects.food import banana

    w, h, _ = wish.size
    if name == "banana":
        return [part if wish.color is None else scaled(part, (1, 1, 1)) for part in banana((0, 0, 0), w / 2)]
    tones = {"pumpkin": "#d9731a", "melon": "#6f9a3c", "orange": "#e8862a", "lemon": "#f2d43a", "pear": "#c2bf45"}
    skin = material("food", wish.color or tones.get(name, "#e89a70"))
    if name == "pumpkin":
        gores = [sphere((w * 0.2, h * 0.44, w * 0.3), (0, h * 0.44, w * 0.2), skin, 14) for _ in range(9)]
        parts = [turned(gore, "y", k * tau / 9) for k, gore in enumerate(gores)]
        return [*parts, cylinder(w * 0.06, h * 0.22, (0, h * 0.82, 0), material("bark"), top=w * 0.035, sides=7)]
    if name == "pear":
        side = [(0, 0), (0.3, 0.01), (0.5, 0.22), (0.46, 0.42), (0.26, 0.68), (0.2, 0.84), (0.1, 0.93), (0, 0.94)]
        body = lathe([(x * w, y * h) for x, y in side], material=skin, sides=20)
        return [body, rod((0, h * 0.92, 0), (w * 0.05, h, 0), w * 0.03, material("bark"), 6)]
    long = 0.62 if name in ("lemon", "melon") else 0.5
    leaf = sphere((w * 0.02, h * 0.04, w * 0.02), (0, h, 0), material("bark"), 8)
    return [sphere((w * long, h * 0.5, w * 0.5), (0, h / 2, 0), skin, 20), leaf]


def sword(wish: Wish) -> list[Part]:
    """A sword lying on its side, its point towards -Z; curved where it is a katana."""
    w, h, d = wish.size
    steel, grip = material("chrome"), wish.body("leather", "#2a1c16")
    is_katana = wish.says("katana")
    t = np.linspace(0, 1, 12)
    bend = 0.35 * w * t**2 if is_katana else 0 * t
    half = w * (0.1 if is_katana else 0.14) * np.where(t < 0.9, 1.0, (1 - t) * 10 * 0.97 + 0.03)
    y = d * (0.27 + 0.73 * t)
    left, right = zip(bend - half, y, strict=True), zip(bend + half, y, strict=True)
    blade = extrude([*right, *list(left)[::-1]], h * 0.2, (0, 0, h / 2), steel)
    guard_width = w * (0.5 if is_katana else 1.0)
    parts = [
        turned(blade, "x", -pi / 2),
        box((guard_width, h, d * 0.02), (0, 0, -d * 0.255), material("brass"), bevel=0.004),
    ]
    parts += [
        rod((0, h / 2, -d * 0.25), (0, h / 2, -d * 0.02), h * 0.42, grip, 10),
        sphere(h * 0.5, (0, h / 2, -d * 0.01), material("brass"), 10),
    ]
    rings = np.linspace(0.04, 0.23, 7) * d
    return [
        *parts,
        boxes(
            np.tile([h * 0.9, h * 0.9, d * 0.008], (7, 1)),
            np.column_stack([0 * rings, 0 * rings + h * 0.05, -rings]),
            grip,
        ),
    ]


def crescent(wish: Wish, pale: Material) -> list[Part]:
    """A sickle of the moon."""
    w, h, d = wish.size
    outer = [(0.5 * w * sin(a), h / 2 + 0.5 * h * cos(a)) for a in np.linspace(0.0, pi, 25)]
    inner = [(0.26 * w * sin(a), h / 2 + 0.5 * h * cos(a)) for a in np.linspace(pi, 0.0, 25)[1:-1]]
    return [extrude([*outer, *inner], d * 0.25, material=pale)]


def pyramid(wish: Wish) -> list[Part]:
    """A stepped pyramid of blocks with a stair up its front."""
    w, h, d = wish.size
    stone = wish.body("stone_blocks", "#c2a97a")
    steps = 9
    tiers = [
        box((w * (1 - k / steps), h / steps, d * (1 - k / steps)), (0, h * k / steps, 0), stone) for k in range(steps)
    ]
    stair = [
        box((w * 0.14, h / 36, d / 2 - d / 2 * k / 36), (0, h * k / 36, d / 4 - d / 4 * k / 36), stone)
        for k in range(32)
    ]
    return [*tiers, *stair, box((w * 0.06, h * 0.06, 0.1), (0, h * 0.89, d * 0.06), material("carbon"))]


def tipi(wish: Wish) -> list[Part]:
    """A cone of cloth over poles, its door open, a band painted round it."""
    w, h, d = wish.size
    r = min(w, d) / 2
    cloth, band = wish.body("canvas", "#d8c8a0"), material("canvas", shaded(wish.color or "#a8432e", 0.8))
    parts = [lathe([(0, 0), (r * 0.94, 0), (r * 0.1, h * 0.84), (0, h * 0.84)], material=cloth, sides=18)]
    parts.append(
        lathe([(0, h * 0.12), (r * 0.82, h * 0.12), (r * 0.72, h * 0.21), (0, h * 0.21)], material=band, sides=18)
    )
    for k in range(9):
        a = k * tau / 9
        parts.append(
            rod(
                (r * 0.96 * sin(a), 0, r * 0.96 * cos(a)),
                (-r * 0.16 * sin(a), h, -r * 0.16 * cos(a)),
                0.025,
                material("wood"),
                6,
            )
        )
    door = extrude([(-r * 0.26, 0), (r * 0.26, 0), (0, h * 0.42)], 0.02, (0, 0, 0), material("fabric", "#2c2018"))
    return [*parts, moved(turned(door, "x", -float(np.arctan2(r * 0.84, h * 0.84))), (0, 0.01, r * 0.96))]


def sail(width: float, height: float, depth: float, color: str | None) -> list[Part]:
    """A mast at the origin with a three-cornered sail behind it and a jib before it."""
    cloth, wood = leafy("canvas", color or "#eee6d2"), material("wood")
    t, u = np.linspace(0, 1, 9)[:, None], np.linspace(0, 1, 8)[None, :]
    main = np.stack(
        [
            width * 0.16 * np.sin(u * pi) * np.sin(t * pi) + 0 * u,
            height * (0.12 + 0.86 * t) + 0 * u,
            -0.03 - depth * 0.4 * u * (1 - t),
        ],
        axis=-1,
    )
    jib = np.stack(
        [
            width * 0.1 * np.sin(u * pi) * np.sin(t * pi) + 0 * u,
            height * (0.14 + 0.72 * t) + 0 * u,
            0.06 + depth * 0.42 * u * (1 - t),
        ],
        axis=-1,
    )
    spars = [
        rod((0, 0, 0), (0, height, 0), 0.04, wood),
        rod((0, height * 0.11, 0), (0, height * 0.11, -depth * 0.42), 0.025, wood),
    ]
    return [*spars, sheet(main, cloth), sheet(jib, cloth)]
