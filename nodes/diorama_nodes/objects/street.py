"""Things of the street: lamps, bins, crates, signs, signals."""

from __future__ import annotations

from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Part
from diorama_nodes.objects.kinds import NEON, Wish, kind
from diorama_nodes.objects.materials import glow, leafy, material, shaded
from diorama_nodes.objects.neon import sign_text, text_tubes
from diorama_nodes.objects.primitives import box, boxes, cylinder, extrude, lathe, panel, sphere, tube
from diorama_nodes.objects.surfaces import Array, moved, recoloured, turned

WARM = "#ffc070"


@kind("street_lamp", (0.9, 4.2, 0.36))
def street_lamp(wish: Wish) -> list[Part]:
    """A post with a lamp: a hanging lantern of iron, or a bent arm in a city of neon."""
    iron = wish.body("painted_metal", "#23282c")
    light = glow(wish.neon() if wish.is_night_city and wish.color else WARM, 8.0)
    h, w = wish.h, wish.w
    foot = lathe(
        [(0, 0), (0.17, 0), (0.17, 0.1), (0.11, 0.18), (0.1, 0.5), (0.055, 0.6), (0, 0.6)], material=iron, sides=12
    )
    if wish.is_night_city:
        bend = [(0, 0.5, 0), (0, h - 0.5, 0), (0.05, h - 0.2, 0), (0.2, h - 0.06, 0), (w * 0.55, h - 0.05, 0)]
        head = box((w * 0.55, 0.09, 0.24), (w * 0.62, h - 0.1, 0), iron, bevel=0.02)
        strip = box((w * 0.48, 0.03, 0.18), (w * 0.62, h - 0.13, 0), light)
        return [foot, tube(bend, 0.055, iron, sides=10), head, strip]
    parts = [foot, cylinder(0.055, h - 1.1, (0, 0.5, 0), iron, top=0.04, sides=12)]
    top = h - 0.62
    parts.append(tube([(-0.3, top - 0.05, 0), (0.3, top - 0.05, 0)], 0.018, iron))
    parts.append(lathe([(0, top - 0.02), (0.09, top), (0.1, top + 0.05), (0, top + 0.05)], material=iron, sides=12))
    parts.append(
        lathe([(0, top + 0.06), (0.09, top + 0.06), (0.15, top + 0.36), (0, top + 0.36)], material=light, sides=6)
    )
    for angle in np.arange(6) * tau / 6:
        x, z = sin(angle), cos(angle)
        parts.append(tube([(0.1 * x, top + 0.04, 0.1 * z), (0.165 * x, top + 0.38, 0.165 * z)], 0.012, iron, sides=5))
    cap = [
        (0, top + 0.36),
        (0.21, top + 0.36),
        (0.21, top + 0.39),
        (0.05, top + 0.53),
        (0.02, top + 0.62),
        (0, top + 0.62),
    ]
    return [*parts, lathe(cap, material=iron, sides=6)]


@kind("dumpster", (1.9, 1.3, 1.1))
def dumpster(wish: Wish) -> list[Part]:
    """A steel container with a sloping lid, ribs and wheels."""
    w, h, d = wish.size
    paint = wish.body("rusty_metal", "#2f5a48")
    dark = material("rubber")
    side = [
        (-d / 2 + 0.1, 0.14),
        (d / 2 - 0.12, 0.14),
        (d / 2, h * 0.72),
        (d / 2, h * 0.8),
        (-d / 2, h * 0.93),
        (-d / 2, 0.5),
    ]
    parts = [turned(extrude(side, w, material=paint), "y", -pi / 2)]
    lid = material("plastic", shaded("#1d2422", 1.0))
    for x in (-w / 4, w / 4):
        flap = box((w / 2 - 0.03, 0.05, d + 0.05), (x, h * 0.865, 0), lid, bevel=0.015)
        parts.append(turned(flap, "x", 0.155, (x, h * 0.865, 0)))
    ribs = np.linspace(-w / 2 + 0.15, w / 2 - 0.15, 6)
    for x in ribs:
        rib = box((0.07, h * 0.58, 0.05), (x, 0.14, d / 2 - 0.04), paint)
        parts.append(turned(rib, "x", 0.19, (x, 0.14, d / 2 - 0.06)))
    parts.append(box((w + 0.04, 0.08, 0.08), (0, h * 0.72, d / 2 - 0.02), paint, bevel=0.01))
    for x in (-w / 2, w / 2):
        parts.append(box((0.16, 0.1, d * 0.7), (x, h * 0.55, 0), paint, bevel=0.02))
        for z in (-d / 3, d / 3):
            wheel = cylinder(0.09, 0.06, (0, -0.03, 0), dark, sides=14)
            parts.append(turned(turned(wheel, "z", pi / 2), "y", 0.3 * x * z))
            parts[-1] = moved(parts[-1], (x * 0.85, 0.09, z))
    return parts


