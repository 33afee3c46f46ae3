"""What hangs on walls, closes them, or covers floors: windows, doors, pictures, curtains, rugs, clocks."""

from __future__ import annotations

from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.kinds import Size, Wish, kind
from diorama_nodes.objects.materials import glow, leafy, material, shaded
from diorama_nodes.objects.primitives import box, cylinder, extrude, sheet, sphere, tube
from diorama_nodes.objects.shapes import arched, circle, disc, ring, rod
from diorama_nodes.objects.surfaces import moved, turned


@kind("window", (1.2, 1.4, 0.16), "wall", keeps_shape=False)
def window(wish: Wish) -> list[Part]:
    """Clear panes in a frame with a sill: round or arched where asked for, lit from behind where it is said so."""
    w, h, d = wish.size
    frame = wish.body("wood", "#e4e0d6")
    pane = glow(wish.attributes.get("glow", "#ffcf87"), 1.8) if wish.says("lit", "glow", "warm") else material("glass")
    sill = 0.0 if wish.is_round else 0.05
    tall = h - sill
    if wish.is_round:
        outer = [(x * w, y * h) for x, y in circle(32, 0.5)]
        shift = h / 2
    elif wish.says("arch", "gothic") or "arch" in wish.shape:
        outer, shift = arched(w * 0.94, tall), sill
    else:
        outer, shift = [(-w * 0.47, 0), (w * 0.47, 0), (w * 0.47, tall), (-w * 0.47, tall)], sill
    middle = np.mean(outer, axis=0)
    inner = [tuple(middle + (np.array(point) - middle) * (1 - 0.12 / np.array([w, h]) * 1.1)) for point in outer]
    parts = [
        extrude(outer, d * 0.6, (0, shift, -d * 0.2), frame, [inner]),
        extrude(inner, 0.02, (0, shift, -d * 0.25), pane),
    ]
    parts.append(box((0.035, tall * 0.96, d * 0.4), (0, shift if not wish.is_round else 0.02, -d * 0.2), frame))
    parts += [
        box((w * 0.9, 0.035, d * 0.4), (0, h * y, -d * 0.2), frame) for y in ((0.5,) if h < 1.0 else (0.36, 0.68))
    ]
    if sill:
        parts.append(box((w, sill, d), (0, 0, 0), frame, bevel=0.01))
    return parts


@kind("door", (1.0, 2.1, 0.14), "wall", keeps_shape=False)
def door(wish: Wish) -> list[Part]:
    """A panelled leaf in its frame with a handle; a steel door with a lit strip in a city of neon."""
    w, h, d = wish.size
    frame = material("wood", shaded(wish.color or "#6b4a30", 0.75))
    leaf = wish.body("painted_metal" if wish.is_night_city else "wood", None if not wish.is_night_city else "#39424a")
    t = 0.09
    parts = [box((t, h, d), (x * (w - t) / 2, 0, 0), frame, bevel=0.01) for x in (-1, 1)]
    parts += [
        box((w - 2 * t, t, d), (0, h - t, 0), frame, bevel=0.01),
        box((w - 2 * t, h - t, d * 0.4), (0, 0, -d * 0.1), leaf),
    ]
    for x in (-1, 1):
        for low, share in ((0.07, 0.34), (0.46, 0.42)):
            size = ((w - 2 * t) / 2 - 0.11, h * share, d * 0.2)
            parts.append(box(size, (x * (w - 2 * t) / 4 * 0.96, h * low, d * 0.12), leaf, bevel=0.014))
    grip = material("brass" if not wish.is_night_city else "chrome")
    latch = w / 2 - t - 0.07
    parts += [
        sphere(0.03, (latch, h * 0.48, d * 0.38), grip, 10),
        rod((latch, h * 0.48, 0), (latch, h * 0.48, d * 0.3), 0.012, grip),
        box((0.05, 0.16, 0.01), (latch, h * 0.44, d * 0.12), grip),
    ]
    if wish.is_night_city:
        parts.append(box((w - 2.4 * t, 0.03, 0.02), (0, h - t * 1.5, d * 0.15), glow(wish.neon(), 5.0)))
    return parts


def _mirror_size(wish: Wish) -> Size:
    return (0.8, 0.8, 0.06) if wish.is_round else (0.7, 1.1, 0.06)


