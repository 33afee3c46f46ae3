"""A room seen from its open side: floor, walls, a window with the sky in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from diorama_nodes.images.colour import Rgb, mix
from diorama_nodes.images.paint.canvas import Canvas, Polygon
from diorama_nodes.images.paint.figures import oval
from diorama_nodes.images.paint.mood import Mood

BACK = (0.2, 0.14, 0.8, 0.66)
"""The back wall: left, top, right, bottom."""
LAMPLIGHT: Rgb = (1.0, 0.82, 0.56)
HOMELY = ("living", "bed", "library", "study", "dining", "kitchen", "cafe", "bar", "tavern", "tatami", "room", "museum")
BARE = ("server_room", "throne_room")
WINDOWLESS = ("dungeon", "cave", "cellar", "basement", "crypt", "tunnel", "warehouse", "hangar", "space", "lab")
FLOORS: tuple[tuple[str, Rgb, Rgb], ...] = (
    # words in the place's name; wall; floor
    ("kitchen bath laundry hospital clinic", (0.8, 0.84, 0.82), (0.62, 0.66, 0.68)),
    ("library study tavern inn pub cabin attic", (0.5, 0.36, 0.27), (0.4, 0.26, 0.17)),
    ("dungeon cellar cave basement crypt", (0.34, 0.34, 0.37), (0.26, 0.26, 0.28)),
    ("lab server ship hangar office cockpit", (0.46, 0.52, 0.6), (0.3, 0.34, 0.4)),
    ("bedroom nursery", (0.72, 0.68, 0.78), (0.55, 0.42, 0.33)),
)


def paint_room(canvas: Canvas, mood: Mood, place: str, style: str) -> float:
    """Walls, floor, ceiling, a window, light that falls from it; gives where the back wall meets the floor."""
    wall, floor = next(
        ((w, f) for words, w, f in FLOORS if any(word in place for word in words.split())),
        ((0.76, 0.68, 0.58), (0.52, 0.37, 0.26)),
    )
    if any(word in style for word in ("cyber", "neon", "sci", "futur")):
        wall, floor = mix(wall, (0.2, 0.22, 0.36), 0.7), mix(floor, (0.12, 0.13, 0.22), 0.7)
    warm: Rgb = mix(LAMPLIGHT if mood.is_dark else (1.0, 0.95, 0.88), mood.light, 0.1 if mood.is_dark else 0.4)
    dim = max(0.62, 0.5 + 0.5 * mood.brightness)

    def lit(colour: Rgb, share: float) -> Rgb:
        red, green, blue = (part * tone * share * dim for part, tone in zip(colour, warm, strict=True))
        return red, green, blue

    left, top, right, bottom = BACK
    canvas.rgb[:] = lit(wall, 0.75)
    planes: tuple[tuple[Polygon, Rgb], ...] = (
        ([(0, 1.1), (left, bottom), (right, bottom), (1, 1.1)], lit(floor, 0.95)),
        ([(0, -0.1), (left, top), (right, top), (1, -0.1)], lit(mix(wall, (1, 1, 1), 0.3), 0.62)),
        ([(left, top), (right, top), (right, bottom), (left, bottom)], lit(wall, 1.0)),
    )
    for polygon, colour in planes:
        canvas.lay(canvas.mask([polygon]), colour)
    _boards(canvas, lit(mix(floor, (0, 0, 0), 0.4), 0.9))
    skirting = [(left, bottom), (right, bottom), (right, bottom - 0.022), (left, bottom - 0.022)]
    canvas.lay(canvas.mask([skirting]), lit(mix(wall, (1, 1, 1), 0.5), 1.0))
    if any(word in place for word in HOMELY) and place not in BARE:
        _furnish(canvas, mood, lit, 1 - _window(canvas, mood))
    elif place not in BARE and not any(word in place for word in WINDOWLESS):
        _window(canvas, mood)
    corner = np.hypot((canvas.x - 0.5) * 1.2, canvas.y - 0.45)
    canvas.lay(np.clip(corner - 0.28, 0, 0.6), mood.dark, 0.9)
    _lamp(canvas, mood, LAMPLIGHT)
    return bottom


def indoors(mood: Mood) -> Mood:
    """The mood of what stands in a room: lamplight, brown shadows, clear air."""
    dark = mix(mood.dark, (0.15, 0.1, 0.08), 0.65)
    haze = mix((0.62, 0.5, 0.4), mood.haze, 0.25)
    light = LAMPLIGHT if mood.is_dark else mood.light
    brightness = max(mood.brightness, 0.62)
    return replace(mood, dark=dark, haze=haze, light=light, brightness=brightness, thickness=0.1, is_dark=False)


def _furnish(canvas: Canvas, mood: Mood, lit: Callable[[Rgb, float], Rgb], middle: float) -> None:
    """A rug on the floor and two pictures around `middle` on the wall, in the mood's accents."""
    accent = mood.accents[0]
    rug = [(0.3, 0.8), (0.7, 0.8), (0.8, 0.95), (0.2, 0.95)]
    canvas.lay(canvas.mask([rug]), lit(mix(accent, (0.5, 0.2, 0.16), 0.7), 0.8), 0.85)
    canvas.lay(canvas.mask([], [([*rug, rug[0]], 0.008)]), lit(mix(accent, (0.9, 0.8, 0.6), 0.6), 0.9), 0.8)
    for x, low in ((middle - 0.055, 0.4), (middle + 0.055, 0.37)):
        frame = [(x - 0.03, low - 0.14), (x + 0.03, low - 0.14), (x + 0.03, low), (x - 0.03, low)]
        canvas.lay(canvas.mask([frame]), lit((0.9, 0.87, 0.8), 0.95))
        canvas.lay(canvas.mask([oval(x, low - 0.06, 0.016, 0.035)]), lit(mix(accent, (0.3, 0.4, 0.5), 0.6), 0.8))
        canvas.lay(canvas.mask([], [([*frame, frame[0]], 0.01)]), lit((0.35, 0.24, 0.16), 0.9))


