"""Figures that stand as things: robots, skeletons, snowmen, armour."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.animals import body_of, both
from diorama_nodes.objects.kinds import Wish, kind
from diorama_nodes.objects.materials import glow, material
from diorama_nodes.objects.primitives import box, cylinder, extrude, lathe, sphere, tube
from diorama_nodes.objects.shapes import disc, placed, ring, rod
from diorama_nodes.objects.surfaces import moved, turned


@kind("robot", (0.8, 1.6, 0.5))
def robot(wish: Wish) -> list[Part]:
    """A robot: box of a chest with a dial and lamps, lit eyes, an aerial, jointed limbs with grippers."""
    w, h, d = wish.size
    shell, joint, lit = (
        wish.body("painted_metal", "#8fa3ad"),
        material("iron"),
        glow(wish.attributes.get("eyes", "#4de8ff"), 6.0),
    )
    parts = [
        box((w * 0.5, h * 0.3, d * 0.7), (0, h * 0.43, 0), shell, bevel=0.04),
        box((w * 0.38, h * 0.09, d * 0.5), (0, h * 0.35, 0), joint, bevel=0.02),
    ]
    parts += [
        cylinder(w * 0.07, h * 0.05, (0, h * 0.72, 0), joint),
        box((w * 0.38, h * 0.17, d * 0.6), (0, h * 0.76, 0), shell, bevel=0.04),
        box((w * 0.28, h * 0.035, 0.02), (0, h * 0.79, d * 0.3), joint),
    ]
    parts += [
        rod((0, h * 0.93, 0), (0, h * 0.975, 0), 0.01, joint),
        sphere(0.025, (0, h * 0.985, 0), glow("#ff4a3a", 5.0), 8),
        disc(w * 0.09, 0.03, (-w * 0.1, h * 0.6, d * 0.35), joint),
        disc(w * 0.075, 0.034, (-w * 0.1, h * 0.6, d * 0.353), material("paper")),
    ]
    parts += [
        disc(0.018, 0.03, (w * (0.06 + 0.06 * k), h * 0.62, d * 0.355), glow(color, 4.0), 10)
        for k, color in enumerate(("#ff5a4a", "#ffd04a", "#5aff8a"))
    ]
    parts += [box((w * 0.18, 0.014, 0.02), (w * 0.11, h * (0.52 + 0.03 * k), d * 0.35), joint) for k in range(3)]
    side = [
        disc(w * 0.05, 0.03, (w * 0.085, h * 0.86, d * 0.3), lit, 16),
        sphere(w * 0.085, (w * 0.3, h * 0.68, 0), joint, 12),
        rod((w * 0.32, h * 0.67, 0), (w * 0.38, h * 0.52, 0.02), w * 0.05, shell, 10),
    ]
    side += [
        sphere(w * 0.055, (w * 0.38, h * 0.51, 0.02), joint, 10),
        rod((w * 0.38, h * 0.51, 0.02), (w * 0.37, h * 0.37, d * 0.12), w * 0.045, shell, 10),
        ring(w * 0.06, 0.018, (w * 0.37, h * 0.33, d * 0.15), joint, "x", 14),
    ]
    side += [
        rod((w * 0.13, h * 0.36, 0), (w * 0.14, h * 0.2, 0.01), w * 0.06, shell, 10),
        sphere(w * 0.065, (w * 0.14, h * 0.2, 0.01), joint, 10),
        rod((w * 0.14, h * 0.2, 0.01), (w * 0.14, h * 0.06, 0), w * 0.055, shell, 10),
    ]
    side += [
        box((w * 0.19, h * 0.055, d * 0.75), (w * 0.14, 0, d * 0.06), shell, bevel=0.025),
        disc(0.03, 0.03, (0, 0, 0), joint, 12),
    ]
    side[-1] = moved(turned(side[-1], "y", pi / 2), (w * 0.2, h * 0.86, 0))
    return parts + both(side)


@kind("skeleton", (0.55, 1.7, 0.3))
def skeleton(wish: Wish) -> list[Part]:
    """A human skeleton: skull, spine, ribs, pelvis and long bones."""
    bone = wish.body("ceramic", "#e6dcc4")
    return _trunk_bones(wish.h, bone) + both(_limb_bones(wish.h, bone))


def _trunk_bones(h: float, bone: Material) -> list[Part]:
    """Skull, spine, breast bone and ribs of a body `h` metres high."""
    dark = material("carbon")
    parts = [
        sphere((h * 0.045, h * 0.056, h * 0.056), (0, h * 0.935, -h * 0.004), bone, 16),
        sphere((h * 0.034, h * 0.03, h * 0.035), (0, h * 0.89, h * 0.02), bone, 12),
    ]
    parts += [
        box((h * 0.045, h * 0.012, h * 0.02), (0, h * 0.872, h * 0.035), bone, bevel=0.004),
        extrude([(-h * 0.008, 0), (h * 0.008, 0), (0, h * 0.018)], h * 0.01, (0, h * 0.898, h * 0.054), dark),
    ]
    for k in range(17):
        t = k / 16
        parts.append(
            cylinder(
                h * (0.013 + 0.006 * (1 - t)),
                h * 0.017,
                (0, h * (0.535 + 0.325 * t), -h * 0.03 * sin(pi * t) - h * 0.005),
                bone,
                sides=8,
            )
        )
    parts.append(box((h * 0.022, h * 0.12, h * 0.01), (0, h * 0.68, h * 0.058), bone, bevel=0.004))
    for k in range(8):
        t = k / 7
        y, reach = h * (0.80 - 0.155 * t), h * (0.06 + 0.035 * sin(pi * (0.25 + 0.6 * t)))
        hoop = [
            (
                reach * sin(a),
                y - h * 0.028 * (1 - cos(a)) / 2,
                -h * 0.03 + (h * 0.088 if k < 6 else h * 0.06) * (1 - cos(a)) / 2,
            )
            for a in np.linspace(0.0, pi * (0.97 if k < 6 else 0.65), 9)
        ]
        parts += both([tube(hoop, h * 0.0065, bone, 5)])
    sockets = [sphere((h * 0.013, h * 0.014, h * 0.012), (h * 0.019, h * 0.936, h * 0.045), dark, 8)]
    return parts + both(sockets)


def _limb_bones(h: float, bone: Material) -> list[Part]:
    """Half a pelvis, shoulder, arm, hand, leg and foot of the side towards +X."""
    pelvis = [
        (h * 0.012, h * 0.535, -h * 0.02),
        (h * 0.07, h * 0.57, -h * 0.015),
        (h * 0.082, h * 0.54, h * 0.012),
        (h * 0.05, h * 0.495, h * 0.015),
        (h * 0.01, h * 0.485, h * 0.025),
    ]
    side = [
        tube(pelvis, [h * 0.014, h * 0.017, h * 0.014, h * 0.014, h * 0.009], bone, 7),
        tube(
            [(0, h * 0.81, h * 0.045), (h * 0.06, h * 0.825, h * 0.02), (h * 0.1, h * 0.815, -h * 0.01)],
            h * 0.009,
            bone,
            6,
        ),
    ]
    side += [
        extrude(
            [(0, 0), (h * 0.05, h * 0.07), (-h * 0.02, h * 0.06)], h * 0.008, (h * 0.055, h * 0.735, -h * 0.05), bone
        ),
    ]
    limbs = [
        ((0.105, 0.81, -0.01), (0.125, 0.635, -0.01)),
        ((0.125, 0.632, -0.01), (0.13, 0.48, 0.02)),
        ((0.137, 0.632, -0.014), (0.145, 0.48, 0.016)),
        ((0.055, 0.51, 0.0), (0.05, 0.275, 0.005)),
        ((0.05, 0.268, 0.005), (0.05, 0.04, -0.005)),
        ((0.063, 0.262, 0.0), (0.06, 0.045, -0.008)),
    ]
    for a, b in limbs:
        start, end = tuple(h * value for value in a), tuple(h * value for value in b)
        side += [
            rod(start, end, h * 0.0085, bone, 7),
            sphere(h * 0.014, start, bone, 8),
            sphere(h * 0.013, end, bone, 8),
        ]
    side += [
        tube(
            [(h * 0.137, h * 0.475, h * 0.02), (h * (0.127 + 0.009 * k), h * 0.4 + h * 0.012 * abs(k - 1), h * 0.03)],
            h * 0.005,
            bone,
            5,
        )
        for k in range(4)
    ]
    side += [
        tube([(h * 0.05, h * 0.03, -h * 0.02), (h * (0.036 + 0.011 * k), h * 0.008, h * 0.09)], h * 0.007, bone, 5)
        for k in range(4)
    ]
    return side


@kind("snowman", (0.9, 1.7, 0.8))
def snowman(wish: Wish) -> list[Part]:
    """Three balls of snow with a carrot, coals, sticks, a scarf and a hat."""
    h = wish.h
    snow, coal, scarf = material("snow"), material("carbon"), material("fabric", wish.color or "#b3262e")
    parts = [
        sphere(h * 0.21, (0, h * 0.19, 0), snow, 22),
        sphere(h * 0.155, (0, h * 0.47, 0), snow, 20),
        sphere(h * 0.115, (0, h * 0.7, 0), snow, 18),
    ]
    parts += [sphere(h * 0.013, (x * h * 0.04, h * 0.73, h * 0.105), coal, 8) for x in (-1, 1)] + [
        sphere(h * 0.009, (h * 0.05 * sin(a), h * 0.69 - h * 0.035 * cos(a), h * 0.105), coal, 6)
        for a in np.linspace(-0.9, 0.9, 6)
    ]
    parts += [sphere(h * 0.014, (0, h * y, h * z), coal, 8) for y, z in ((0.54, 0.138), (0.47, 0.153), (0.4, 0.138))]
    parts += [
        moved(
            turned(
                cylinder(h * 0.018, h * 0.12, (0, 0, 0), material("food", "#e07a24"), top=0.002, sides=10), "x", pi / 2
            ),
            (0, h * 0.705, h * 0.105),
        ),
        ring(h * 0.105, h * 0.024, (0, h * 0.6, 0), scarf),
    ]
    parts += [
        turned(
            box((h * 0.05, h * 0.16, h * 0.02), (h * 0.06, h * 0.44, h * 0.15), scarf, bevel=0.005),
            "x",
            -0.1,
            (0, h * 0.6, h * 0.15),
        ),
        cylinder(h * 0.13, h * 0.014, (0, h * 0.79, 0), coal, sides=24),
        cylinder(h * 0.085, h * 0.19, (0, h * 0.8, 0), coal, top=h * 0.092, sides=24),
    ]
    parts.append(cylinder(h * 0.09, h * 0.03, (0, h * 0.81, 0), scarf, sides=24))
    arm = [
        tube(
            [(h * 0.13, h * 0.5, 0), (h * 0.22, h * 0.56, 0.02), (h * 0.28, h * 0.63, 0.03)],
            [h * 0.012, h * 0.01, h * 0.006],
            material("bark"),
            6,
        )
    ]
    arm += [
        tube([(h * 0.25, h * 0.595, 0.025), (h * 0.27 + x, h * 0.66, 0.03)], h * 0.005, material("bark"), 5)
        for x in (-h * 0.03, h * 0.04)
    ]
    return parts + both(arm)


@kind("knight_statue", (0.9, 2.1, 0.7))
def knight_statue(wish: Wish) -> list[Part]:
    """A suit of armour on a base, both hands on the sword before it, a plume on its helmet."""
    w, h, d = wish.size
    foot = h * 0.07
    steel = wish.body("metal", "#a9b0b6")
    figure = [*_armour(h - foot, steel), *both(_armoured_limbs(h - foot, steel)), *_resting_sword(h - foot)]
    return [box((w * 0.8, foot, d), (0, 0, 0), material("stone"), bevel=0.02), *placed(figure, (0, foot, 0))]


def _armour(t: float, steel: Material) -> list[Part]:
    """Cuirass, skirt and plumed helmet of a figure `t` metres high."""
    dark, red = material("iron"), material("fabric", "#a32626")
    chest = lathe(
        [
            (0, t * 0.5),
            (t * 0.085, t * 0.5),
            (t * 0.075, t * 0.56),
            (t * 0.105, t * 0.68),
            (t * 0.1, t * 0.76),
            (t * 0.045, t * 0.81),
            (0, t * 0.81),
        ],
        material=steel,
        sides=20,
    )
    skirt = lathe([(0, t * 0.43), (t * 0.12, t * 0.43), (t * 0.085, t * 0.53), (0, t * 0.53)], material=steel, sides=20)
    helmet = lathe(
        [
            (0, t * 0.8),
            (t * 0.05, t * 0.8),
            (t * 0.062, t * 0.84),
            (t * 0.062, t * 0.9),
            (t * 0.04, t * 0.95),
            (0, t * 0.965),
        ],
        material=steel,
        sides=18,
    )
    parts = [
        chest,
        skirt,
        helmet,
        box((t * 0.1, t * 0.01, 0.02), (0, t * 0.885, t * 0.055), material("carbon")),
        box((0.012, t * 0.1, 0.02), (0, t * 0.81, t * 0.06), dark),
    ]
    parts += [
        box((0.012, t * 0.006, 0.02), (x * t * 0.02, t * (0.83 + 0.012 * k), t * 0.058), material("carbon"))
        for x in (-1, 1)
        for k in range(3)
    ]
    parts.append(
        body_of(
            [(0, t * 0.96, 0.0), (0, t * 0.99, -t * 0.05), (0, t * 0.9, -t * 0.11)],
            [t * 0.018, t * 0.03, t * 0.012],
            red,
            8,
        )
    )
    parts += [ring(t * 0.085, 0.008, (0, t * y, 0), dark) for y in (0.53, 0.565)]
    return [*parts, disc(t * 0.03, 0.01, (0, t * 0.7, t * 0.105), material("gold"), 16)]


def _armoured_limbs(t: float, steel: Material) -> list[Part]:
    """The arm and the leg towards +X, the hand before the chest."""
    dark = material("iron")
    side = [
        sphere((t * 0.06, t * 0.05, t * 0.06), (t * 0.13, t * 0.745, 0), steel, 14),
        rod((t * 0.135, t * 0.73, 0), (t * 0.15, t * 0.6, t * 0.02), t * 0.036, steel, 12),
        sphere(t * 0.042, (t * 0.15, t * 0.595, t * 0.02), steel, 12),
    ]
    side += [
        rod((t * 0.15, t * 0.595, t * 0.02), (t * 0.03, t * 0.53, t * 0.15), t * 0.032, steel, 12),
        sphere(t * 0.036, (t * 0.022, t * 0.525, t * 0.155), dark, 10),
    ]
    side += [
        rod((t * 0.055, t * 0.46, 0), (t * 0.065, t * 0.26, t * 0.01), t * 0.05, steel, 12),
        sphere((t * 0.052, t * 0.05, t * 0.06), (t * 0.065, t * 0.255, t * 0.015), steel, 12),
        rod((t * 0.065, t * 0.25, t * 0.01), (t * 0.065, t * 0.04, 0), t * 0.042, steel, 12),
        sphere((t * 0.042, t * 0.03, t * 0.09), (t * 0.068, t * 0.028, t * 0.04), steel, 12),
    ]
    return side


def _resting_sword(t: float) -> list[Part]:
    """A sword with its point on the ground and its hilt before the chest."""
    blade = extrude(
        [(-0.022 * t, t * 0.47), (0.022 * t, t * 0.47), (0.018 * t, t * 0.06), (0, t * 0.0), (-0.018 * t, t * 0.06)],
        0.014,
        (0, 0, t * 0.165),
        material("chrome"),
    )
    hilt = [
        rod((-t * 0.09, t * 0.475, t * 0.165), (t * 0.09, t * 0.475, t * 0.165), t * 0.012, material("brass")),
        rod((0, t * 0.47, t * 0.165), (0, t * 0.59, t * 0.165), t * 0.012, material("iron")),
        sphere(t * 0.02, (0, t * 0.6, t * 0.165), material("brass"), 10),
    ]
    return [blade, *hilt]