@kind("mirror", (0.7, 1.1, 0.06), "wall", keeps_shape=False, size_of=_mirror_size)
def mirror(wish: Wish) -> list[Part]:
    """Silvered glass in a gilt frame, oval or round where asked for."""
    w, h, d = wish.size
    gilt = wish.body("gold")
    if wish.is_round:
        outer = [(x * w, y * h) for x, y in circle(40, 0.5)]
        inner = [(x * 0.86, y * 0.88) for x, y in outer]
        return [
            extrude(outer, d, (0, 0, 0), gilt, [inner]),
            extrude(inner, d * 0.5, (0, 0, -d * 0.2), material("mirror")),
        ]
    return [*_frame(w, h, d, gilt, 0.07), box((w - 0.12, h - 0.12, d * 0.4), (0, 0.06, -d * 0.25), material("mirror"))]


def _frame(w: float, h: float, d: float, stuff: Material, thick: float) -> list[Part]:
    t = min(thick, w * 0.2, h * 0.2)
    parts = [box((t, h, d), (x * (w - t) / 2, 0, 0), stuff, bevel=t * 0.25) for x in (-1, 1)]
    return parts + [box((w - 2 * t * 0.9, t, d), (0, y, 0), stuff, bevel=t * 0.25) for y in (0, h - t)]


@kind("picture", (0.9, 0.65, 0.04), "wall", keeps_shape=False)
def picture(wish: Wish) -> list[Part]:
    """A painted landscape in a frame: sky, hills, a sun; the seed chooses its hour."""
    w, h, d = wish.size
    rng = wish.rng()
    skies = (("#e8b070", "#6b4a6a", "#f6e0a0"), ("#9cc4dc", "#4d7350", "#fff6d0"), ("#2c3a5e", "#1c2438", "#e8ecf4"))
    sky, hill, disc_color = skies[int(rng.integers(3))]
    sky = wish.color or sky
    iw, ih = w - 0.1, h - 0.1
    parts = [
        *_frame(
            w,
            h,
            d,
            material(wish.material or "wood", None)
            if wish.material in ("gold", "wood", "metal")
            else material("wood", "#5b3d22"),
            0.055,
        )
    ]
    parts.append(box((iw + 0.01, ih + 0.01, d * 0.4), (0, 0.045, -d * 0.25), material("paper", sky)))
    z = -d * 0.045
    parts.append(
        disc(
            ih * 0.13, 0.002, (iw * float(rng.uniform(-0.25, 0.3)), 0.05 + ih * 0.68, z), material("paper", disc_color)
        )
    )
    for row in range(3):
        x = np.linspace(-iw / 2, iw / 2, 14)
        y = ih * (0.5 - 0.15 * row + 0.07 * np.sin(x * rng.uniform(5, 9) / iw + rng.uniform(0, 6)))
        outline = [*zip(x, 0.05 + y, strict=True), (iw / 2, 0.05), (-iw / 2, 0.05)]
        parts.append(
            extrude(outline, 0.002, (0, 0, z + 0.002 * (row + 1)), material("paper", shaded(hill, 1.0 - 0.22 * row)))
        )
    return parts


def _rug_size(wish: Wish) -> Size:
    return (1.8, 0.012, 1.8) if wish.is_round else (2.2, 0.012, 1.5)


@kind("rug", (2.2, 0.012, 1.5), keeps_shape=False, size_of=_rug_size)
def rug(wish: Wish) -> list[Part]:
    """A carpet with borders, a medallion and fringes."""
    w, h, d = wish.size
    base = wish.color or "#8a2f33"
    cloths = [material("fabric", tone) for tone in (base, shaded(base, 0.5), shaded(base, 2.2), base)]
    parts = []
    for k, (cloth, share) in enumerate(zip(cloths, (1.0, 0.93, 0.86, 0.82), strict=True)):
        tall = h * (0.7 + 0.1 * k)
        if wish.is_round:
            parts.append(cylinder(w / 2 * share, tall, (0, 0, 0), cloth, sides=48))
        else:
            inset = (1 - share) * min(w, d)
            parts.append(box((w - 0.06 - inset, tall, d - inset), (0, 0, 0), cloth))
    for k, r in enumerate((0.3, 0.22, 0.13)):
        star = [
            (x * min(w, d) * r * (1.25 if j % 2 else 0.9), y * min(w, d) * r * (1.25 if j % 2 else 0.9))
            for j, (x, y) in enumerate(circle(16))
        ]
        # Steps of a millimetre: viewers that draw by depth alone mix up what lies nearer together.
        parts.append(turned(extrude(star, h * 0.1, (0, 0, h * (1.05 + 0.1 * k)), cloths[2 - k % 2]), "x", -pi / 2))
    if not wish.is_round:
        xs = np.linspace(-d * 0.49, d * 0.49, 40)
        parts += [
            box((0.04, h * 0.3, 0.012), (side * (w / 2 - 0.02), 0, float(z)), cloths[2]) for side in (-1, 1) for z in xs
        ]
    return parts


