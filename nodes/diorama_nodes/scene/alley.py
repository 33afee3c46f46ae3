"""Ways between houses: the narrow alley and the wider street, fronts on both sides and in depth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diorama.values import Light, Material, Mesh, Part
from diorama_nodes.objects.primitives import tube
from diorama_nodes.objects.surfaces import merged
from diorama_nodes.plan.schema import EnvironmentSpec
from diorama_nodes.scene import neon
from diorama_nodes.scene.facade import Palette, day_palette, front, glow, night_palette, paint, standing
from diorama_nodes.scene.forms import boxes, panes, sheet
from diorama_nodes.scene.place import Dressing, Opening, Place, Wall
from diorama_nodes.scene.textures import linear

DARK = frozenset({"dusk", "evening", "night", "midnight"})
WALLS = {
    "cyberpunk": ["#34363f", "#2b3038", "#40373c", "#273239"],
    "medieval": ["#cbb896", "#b9a17a", "#d8cbb0", "#a98d6c"],
    "plain": ["#9c8d7c", "#8a7f78", "#a3785f", "#b0a697"],
}
LOW_SIGNS = ((-1, 2.1, -2.6, "#ff2fa0", 13.0), (1, 2.0, -5.6, "#22dcff", 12.0), (-1, 2.6, -9.5, "#ff3d7f", 14.0))
"""Side, height, depth, colour and candela of lights that colour the ground and whoever walks there, one from behind."""
HEIGHTS = {"cyberpunk": (15.0, 26.0), "medieval": (7.0, 10.5), "plain": (9.0, 15.0)}


@dataclass(frozen=True, slots=True)
class Way:
    """What sets one way between houses apart from another."""

    half: float
    """Metres from the middle to the house fronts."""
    far: float
    near: float
    style: str
    is_night: bool
    is_wet: bool
    has_kerb: bool

    @property
    def has_neon(self) -> bool:
        """Whether the place brings signs of its own."""
        return self.style == "cyberpunk" and self.is_night


def alley(environment: EnvironmentSpec, seed: int) -> Place:
    """The place of an alley, street or city."""
    narrow = any(word in environment.place for word in ("alley", "lane", "passage", "gasse", "roji", "backstreet"))
    style = environment.style if environment.style in WALLS else "plain"
    if environment.style in ("futuristic", "sci-fi", "scifi", "neon"):
        style = "cyberpunk"
    half = (environment.width or (6.0 if narrow else 11.0)) / 2
    way = Way(
        half=max(half, 1.6),
        far=-max(environment.depth or 44.0, 12.0) + 8.0,
        near=8.0,
        style=style or "plain",
        is_night=environment.time_of_day in DARK,
        is_wet=any(weather in ("rain", "storm") for weather in environment.weather),
        has_kerb=not narrow,
    )
    walls = (
        Wall((-way.half, way.near), (-way.half, way.far), (1.0, 0.0), 9.0),
        Wall((way.half, way.far), (way.half, way.near), (-1.0, 0.0), 9.0),
    )
    return Place(
        "alley" if narrow else "street",
        (-way.half, -14.0),
        (way.half, 4.0),
        lambda openings: _dress(way, seed, openings),
        walls,
        way=((0.15, -12.0), (-0.1, 2.0)),
        way_width=1.5,
        eye=(0.35 if narrow else 1.2, 1.5, way.near + (0.0 if narrow else 1.0)),
        focus=(0.0, 2.45 if narrow else 2.0, -8.0),
        fov_y=0.92,
    )


def _dress(way: Way, seed: int, openings: Sequence[Opening]) -> Dressing:
    rng = np.random.default_rng([seed, 21])
    colors = WALLS[way.style]
    picture = "concrete" if way.style == "cyberpunk" else "brick"
    is_grimy = way.style != "medieval"
    share = 0.5 if way.has_neon else 0.38
    palette = (
        night_palette(colors, is_grimy, share, picture) if way.is_night else day_palette(colors, is_grimy, picture)
    )
    dressing = Dressing()
    dressing.add("ground", Mesh(merged(_ground(way, rng))), "ground")
    dressing.add("house_fronts", Mesh(merged(_fronts(way, rng, palette))), "building")
    dressing.add("overhead", Mesh(merged(_overhead(way, rng, palette))))
    if way.has_neon:
        _signs(way, rng, dressing)
    elif way.is_night:
        _lanterns(way, rng, dressing)
    return dressing


def _ground(way: Way, rng: np.random.Generator) -> list[Part]:
    """Asphalt with a drain down its middle, kerb stones where it is a street, and puddles."""
    tarmac = paint("asphalt", "#3a3d44" if way.is_wet else "#57585b", 0.32 if way.is_wet else 0.9, "asphalt")
    stone = paint("kerb", "#6c6f74", 0.4 if way.is_wet else 0.85, "paving")
    iron = paint("drain", "#191b1f", 0.35, metallic=0.8)
    far, near, half = way.far - 14, way.near + 8, way.half + 0.3
    parts = [_floor(-half, half, far, near, 0.0, tarmac, 3.0)]
    length, middle = near - far, (near + far) / 2
    if way.has_kerb:
        edge = way.half - 2.2
        parts += [
            _floor(s * edge if s > 0 else -half, half if s > 0 else -edge, far, near, 0.006, stone, 2.0)
            for s in (-1, 1)
        ]
        parts.append(boxes([(s * edge, 0.01, middle) for s in (-1, 1)], [(0.16, 0.02, length)] * 2, stone))
    else:
        slots = np.arange(way.far, way.near, 0.16)
        parts.append(
            boxes([(s * (way.half - 0.85), 0.004, middle) for s in (-1, 1)], [(0.3, 0.008, length)] * 2, stone)
        )
        parts.append(boxes([(way.half - 0.85, 0.006, z) for z in slots], [(0.22, 0.008, 0.06)] * len(slots), iron))
    if way.is_wet:
        parts += _puddles(way, rng)
    return parts


def _floor(x0: float, x1: float, z0: float, z1: float, y: float, material: Material, metres: float) -> Part:
    corners = [(x0, y, z1), (x1, y, z1), (x1, y, z0), (x0, y, z0)]
    return panes(np.array([corners]), material, metres_per_picture=metres)


def _puddles(way: Way, rng: np.random.Generator) -> list[Part]:
    """Flat pools with uneven edges, smooth as glass."""
    water = paint("puddle", "#0d1117", 0.03)
    pools: list[Part] = []
    turn = np.linspace(0, 2 * np.pi, 25)
    for _ in range(14):
        x, z = rng.uniform(-way.half + 0.9, way.half - 0.9), rng.uniform(-22, way.near - 1.5)
        wide, long = rng.uniform(0.35, 1.1), rng.uniform(0.5, 1.7)
        waves = [rng.uniform(0.05, 0.22) * np.sin(turn * k + rng.uniform(0, 6)) for k in (2, 3, 5)]
        edge = 1 + np.sum(waves, axis=0)
        edge[-1] = edge[0]
        rim = np.stack([x + wide * edge * np.sin(turn), np.full(25, 0.009), z + long * edge * np.cos(turn)], axis=1)
        rim[:, 0] = np.clip(rim[:, 0], -way.half + 0.02, way.half - 0.02)
        middle = np.broadcast_to(np.array([x, 0.009, z]), rim.shape)
        grid = np.stack([rim, middle])
        pools.append(sheet(grid, np.zeros((2, 25, 2)), water))
    return pools


def _fronts(way: Way, rng: np.random.Generator, palette: Palette) -> list[Part]:
    """A row of fronts on each side, set back by turns, and one that closes the view."""
    parts: list[Part] = []
    low, high = HEIGHTS[way.style]
    for side in (-1, 1):
        z = way.near + 6.0
        while z > way.far - 8.0:
            length = float(rng.uniform(6.0, 10.5))
            back = float(rng.uniform(0.0, 0.35)) if z < 3.0 else 0.0
            house = front(rng, length, float(rng.uniform(low, high)), palette)
            x = side * (way.half + back)
            parts += standing(house, x, z if side < 0 else z - length, np.pi / 2 if side < 0 else -np.pi / 2)
            z -= length
    wide = 2 * way.half + 12.0
    closing = front(rng, wide, high * 1.15, palette)
    parts += standing(closing, -wide / 2, way.far - 9.0, 0.0)
    return parts


def _overhead(way: Way, rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Cables from wall to wall, and washing or pipes between them."""
    cable = paint("cable", "#0c0d10", 0.7)
    parts: list[Part] = []
    count = 18 if palette.is_grimy else 6
    for _ in range(count):
        y, z = rng.uniform(5.0, 12.5), rng.uniform(way.far + 4, way.near - 4.5)
        along = np.linspace(-1, 1, 11)
        sag, drift, tilt = rng.uniform(0.2, 1.1), rng.uniform(-2.5, 2.5), rng.uniform(-0.7, 0.7)
        line = np.stack([along * (way.half + 0.2), y + tilt * along - sag * (1 - along**2), z + drift * along], axis=1)
        parts.append(tube(line, float(rng.uniform(0.012, 0.03)), cable, 4))
    if palette.is_grimy and not way.has_kerb:
        for z in rng.uniform(way.far + 6, -6.0, 3):
            y = float(rng.uniform(7.0, 10.0))
            parts.append(boxes([(0, y, z)], [(2 * way.half + 0.4, 0.5, 1.1)], palette.metal))
            rails = [(0, y + 0.75, z + side * 0.52) for side in (-1, 1)]
            parts.append(boxes(rails, [(2 * way.half + 0.4, 0.06, 0.06)] * 2, palette.metal))
    return parts


