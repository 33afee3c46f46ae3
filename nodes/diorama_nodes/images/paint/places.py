"""The places a scene can be in, painted from far to near."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diorama_nodes.images.colour import Floats, Rgb, mix
from diorama_nodes.images.paint.canvas import Canvas, Polygon, square
from diorama_nodes.images.paint.mood import Mood

GROUNDS: dict[str, Rgb] = {
    "field": (0.42, 0.55, 0.28),
    "forest": (0.3, 0.38, 0.22),
    "mountain": (0.42, 0.46, 0.38),
    "water": (0.22, 0.36, 0.44),
    "desert": (0.83, 0.68, 0.45),
    "city": (0.26, 0.28, 0.33),
    "street": (0.2, 0.21, 0.26),
    "village": (0.5, 0.47, 0.33),
    "snow": (0.88, 0.91, 0.96),
}


def ridge(canvas: Canvas, level: float, swing: float, lumps: int, roughness: float = 0.5) -> Polygon:
    """A skyline across the canvas: `level` and `swing` in heights, its bumps halving `roughness` by `roughness`."""
    across = np.linspace(0, 1, 161)
    rise = np.zeros(161)
    for octave in range(6):
        knots = canvas.rng.uniform(-1, 1, lumps * 2**octave + 2)
        rise += np.interp(across * (len(knots) - 1), np.arange(len(knots)), knots) * roughness**octave
    line = level - swing * rise / 1.6
    return [(0, 1.2), *zip(across.tolist(), line.tolist(), strict=True), (1, 1.2)]


def faded(canvas: Canvas, mood: Mood, colour: Rgb, nearness: float, foot: float, depth: float = 0.22) -> Floats:
    """A colour field for a layer: its foot at `foot` sinks into the haze, the more air the deeper."""
    share = np.clip((foot - canvas.y) / depth, 0, 1) * (0.35 + 0.65 * nearness) + 0.25 * nearness
    clear = np.clip(share * (1.25 - 0.6 * mood.thickness), 0, 1)
    return canvas.blend([(0, mood.haze), (1, mood.far(colour, nearness))], clear)


def hills(canvas: Canvas, mood: Mood, horizon: float) -> None:
    """Rolling hills, three deep."""
    for number, nearness in enumerate((0.25, 0.45, 0.65)):
        level = horizon - 0.07 + 0.045 * number
        mask = canvas.mask([ridge(canvas, level, 0.05, 2 + number, 0.3)])
        canvas.lay(
            mask, faded(canvas, mood, mix(mood.dark, GROUNDS["field"], 0.5 * mood.brightness), nearness, level + 0.16)
        )


def mountains(canvas: Canvas, mood: Mood, horizon: float) -> None:
    """Jagged ranges, four deep, the far ones with snow."""
    for number, nearness in enumerate((0.2, 0.36, 0.55, 0.78)):
        level = horizon - 0.24 + 0.08 * number
        line = ridge(canvas, level, 0.16 - 0.025 * number, 3 + number, 0.52)
        canvas.lay(canvas.mask([line]), faded(canvas, mood, mood.dark, nearness, level + 0.26))
        if number < 2:
            cap = (
                canvas.mask([line])
                * np.clip((level - 0.015 - canvas.y) / 0.06, 0, 1)
                * (canvas.noise(22, 12, 3) > 0.45)
            )
            canvas.lay(cap, mix(mood.sky[2], (1, 1, 1), 0.6 * mood.brightness), 0.7)


def trees(canvas: Canvas, mood: Mood, horizon: float) -> None:
    """A wood: ranks of firs, then near trunks at the sides."""
    for number, nearness in enumerate((0.18, 0.34, 0.52, 0.75)):
        size, foot = 0.2 + 0.11 * number, horizon + 0.015 + 0.03 * number
        polygons: list[Polygon] = [square(0, foot - 0.04, 1, foot + 0.05)]
        for x in np.arange(-0.02, 1.05, 0.052 + 0.02 * number) + canvas.rng.uniform(-0.015, 0.015):
            place = float(x + canvas.rng.uniform(-0.02, 0.02))
            if number > 1 and 0.3 < place < 0.7:
                continue
            tall = size * float(canvas.rng.uniform(0.7, 1.25))
            for low, high, half in ((0.0, 0.5, 0.24), (0.25, 0.75, 0.19), (0.5, 1.0, 0.13)):
                reach, base = half * tall / canvas.aspect, foot - low * tall
                polygons.append([(place - reach, base), (place, foot - high * tall), (place + reach, base)])
        canvas.lay(
            canvas.mask(polygons),
            faded(canvas, mood, mix(mood.dark, GROUNDS["forest"], 0.3 * mood.brightness), nearness, foot + 0.02),
        )
    widths = canvas.rng.uniform(0.012, 0.026, 4).tolist()
    trunks = [
        [(x - half * 1.5, 1.05), (x - half, -0.05), (x + half, -0.05), (x + half * 1.5, 1.05)]
        for x, half in zip((0.02, 0.11, 0.9, 0.985), widths, strict=True)
    ]
    canvas.lay(canvas.mask(trunks), mood.dark, 0.95)


def skyline(canvas: Canvas, mood: Mood, horizon: float) -> None:
    """A city's skyline, three deep, with lit windows."""
    for number, nearness in enumerate((0.25, 0.45, 0.75)):
        foot, x = horizon + 0.02 + 0.015 * number, -0.03
        towers: list[Polygon] = []
        windows: list[Polygon] = []
        while x < 1.02:
            wide = float(canvas.rng.uniform(0.03, 0.075)) * (0.8 + 0.3 * number)
            top = foot - float(canvas.rng.uniform(0.12, 0.5)) * (0.9 - 0.16 * number)
            towers.append(square(x, top, x + wide, foot + 0.1))
            if canvas.rng.random() < 0.3:
                towers.append([(x + wide * 0.45, top), (x + wide * 0.5, top - 0.08), (x + wide * 0.55, top)])
            windows += [
                square(column, row, column + 0.0045, row + 0.009)
                for column in np.arange(x + 0.006, x + wide - 0.006, 0.0095).tolist()
                for row in np.arange(top + 0.02, foot - 0.01, 0.021).tolist()
                if canvas.rng.random() < (0.3 if mood.is_dark else 0.12)
            ]
            x += wide + float(canvas.rng.uniform(-0.004, 0.008))
        canvas.lay(canvas.mask(towers), faded(canvas, mood, mood.dark, nearness, foot + 0.02, 0.35))
        lights = canvas.mask(windows)
        canvas.shine(
            lights, mix(mood.accents[number % len(mood.accents)], (1.0, 0.82, 0.5), 0.6)
        ) if mood.is_dark else canvas.lay(lights, mood.sky[1], 0.5)