@kind("curtain", (1.6, 2.3, 0.16), "wall", keeps_shape=False)
def curtain(wish: Wish) -> list[Part]:
    """Two cloths that fall in folds from a rod, drawn apart."""
    w, h, d = wish.size
    cloth = leafy(wish.material if wish.material in ("fabric", "velvet", "silk") else "fabric", wish.color or "#7d3a3f")
    top = h - 0.08
    parts = [
        rod((-w / 2, h - 0.04, 0), (w / 2, h - 0.04, 0), 0.015, material("brass")),
        *[sphere(0.04, (x * w / 2, h - 0.04, 0), material("brass"), 10) for x in (-1, 1)],
    ]
    across, down = np.linspace(0, 1, 48), np.linspace(0, 1, 10)
    for side in (-1, 1):
        gather = 0.55 + 0.1 * np.cos(down * pi)[:, None] - 0.3 * np.exp(-((down[:, None] - 0.55) ** 2) / 0.02) * 0.35
        x = side * (w / 2 - 0.02 - across[None, :] * w * 0.62 * gather)
        z = d * 0.4 * np.sin(across[None, :] * 9 * pi + 0.6 * down[:, None]) * (0.6 + 0.4 * down[:, None])
        y = np.broadcast_to((top * (1 - down))[:, None], x.shape)
        grid = np.stack([x, y, np.broadcast_to(z, x.shape)], axis=-1)
        parts.append(sheet(grid if side < 0 else grid[:, ::-1], cloth))
    return parts


def _clock_size(wish: Wish) -> Size:
    return (0.5, 2.1, 0.32) if wish.says("grandfather", "longcase", "standing") else (0.36, 0.36, 0.06)


def dial(
    radius: float, at: tuple[float, float, float], rim: Material, face: str = "#f1ead6", lit: float = 0.0
) -> list[Part]:
    """A clock's face with hands, marks and rim, looking along +Z."""
    x0, y0, z0 = at
    black = material("carbon")
    plate = glow(face, lit) if lit else material("paper", face)
    parts = [
        disc(radius * 0.95, radius * 0.1, at, plate, 36),
        ring(radius * 0.95, radius * 0.055, (x0, y0, z0 + radius * 0.05), rim, "z", 36),
    ]
    for k in range(12):
        mark = box(
            (radius * (0.06 if k % 3 else 0.09), radius * 0.16, 0.004 + radius * 0.02), (0, radius * 0.7, 0), black
        )
        parts.append(moved(turned(mark, "z", k * tau / 12), (x0, y0, z0 + radius * 0.06)))
    for length, thick, angle in ((0.5, 0.08, 1.05), (0.75, 0.05, -1.1)):
        hand = box((radius * thick, radius * length, 0.004 + radius * 0.02), (0, -radius * 0.08, 0), black)
        parts.append(moved(turned(hand, "z", angle), (x0, y0, z0 + radius * 0.09)))
    return parts


@kind("clock", (0.36, 0.36, 0.06), "wall", size_of=_clock_size)
def clock(wish: Wish) -> list[Part]:
    """A wall clock; a long case with a pendulum where a grandfather clock was asked for."""
    w, h, d = wish.size
    if h < 1.2:
        back = disc(w / 2 * 0.97, d * 0.5, (0, h / 2, -d * 0.2), wish.body("wood", "#4a2f1c"), 40)
        return [back, *dial(w / 2, (0, h / 2, d * 0.1), wish.body("brass"))]
    wood = wish.body("wood", "#5f3a20")
    parts = [
        box((w, h * 0.18, d), (0, 0, 0), wood, bevel=0.02),
        box((w * 0.72, h * 0.56, d * 0.8), (0, h * 0.17, 0), wood),
        box((w, h * 0.22, d), (0, h * 0.72, 0), wood, bevel=0.02),
    ]
    parts += [
        box((w * 1.08, h * 0.03, d * 1.06), (0, h * 0.94, 0), wood, bevel=0.015),
        box((w * 0.5, h * 0.46, 0.02), (0, h * 0.22, d * 0.4), material("dark_glass")),
    ]
    parts += [
        rod((0, h * 0.64, d * 0.44), (0, h * 0.34, d * 0.44), 0.008, material("brass")),
        disc(0.07, 0.02, (0, h * 0.31, d * 0.45), material("brass")),
    ]
    crown = extrude(
        [(-w * 0.5, 0), (w * 0.5, 0), (w * 0.2, h * 0.025), (0, h * 0.035), (-w * 0.2, h * 0.025)],
        d * 0.9,
        (0, h * 0.965, 0),
        wood,
    )
    return [*parts, crown, *dial(w * 0.38, (0, h * 0.83, d * 0.5), material("brass"))]