def _signs(way: Way, rng: np.random.Generator, dressing: Dressing) -> None:
    """Boards on both walls by turns, farther away the more, and a haze of light at the end."""
    parts: list[Part] = []
    spots = [
        (-1, -0.6, 4.4),
        (1, -4.6, 4.0),
        (-1, -8.5, 3.9),
        (1, -12.5, 6.4),
        (-1, -16.0, 6.2),
        (1, -21.0, 3.6),
        (-1, -26.0, 4.4),
    ]
    for number, (side, z, low) in enumerate(spots):
        if z < way.far + 2:
            continue
        wall_x = side * way.half
        made, light = neon.board(rng, wall_x, -side, z + float(rng.uniform(-0.5, 0.5)), low, number)
        parts += made
        if number < 4:
            dressing.lights.append(light)
    strip = glow("strip_light", "#8fe9ff", 4.0)
    strips = [(s * (way.half - 0.12), 3.35, z) for s, z in ((1, -1.6), (-1, -6.5), (1, -10.5), (-1, -19.0))]
    parts.append(boxes(strips, [(0.1, 0.1, 2.2)] * len(strips), strip))
    dressing.add("place_signs", Mesh(merged(parts)))
    end = (0.0, 5.0, way.far - 4.0)
    dressing.lights.append(Light("far_haze", "point", linear("#4fc3ff"), 60.0, end, reach=40.0))
    dressing.lights.append(Light("doorway", "point", linear("#ffb36b"), 7.0, (way.half - 0.5, 2.9, 0.6), reach=9.0))
    for number, (side, y, z, color, candela) in enumerate(LOW_SIGNS):
        at = (side * (way.half - 0.7), y, z)
        dressing.lights.append(Light(f"low_sign_{number}", "point", linear(color), candela, at, reach=9.0))
    dressing.lights.append(Light("back_alley", "point", linear("#ff4d8d"), 16.0, (-1.2, 3.4, -14.5), reach=16.0))


def _lanterns(way: Way, rng: np.random.Generator, dressing: Dressing) -> None:
    """Wall lamps on both sides, for streets that bring no signs."""
    lamp = glow("wall_lamp", "#ffcf8a", 6.0)
    arm = paint("lamp_arm", "#1d1d1f", 0.5, metallic=0.6)
    spots = [(side, z + float(rng.uniform(-0.8, 0.8))) for z in (1.0, -6.0, -13.0, -21.0) for side in (-1, 1)]
    at = [(side * (way.half - 0.45), 3.1, z) for side, z in spots]
    parts = [
        boxes(at, [(0.22, 0.34, 0.22)] * len(at), lamp),
        boxes([(side * (way.half - 0.22), 3.32, z) for side, z in spots], [(0.5, 0.05, 0.05)] * len(at), arm),
    ]
    dressing.add("wall_lamps", Mesh(merged(parts)))
    for number, (side, z) in enumerate(spots[:6]):
        place = (side * (way.half - 0.8), 3.0, z)
        dressing.lights.append(Light(f"wall_lamp_{number}", "point", linear("#ffc47a"), 14.0, place, reach=14.0))