def _carton(wish: Wish) -> list[Part]:
    """A cardboard box, closed with tape, a label on its front."""
    w, h, d = wish.size
    card, tape = wish.body("cardboard"), material("plastic", "#c9a878", roughness=0.3)
    flaps = [box((w * 0.496, 0.008, d), (x * w * 0.25, h - 0.008, 0), card, bevel=0.003) for x in (-1, 1)]
    parts = [box((w, h - 0.008, d), (0, 0, 0), card, bevel=0.006), *flaps, box((0.06, 0.002, d), (0, h, 0), tape)]
    parts += [box((0.06, h * 0.25, 0.002), (0, h * 0.75, z * d / 2), tape) for z in (-1, 1)]
    return [*parts, box((w * 0.3, h * 0.2, 0.002), (w * 0.22, h * 0.18, d / 2), material("paper", "#f2f0ea"))]


@kind("crate", (0.8, 0.7, 0.7))
def crate(wish: Wish) -> list[Part]:
    """A box of boards with a frame on every side and a brace across."""
    w, h, d = wish.size
    if wish.material in ("cardboard", "paper"):
        return _carton(wish)
    board, frame = wish.body("wood_planks", "#8d6a42"), wish.body("wood", "#6e4f2f")
    t = 0.06 * max(min(wish.size), 0.3)
    parts = [box((w - 2 * t, h - t, d - 2 * t), (0, t / 2, 0), board)]
    b = 1.6 * t
    for x in (-1, 1):
        parts += [box((b, h, b), (x * (w - b) / 2, 0, z * (d - b) / 2), frame, bevel=0.008) for z in (-1, 1)]
    for y in (0.0, h - b):
        for z in (-1, 1):
            parts.append(box((w - 2 * b, b, b), (0, y, z * (d - b) / 2), frame, bevel=0.008))
            parts.append(box((b, b, d - 2 * b), (z * (w - b) / 2, y, 0), frame, bevel=0.008))
    reach, lean = float(np.hypot(w - 2 * b, h - 2 * b)), float(np.arctan2(h - 2 * b, w - 2 * b))
    for z in (-1, 1):
        brace = box((reach, b * 0.9, b * 0.7), (0, h / 2 - b * 0.45, z * (d - b) / 2), frame)
        parts.append(turned(brace, "z", lean * z, (0, h / 2, 0)))
    return parts


@kind("trash_can", (0.5, 0.85, 0.5))
def trash_can(wish: Wish) -> list[Part]:
    """A ribbed can of zinc with a lid and two handles."""
    r, h = wish.w / 2, wish.h
    zinc = wish.body("metal", "#767c80")
    profile: list[tuple[float, float]] = [(0, 0), (r * 0.78, 0)]
    for k in range(6):
        y = h * (0.04 + 0.12 * k)
        wide = r * (0.8 + 0.03 * k)
        profile += [(wide, y), (wide + 0.012, y + h * 0.03), (wide + 0.012, y + h * 0.06), (wide, y + h * 0.09)]
    profile += [(r * 0.96, h * 0.8), (r * 0.96, h * 0.82), (0, h * 0.82)]
    lid = [(0, h * 0.8), (r, h * 0.8), (r, h * 0.85), (r * 0.9, h * 0.87), (r * 0.3, h * 0.93), (0, h * 0.94)]
    parts = [lathe(profile, material=zinc, sides=24), lathe(lid, material=zinc, sides=24)]
    parts.append(
        tube([(-0.07, h * 0.92, 0), (-0.06, h * 0.99, 0), (0.06, h * 0.99, 0), (0.07, h * 0.92, 0)], 0.012, zinc)
    )
    for x in (-1, 1):
        grip = [
            (x * r * 0.9, h * 0.55, -0.08),
            (x * r, h * 0.53, -0.08),
            (x * r, h * 0.53, 0.08),
            (x * r * 0.9, h * 0.55, 0.08),
        ]
        parts.append(tube(grip, 0.011, zinc, sides=6))
    return parts