def dunes(canvas: Canvas, mood: Mood, horizon: float) -> None:
    """Sand dunes with a lit and a shaded side."""
    for number, nearness in enumerate((0.55, 0.8, 1.0)):
        level = horizon + 0.02 + 0.1 * number
        mask = canvas.mask([ridge(canvas, level, 0.07, 2, 0.22)])
        sand = mix(mood.lit(GROUNDS["desert"]), mood.light, 0.15)
        canvas.lay(
            mask,
            canvas.blend(
                [(0, mood.far(sand, nearness)), (1, mood.far(mix(sand, mood.dark, 0.5), nearness))],
                (canvas.y - level + 0.07) / 0.3,
            ),
        )


def village(canvas: Canvas, mood: Mood, horizon: float) -> None:
    """Hills with a row of roofs and a spire."""
    hills(canvas, mood, horizon)
    roofs: list[Polygon] = []
    windows: list[Polygon] = []
    for x in np.arange(0.04, 1.0, 0.085):
        place, foot = float(x + canvas.rng.uniform(-0.02, 0.02)), horizon + float(canvas.rng.uniform(0.0, 0.03))
        wide, tall = float(canvas.rng.uniform(0.025, 0.04)), float(canvas.rng.uniform(0.06, 0.1))
        roofs += [
            [(place - wide, foot), (place - wide, foot - tall), (place + wide, foot - tall), (place + wide, foot)],
            [
                (place - wide * 1.2, foot - tall * 0.95),
                (place, foot - tall * 1.8),
                (place + wide * 1.2, foot - tall * 0.95),
            ],
        ]
        windows.append(
            [
                (place - 0.006, foot - 0.045),
                (place + 0.006, foot - 0.045),
                (place + 0.006, foot - 0.02),
                (place - 0.006, foot - 0.02),
            ]
        )
    canvas.lay(canvas.mask(roofs), faded(canvas, mood, mood.dark, 0.6, horizon + 0.08))
    canvas.shine(canvas.mask(windows) * (1.0 if mood.is_dark else 0.3), (1.0, 0.75, 0.4))