def _lamp(canvas: Canvas, mood: Mood, warm: Rgb) -> None:
    """A lamp that hangs from the ceiling, on where it is dark outside."""
    strength = 0.6 if mood.is_dark else 0.2
    canvas.lay(canvas.mask([], [([(0.5, 0.0), (0.5, 0.12)], 0.004)]), mood.dark)
    canvas.lay(
        canvas.mask([[(0.485, 0.12), (0.515, 0.12), (0.545, 0.18), (0.455, 0.18)]]),
        mix(mood.dark, mood.accents[0], 0.5),
    )
    canvas.lay(canvas.mask([oval(0.5, 0.182, 0.025, 0.014)]), mix(warm, (1, 1, 1), 0.4), 0.4 + 0.6 * strength)
    canvas.glow((0.5, 0.19), 0.3, warm, strength)


def _boards(canvas: Canvas, colour: Rgb) -> None:
    """Lines of the floor that run to the vanishing point."""
    left, _, right, bottom = BACK
    shares = np.linspace(0, 1, 13).tolist()
    lines = [([(left + (right - left) * share, bottom), (-0.3 + 1.6 * share, 1.1)], 0.003) for share in shares]
    canvas.lay(canvas.mask([], lines), colour, 0.6)


def _window(canvas: Canvas, mood: Mood) -> float:
    """A window in the back wall, its sky, and the light it throws on the floor; gives the window's middle."""
    middle = 0.36 if canvas.rng.random() < 0.5 else 0.64
    left, top, right, bottom = middle - 0.085, 0.21, middle + 0.085, 0.46
    pane = [(left, top), (right, top), (right, bottom), (left, bottom)]
    view = canvas.blend([(top, mood.sky[0]), (0.34, mood.sky[1]), (bottom, mood.sky[2])], canvas.y + 0 * canvas.x)
    hill = canvas.mask([[(0, 0.46), (0, 0.42), (middle - 0.02, 0.4), (middle + 0.05, 0.43), (1, 0.41), (1, 0.46)]])
    view += (np.asarray(mood.far(mood.dark, 0.6), np.float32) - view) * hill[:, :, None]
    canvas.lay(canvas.mask([pane]), view)
    bars = [
        ([*pane, pane[0]], 0.014),
        ([(middle, top), (middle, bottom)], 0.008),
        ([(left, (top + bottom) / 2), (right, (top + bottom) / 2)], 0.008),
    ]
    canvas.lay(canvas.mask([], bars), mix((0.85, 0.8, 0.72), mood.dark, 0.5 * (1 - mood.brightness)))
    lean = 0.16 if middle < 0.5 else -0.16
    patch = canvas.mask(
        [[(left + lean, 0.72), (right + lean, 0.72), (right + lean * 2, 0.92), (left + lean * 2 - 0.02, 0.92)]]
    )
    strength = 0.12 + 0.28 * mood.brightness
    canvas.shine(canvas.soften(patch, 0.012) * strength, mood.light)
    beam = canvas.mask([[(left, top), (right, bottom), (right + lean * 2, 0.92), (left + lean * 2 - 0.02, 0.92)]])
    canvas.shine(canvas.soften(beam, 0.03) * strength * 0.3, mood.light)
    canvas.glow((middle, (top + bottom) / 2), 0.22, mood.light, 0.25 * strength * 2)
    return middle
