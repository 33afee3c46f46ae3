"""What one sits and lies on."""

from __future__ import annotations

from math import pi

import numpy as np

from diorama.values import Part
from diorama_nodes.objects.kinds import Size, Wish, kind
from diorama_nodes.objects.materials import leafy, material
from diorama_nodes.objects.primitives import box, boxes, cylinder, lathe, sheet
from diorama_nodes.objects.shapes import cushion, legs, ring, rod
from diorama_nodes.objects.surfaces import turned


@kind("chair", (0.46, 0.9, 0.5))
def chair(wish: Wish) -> list[Part]:
    """A wooden chair with a slatted back; the sitter looks along +Z."""
    w, h, d = wish.size
    wood = wish.body("wood", "#8b5e37")
    seat = h * 0.5
    t = 0.04
    parts = [box((w, 0.04, d), (0, seat - 0.04, 0), wood, bevel=0.012)]
    if wish.material in ("leather", "fabric", "velvet"):
        parts.append(cushion((w - 0.04, 0.05, d - 0.06), (0, seat - 0.005, 0.01), wish.body("fabric")))
        wood = material("wood")
    front = [box((t, seat - 0.04, t), (x * (w - t) / 2, 0, (d - t) / 2), wood, bevel=0.005) for x in (-1, 1)]
    back = [turned(box((t, h, t), (x * (w - t) / 2, 0, -(d - t) / 2), wood, bevel=0.005), "x", -0.06) for x in (-1, 1)]
    parts += front + back
    parts += [box((t * 0.6, 0.03, d - 0.06), (x * (w - t) / 2, seat * 0.4, 0), wood) for x in (-1, 1)]
    for y, tall in ((h * 0.9, 0.08), (h * 0.6, 0.05)):
        parts.append(turned(box((w - t, tall, 0.022), (0, y, -(d - t) / 2), wood, bevel=0.006), "x", -0.06))
    slats = [
        turned(box((0.035, h * 0.27, 0.014), (x * w, h * 0.64, -(d - t) / 2), wood), "x", -0.06)
        for x in (-0.24, 0, 0.24)
    ]
    return parts + slats


@kind("stool", (0.38, 0.68, 0.38))
def stool(wish: Wish) -> list[Part]:
    """A round seat on four splayed legs with a foot ring."""
    r, h = wish.w / 2, wish.h
    wood = wish.body("wood", "#7a5230")
    seat = [(0, h - 0.05), (r * 0.9, h - 0.05), (r, h - 0.03), (r * 0.96, h - 0.006), (r * 0.5, h), (0, h - 0.004)]
    parts = [lathe(seat, material=wood, sides=28)]
    feet = [(i * r * 0.68, j * r * 0.68) for i in (-1, 1) for j in (-1, 1)]
    parts += [rod((x * 0.7, h - 0.05, z * 0.7), (x, 0.0, z), 0.018, wood) for x, z in feet]
    return [*parts, ring(r * 0.85, 0.01, (0, h * 0.35, 0), material("metal"))]


@kind("bench", (1.6, 0.85, 0.6), keeps_shape=False)
def bench(wish: Wish) -> list[Part]:
    """A park bench: slats on iron sides."""
    w, h, d = wish.size
    wood, iron = wish.body("wood", "#805533"), material("iron")
    seat = h * 0.5
    rows = np.linspace(-d * 0.3, d * 0.42, 5)
    parts = [boxes(np.tile([w, 0.035, d * 0.15], (5, 1)), np.array([[0, seat, z] for z in rows]), wood)]
    for y in (0.62, 0.76, 0.9):
        slat = box((w, h * 0.11, 0.03), (0, h * y - 0.02, -d * 0.4), wood, bevel=0.006)
        parts.append(turned(slat, "x", -0.12, (0, seat, -d * 0.35)))
    for x in (-w * 0.42, w * 0.42):
        parts += [
            rod((x, 0, d * 0.38), (x, seat, d * 0.33), 0.022, iron),
            rod((x, 0, -d * 0.42), (x, seat, -d * 0.3), 0.022, iron),
        ]
        parts += [
            rod((x, seat, -d * 0.36), (x, seat, d * 0.42), 0.018, iron),
            rod((x, seat, -d * 0.34), (x, h, -d * 0.47), 0.02, iron),
        ]
        parts += [
            rod((x, h * 0.73, -d * 0.4), (x, h * 0.73, d * 0.38), 0.018, iron),
            rod((x, h * 0.73, d * 0.36), (x, seat, d * 0.38), 0.018, iron),
        ]
    return parts


def _upholstered(wish: Wish, seats: int, color: str, stuff_name: str) -> list[Part]:
    """A base, a back, two arms, and a seat and a back cushion for each place."""
    w, h, d = wish.size
    stuff = wish.body(stuff_name, color)
    arm = min(0.2, w * 0.2)
    inner = w - 2 * arm
    each = inner / seats
    parts = [*legs(w - 0.1, d - 0.1, 0.1, 0.05, material("wood", "#3b2718"), is_round=True)]
    parts += [box((w - 0.06, h * 0.3, d - 0.06), (0, 0.08, 0), stuff, bevel=0.03)]
    parts.append(
        turned(cushion((w - 0.08, h * 0.86, d * 0.24), (0, h * 0.12, -d * 0.36), stuff), "x", -0.08, (0, 0.1, -d / 2))
    )
    parts += [box((arm, h * 0.6, d - 0.04), (x * (w - arm) / 2, 0.08, 0.0), stuff, bevel=0.06) for x in (-1, 1)]
    for k in range(seats):
        x = (k - (seats - 1) / 2) * each
        parts.append(cushion((each - 0.015, h * 0.2, d * 0.68), (x, h * 0.36, d * 0.12), stuff))
        soft = cushion((each - 0.03, h * 0.44, d * 0.2), (x, h * 0.53, -d * 0.2), stuff)
        parts.append(turned(soft, "x", -0.2, (x, h * 0.53, -d * 0.2)))
    return parts