@kind("hook", (0.06, 0.14, 0.09), "wall")
def hook(wish: Wish) -> list[Part]:
    """A bent hook on a plate."""
    w, h, d = wish.size
    iron = wish.body("iron")
    bend = [(0, h * 0.75, -d * 0.3), (0, h * 0.7, 0), (0, h * 0.3, d * 0.05)]
    bend += [(0, h * 0.22 + h * 0.2 * -sin(a), d * 0.25 - d * 0.2 * cos(a)) for a in np.linspace(0, pi, 7)]
    parts = [
        box((w, h, d * 0.15), (0, 0, -d * 0.42), iron, bevel=0.006),
        tube([*bend, (0, h * 0.42, d * 0.46)], 0.008, iron, 8),
    ]
    return [
        *parts,
        sphere(0.012, (0, h * 0.44, d * 0.46), iron, 8),
        sphere(0.006, (0, h * 0.9, -d * 0.33), material("metal"), 8),
    ]


@kind("umbrella", (1.0, 0.95, 1.0))
def umbrella(wish: Wish) -> list[Part]:
    """An open umbrella with ribs and a bent handle."""
    return canopy(wish, wish.h * 0.3, 8, wish.color or "#b3262e", 0.009, hooked=True)


@kind("parasol", (2.4, 2.3, 2.4))
def parasol(wish: Wish) -> list[Part]:
    """A sunshade on a pole with a weighted foot."""
    parts = canopy(wish, wish.h * 0.22, 10, wish.color or "#e0a63c", 0.028, hooked=False)
    return [*parts, cylinder(0.24, 0.08, (0, 0, 0), material("concrete"), top=0.2, sides=20)]


def canopy(wish: Wish, rise: float, gores: int, color: str, thick: float, hooked: bool) -> list[Part]:
    """Cloth stretched over ribs at the top of a stick."""
    r, h = wish.w / 2, wish.h
    top = h * 0.97
    parts = []
    cloths = (leafy("fabric", color), leafy("fabric", color if hooked else "#f1ece0"))
    for k in range(gores):
        angles = np.linspace(k, k + 1, 5) / gores * tau
        share = np.linspace(0.001, 1, 7)[:, None]
        reach = r * share * (1 - 0.06 * share * np.sin(np.linspace(0, pi, 5))[None, :])
        y = np.broadcast_to(top - rise * share**1.7, reach.shape)
        grid = np.stack([reach * np.sin(angles), y, reach * np.cos(angles)], axis=-1)
        parts.append(sheet(grid, cloths[k % 2]))
        end = (r * 0.99 * sin(angles[0]), top - rise * 0.99, r * 0.99 * cos(angles[0]))
        middle = (r * 0.5 * sin(angles[0]), top - rise * 0.5**1.7 - 0.008, r * 0.5 * cos(angles[0]))
        parts.append(tube([(0, top - 0.01, 0), middle, end], thick * 0.35, material("metal"), 4))
        parts.append(rod((0, top - rise * 1.2, 0), middle, thick * 0.3, material("metal"), 4))
    stick = material("wood", "#4a3020") if hooked else wish.body("wood", "#a8794a")
    if hooked:
        bend = [
            (0, h, 0),
            (0, h * 0.1, 0),
            *[(0.045 - 0.045 * cos(a), h * 0.07 - 0.05 * sin(a), 0) for a in np.linspace(0, pi, 7)],
        ]
        return [*parts, tube(bend, thick, stick, 8)]
    return [*parts, rod((0, 0, 0), (0, h, 0), thick, stick, 10)]
