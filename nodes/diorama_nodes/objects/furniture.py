"""Tables and what stands along the walls of a room: desks, shelves, cabinets."""

from __future__ import annotations

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.kinds import Size, Wish, kind
from diorama_nodes.objects.materials import glow, material, shaded
from diorama_nodes.objects.primitives import box, boxes, cylinder, extrude, lathe, sphere
from diorama_nodes.objects.shapes import legs, rod
from diorama_nodes.objects.surfaces import moved, turned


def _table_size(wish: Wish) -> Size:
    if wish.is_round:
        return (1.1, 0.75, 1.1)
    if wish.says("coffee", "low"):
        return (1.1, 0.42, 0.6)
    return (1.2, 0.75, 1.2) if "square" in wish.shape else (1.6, 0.75, 0.9)


@kind("table", (1.6, 0.75, 0.9), keeps_shape=False, size_of=_table_size)
def table(wish: Wish) -> list[Part]:
    """A top on four legs with an apron, or a round top on a turned column."""
    w, h, d = wish.size
    wood = wish.body("wood")
    if wish.is_round:
        r = w / 2
        top = [(0, h - 0.04), (r * 0.97, h - 0.04), (r, h - 0.025), (r, h - 0.01), (r * 0.98, h), (0, h)]
        column = [
            (0, 0.03),
            (0.06, 0.06),
            (0.045, 0.2),
            (0.08, h * 0.45),
            (0.04, h * 0.6),
            (0.1, h - 0.04),
            (0, h - 0.04),
        ]
        parts = [lathe(top, material=wood, sides=40), lathe(column, material=wood, sides=16)]
        feet = [(r * 0.55 * x, 0.03, r * 0.55 * z) for x, z in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
        return parts + [rod((0, 0.14, 0), foot, 0.032, wood) for foot in feet]
    parts = [box((w, 0.04, d), (0, h - 0.04, 0), wood, bevel=0.008), *legs(w - 0.06, d - 0.06, h - 0.04, 0.07, wood)]
    parts += [box((w - 0.2, 0.09, 0.022), (0, h - 0.13, z * (d / 2 - 0.06)), wood) for z in (-1, 1)]
    return parts + [box((0.022, 0.09, d - 0.2), (x * (w / 2 - 0.06), h - 0.13, 0), wood) for x in (-1, 1)]


def _drawers(
    x: float, y: float, width: float, height: float, z: float, count: int, wish: Wish, color: str
) -> list[Part]:
    """A column of drawer fronts with knobs: `x` their middle, `y` their foot, `z` their plane."""
    front, knob = wish.body("wood", color), material("brass")
    each = height / count
    rows = [y + each * row for row in range(count)]
    parts = [box((width, each - 0.014, 0.02), (x, row + 0.007, z), front, bevel=0.006) for row in rows]
    return parts + [sphere(0.016, (x, row + each / 2, z + 0.022), knob, 8) for row in rows]


@kind("desk", (1.4, 0.75, 0.7), keeps_shape=False)
def desk(wish: Wish) -> list[Part]:
    """A writing desk with drawers on one side; the sitter's side faces +Z."""
    w, h, d = wish.size
    wood = wish.body("wood", "#7a4e2c")
    x = w / 2 - 0.25
    parts = [box((w, 0.035, d), (0, h - 0.035, 0), wood, bevel=0.008)]
    parts += [
        box((0.42, h - 0.09, d - 0.1), (x, 0.05, 0), wood),
        box((0.04, h - 0.04, d - 0.1), (-w / 2 + 0.06, 0, 0), wood),
    ]
    parts += [
        box((0.38, 0.05, d - 0.14), (x, 0, 0), wood),
        box((w - 0.5, h * 0.5, 0.02), (-0.2, h * 0.45, -d / 2 + 0.08), wood),
    ]
    return parts + _drawers(x, 0.08, 0.38, h - 0.15, d / 2 - 0.045, 3, wish, "#8a5b36")


@kind("nightstand", (0.48, 0.55, 0.42), keeps_shape=False)
def nightstand(wish: Wish) -> list[Part]:
    """A small chest with a drawer and an open shelf."""
    w, h, d = wish.size
    wood = wish.body("wood", "#82552f")
    parts = [box((w, 0.03, d), (0, h - 0.03, 0), wood, bevel=0.008), *legs(w - 0.02, d - 0.02, h - 0.03, 0.04, wood)]
    parts += [
        box((w - 0.06, h * 0.38, d - 0.06), (0, h * 0.56, 0), wood),
        box((w - 0.06, 0.02, d - 0.06), (0, h * 0.2, 0), wood),
    ]
    return parts + _drawers(0, h * 0.58, w - 0.1, h * 0.33, d / 2 - 0.025, 1, wish, "#94633a")


@kind("wardrobe", (1.3, 2.0, 0.6), keeps_shape=False)
def wardrobe(wish: Wish) -> list[Part]:
    """Two panelled doors under a cornice."""
    w, h, d = wish.size
    wood, brass = wish.body("wood", "#6f4526"), material("brass")
    parts = [
        box((w - 0.06, h - 0.14, d - 0.05), (0, 0.07, -0.015), wood),
        box((w, 0.07, d), (0, h - 0.07, 0), wood, bevel=0.02),
    ]
    parts.append(box((w, 0.08, d), (0, 0, 0), wood, bevel=0.012))
    for x in (-1, 1):
        middle = x * (w / 4 - 0.012)
        parts.append(box((w / 2 - 0.05, h - 0.2, 0.025), (middle, 0.1, d / 2 - 0.035), wood, bevel=0.008))
        for low, share in ((0.18, 0.36), (0.48, 0.44)):
            parts.append(
                box((w / 2 - 0.22, h * share, 0.02), (middle, h * low - 0.06, d / 2 - 0.018), wood, bevel=0.009)
            )
        parts.append(rod((x * 0.05, h * 0.46, d / 2), (x * 0.05, h * 0.56, d / 2), 0.009, brass))
    return parts


BOOKS = ("#7b2d26", "#27496d", "#2f5d50", "#8a6d3b", "#4a3558", "#a65d3a", "#3b3b44", "#b5a282", "#5c1f33", "#1f4e5f")


def _row_of_books(
    wish: Wish, width: float, tall: float, deep: float, at: tuple[float, float, float], row: int
) -> list[Part]:
    """Books side by side along x, as many as fit; some rows keep a gap at the end."""
    rng = wish.rng(20 + row)
    x, stop = -width / 2, width / 2 - (rng.uniform(0, 0.25) * width if row % 2 else 0.0)
    sizes: dict[str, list[tuple[float, float, float]]] = {}
    places: dict[str, list[tuple[float, float, float]]] = {}
    while True:
        thick, high, reach = rng.uniform(0.022, 0.055), tall * rng.uniform(0.68, 0.95), deep * rng.uniform(0.75, 0.95)
        color = BOOKS[int(rng.integers(len(BOOKS)))]
        if x + thick > stop:
            break
        sizes.setdefault(color, []).append((thick - 0.002, high, reach))
        places.setdefault(color, []).append((at[0] + x + thick / 2, at[1], at[2] - deep / 2 + reach / 2))
        x += thick
    return [boxes(np.array(sizes[color]), np.array(places[color]), material("leather", color)) for color in sizes]


@kind("bookshelf", (1.0, 1.9, 0.32), keeps_shape=False)
def bookshelf(wish: Wish) -> list[Part]:
    """Shelves full of books."""
    w, h, d = wish.size
    wood = wish.body("wood", "#6b4527")
    levels = max(round(h / 0.36), 2)
    step = (h - 0.1) / levels
    parts = [box((0.03, h, d), (x * (w - 0.03) / 2, 0, 0), wood, bevel=0.004) for x in (-1, 1)]
    parts += [box((w - 0.06, 0.025, d - 0.01), (0, 0.05 + step * k, 0), wood) for k in range(levels + 1)]
    parts += [
        box((w - 0.04, h - 0.06, 0.012), (0, 0.05, -d / 2 + 0.006), wood),
        box((w - 0.05, 0.05, d - 0.04), (0, 0, 0), wood),
    ]
    if not wish.says("empty"):
        for row in range(levels):
            parts += _row_of_books(wish, w - 0.08, step - 0.03, d - 0.06, (0, 0.076 + step * row, 0.01), row)
    return parts


@kind("shelf", (0.9, 1.15, 0.32), keeps_shape=False)
def shelf(wish: Wish) -> list[Part]:
    """An open rack of boards with books and a pot on the lower ones; its top is free."""
    w, h, d = wish.size
    wood, iron = wish.body("wood"), material("iron")
    parts = [
        box((0.03, h, 0.03), (x * (w / 2 - 0.015), 0, z * (d / 2 - 0.015)), iron) for x in (-1, 1) for z in (-1, 1)
    ]
    levels = [h * share for share in (0.07, 0.38, 0.69)]
    parts += [box((w, 0.03, d), (0, y, 0), wood, bevel=0.006) for y in (*levels, h - 0.03)]
    room = levels[1] - levels[0] - 0.05
    parts += _row_of_books(wish, w * 0.55, room, d * 0.8, (-w * 0.15, levels[2] + 0.03, 0), 0)
    parts += _row_of_books(wish, w * 0.4, room, d * 0.8, (w * 0.2, levels[1] + 0.03, 0), 2)
    pot = [(0, 0), (0.07, 0), (0.09, room * 0.4), (0.07, room * 0.7), (0.045, room * 0.72), (0, room * 0.6)]
    parts.append(lathe(pot, (-w * 0.25, levels[1] + 0.03, 0), material("ceramic", "#4f7f86"), 16))
    parts.append(box((w * 0.42, room * 0.6, d * 0.7), (w * 0.18, levels[0] + 0.03, 0), material("wicker"), bevel=0.02))
    lean = rod((-w / 2, levels[0], -d / 2 + 0.01), (w / 2, h * 0.9, -d / 2 + 0.01), 0.006, iron, 5)
    return [*parts, lean]


@kind("cabinet", (1.0, 0.9, 0.45), keeps_shape=False)
def cabinet(wish: Wish) -> list[Part]:
    """A low cupboard: two doors under two drawers."""
    w, h, d = wish.size
    wood = wish.body("wood", "#7c5230")
    parts = [
        box((w, 0.03, d), (0, h - 0.03, 0), wood, bevel=0.008),
        box((w - 0.04, h - 0.1, d - 0.05), (0, 0.07, 0), wood),
    ]
    parts.append(box((w - 0.1, 0.07, d - 0.1), (0, 0, 0), material("wood", "#4b321f")))
    for x in (-1, 1):
        parts += _drawers(x * w / 4 * 0.97, h * 0.73, w / 2 - 0.05, h * 0.22, d / 2 - 0.022, 1, wish, "#8a5c37")
        parts.append(box((w / 2 - 0.05, h * 0.62, 0.02), (x * w / 4 * 0.97, 0.085, d / 2 - 0.022), wood, bevel=0.006))
        parts.append(
            box((w / 2 - 0.19, h * 0.46, 0.012), (x * w / 4 * 0.97, 0.085 + h * 0.08, d / 2 - 0.006), wood, bevel=0.005)
        )
        parts.append(sphere(0.016, (x * 0.05, h * 0.48, d / 2), material("brass"), 8))
    return parts


@kind("counter", (2.4, 1.05, 0.65), keeps_shape=False)
def counter(wish: Wish) -> list[Part]:
    """A bar counter: panelled front, a thick top and a foot rail."""
    w, h, d = wish.size
    body, top = wish.body("wood", "#5f3d24"), material("marble" if not wish.is_night_city else "dark_glass")
    parts = [
        box((w - 0.06, h - 0.14, d - 0.16), (0, 0.1, -0.04), body),
        box((w - 0.12, 0.1, d - 0.24), (0, 0, -0.04), material("carbon")),
    ]
    parts.append(box((w, 0.05, d), (0, h - 0.05, 0), top, bevel=0.012))
    count = max(round(w / 0.45), 1)
    xs = (np.arange(count) + 0.5) / count * (w - 0.1) - (w - 0.1) / 2
    parts += [box((w / count - 0.1, h - 0.34, 0.03), (float(x), 0.19, d / 2 - 0.115), body, bevel=0.012) for x in xs]
    parts.append(
        rod((-w / 2 + 0.05, 0.16, d / 2 - 0.04), (w / 2 - 0.05, 0.16, d / 2 - 0.04), 0.022, material("brass"), 10)
    )
    if wish.is_night_city:
        parts.append(box((w - 0.08, 0.02, 0.02), (0, h - 0.075, d / 2 - 0.03), glow(wish.neon(), 5.0)))
    return parts


@kind("fireplace", (1.6, 1.3, 0.5), keeps_shape=False)
def fireplace(wish: Wish) -> list[Part]:
    """A mantel of stone about an opening, logs burning in it."""
    w, h, d = wish.size
    stone, soot = wish.body("stone_blocks"), material("stone", "#221f1d")
    hole_w, hole_h = w * 0.52, h * 0.55
    parts = [box(((w - hole_w) / 2, h - 0.1, d * 0.9), (x * (w + hole_w) / 4, 0, -d * 0.05), stone) for x in (-1, 1)]
    parts += [
        box((hole_w, h - 0.1 - hole_h, d * 0.9), (0, hole_h, -d * 0.05), stone),
        box((hole_w, hole_h, 0.05), (0, 0, -d / 2 + 0.03), soot),
    ]
    parts += [
        box((w, 0.1, d), (0, h - 0.1, 0), material("wood", "#4f3421"), bevel=0.015),
        box((w, 0.04, d), (0, 0, 0), soot),
    ]
    bark = material("bark")
    for k, (x, z, y) in enumerate(((-0.02, 0.02, 0.09), (0.03, -0.07, 0.1), (0.0, -0.02, 0.17))):
        lean = 0.05 * (k - 1)
        parts.append(rod((x - hole_w * 0.32, y + lean, z), (x + hole_w * 0.32, y - lean, z + 0.04), 0.05, bark))
    return parts + flames(wish, 7, hole_w * 0.55, hole_h * 0.6, (0, 0.12, -0.02))


def flames(wish: Wish, count: int, width: float, height: float, at: tuple[float, float, float]) -> list[Part]:
    """Tongues of fire side by side, the middle one highest, from deep orange to yellow; of a fire's own colour."""
    rng = wish.rng(9)
    parts = []
    for k in range(count):
        x = ((k + 0.5) / count - 0.5) * width
        tall = height * (1 - 1.3 * abs(x) / max(width, 1e-6)) * float(rng.uniform(0.75, 1.0))
        r = min(width / count * 0.9, tall * 0.28)
        tongue = [
            (0, 0),
            (r * 0.7, tall * 0.06),
            (r, tall * 0.2),
            (r * 0.75, tall * 0.45),
            (r * 0.3, tall * 0.75),
            (0, tall),
        ]
        base = wish.color if wish.kind in ("campfire", "torch") else None
        color = (
            (base, shaded(base, 1.6), shaded(base, 1.3))[k % 3] if base else ("#ff7a1c", "#ffb02e", "#ff9326")[k % 3]
        )
        spot = (at[0] + x, at[1], at[2] + float(rng.uniform(-0.3, 0.3)) * r)
        parts.append(lathe(tongue, spot, glow(color, 6.0), 9))
    return parts


@kind("chest", (0.9, 0.6, 0.5))
def chest(wish: Wish) -> list[Part]:
    """A treasure chest: boards, a rounded lid, iron straps and a lock."""
    w, h, d = wish.size
    wood, iron = wish.body("wood_planks", "#70482a"), material("brass" if wish.says("gold", "treasure") else "iron")
    low = h * 0.56
    parts = [box((w * 0.96, low, d * 0.94), (0, 0, 0), wood, bevel=0.01)]
    parts += _lid(w * 0.96, h - low, d * 0.94, low, wood)
    for x in (-w * 0.42, 0, w * 0.42):
        parts.append(box((0.06, low, d * 0.98), (x, 0, 0), iron, bevel=0.006))
        parts += [moved(part, (x, 0, 0)) for part in _lid(0.06, h - low + 0.012, d * 0.98, low, iron)]
    parts.append(box((w, 0.04, d), (0, low - 0.03, 0), iron, bevel=0.006))
    return [*parts, box((0.11, 0.13, 0.03), (0, low - 0.1, d / 2), material("brass"), bevel=0.01)]


def _lid(width: float, rise: float, depth: float, y: float, stuff: Material) -> list[Part]:
    arc = [(depth / 2 * float(np.cos(a)), rise * float(np.sin(a))) for a in np.linspace(0, np.pi, 11)]
    return [moved(turned(extrude(arc, width, material=stuff), "y", np.pi / 2), (0, y, 0))]


@kind("tool_chest", (0.75, 1.0, 0.46))
def tool_chest(wish: Wish) -> list[Part]:
    """A red roller cabinet of drawers on castors."""
    w, h, d = wish.size
    paint, chrome = wish.body("paint", "#b3261e"), material("chrome")
    parts = [
        box((w - 0.05, h - 0.12, d - 0.04), (0, 0.1, -0.02), paint, bevel=0.012),
        box((w - 0.03, 0.025, d), (0, h - 0.025, 0), material("rubber")),
    ]
    rows = np.linspace(0.12, h - 0.2, 7)
    tall = float(rows[1] - rows[0]) - 0.014
    parts += [box((w - 0.11, tall, 0.02), (0, float(y), d / 2 - 0.035), paint, bevel=0.005) for y in rows]
    parts += [box((w - 0.16, 0.014, 0.02), (0, float(y) + tall * 0.72, d / 2 - 0.018), chrome) for y in rows]
    for x in (-1, 1):
        parts += [
            cylinder(0.045, 0.1, (x * (w / 2 - 0.08), 0, z * (d / 2 - 0.08)), material("rubber"), sides=12)
            for z in (-1, 1)
        ]
    return [*parts, rod((w / 2, h * 0.7, -d * 0.3), (w / 2, h * 0.7, d * 0.3), 0.012, chrome)]


@kind("blackboard", (2.2, 1.2, 0.1), "wall", keeps_shape=False)
def blackboard(wish: Wish) -> list[Part]:
    """A slate in a wooden frame with a ledge, chalk and lines of writing."""
    w, h, d = wish.size
    wood, chalk = material("wood"), material("paper", "#e8e8e0")
    parts = [
        box((w, h, d * 0.4), (0, 0, -d * 0.3), wood, bevel=0.012),
        box((w - 0.1, h - 0.1, d * 0.2), (0, 0.05, -d * 0.15), wish.tinted("plaster", "#27352f")),
    ]
    parts += [box((w, 0.05, d * 0.4), (0, y, -d * 0.1), wood) for y in (0.0, h - 0.05)]
    parts.append(box((w * 0.9, 0.02, d), (0, 0.04, 0), wood))
    parts += [rod((x, 0.07, d * 0.3), (x + 0.07, 0.07, d * 0.32), 0.007, chalk, 6) for x in (-0.3, 0.1, 0.22)]
    rng = wish.rng()
    for row in range(5):
        x = -w * 0.4
        while x < w * (0.36 if row else 0.0):
            word = float(rng.uniform(0.06, 0.2))
            parts.append(
                box(
                    (word, 0.012 + 0.014 * (row == 0), 0.002),
                    (x + word / 2, h * (0.82 - 0.14 * row), -d * 0.045),
                    chalk,
                )
            )
            x += word + 0.05
    return parts


@kind("growth_rack", (1.2, 2.0, 0.5), keeps_shape=False)
def growth_rack(wish: Wish) -> list[Part]:
    """Shelves of lettuce in trays under violet lamps."""
    from diorama_nodes.objects.garden import lettuce_head

    w, h, d = wish.size
    steel, lamp = wish.body("metal", "#c3c8cb"), glow(wish.color or "#d65bff", 5.0)
    parts = [box((0.04, h, 0.04), (x * (w / 2 - 0.02), 0, z * (d / 2 - 0.02)), steel) for x in (-1, 1) for z in (-1, 1)]
    for level in range(4):
        y = 0.12 + level * (h - 0.2) / 4
        parts += [
            box((w - 0.05, 0.03, d), (0, y, 0), steel),
            box((w - 0.1, 0.08, d - 0.08), (0, y + 0.03, 0), material("plastic", "#e6ebec")),
        ]
        for k in range(0 if wish.attributes.get("plants") == "none" else 5):
            parts += lettuce_head(wish, 0.1, ((k - 2) * (w - 0.2) / 5, y + 0.1, 0), k + 5 * level)
        parts.append(box((w - 0.12, 0.02, 0.06), (0, y + (h - 0.2) / 4 - 0.03, 0), lamp))
    return [*parts, box((w, 0.03, d), (0, h - 0.05, 0), steel)]