@kind("ac_unit", (0.95, 0.7, 0.4), "wall")
def ac_unit(wish: Wish) -> list[Part]:
    """The outdoor half of an air conditioner: fan behind a grille, fins, pipes and a bracket."""
    w, h, d = wish.size
    shell = wish.body("painted_metal", "#aeb3b0")
    dark = material("carbon")
    parts = [box((w, h * 0.86, d * 0.86), (0, h * 0.14, -d * 0.02), shell, bevel=0.02)]
    front, x0, y0, r = d * 0.41, -w * 0.14, h * 0.56, min(h * 0.36, w * 0.32)
    parts.append(turned(cylinder(r, 0.02, material=dark, sides=28), "x", pi / 2))
    parts[-1] = moved(parts[-1], (x0, y0, front - 0.005))
    ring = [(r * cos(a), r * sin(a), 0.0) for a in np.arange(28) * tau / 28]
    grille = material("metal", "#555a5c")
    for share in (1.0, 0.66, 0.33):
        hoop = tube(
            [(x0 + share * x, y0 + share * y, front + 0.02) for x, y, _ in ring], 0.008, grille, 5, is_closed=True
        )
        parts.append(hoop)
    for angle in np.arange(6) * tau / 6:
        blade = box((r * 0.85, r * 0.34, 0.012), (r * 0.45, -r * 0.17, 0), material("plastic", "#3b4043"))
        parts.append(moved(turned(turned(blade, "x", 0.5), "z", float(angle)), (x0, y0, front + 0.01)))
    fins = np.array([[w * 0.36, y, front - 0.005] for y in np.linspace(h * 0.26, h * 0.86, 9)])
    parts.append(boxes(np.tile([w * 0.2, 0.014, 0.02], (9, 1)), fins, dark))
    for x in (-w * 0.36, w * 0.36):
        parts.append(box((0.04, h * 0.14, d), (x, 0, 0), grille, bevel=0.006))
        parts.append(box((0.04, h * 0.3, 0.04), (x, 0, -d / 2 + 0.02), grille))
    hose = [
        (w * 0.47, h * 0.3, -0.05),
        (w * 0.5 - 0.02, h * 0.2, -0.1),
        (w * 0.49, h * 0.08, -d * 0.4),
        (w * 0.47, 0, -d * 0.47),
    ]
    return [*parts, tube(hose, 0.022, material("rubber"), sides=7)]


@kind("pipe", (0.32, 3.0, 0.26), "wall", keeps_shape=False)
def pipe(wish: Wish) -> list[Part]:
    """A down pipe with an elbow at its foot, collars and brackets."""
    w, h = wish.w, wish.h
    stuff = wish.body("rusty_metal", "#6a5a50")
    r = 0.055
    path = [(0, h, 0), (0, 0.35, 0), (0, 0.2, 0.03), (0, 0.09, 0.1), (0, 0.06, 0.16)]
    parts = [tube(path, r, stuff, sides=14)]
    for y in np.arange(0.5, h - 0.1, 0.95):
        parts.append(cylinder(r * 1.28, 0.07, (0, float(y), 0), stuff, sides=14))
        parts.append(box((w * 0.55, 0.035, 0.02), (0, float(y) + 0.2, -0.07), material("iron")))
        parts.append(box((0.03, 0.035, 0.06), (0, float(y) + 0.2, -0.07), material("iron")))
    thin = [(w * 0.36, h, -0.02), (w * 0.36, h * 0.45, -0.02), (w * 0.2, h * 0.4, -0.02), (w * 0.2, 0, -0.02)]
    parts.append(tube(thin, 0.02, material("rubber"), sides=8))
    return parts


