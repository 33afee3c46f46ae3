"""Every kind of object that can be made, with its usual size, and the way from a wish to a mesh.

Origins: on the ground under the middle; of `WALL_KINDS` at the bottom middle of the back, which is the plane z = 0;
of `CEILING_KINDS` at the middle of the top. Fronts face +Z.
"""

from __future__ import annotations

from math import prod

from diorama.faults import BadInput, did_you_mean
from diorama.values import Mesh
from diorama_nodes.objects import (
    animals,
    buildings,
    cars,
    castles,
    figures,
    food,
    furniture,
    games,
    garden,
    household,
    landscape,
    lighting,
    monuments,
    music,
    neon,
    openings,
    ponds,
    seating,
    street,
    structures,
    tableware,
    temples,
    vehicles,
)
from diorama_nodes.objects.kinds import KINDS, Kind, Size, Wish
from diorama_nodes.objects.surfaces import fitted, merged, moved
from diorama_nodes.plan.schema import ObjectSpec

THEMES = (
    animals,
    buildings,
    cars,
    castles,
    figures,
    food,
    furniture,
    games,
    garden,
    household,
    landscape,
    lighting,
    monuments,
    music,
    neon,
    openings,
    ponds,
    seating,
    street,
    structures,
    tableware,
    temples,
    vehicles,
)
"""The modules that register kinds."""

WALL_KINDS = frozenset(name for name, kind in KINDS.items() if kind.mount == "wall")
CEILING_KINDS = frozenset(name for name, kind in KINDS.items() if kind.mount == "ceiling")
SIZE_FACTORS = {"tiny": 0.5, "small": 0.75, "medium": 1.0, "large": 1.35, "huge": 1.8}
THINNEST = 0.001
"""Metres below which no side is made: a part without thickness has no normals."""


def known_kind(name: str) -> Kind:
    """The kind of a name; raises `BadInput` where there is none."""
    try:
        return KINDS[name]
    except KeyError:
        raise BadInput(f"no object of kind {name!r} can be made{did_you_mean(name, KINDS)}") from None


def wish_for(spec: ObjectSpec, style: str, seed: int) -> Wish:
    """What is to be built for an object of a plan, its size settled."""
    kind = known_kind(spec.kind)
    wish = Wish(
        kind.name,
        kind.size,
        seed,
        spec.color,
        spec.material.lower() if spec.material else None,
        (spec.shape or "").lower(),
        (spec.attributes.get("style") or style).lower(),
        spec.attributes,
    )
    usual = kind.size_of(wish) if kind.size_of else kind.size
    return wish.sized(_size(spec, usual, kind.keeps_shape))


def _size(spec: ObjectSpec, usual: Size, keeps_shape: bool) -> Size:
    factor = SIZE_FACTORS[spec.size]
    given = spec.dimensions or (None, None, None)
    known = [(length, own) for length, own in zip(given, usual, strict=True) if length]
    if known and keeps_shape:
        factor = float(prod(length / own for length, own in known) ** (1 / len(known)))
    sides = [length or own * factor for length, own in zip(given, usual, strict=True)]
    return max(sides[0], THINNEST), max(sides[1], THINNEST), max(sides[2], THINNEST)


def build(spec: ObjectSpec, style: str = "", seed: int = 0) -> Mesh:
    """The mesh of an object: of exactly its size, at its origin, merged by material."""
    wish = wish_for(spec, style, seed)
    kind = KINDS[wish.kind]
    parts = fitted(merged(kind.build(wish)), wish.size)
    shift = {"ground": (0.0, 0.0, 0.0), "wall": (0.0, 0.0, wish.d / 2), "ceiling": (0.0, -wish.h, 0.0)}[kind.mount]
    return Mesh(tuple(moved(part, shift) for part in parts))


def default_size(name: str) -> Size:
    """Width, height and depth in metres of a kind where nothing else is asked for; raises `BadInput`."""
    return known_kind(name).size
