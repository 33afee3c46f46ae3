"""Musical instruments."""

from __future__ import annotations

from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Part
from diorama_nodes.objects.kinds import Size, Wish, kind
from diorama_nodes.objects.materials import material
from diorama_nodes.objects.primitives import box, boxes, cylinder, extrude, lathe
from diorama_nodes.objects.shapes import disc, ring, rod
from diorama_nodes.objects.surfaces import moved, turned


@kind("guitar", (0.38, 1.0, 0.14))
def guitar(wish: Wish) -> list[Part]:
    """An acoustic guitar, upright: waisted body, sound hole, bridge, neck with frets, head, strings."""
    w, h, d = wish.size
    top, side, dark, steel = (
        wish.body("wood", "#c98a45"),
        material("wood", "#5a331c"),
        material("wood", "#24160f"),
        material("chrome"),
    )
    long = h * 0.49
    t = np.linspace(-pi / 2, 3 * pi / 2, 49)[:-1]
    y = np.sin(t) * long / 2 + long / 2
    share = y / long
    half = (
        w
        / 2
        * (1.0 - 0.27 * share - 0.2 * np.exp(-((share - 0.58) ** 2) / 0.018))
        * np.abs(np.cos(t)) ** 0.55
        * np.sign(np.cos(t))
    )
    outline = [(float(a), float(b)) for a, b in zip(half, y, strict=True)]
    back = d * 0.62
    parts = [
        extrude(outline, back, (0, 0, -d * 0.18), side),
        extrude([(a * 0.985, b * 0.985 + long * 0.0075) for a, b in outline], 0.006, (0, 0, d * 0.13), top),
    ]
    front = d * 0.16
    parts += [
        disc(w * 0.125, 0.004, (0, long * 0.63, front - 0.01), material("carbon")),
        ring(w * 0.135, 0.004, (0, long * 0.63, front), side, "z"),
        box((w * 0.42, 0.022, 0.016), (0, long * 0.27, front - 0.006), dark, bevel=0.003),
    ]
    neck_top = h * 0.86
    parts += [
        box((w * 0.14, neck_top - long * 0.72, d * 0.16), (0, long * 0.72, front), dark, bevel=0.004),
        box((w * 0.13, neck_top - long, d * 0.2), (0, long, front - d * 0.12), side, bevel=0.01),
    ]
    parts += [
        box(
            (w * 0.14, 0.003, 0.004),
            (0, neck_top - (neck_top - long * 0.75) * (1 - 2 ** (-k / 9)) * 1.25, front + d * 0.09),
            steel,
        )
        for k in range(13)
    ]
    head = extrude(
        [(-w * 0.07, 0), (w * 0.07, 0), (w * 0.1, h * 0.13), (0, h * 0.14), (-w * 0.1, h * 0.13)],
        d * 0.12,
        (0, neck_top, front - 0.005),
        side,
    )
    parts.append(head)
    for k in range(3):
        for x in (-1, 1):
            peg = (x * w * 0.13, neck_top + h * (0.03 + 0.04 * k), front - 0.01)
            parts += [rod((0.6 * peg[0], peg[1], peg[2]), peg, 0.004, steel, 5), disc(0.011, 0.008, peg, steel, 10)]
    for k in range(6):
        string = (k - 2.5) * w * 0.021
        parts.append(
            rod((string * 1.25, long * 0.28, front + 0.012), (string, neck_top, front + d * 0.1), 0.0012, steel, 3)
        )
    return parts


def _piano_size(wish: Wish) -> Size:
    return (1.5, 1.55, 1.9) if wish.says("grand") else (1.5, 1.25, 0.65)


@kind("piano", (1.5, 1.25, 0.65), size_of=_piano_size)
def piano(wish: Wish) -> list[Part]:
    """An upright piano with keys, pedals, a music stand and a sheet of notes; a grand one where asked for."""
    if wish.says("grand"):
        return _grand_piano(wish)
    w, h, d = wish.size
    body = wish.body("wood", "#2a1a12")
    key_y = h * 0.56
    parts = [
        box((w, h - 0.03, d * 0.5), (0, 0, -d * 0.24), body, bevel=0.01),
        box((w + 0.04, 0.03, d * 0.54), (0, h - 0.03, -d * 0.23), body, bevel=0.01),
    ]
    parts += [
        box((w, 0.09, d * 0.56), (0, key_y - 0.11, d * 0.2), body, bevel=0.012),
        *[box((0.08, 0.17, d * 0.5), (x * (w / 2 - 0.04), key_y - 0.11, d * 0.22), body, bevel=0.012) for x in (-1, 1)],
    ]
    parts += [box((0.06, key_y - 0.1, 0.06), (x * (w / 2 - 0.05), 0, d * 0.42), body, bevel=0.01) for x in (-1, 1)]
    parts += keyboard(w - 0.2, d * 0.24, (0, key_y - 0.02, d * 0.34))
    parts += [
        turned(
            box((w * 0.5, h * 0.2, 0.015), (0, key_y + 0.12, d * 0.05), body), "x", -0.2, (0, key_y + 0.12, d * 0.05)
        )
    ]
    parts += [
        turned(
            box((0.19, h * 0.19, 0.004), (x, key_y + 0.13, d * 0.075), material("paper", "#f2efe4")),
            "x",
            -0.2,
            (0, key_y + 0.12, d * 0.05),
        )
        for x in (-0.1, 0.1)
    ]
    return parts + [
        box((0.04, 0.02, 0.12), (x, 0.06, d * 0.08), material("brass"), bevel=0.006) for x in (-0.09, 0, 0.09)
    ]