def _spread(rng: np.random.Generator, count: int, wobble: float) -> Array:
    """A closed, smooth, uneven outline about the origin with a reach of about 1."""
    angles = np.arange(count) / count * tau
    reach = np.ones(count)
    for turn in (2, 3, 4, 5):
        reach += wobble / turn * np.sin(turn * angles + rng.uniform(0, tau))
    return np.stack([reach * np.cos(angles), reach * np.sin(angles)], axis=1)


def _flat(wish: Wish, outline: Array, stuff_name: str, color: str, roughness: float | None) -> Part:
    ring = outline * [wish.w / 2, wish.d / 2]
    stuff = material(stuff_name, wish.color or color, roughness=roughness)
    return turned(extrude(ring, wish.h, material=stuff), "x", -pi / 2)


@kind("puddle", (1.6, 0.006, 1.0), keeps_shape=False)
def puddle(wish: Wish) -> list[Part]:
    """Still water with an uneven edge, dark and smooth enough to mirror what stands behind it."""
    return [_flat(wish, _spread(wish.rng(), 40, 0.35), "dark_glass", "#0e1318", 0.02)]


@kind("oil_stain", (1.1, 0.004, 0.8), keeps_shape=False)
def oil_stain(wish: Wish) -> list[Part]:
    """A dark, glossy stain with drops beside it."""
    rng = wish.rng()
    parts = [_flat(wish, _spread(rng, 40, 0.4), "dark_glass", "#15120f", 0.12)]
    for _ in range(5):
        x, z = rng.uniform(-0.6, 0.6, 2) * [wish.w, wish.d]
        parts.append(cylinder(float(rng.uniform(0.02, 0.06)), wish.h, (x, -wish.h / 2, z), parts[0].material, sides=14))
    return parts


@kind("vent", (0.7, 0.5, 0.35), "wall")
def vent(wish: Wish) -> list[Part]:
    """An outlet with slanted louvres behind a frame."""
    w, h, d = wish.size
    zinc = wish.body("metal", "#7d8386")
    parts = [box((w * 0.9, h * 0.9, d * 0.8), (0, h * 0.05, -d * 0.1), zinc)]
    outer = [(-w / 2, 0), (w / 2, 0), (w / 2, h), (-w / 2, h)]
    inner = [(x * 0.82, h / 2 + (y - h / 2) * 0.78) for x, y in outer]
    parts.append(extrude(outer, d * 0.3, (0, 0, d * 0.35), zinc, [inner]))
    parts.append(panel(w * 0.84, h * 0.8, (0, h * 0.1, d * 0.302), material("carbon")))
    for y in np.linspace(0.16, 0.8, 7) * h:
        slat = box((w * 0.84, 0.012, d * 0.22), (0, float(y), d * 0.4), zinc)
        parts.append(turned(slat, "x", 0.6, (0, float(y), d * 0.4)))
    return parts


@kind("awning", (2.4, 0.9, 1.1), "wall")
def awning(wish: Wish) -> list[Part]:
    """Striped cloth on a frame that slopes away from the wall, its edge in scallops."""
    w, h, d = wish.size
    color = wish.color or "#b03a36"
    cloths = (leafy("canvas", color), leafy("canvas", "#e6dfcf"))
    stripes = max(int(w / 0.2), 4)
    step = w / stripes
    parts = []
    drop = h * 0.26
    for k in range(stripes):
        x = -w / 2 + k * step
        top = box((step, 0.012, float(np.hypot(d, h - drop))), (x + step / 2, 0, 0), cloths[k % 2])
        tilted = turned(top, "x", float(np.arctan2(h - drop, d)))
        parts.append(moved(tilted, (0, (h + drop) / 2, 0)))
        curve = [(step / 2 * cos(a), drop * 0.5 * sin(a)) for a in np.linspace(-pi, 0, 7)]
        scallop = [(-step / 2, drop), (-step / 2, drop * 0.5), *curve[1:-1], (step / 2, drop * 0.5), (step / 2, drop)]
        parts.append(extrude(scallop, 0.012, (x + step / 2, 0, d / 2), cloths[k % 2]))
    steel = material("metal", "#5a5f63")
    parts += [
        tube([(x, drop, -d / 2), (x, drop, d / 2), (x, h * 0.98, -d / 2)], 0.016, steel, sides=6)
        for x in (-w / 2 + 0.04, w / 2 - 0.04)
    ]
    return parts