@kind("sofa", (2.0, 0.85, 0.9), keeps_shape=False)
def sofa(wish: Wish) -> list[Part]:
    """A sofa, a place for every 60 cm."""
    return _upholstered(wish, max(round((wish.w - 0.4) / 0.62), 2), "#56697a", "fabric")


@kind("armchair", (0.9, 0.95, 0.9))
def armchair(wish: Wish) -> list[Part]:
    """A deep chair with arms."""
    return _upholstered(wish, 1, "#7a4630", "leather")


def _bed_size(wish: Wish) -> Size:
    return (0.95, 1.0, 2.05) if wish.says("single", "child", "cot") else (1.6, 1.05, 2.1)


@kind("bed", (1.6, 1.05, 2.1), keeps_shape=False, size_of=_bed_size)
def bed(wish: Wish) -> list[Part]:
    """A bed with its head towards -Z: boards, a mattress, pillows and a blanket that hangs over the sides."""
    w, h, d = wish.size
    wood = material(wish.material if wish.material in ("metal", "iron", "brass") else "wood", "#70482b")
    cloth, linen = wish.tinted("fabric", "#6d84a0"), material("fabric", "#ece8df")
    top = h * 0.5
    parts = [
        box((w, h, 0.06), (0, 0, -d / 2 + 0.03), wood, bevel=0.015),
        box((w, h * 0.46, 0.05), (0, 0, d / 2 - 0.025), wood, bevel=0.012),
    ]
    parts += [box((0.04, h * 0.17, d - 0.1), (x * (w / 2 - 0.02), h * 0.17, 0), wood) for x in (-1, 1)]
    parts.append(box((w - 0.08, h * 0.22, d - 0.12), (0, h * 0.27, 0), linen, bevel=0.05))
    parts.append(box((w - 0.02, h * 0.24, d * 0.62), (0, h * 0.28, d * 0.16), cloth, bevel=0.05))
    parts.append(box((w - 0.015, h * 0.05, d * 0.09), (0, top - h * 0.022, -d * 0.14), linen, bevel=0.02))
    count = 1 if w < 1.2 else 2
    for k in range(count):
        x = (k - (count - 1) / 2) * w * 0.46
        pillow = cushion((w * 0.8 / count, h * 0.16, d * 0.2), (x, top - 0.03, -d * 0.36), linen)
        parts.append(turned(pillow, "x", 0.18, (x, top, -d * 0.36)))
    return parts


@kind("deck_chair", (0.65, 0.95, 1.2))
def deck_chair(wish: Wish) -> list[Part]:
    """A sling of striped cloth in a crossed wooden frame."""
    w, h, d = wish.size
    wood = material("wood", "#a87a4a")
    one, other = leafy("canvas", wish.color or "#2f6f9f"), leafy("canvas", "#f0ead8")
    parts = []
    for x in (-1, 1):
        side = x * (w / 2 - 0.02)
        parts += [
            rod((side, 0, d / 2), (side, h, -d * 0.42), 0.02, wood),
            rod((side * 0.9, 0, -d / 2), (side * 0.9, h * 0.42, d * 0.45), 0.02, wood),
        ]
    for y, z in ((h, -d * 0.42), (h * 0.42, d * 0.45), (0.03, d / 2 - 0.04), (0.03, -d / 2 + 0.03)):
        parts.append(rod((-w / 2, y, z), (w / 2, y, z), 0.018, wood))
    share = np.linspace(0, 1, 10)
    sag = h * (1 - 0.58 * share) - 0.29 * h * np.sin(pi * share)
    back = d * (-0.42 + 0.87 * share)
    stripes = 6
    edges = np.linspace(-w * 0.44, w * 0.44, stripes + 1)
    for k in range(stripes):
        pair = np.array([edges[k], edges[k + 1]])
        grid = np.stack(
            [np.tile(pair, (10, 1)), np.tile(sag[:, None], (1, 2)), np.tile(back[:, None], (1, 2))], axis=-1
        )
        parts.append(sheet(grid[:, ::-1], one if k % 2 else other))
    return parts


@kind("stage", (6.0, 0.8, 4.0), keeps_shape=False)
def stage(wish: Wish) -> list[Part]:
    """A platform of boards with a skirt and steps at its front."""
    w, h, d = wish.size
    wood, cloth = wish.body("wood_planks", "#7a5433"), material("fabric", "#3b1a22")
    step_d = d * 0.14
    parts = [
        box((w, 0.1, d - step_d), (0, h - 0.1, -step_d / 2), wood, bevel=0.012),
        box((w - 0.1, h - 0.1, d - step_d - 0.1), (0, 0, -step_d / 2), cloth),
    ]
    folds = np.arange(-w / 2 + 0.15, w / 2 - 0.1, 0.3)
    parts += [cylinder(0.05, h - 0.1, (float(x), 0, d / 2 - step_d - 0.05), cloth, sides=8) for x in folds]
    parts += [
        box((1.2, h * (3 - k) / 4, step_d / 3), (w * 0.32, 0, d / 2 - step_d + step_d * (k + 0.5) / 3), wood)
        for k in range(3)
    ]
    return parts
