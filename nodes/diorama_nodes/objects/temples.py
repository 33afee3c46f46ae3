"""Temples, pagodas and the columns that bear them."""

from __future__ import annotations

from math import pi

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.kinds import Wish, kind
from diorama_nodes.objects.materials import material
from diorama_nodes.objects.primitives import box, cylinder, extrude, lathe
from diorama_nodes.objects.shapes import disc
from diorama_nodes.objects.surfaces import scaled, turned
from diorama_nodes.objects.varieties import pyramid


@kind("temple", (10.0, 8.0, 8.0))
def temple(wish: Wish) -> list[Part]:
    """A hall of columns under a pediment; in an Asian style a pagoda of three bent roofs; a stepped pyramid."""
    if wish.says("pyramid"):
        return pyramid(wish)
    if any(word in wish.style + " " + wish.shape for word in ("japan", "chin", "asia", "pagoda", "zen")) or wish.says(
        "pagoda", "japan", "buddh"
    ):
        return pagoda(wish)
    w, h, d = wish.size
    stone = wish.body("marble", "#dcd5c5")
    parts = [box((w * (1 - 0.05 * k), h * 0.04, d * (1 - 0.05 * k)), (0, h * 0.04 * k, 0), stone) for k in range(3)]
    foot, top = h * 0.12, h * 0.66
    cw, cd = w * 0.8, d * 0.8
    spots = [(x * cw / 2, z * cd / 2) for x in np.linspace(-1, 1, 6) for z in (-1, 1)] + [
        (x * cw / 2, z * cd / 2) for z in np.linspace(-0.6, 0.6, 3) for x in (-1, 1)
    ]
    for x, z in spots:
        parts += column_at((x, foot, z), w * 0.036, top - foot, stone)
    parts += [
        box((w * 0.9, h * 0.07, d * 0.9), (0, top, 0), stone, bevel=0.03),
        box((w * 0.5, top - foot, d * 0.5), (0, foot, -d * 0.05), material("marble", "#c9c0ad")),
    ]
    roof = extrude([(-w * 0.48, 0), (w * 0.48, 0), (0, h * 0.26)], d * 0.94, (0, top + h * 0.07, 0), stone)
    return [*parts, roof, box((w * 0.14, h * 0.36, 0.1), (0, foot, d * 0.2), material("carbon"))]


def pagoda(wish: Wish) -> list[Part]:
    """Three storeys, each under a bent roof, with a spire."""
    w, h, d = wish.size
    red, roof = wish.body("wood", "#9a3324"), material("roof_tiles", "#34413f")
    parts = [box((w * 0.9, h * 0.05, d * 0.9), (0, 0, 0), material("stone_blocks"))]
    for k in range(3):
        low, share = h * (0.05 + 0.28 * k), 1 - 0.2 * k
        bw, bd = w * 0.52 * share, d * 0.52 * share
        parts += [box((bw, h * 0.17, bd), (0, low, 0), material("plaster", "#e8dfc8"))]
        parts += [
            box((bw * 0.06, h * 0.17, bd * 0.06), (x * bw / 2, low, z * bd / 2), red)
            for x in (-1, -0.33, 0.33, 1)
            for z in (-1, 1)
        ]
        parts += [
            box((bw * 0.26, h * 0.14, bd * 1.02), (0, low, 0), material("wood", "#5a2018")),
            box((bw * 1.04, h * 0.015, bd * 1.04), (0, low + h * 0.155, 0), red),
        ]
        curve = [
            (0, h * 0.165),
            (0.71, h * 0.175),
            (0.69, h * 0.19),
            (0.52, h * 0.205),
            (0.38, h * 0.235),
            (0.25 if k < 2 else 0.0, h * 0.28),
            (0, h * 0.28),
        ]
        eaves = lathe([(radius * share, y) for radius, y in curve], (0, low, 0), roof, 4)
        parts.append(scaled(turned(eaves, "y", pi / 4), (w, 1, d)))
    return [
        *parts,
        cylinder(0.07, h * 0.12, (0, h * 0.88, 0), material("gold"), top=0.02),
        *[disc(0.01, 0.01, (0, h, 0), material("gold"), 6)],
    ]


def column_at(at: tuple[float, float, float], radius: float, height: float, stuff: Material) -> list[Part]:
    """A column with base and capital."""
    r, h = radius, height
    profile = [
        (0, 0),
        (r * 1.45, 0),
        (r * 1.45, h * 0.03),
        (r * 1.2, h * 0.06),
        (r, h * 0.07),
        (r * 0.98, h * 0.4),
        (r * 0.84, h * 0.92),
        (r * 1.15, h * 0.95),
        (r * 1.3, h * 0.97),
        (0, h * 0.97),
    ]
    return [lathe(profile, at, stuff, 12), box((r * 2.8, h * 0.035, r * 2.8), (at[0], at[1] + h * 0.965, at[2]), stuff)]