def keyboard(width: float, depth: float, at: tuple[float, float, float]) -> list[Part]:
    """White and black keys along x, their front at z + depth / 2."""
    x0, y0, z0 = at
    count = 42
    step = width / count
    xs = (np.arange(count) - (count - 1) / 2) * step
    white = boxes(
        np.tile([step * 0.93, 0.022, depth], (count, 1)),
        np.column_stack([xs + x0, np.full(count, y0), np.full(count, z0)]),
        material("ceramic", "#f4f1e8"),
    )
    sharp = [float(x) + step / 2 for k, x in enumerate(xs[:-1]) if k % 7 not in (2, 6)]
    blacks = boxes(
        np.tile([step * 0.55, 0.014, depth * 0.62], (len(sharp), 1)),
        np.array([[x + x0, y0 + 0.02, z0 - depth * 0.18] for x in sharp]),
        material("plastic", "#141414"),
    )
    return [white, blacks]


def _grand_piano(wish: Wish) -> list[Part]:
    w, h, d = wish.size
    black = wish.body("plastic", "#141416")
    d = max(d, 1.2)
    low, tall = h * 0.48, h * 0.2
    curve = [(w * 0.5 * cos(a), -d * 0.5 + d * 0.28 * (1 - sin(a))) for a in np.linspace(0, pi / 2, 8)]
    shape = [
        (-w / 2, d / 2),
        (-w / 2, -d * 0.5),
        (-w * 0.1, -d * 0.5),
        *[(x * 0.7 + 0.02, z) for x, z in curve[::-1]],
        (w / 2, d * 0.1),
        (w / 2, d / 2),
    ]
    case = turned(extrude([(x, -z) for x, z in shape], tall, material=black), "x", -pi / 2)
    lid = turned(
        moved(turned(extrude([(x, -z) for x, z in shape], 0.03, material=black), "x", -pi / 2), (w / 2, 0, 0)), "z", 0.6
    )
    parts = [moved(case, (0, low + tall / 2, 0)), moved(lid, (-w / 2, low + tall, -d * 0.0))]
    parts += [
        cylinder(0.045, low, (x * w * 0.4, 0, z * d), black, top=0.07, sides=12)
        for x, z in ((-1, 0.38), (1, 0.38), (-0.5, -0.4))
    ]
    parts += [
        rod((w * 0.3, low + tall, d * 0.1), (w * 0.05, low + tall + w * 0.3, d * 0.1), 0.012, material("brass")),
        *keyboard(w * 0.86, 0.16, (0, low + tall * 0.5, d / 2 + 0.06)),
    ]
    return [
        *parts,
        box((w, tall * 0.4, 0.2), (0, low, d / 2 + 0.06), black, bevel=0.01),
        box((w * 0.4, h * 0.18, 0.015), (0, low + tall, d * 0.25), black),
    ]


@kind("drum", (0.5, 0.42, 0.5))
def drum(wish: Wish) -> list[Part]:
    """A drum with hoops, lugs and zig-zag cords, two sticks on its skin."""
    r, h = wish.w / 2, wish.h
    shell, hoop, skin = wish.body("wood", "#a8322a"), material("wood", "#e0c58a"), material("paper", "#efe8d6")
    top = h * 0.93
    parts = [lathe([(0, 0.0), (r * 0.93, 0.0), (r * 0.93, top), (0, top)], material=shell, sides=32)]
    parts += [
        lathe([(r * 0.9, y), (r, y), (r, y + h * 0.09), (r * 0.9, y + h * 0.09), (r * 0.9, y)], material=hoop, sides=32)
        for y in (0.0, top - h * 0.07)
    ]
    parts.append(cylinder(r * 0.91, 0.004, (0, top, 0), skin, sides=32))
    for k in range(16):
        a, b = k * tau / 16, (k + 1) * tau / 16
        low, high = (h * 0.09, top - h * 0.07) if k % 2 else (top - h * 0.07, h * 0.09)
        parts.append(
            rod(
                (r * 0.96 * sin(a), low, r * 0.96 * cos(a)),
                (r * 0.96 * sin(b), high, r * 0.96 * cos(b)),
                0.005,
                material("canvas"),
                5,
            )
        )
    for x in (-1, 1):
        parts.append(rod((x * r * 0.2, h * 0.97, -r * 0.6), (x * r * 0.35, h * 0.97, r * 0.9), 0.009, hoop, 7))
    return parts