def _advert(wish: Wish, width: float, height: float, at: tuple[float, float, float]) -> list[Part]:
    """A lit picture of flat shapes with lettering across it."""
    rng = wish.rng(5)
    x, y, z = at
    base = wish.color or NEON[int(rng.integers(len(NEON)))]
    parts = [panel(width, height, at, glow(shaded(base, 0.35), 1.6))]
    for k in range(4):
        tone = NEON[int(rng.integers(len(NEON)))]
        r = float(rng.uniform(0.12, 0.3)) * height
        centre = (x + float(rng.uniform(-0.35, 0.35)) * width, y + height * float(rng.uniform(0.35, 0.65)))
        disc = turned(cylinder(r, 0.004, material=glow(tone, 1.4), sides=28), "x", pi / 2)
        parts.append(moved(disc, (centre[0], centre[1], z + 0.004 * (k + 1))))
    text = sign_text(wish)
    letter = min(height * 0.45, width * 0.8 / max(len(text) * 0.9, 1))
    rows = [character for character in text if character.strip()]
    for k, character in enumerate(rows):
        place = (x + (k - (len(rows) - 1) / 2) * letter * 1.1, y + height / 2, z + 0.05)
        parts += text_tubes(character, letter, place, "#ffffff")
    return parts


@kind("billboard", (5.0, 5.4, 0.6))
def billboard(wish: Wish) -> list[Part]:
    """A lit board on two posts, with a walk way and lamps."""
    w, h, d = wish.size
    steel = material("painted_metal", "#2c3036")
    low = h * 0.48
    parts = [box((w, h - low, d * 0.4), (0, low, 0), steel, bevel=0.03)]
    for x in (-w * 0.32, w * 0.32):
        parts.append(cylinder(0.11, low, (x, 0, -d * 0.1), steel))
        parts.append(box((0.5, 0.08, d * 0.8), (x, 0, -d * 0.1), material("concrete")))
    parts += _advert(wish, w * 0.95, (h - low) * 0.9, (0, low + (h - low) * 0.05, d * 0.21))
    parts.append(box((w, 0.05, d * 0.5), (0, low - 0.06, d * 0.25), steel))
    for x in np.linspace(-w * 0.4, w * 0.4, 4):
        parts.append(tube([(x, low, d * 0.3), (x, low - 0.02, d * 0.5), (x, low + 0.1, d * 0.5)], 0.02, steel, sides=6))
        parts.append(sphere(0.06, (x, low + 0.12, d * 0.48), glow(WARM, 5.0), sides=8))
    return parts


@kind("power_pole", (2.2, 7.5, 0.7))
def power_pole(wish: Wish) -> list[Part]:
    """A pole with cross arms, insulators, a transformer, climbing irons and stubs of wire."""
    w, h, d = wish.size
    pole, iron = wish.body("concrete", "#6f6a63"), material("iron")
    parts = [cylinder(0.15, h, (0, 0, 0), pole, top=0.1, sides=14)]
    for y, reach in ((h - 0.5, w), (h - 1.2, w * 0.8)):
        parts.append(box((reach, 0.1, 0.09), (0, y, 0.1), material("wood", "#4d3b2c"), bevel=0.01))
        for x in np.linspace(-reach / 2 + 0.1, reach / 2 - 0.1, 4):
            cup = [(0, 0), (0.04, 0), (0.055, 0.05), (0.03, 0.07), (0.05, 0.12), (0.02, 0.16), (0, 0.16)]
            parts.append(lathe(cup, (float(x), y + 0.1, 0.1), material("ceramic", "#8fa3a0"), 10))
        parts += [tube([(0, y - 0.45, 0.12), (x * reach * 0.35, y, 0.12)], 0.014, iron, sides=5) for x in (-1, 1)]
    can = [(0, 0), (0.2, 0), (0.2, 0.7), (0.16, 0.78), (0, 0.78)]
    parts.append(lathe(can, (0.3, h * 0.62, 0.0), material("painted_metal", "#5f6a6c"), 16))
    parts.append(box((0.4, 0.05, 0.1), (0.15, h * 0.66, 0), iron))
    for k, y in enumerate(np.arange(1.8, h * 0.6, 0.45)):
        side = 1 if k % 2 else -1
        parts.append(tube([(0, y, 0), (side * 0.3, y, 0)], 0.012, iron, sides=5))
    for x in (-0.3, 0.3):
        slack = [
            (x * w, h - 0.2, 0.1),
            (x * w * 0.7, h - 0.9, 0.25),
            (0.18, h - 1.5, 0.22),
            (0.25, h * 0.62 + 0.78, 0.05),
        ]
        parts.append(tube(slack, 0.012, material("rubber"), sides=5))
    return [*parts, box((0.3, 0.5, d * 0.3), (0, 1.3, 0.16), material("painted_metal", "#8a9094"), bevel=0.015)]


