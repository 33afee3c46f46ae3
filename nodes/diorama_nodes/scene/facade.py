"""House fronts: storeys of windows, some lit, with doors, shutters, pipes and what else hangs on old walls."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from diorama.values import Image, Material, Part
from diorama.values.mesh import Rgb
from diorama_nodes.objects.primitives import tube
from diorama_nodes.scene.forms import boxes, moved, panes
from diorama_nodes.scene.textures import linear, surface

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
STOREY = 3.1
GROUND_STOREY = 3.4
ATLAS = 4
"""Window pictures along each side of the atlas."""


def paint(name: str, color: str, roughness: float = 0.8, picture: str | None = None, metallic: float = 0.0) -> Material:
    """A material in an sRGB colour, with the picture of a surface where one is named."""
    return Material(
        name,
        (*linear(color), 1.0),
        metallic,
        roughness,
        base_color_image=surface(picture) if picture else None,
    )


def glow(name: str, color: str, strength: float, picture: Image | None = None) -> Material:
    """A material that shines in an sRGB colour."""
    shade: Rgb = linear(color)
    base = (shade[0] * 0.3, shade[1] * 0.3, shade[2] * 0.3, 1.0)
    return Material(name, base, 0.0, 0.5, shade, strength, emissive_image=picture)


@lru_cache(maxsize=1)
def interiors() -> Image:
    """An atlas of lit windows: curtains, blinds, shelves, plants, a lamp, someone standing there."""
    rng = np.random.default_rng(11)
    side = 64
    atlas = np.zeros((ATLAS * side, ATLAS * side))
    y, x = np.mgrid[0:side, 0:side] / side
    for cell in range(ATLAS * ATLAS):
        level = 0.35 + 0.65 * np.exp(-((x - rng.uniform(0.25, 0.75)) ** 2 + (y - 0.3) ** 2) / 0.18)
        kind = cell % 8
        if kind in (0, 5):
            level *= 0.75 + 0.25 * np.sin(x * 40 + rng.uniform(0, 6))
            level *= np.where(np.abs(x - 0.5) < rng.uniform(0.08, 0.3), 1.0, 0.55)
        if kind in (1, 6):
            level *= np.where((y * 14) % 1 < 0.3, 0.35, 1.0) * np.where(y < rng.uniform(0.5, 1.0), 1, 0.9)
        if kind == 2:
            level *= np.where((np.abs(y - 0.66) < 0.02) | ((y > 0.5) & (y < 0.64) & (np.sin(x * 90) > -0.3)), 0.3, 1)
        if kind == 3:
            spray = 0.14 + 0.3 * np.abs(np.sin(2.5 * np.arctan2(y - 0.95, x - 0.3)))
            level *= np.where(np.hypot(x - 0.3, y - 0.95) < spray, 0.15, 1)
        if kind == 4:
            at = rng.uniform(0.35, 0.65)
            body = (np.abs(x - at) < 0.15) & (y > 0.55) | (np.hypot(x - at, y - 0.45) < 0.085)
            level *= np.where(body, 0.08, 1)
        bars = (np.abs(x - 0.5) < 0.022) | (np.abs(y - 0.36) < 0.018)
        row, column = divmod(cell, ATLAS)
        atlas[row * side : (row + 1) * side, column * side : (column + 1) * side] = level * np.where(bars, 0.15, 1)
    return Image(np.repeat((np.clip(atlas, 0, 1) * 255).astype(np.uint8)[:, :, None], 3, axis=2))


@dataclass(slots=True)
class Palette:
    """Materials that the fronts of one place share, so that parts of them can be made one."""

    walls: list[Material]
    lit: list[Material]
    frame: Material
    glass: Material
    metal: Material
    shutter: Material
    lit_share: float = 0.4
    is_grimy: bool = False
    """Whether air conditioners, pipes and fire escapes hang on the walls."""


def night_palette(colors: list[str], is_grimy: bool, lit_share: float, picture: str = "concrete") -> Palette:
    """Walls in the given colours with warm and cold lit windows."""
    lit = [
        glow("warm_window", "#ffb765", 2.2, interiors()),
        glow("amber_window", "#ff9340", 1.6, interiors()),
        glow("cyan_window", "#6fe3ff", 1.8, interiors()),
        glow("pale_window", "#dfe9ff", 1.1, interiors()),
    ]
    return _palette(colors, lit, is_grimy, lit_share, picture)


def day_palette(colors: list[str], is_grimy: bool, picture: str = "plaster") -> Palette:
    """Walls in the given colours, the windows dark as by day."""
    return _palette(colors, [], is_grimy, 0.0, picture)


def _palette(colors: list[str], lit: list[Material], is_grimy: bool, lit_share: float, picture: str) -> Palette:
    return Palette(
        [paint(f"wall_{number}", color, 0.85, picture) for number, color in enumerate(colors)],
        lit,
        paint("window_frame", "#2a2c30" if is_grimy else "#d8d0c0", 0.6),
        paint("window_glass", "#10161f", 0.12),
        paint("pipework", "#4a4d52", 0.45, metallic=0.7),
        paint("shutter", "#5b6068", 0.5, metallic=0.4),
        lit_share,
        is_grimy,
    )


@dataclass(slots=True)
class Front:
    """A house front in its own axes: x along it from 0, front towards +Z at z = 0."""

    length: float
    height: float
    wall: Material
    depth: float = 6.0
    parts: list[Part] = field(default_factory=list)


def front(rng: np.random.Generator, length: float, height: float, palette: Palette, with_shop: bool = True) -> Front:
    """A house front with everything on it."""
    house = Front(length, height, palette.walls[int(rng.integers(len(palette.walls)))])
    house.parts.append(
        boxes([(length / 2, height / 2, -house.depth / 2)], [(length, height, house.depth)], house.wall, 3.0)
    )
    storeys = max(1, int((height - GROUND_STOREY - 0.6) // STOREY))
    _windows(house, rng, storeys, palette)
    _ledges(house, storeys, palette)
    _ground_floor(house, rng, palette, with_shop)
    if palette.is_grimy:
        _clutter(house, rng, storeys, palette)
    return house


def standing(house: Front, x: float, z: float, yaw: float) -> list[Part]:
    """The parts of a front whose lower left corner, seen from the front, is at (x, z)."""
    return [moved(part, (x, 0.0, z), yaw) for part in house.parts]


def _windows(house: Front, rng: np.random.Generator, storeys: int, palette: Palette) -> None:
    wide, tall = float(rng.uniform(0.95, 1.35)), float(rng.uniform(1.35, 1.75))
    count = max(1, int(house.length / (wide + rng.uniform(0.8, 1.3))))
    xs = (np.arange(count) + 0.5) * house.length / count
    ys = GROUND_STOREY + 0.95 + tall / 2 + np.arange(storeys) * STOREY
    x, y = (grid.ravel() for grid in np.meshgrid(xs, ys))
    _framed(house, x, y, wide, tall, palette)
    lights = rng.random(len(x)) < palette.lit_share
    chosen = rng.choice(max(len(palette.lit), 1), len(x), p=[0.4, 0.22, 0.23, 0.15] if palette.lit else None)
    cells = rng.integers(ATLAS * ATLAS, size=len(x))
    low = np.stack([x - wide / 2, y - tall / 2, np.full_like(x, 0.015)], axis=1)
    corners = low[:, None] + np.array([(0, 0, 0), (wide, 0, 0), (wide, tall, 0), (0, tall, 0)])[None]
    for number, material in enumerate(palette.lit):
        mine = lights & (chosen == number)
        if mine.any():
            house.parts.append(panes(corners[mine], material, atlas_uvs(cells[mine])))
    if not lights.all():
        house.parts.append(panes(corners[~lights], palette.glass))


def atlas_uvs(cells: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Array:
    """Picture coordinates of cells of the window atlas, (n, 4, 2)."""
    unit = np.array([(0.02, 0.98), (0.98, 0.98), (0.98, 0.02), (0.02, 0.02)])
    corner = np.stack([cells % ATLAS, cells // ATLAS], axis=1)
    return np.asarray((corner[:, None] + unit[None]) / ATLAS)


def _framed(house: Front, x: Array, y: Array, wide: float, tall: float, palette: Palette) -> None:
    bars = [
        ((0, tall / 2 + 0.05), (wide + 0.24, 0.1, 0.12)),
        ((0, -tall / 2 - 0.05), (wide + 0.34, 0.1, 0.22)),
        ((-wide / 2 - 0.05, 0), (0.1, tall, 0.1)),
        ((wide / 2 + 0.05, 0), (0.1, tall, 0.1)),
    ]
    centers = [np.stack([x + dx, y + dy, np.full_like(x, size[2] / 2 - 0.005)], axis=1) for (dx, dy), size in bars]
    sizes = [np.broadcast_to(size, (len(x), 3)) for _, size in bars]
    house.parts.append(boxes(np.concatenate(centers), np.concatenate(sizes), palette.frame))


def _ledges(house: Front, storeys: int, palette: Palette) -> None:
    length, height = house.length, house.height
    levels = [(GROUND_STOREY - 0.1, 0.28, 0.22), (height, 0.5, 0.3)]
    levels += [(GROUND_STOREY + number * STOREY, 0.1, 0.06) for number in range(2, storeys, 2)]
    house.parts.append(
        boxes(
            [(length / 2, y, out / 2 - 0.02) for y, _, out in levels],
            [(length, tall, out) for _, tall, out in levels],
            house.wall,
            3.0,
        )
    )


def _ground_floor(house: Front, rng: np.random.Generator, palette: Palette, with_shop: bool) -> None:
    """Bays of door, shutter and shop window along the foot."""
    bays = max(1, int(house.length // 3.0))
    wide = house.length / bays
    for bay in range(bays):
        middle = (bay + 0.5) * wide
        kind = rng.choice(["door", "shutter", "shop"] if with_shop else ["door", "window", "window"])
        if kind == "door":
            house.parts.append(boxes([(middle, 1.12, 0.03)], [(1.15, 2.25, 0.1)], palette.frame))
            house.parts.append(boxes([(middle, 1.05, 0.06)], [(0.92, 2.1, 0.08)], palette.shutter))
            if palette.lit:
                house.parts.append(boxes([(middle, 2.5, 0.1)], [(0.5, 0.12, 0.16)], palette.lit[0]))
        elif kind == "shutter":
            slats = np.arange(0.12, 2.7, 0.18)
            house.parts.append(boxes([(middle, 1.4, 0.02)], [(wide * 0.78, 2.8, 0.05)], palette.frame))
            house.parts.append(
                boxes([(middle, y, 0.05) for y in slats], [(wide * 0.72, 0.13, 0.06)] * len(slats), palette.shutter)
            )
        else:
            _shop(house, rng, middle, wide * 0.74, palette)


def _shop(house: Front, rng: np.random.Generator, middle: float, wide: float, palette: Palette) -> None:
    low, high = 0.75, 2.55
    shape = np.array([(-wide / 2, low, 0.02), (wide / 2, low, 0.02), (wide / 2, high, 0.02), (-wide / 2, high, 0.02)])
    material = palette.lit[int(rng.integers(3))] if palette.lit else palette.glass
    house.parts.append(
        panes(
            (shape + np.array([middle, 0.0, 0.0]))[None],
            material,
            atlas_uvs(np.array([int(rng.choice([2, 3, 4, 10, 11, 12]))])),
        )
    )
    bars = [(-wide / 2, 1.65, 0.1, 1.9), (wide / 2, 1.65, 0.1, 1.9), (0.0, 1.65, 0.06, 1.8)]
    house.parts.append(
        boxes([(middle + x, y, 0.04) for x, y, _, _ in bars], [(w, h, 0.1) for _, _, w, h in bars], palette.frame)
    )
    house.parts.append(boxes([(middle, low - 0.05, 0.08)], [(wide + 0.2, 0.1, 0.22)], palette.frame))
    house.parts.append(boxes([(middle, high + 0.25, 0.35)], [(wide + 0.3, 0.06, 0.75)], palette.shutter))


def _clutter(house: Front, rng: np.random.Generator, storeys: int, palette: Palette) -> None:
    """Air conditioners, downpipes, ducts and a fire escape."""
    count = int(rng.integers(2, 3 + storeys))
    spots = np.stack(
        [
            rng.uniform(0.6, house.length - 0.6, count),
            GROUND_STOREY + 0.42 + STOREY * rng.integers(0, storeys, count),
            np.full(count, 0.24),
        ],
        axis=1,
    )
    house.parts.append(boxes(spots, [(0.85, 0.58, 0.42)] * count, palette.shutter))
    house.parts.append(boxes(spots + np.array([0.12, 0.0, 0.215]), [(0.42, 0.42, 0.02)] * count, palette.glass))
    for _ in range(2):
        x, out = float(rng.uniform(0.25, house.length - 0.25)), float(rng.uniform(0.1, 0.18))
        top = house.height if rng.random() < 0.6 else float(rng.uniform(5, house.height))
        house.parts.append(
            tube([(x, 0.1, out), (x, top - 0.6, out), (x, top - 0.25, 0.0)], rng.uniform(0.05, 0.1), palette.metal)
        )
        clips = np.arange(1.0, top - 1, 2.4)
        house.parts.append(boxes([(x, y, out / 2) for y in clips], [(0.28, 0.06, out * 2)] * len(clips), palette.metal))
    if storeys >= 3 and house.length > 5 and rng.random() < 0.7:
        _fire_escape(house, rng, storeys, palette)


def _fire_escape(house: Front, rng: np.random.Generator, storeys: int, palette: Palette) -> None:
    wide, out = 2.8, 0.85
    x = float(rng.uniform(wide / 2 + 0.2, house.length - wide / 2 - 0.2))
    centers: list[tuple[float, float, float]] = []
    sizes: list[tuple[float, float, float]] = []
    for storey in range(min(storeys, 4)):
        y = GROUND_STOREY + 0.3 + storey * STOREY
        centers += [(x, y, out / 2), (x, y + 0.95, out), (x, y + 0.5, out)]
        sizes += [(wide, 0.06, out), (wide, 0.045, 0.045), (wide, 0.03, 0.03)]
        for bar in np.linspace(-wide / 2, wide / 2, 7):
            centers.append((x + bar, y + 0.48, out))
            sizes.append((0.03, 0.95, 0.03))
        for step in range(9):
            centers.append((x - wide / 2 + 0.3 + step * 0.24, y + 0.3 + step * STOREY / 10, out * 0.45))
            sizes.append((0.26, 0.04, 0.5))
    house.parts.append(boxes(centers, sizes, palette.metal))