FAR: dict[str, Callable[[Canvas, Mood, float], None]] = {
    "field": hills,
    "forest": trees,
    "mountain": mountains,
    "water": mountains,
    "desert": dunes,
    "city": skyline,
    "village": village,
}
WORDS: tuple[tuple[str, str], ...] = (
    ("planet space mars lunar galaxy", "desert"),
    ("alley street road lane market avenue chinatown bazaar crossing station parking", "street"),
    ("city rooftop skyline downtown town_square plaza metropolis", "city"),
    ("forest wood jungle park garden grove swamp orchard clearing campsite", "forest"),
    ("harbor lake sea ocean beach shore coast river island pier dock pond bay underwater harbour", "water"),
    ("mountain valley cliff canyon peak alp volcano hill snowfield tundra sky", "mountain"),
    ("desert dune oasis savanna mars", "desert"),
    ("village castle temple ruin farm courtyard town shrine graveyard", "village"),
)


def family_of(place: str) -> str:
    """The family of places that a place's name belongs to; `field` where none fits."""
    name = place.lower()
    return next((family for words, family in WORDS if any(word in name for word in words.split())), "field")


def ground(canvas: Canvas, mood: Mood, colour: Rgb, horizon: float) -> None:
    """The ground from the horizon down, darker to the front, broken by flat patches."""
    near, far = mood.lit(mix(colour, mood.dark, 0.35)), mood.far(mood.lit(colour), 0.45)
    patches = canvas.noise(4, 22, 4)
    field = canvas.blend([(horizon, far), (1.0, near)], canvas.y + 0.1 * (patches - 0.5))
    canvas.lay(np.clip((canvas.y - horizon) * canvas.height / 4, 0, 1) * np.ones_like(canvas.x), field)


def reflect(canvas: Canvas, line: float, strength: float, ripple: float) -> None:
    """Mirror what is above `line` in what lies below it, broken by ripples."""
    from scipy import ndimage

    start = round(line * canvas.height)
    deep = canvas.height - start
    fall = np.arange(deep, dtype=np.float32)
    wave = ripple * canvas.height * (canvas.noise(5, 46, 3)[start:] - 0.5) * (0.25 + fall[:, None] / max(deep, 1))
    rows = np.clip(start - 1 - fall[:, None] * 1.15 + wave, 0, start - 1)
    columns = np.clip(np.arange(canvas.width)[None] + wave * 0.6, 0, canvas.width - 1)
    smear = ndimage.uniform_filter(canvas.rgb, (max(round(0.02 * canvas.height), 1), 1, 1))
    mirrored = smear[rows.astype(int), columns.astype(int)]
    share = strength * (0.6 + 0.4 * canvas.noise(3, 30, 3)[start:, :, None])
    canvas.rgb[start:] = canvas.rgb[start:] * (1 - share * 0.75) + mirrored * share


def shore(canvas: Canvas, mood: Mood, level: float) -> None:
    """A bank of sand and grass in front of water, with a light line where they meet."""
    line = ridge(canvas, level, 0.035, 2, 0.4)
    bank = canvas.mask([line])
    foam = canvas.mask([], [(line[1:-1], 0.006)])
    near, far = mood.lit(mix((0.55, 0.5, 0.36), mood.dark, 0.45)), mood.lit((0.72, 0.64, 0.48))
    canvas.lay(bank, canvas.blend([(level, far), (1.0, near)], canvas.y + 0.12 * (canvas.noise(6, 16, 4) - 0.5)))
    canvas.lay(canvas.soften(foam, 0.002), mix(mood.sky[2], (1, 1, 1), 0.3), 0.6)