@kind("sign", (0.75, 2.3, 0.12))
def sign(wish: Wish) -> list[Part]:
    """A board on a post, with what it says in raised letters."""
    w, h, d = wish.size
    post = material("wood", "#5d4330") if wish.says("wood") or wish.material == "wood" else material("metal", "#7c8286")
    board = wish.body("painted_metal", "#2c5a8c")
    parts = [cylinder(0.035, h, (0, 0, -0.03), post, sides=10)]
    tall = min(w * 0.8, h * 0.4)
    if wish.is_round:
        disc = turned(cylinder(tall / 2, d * 0.3, material=board, sides=32), "x", pi / 2)
        parts.append(moved(disc, (0, h - tall / 2, 0)))
    else:
        parts.append(box((w, tall, d * 0.35), (0, h - tall, d * 0.2), board, bevel=0.012))
    text = wish.attributes.get("text", "")
    if text:
        word = sign_text(wish)[:8]
        letter = min(tall * 0.5, w * 0.8 / max(len(word) * 0.8, 1))
        for k, character in enumerate(word):
            place = ((k - (len(word) - 1) / 2) * letter * 0.95, h - tall / 2, d * 0.4)
            parts += [_plain(part) for part in text_tubes(character, letter, place, "#ffffff")]
    else:
        arrow = [(-0.3, -0.05), (0.08, -0.05), (0.08, -0.16), (0.32, 0), (0.08, 0.16), (0.08, 0.05), (-0.3, 0.05)]
        mark = [(x * w * 1.1, h - tall / 2 + y * w * 1.1) for x, y in arrow]
        parts.append(extrude(mark, 0.02, (0, 0, d * 0.4), material("paint", "#f2f2ee")))
    return parts


def _plain(part: Part) -> Part:
    return recoloured(part, material("paint", "#f4f1e6"))


@kind("traffic_light", (0.42, 3.4, 0.42))
def traffic_light(wish: Wish) -> list[Part]:
    """Three lamps under hoods in a case on a post; one of them lit."""
    h = wish.h
    case, post = material("painted_metal", wish.color or "#1f2326"), material("metal", "#5b6064")
    top = h - 1.1
    parts = [cylinder(0.06, h - 0.9, material=post), cylinder(0.16, 0.08, material=post)]
    parts.append(box((0.36, 1.08, 0.24), (0, top, 0), case, bevel=0.04))
    lit = {"red": 2, "yellow": 1, "green": 0}.get(wish.attributes.get("light", "red"), 2)
    for row, color in enumerate(("#2bff7a", "#ffc23a", "#ff2b2b")):
        y = top + 0.2 + 0.34 * row
        stuff = glow(color, 6.0) if row == lit else material("plastic", shaded(color, 0.25), roughness=0.25)
        parts.append(sphere((0.115, 0.115, 0.05), (0, y, 0.12), stuff, sides=16))
        arc = [(0.14 * cos(a), 0.14 * sin(a)) for a in np.linspace(0.1, pi - 0.1, 9)]
        inner = [(0.125 * cos(a), 0.125 * sin(a)) for a in np.linspace(pi - 0.1, 0.1, 9)]
        parts.append(extrude(arc + inner, 0.16, (0, y, 0.2), case))
    return parts


