"""Silhouettes of things and people: outlines in heights of the thing, x from its middle, y up from its foot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama_nodes.images.paint.canvas import Point

Outline = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """What a kind of thing looks like from afar."""

    words: tuple[str, ...]
    """Parts of the names of kinds that look like this."""
    tall: float
    """Height against other things that are called of the same size."""
    body: tuple[Outline, ...]
    lit: tuple[Outline, ...] = ()
    """Parts that shine."""
    lights: tuple[tuple[float, float, float], ...] = ()
    """Places and radii of glows."""
    glyphs: bool = False
    """Whether it bears writing."""


def path(text: str) -> Outline:
    """The outline whose corners `text` gives as `x,y` with spaces between."""
    pairs = (corner.split(",") for corner in text.split())
    return tuple((float(x), float(y)) for x, y in pairs)


def box(left: float, low: float, right: float, high: float) -> Outline:
    """A rectangle."""
    return ((left, low), (right, low), (right, high), (left, high))


def oval(x: float, y: float, rx: float, ry: float, points: int = 28) -> Outline:
    """An ellipse."""
    turn = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return tuple(zip((x + rx * np.cos(turn)).tolist(), (y + ry * np.sin(turn)).tolist(), strict=True))


def fan(low: float, high: float, width: float) -> Outline:
    """A triangle that stands on its base."""
    return ((-width / 2, low), (width / 2, low), (0, high))


CROWN = ((-0.2, 0.62, 0.2), (0.2, 0.6, 0.2), (0.0, 0.78, 0.24), (-0.1, 0.52, 0.18), (0.13, 0.5, 0.17), (0.0, 0.6, 0.25))
HULL = path("-0.75,0.22 0.8,0.26 0.6,0 -0.6,0")
CAR = path("-1.3,0.2 -1.28,0.55 -0.8,0.62 -0.45,0.98 0.4,1 0.75,0.62 1.25,0.52 1.3,0.2")
ROCK = path("-0.8,0 -0.7,0.4 -0.35,0.85 0.1,1 0.5,0.7 0.75,0.3 0.85,0")
FLAME = path("-0.22,0.12 -0.26,0.4 -0.1,0.6 -0.05,1 0.12,0.66 0.26,0.42 0.2,0.12")
BEAST = path(
    "-0.62,0 -0.55,0 -0.5,0.4 0.3,0.4 0.36,0 0.44,0 0.46,0.62 0.6,0.98 0.86,0.86 "
    "0.84,0.74 0.62,0.7 0.5,0.66 -0.56,0.7 -0.7,0.5"
)

FIGURES = (
    Figure(
        ("lamp_post", "street_lamp", "street_light", "lamppost", "lantern", "lamp", "torch", "candle"),
        1.5,
        (box(-0.012, 0, 0.012, 0.9), box(-0.05, 0, 0.05, 0.04), fan(0.98, 1.05, 0.16)),
        (box(-0.05, 0.89, 0.05, 0.98),),
        ((0.0, 0.93, 0.32),),
    ),
    Figure(
        ("neon", "sign", "billboard", "hologram", "screen", "monitor", "poster", "banner"),
        1.1,
        (box(-0.3, 0.28, 0.3, 1.0), box(-0.02, 0, 0.02, 0.3)),
        (box(-0.3, 0.98, 0.3, 1.0), box(-0.3, 0.28, 0.3, 0.3), box(-0.3, 0.28, -0.28, 1.0), box(0.28, 0.28, 0.3, 1.0)),
        ((0.0, 0.64, 0.4),),
        glyphs=True,
    ),
    Figure(
        ("pine", "fir", "spruce", "conifer", "cypress", "christmas"),
        2.0,
        (box(-0.03, 0, 0.03, 0.2), fan(0.1, 0.55, 0.5), fan(0.32, 0.78, 0.4), fan(0.56, 1.0, 0.28)),
    ),
    Figure(
        ("palm",),
        1.8,
        (
            path("-0.03,0 0.03,0 0.1,0.8 0.07,0.8"),
            path("0.08,0.8 -0.2,0.92 -0.42,0.7 -0.2,0.84"),
            path("0.08,0.8 0.35,0.95 0.56,0.72 0.32,0.86"),
            path("0.08,0.8 -0.05,1 -0.28,0.98 -0.04,0.93"),
            path("0.08,0.8 0.22,1 0.42,1 0.2,0.92"),
        ),
    ),
    Figure(
        ("tree", "oak", "willow", "sakura", "cherry", "maple", "birch", "bonsai"),
        1.9,
        (
            path("-0.05,0 0.05,0 0.03,0.5 -0.03,0.5"),
            path("0,0.3 0.03,0.3 0.17,0.55 0.13,0.55"),
            *(oval(x, y, r, r * 0.85) for x, y, r in CROWN),
        ),
    ),
    Figure(
        ("bush", "shrub", "hedge", "fern", "grass", "crop", "flower", "plant", "pot", "mushroom"),
        0.6,
        (oval(-0.35, 0.3, 0.4, 0.35), oval(0.3, 0.35, 0.45, 0.4), oval(0, 0.6, 0.42, 0.4), box(-0.6, 0, 0.6, 0.3)),
    ),
    Figure(
        ("church", "chapel", "cathedral", "monastery"),
        1.9,
        (
            box(-0.1, 0, 0.55, 0.4),
            path("-0.14,0.38 0.6,0.38 0.5,0.62 -0.04,0.62"),
            box(-0.3, 0, -0.04, 0.62),
            path("-0.34,0.6 0,0.6 -0.17,1"),
            box(-0.175, 0.98, -0.165, 1.08),
            box(-0.195, 1.03, -0.145, 1.042),
        ),
        (*(box(x, 0.14, x + 0.06, 0.28) for x in (0.06, 0.2, 0.34)), oval(-0.17, 0.5, 0.04, 0.04)),
        ((0.2, 0.2, 0.22), (-0.17, 0.5, 0.1)),
    ),
    Figure(
        ("lighthouse",),
        2.6,
        (path("-0.12,0 0.12,0 0.07,0.8 -0.07,0.8"), box(-0.1, 0.78, 0.1, 0.82), fan(0.92, 1.0, 0.17)),
        (box(-0.055, 0.82, 0.055, 0.92),),
        ((0.0, 0.87, 0.5),),
    ),
    Figure(
        ("castle", "fort", "palace"),
        2.4,
        (
            box(-0.5, 0, 0.5, 0.42),
            box(-0.6, 0, -0.38, 0.62),
            box(0.38, 0, 0.6, 0.62),
            box(-0.16, 0, 0.16, 0.8),
            *(
                tuple((x + dx, y) for x, y in fan(low, high, 0.3))
                for dx, low, high in ((-0.49, 0.62, 0.82), (0.49, 0.62, 0.82), (0, 0.8, 1.05))
            ),
        ),
        (box(-0.03, 0.6, 0.03, 0.68), box(-0.3, 0.24, -0.26, 0.31), box(0.26, 0.24, 0.3, 0.31)),
        ((0.0, 0.64, 0.1),),
    ),
    Figure(
        ("tower", "skyscraper", "chimney", "column", "pillar", "obelisk", "statue", "monument"),
        2.2,
        (path("-0.14,0 0.14,0 0.11,0.92 -0.11,0.92"), box(-0.15, 0.9, 0.15, 0.96), box(-0.01, 0.96, 0.01, 1.1)),
        (box(-0.05, 0.7, -0.01, 0.76), box(0.02, 0.5, 0.06, 0.56)),
    ),
    Figure(
        ("torii", "gate", "arch", "bridge", "portal"),
        1.6,
        (
            box(-0.5, 0, -0.42, 0.9),
            box(0.42, 0, 0.5, 0.9),
            box(-0.56, 0.66, 0.56, 0.73),
            path("-0.72,1 -0.6,0.87 0.6,0.87 0.72,1 0,0.95"),
        ),
    ),
    Figure(
        ("tent", "pyramid", "umbrella", "parasol", "teepee"),
        0.9,
        (fan(0, 1.0, 1.5),),
    ),
    Figure(
        ("house", "cottage", "hut", "cabin", "barn", "temple", "shrine", "shop", "stall", "building", "inn", "kiosk"),
        1.5,
        (box(-0.5, 0, 0.5, 0.52), path("-0.62,0.5 0.62,0.5 0.3,0.95 -0.3,0.95"), box(0.24, 0.8, 0.33, 1.05)),
        (box(-0.34, 0.2, -0.2, 0.36), box(0.22, 0.2, 0.36, 0.36), box(-0.06, 0.0, 0.08, 0.32)),
        ((0.0, 0.22, 0.3),),
    ),
    Figure(
        ("boat", "ship", "canoe", "raft", "gondola"),
        1.1,
        (
            HULL,
            box(-0.02, 0.2, 0.02, 1.0),
            path("0.05,0.3 0.5,0.32 0.05,0.95"),
            path("-0.05,0.3 -0.35,0.32 -0.05,0.85"),
        ),
    ),
    Figure(
        ("car", "taxi", "truck", "van", "bus", "vehicle", "cart", "wagon"),
        0.75,
        (CAR, oval(-0.75, 0.2, 0.22, 0.22), oval(0.78, 0.2, 0.22, 0.22)),
        (box(1.2, 0.36, 1.3, 0.46), box(-1.3, 0.38, -1.24, 0.46)),
        ((1.25, 0.41, 0.45), (-1.27, 0.42, 0.2)),
    ),
    Figure(("rock", "stone", "boulder", "cliff", "hill", "mountain", "iceberg", "crystal"), 0.8, (ROCK,)),
    Figure(
        ("campfire", "bonfire", "fire", "fireplace", "brazier"),
        0.6,
        (path("-0.5,0 0.5,0 0.4,0.14 -0.4,0.14"),),
        (FLAME,),
        ((0.0, 0.4, 1.2),),
    ),
    Figure(
        ("table", "desk", "counter", "workbench"),
        0.75,
        (box(-0.9, 0.88, 0.9, 1.0), box(-0.84, 0, -0.74, 0.9), box(0.74, 0, 0.84, 0.9), box(-0.8, 0.7, 0.8, 0.8)),
    ),
    Figure(
        ("bench", "sofa", "couch", "bed", "armchair"),
        0.8,
        (box(-1.0, 0.2, 1.0, 0.5), box(-1.0, 0.4, 1.0, 1.0), box(-1.1, 0, -0.95, 0.7), box(0.95, 0, 1.1, 0.7)),
    ),
    Figure(
        ("chair", "stool", "throne"),
        0.85,
        (
            box(-0.25, 0.42, 0.25, 0.5),
            box(-0.25, 0, -0.18, 1.0),
            box(0.18, 0, 0.25, 0.45),
            box(-0.25, 0.8, -0.18, 1.0),
            path("-0.25,0.6 -0.18,0.6 -0.16,1 -0.25,1"),
        ),
    ),
    Figure(
        (
            "shelf",
            "bookcase",
            "cabinet",
            "fridge",
            "wardrobe",
            "door",
            "cupboard",
            "vending",
            "locker",
            "rack",
            "bookshelf",
        ),
        1.4,
        (box(-0.28, 0, 0.28, 1.0),),
        (box(-0.2, 0.62, 0.2, 0.64), box(-0.2, 0.36, 0.2, 0.38)),
    ),
    Figure(
        ("dog", "cat", "horse", "deer", "cow", "sheep", "wolf", "fox", "dragon", "animal"),
        0.8,
        (BEAST,),
    ),
    Figure(
        ("fence", "wall", "railing"),
        0.6,
        (
            box(-1.5, 0.7, 1.5, 0.8),
            box(-1.5, 0.3, 1.5, 0.4),
            *(box(x, 0, x + 0.12, 1.0) for x in (-1.5, -0.9, -0.3, 0.3, 0.9, 1.38)),
        ),
    ),
    Figure(("ball", "globe", "sphere", "planet", "moon", "balloon", "orb"), 0.7, (oval(0, 0.5, 0.5, 0.5),)),
    Figure(
        ("barrel", "bin", "can", "vase", "jar", "bottle"), 0.7, (path("-0.3,0 0.3,0 0.36,0.5 0.3,1 -0.3,1 -0.36,0.5"),)
    ),
)
BLOCK = Figure((), 0.8, (path("-0.5,0 0.5,0 0.5,0.92 0.42,1 -0.42,1 -0.5,0.92"),))
"""What is drawn for a kind that none of the figures names."""
PERSON = Figure(
    (),
    1.0,
    (
        oval(0.0, 0.91, 0.058, 0.075),
        path(
            "-0.05,0.84 0.05,0.84 0.14,0.78 0.17,0.46 0.12,0.45 0.12,0.3 0.15,0.26 -0.15,0.26 "
            "-0.11,0.45 -0.16,0.46 -0.14,0.78"
        ),
        path("-0.11,0.3 -0.01,0.3 -0.07,0.02 -0.01,0 -0.14,0"),
        path("0,0.3 0.11,0.3 0.12,0.02 0.18,0 0.07,0"),
    ),
)
HAT: tuple[Outline, ...] = (box(-0.12, 0.945, 0.12, 0.962), box(-0.065, 0.955, 0.065, 1.02))
ROBED = ("woman", "girl", "lady", "princess", "queen", "witch", "wizard", "monk", "priest", "nun", "geisha", "dancer")
ROBE: Outline = path(
    "-0.045,0.85 0.045,0.85 0.12,0.78 0.13,0.5 0.08,0.56 0.2,0.02 -0.2,0.02 -0.08,0.56 -0.13,0.5 -0.12,0.78"
)
ROBOT = (
    box(-0.09, 0.82, 0.09, 0.98),
    box(-0.03, 0.78, 0.03, 0.84),
    box(-0.16, 0.45, 0.16, 0.79),
    box(-0.23, 0.42, -0.17, 0.78),
    box(0.17, 0.42, 0.23, 0.78),
    box(-0.13, 0.0, -0.03, 0.46),
    box(0.03, 0.0, 0.13, 0.46),
    box(-0.005, 0.98, 0.005, 1.04),
)
ROBOTS = ("robot", "android", "mech", "droid")
HATTED = ("detective", "cowboy", "farmer", "pirate", "spy", "gentleman", "ranger")


LONG = 5
"""Letters from which on a word also counts inside a longer one: `bookcase`, but no `fir` in `fire`."""


def figure_of(kind: str) -> Figure:
    """The figure for a kind of thing."""
    if any(word in kind for word in ROBOTS):
        return person_of(kind)
    words = {kind, *kind.split("_")}
    words |= {word.removesuffix("s") for word in words}
    exact = (figure for figure in FIGURES if words.intersection(figure.words))
    inside = (figure for figure in FIGURES if any(len(word) >= LONG and word in kind for word in figure.words))
    return next(exact, None) or next(inside, BLOCK)


def person_of(role: str) -> Figure:
    """The figure for someone of a role."""
    if any(word in role for word in ROBED):
        return Figure((), 1.0, (oval(0.0, 0.905, 0.06, 0.075), oval(0.0, 0.88, 0.075, 0.09), ROBE))
    if any(word in role for word in ROBOTS):
        return Figure((), 1.0, ROBOT, (box(-0.05, 0.9, 0.05, 0.925),))
    hat = HAT if any(word in role for word in HATTED) else ()
    return Figure((), 1.0, PERSON.body + hat)