@kind("bus_stop", (3.2, 2.5, 1.5))
def bus_stop(wish: Wish) -> list[Part]:
    """A shelter: glass on three sides, a roof, a bench and a lit poster."""
    w, h, d = wish.size
    steel, glass = wish.body("metal", "#454b50"), material("glass")
    parts = [box((w, 0.1, d), (0, h - 0.1, 0), steel, bevel=0.03)]
    parts += [
        box((0.07, h - 0.1, 0.07), (x, 0, -d / 2 + 0.12), steel, bevel=0.008) for x in (-w / 2 + 0.08, 0, w / 2 - 0.08)
    ]
    parts += [box((w / 2 - 0.2, h * 0.78, 0.02), (x, 0.2, -d / 2 + 0.12), glass) for x in (-w / 4, w / 4)]
    parts.append(box((0.02, h * 0.78, d * 0.6), (-w / 2 + 0.08, 0.2, -d * 0.1), glass))
    parts.append(box((0.12, h * 0.8, d * 0.7), (w / 2 - 0.09, 0.12, -d * 0.06), steel, bevel=0.015))
    poster = glow(shaded(wish.neon(), 1.5), 1.6)
    parts.append(box((0.13, h * 0.66, d * 0.56), (w / 2 - 0.09, 0.32, -d * 0.06), poster))
    wood = material("wood")
    parts.append(
        boxes(
            np.tile([w * 0.55, 0.035, 0.1], (3, 1)),
            np.array([[-0.15, 0.45, z - d * 0.22] for z in (0, 0.12, 0.24)]),
            wood,
        )
    )
    parts += [box((0.05, 0.45, 0.3), (x, 0, -d * 0.22 + 0.12), steel) for x in (-w * 0.22 - 0.15, w * 0.22 - 0.15)]
    parts.append(box((w * 0.6, 0.025, 0.08), (0, h - 0.125, 0), glow("#dff0ff", 3.0)))
    return parts


@kind("kiosk", (2.4, 2.8, 1.8))
def kiosk(wish: Wish) -> list[Part]:
    """A stall with a lit counter, goods on shelves, a striped roof edge and a board above."""
    w, h, d = wish.size
    wall, trim = wish.body("painted_metal", "#2e5d63"), material("wood", "#7a5534")
    parts = [
        box((w, 0.95, d * 0.75), (0, 0, -d * 0.1), wall, bevel=0.02),
        box((w, h * 0.14, d * 0.8), (0, h * 0.86, -d * 0.08), wall),
    ]
    parts.append(box((w + 0.06, 0.06, d * 0.82), (0, 0.95, -d * 0.06), trim, bevel=0.012))
    parts.append(box((w, h * 0.9, 0.06), (0, 0, -d * 0.46), wall))
    for x in (-w / 2 + 0.04, w / 2 - 0.04):
        parts.append(box((0.08, h * 0.9, 0.08), (x, 0, d * 0.25), wall))
        parts.append(box((0.04, h * 0.9, d * 0.72), (x, 0, -d * 0.1), wall))
    rng = wish.rng()
    for shelf in (1.25, 1.6, 1.95):
        parts.append(box((w * 0.92, 0.03, 0.25), (0, shelf, -d * 0.36), trim))
        for x in np.linspace(-w * 0.4, w * 0.4, 10):
            tall = float(rng.uniform(0.12, 0.24))
            color = NEON[int(rng.integers(len(NEON)))]
            goods = material("plastic", shaded(color, 0.7))
            parts.append(box((0.13, tall, 0.12), (float(x), shelf + 0.03, -d * 0.36), goods))
    parts.append(box((w * 0.8, 0.03, 0.1), (0, h * 0.86 - 0.03, 0), glow("#fff0d0", 5.0)))
    hung = awning(wish.sized((w * 1.04, 0.42, 0.55)))
    parts += [moved(part, (0, h * 0.86 - 0.22, d * 0.35 + 0.1)) for part in hung]
    parts.append(box((w * 0.7, h * 0.11, 0.06), (0, h * 0.87, d * 0.34), glow(wish.neon(), 1.2)))
    return parts
