"""Clothes: tops and trousers, skirts of coats, dresses and robes, collars, lapels, belts, aprons and armour."""

from __future__ import annotations

import numpy as np

from diorama.values.mesh import Material, Part
from diorama.values.rig import SkinnedPart
from diorama_nodes.character import body, shapes
from diorama_nodes.character.arrays import Array
from diorama_nodes.character.field import Cut, Solid, influences
from diorama_nodes.character.outfit import Outfit
from diorama_nodes.character.skeleton import Frame
from diorama_nodes.character.surface import skinned_surface

SKIRTS: dict[str, tuple[float, float, float, bool]] = {
    "coat": (-0.52, 0.228, 0.212, True),
    "dress": (-0.42, 0.225, 0.205, False),
    "gown": (-0.83, 0.37, 0.36, False),
    "robe": (-0.82, 0.30, 0.29, False),
    "tunic": (-0.30, 0.215, 0.19, False),
    "tutu": (-0.13, 0.36, 0.34, False),
}
"""For each: the hem's metres above the hips' joint, its half width and half depth, whether it is open in front."""


def top_solid(frame: Frame, outfit: Outfit) -> Solid:
    """Shirt, jacket or the upper half of a coat, down to below the hips' joint."""
    # Under a skirt the top ends at the hips, where nothing of it can come through.
    hem = Cut(body.spot(frame, "hips", 0, 0.03 if outfit.skirt else -0.085), (0.0, -1.0, 0.0))
    neck = Cut(body.spot(frame, "neck", 0, 0.028), (0.0, 1.0, 0.0))
    if outfit.sleeve < 0:
        strap = Cut(body.spot(frame, "neck", 0, -0.045), (0.0, 1.0, 0.0))
        return Solid(body.torso(frame), (hem, strap), pad=outfit.pad * frame.scale, weight_blend=0.02 * frame.scale)
    # Thighs belong to a jacket too: its hem moves with them.
    thighs = () if outfit.skirt else body.legs(frame)[::3]
    blobs = body.torso(frame) + thighs + body.arms(frame, bulk=1.06 - 14 * max(outfit.pad - 0.010, 0.0))
    cuts = (*body.wrist_cuts(frame, outfit.sleeve), hem, neck)
    return Solid(blobs, cuts, pad=outfit.pad * frame.scale, weight_blend=0.02 * frame.scale)


def skin_solid(frame: Frame) -> Solid:
    """Bare arms and shoulders, where sleeves leave them free."""
    return Solid(body.torso(frame)[2:] + body.arms(frame), body.wrist_cuts(frame, 1.0), weight_blend=0.02 * frame.scale)


def trouser_solid(frame: Frame, pad: float, hem: float, *, is_covered: bool) -> Solid:
    """Trousers or tights down to so many metres above the ankle; without their top where a skirt covers it."""
    blobs = body.torso(frame)[:1] + body.legs(frame, bulk=1.0)
    ankle = float(frame.places["foot_l"][1])
    cut = Cut((0.0, ankle + hem * frame.scale, 0.0), (0.0, -1.0, 0.0))
    cuts = (cut, Cut(body.spot(frame, "hips", 0, -0.09), (0.0, 1.0, 0.0))) if is_covered else (cut,)
    return Solid(blobs, cuts, pad=pad * frame.scale, weight_blend=0.02 * frame.scale)


def skirt(frame: Frame, kind: str, under: Solid, material: Material) -> SkinnedPart:
    """The skirt of a coat, dress or robe from the waist to its hem, hung on the four skirt joints."""
    hem, wide, deep, is_open = SKIRTS[kind]
    size = frame.scale
    hips = float(frame.places["hips"][1])
    leg = (hips - float(frame.places["foot_l"][1])) / size / 0.885
    top, low = hips + 0.085 * size, hips + hem * leg * size
    gap = 0.012 if is_open else 0.0
    angles = np.linspace(gap, 2 * np.pi - gap, 73) if is_open else np.linspace(0, 2 * np.pi, 72, endpoint=False)
    outer = []
    for share in np.linspace(0, 1, 22):
        height = top + (low - top) * share
        spread = share**0.8 if kind != "tutu" else share**0.35
        rx, rz = (0.135 + (wide - 0.135) * spread) * size, (0.115 + (deep - 0.115) * spread) * size
        folds = 1 + 0.035 * share**1.5 * np.cos(9 * angles + 0.7) + 0.018 * share * np.cos(5 * angles + 2.1)
        radius = folds / np.sqrt((np.sin(angles) / rx) ** 2 + (np.cos(angles) / rz) ** 2)
        if height > hips - 0.15 * size:
            fitted = shapes.wrap(under, np.full(len(angles), height), angles, 0.010 * size)
            radius = np.maximum(radius if share > 0.15 else 0, np.hypot(fitted[:, 0], fitted[:, 2]))
        outer.append(np.stack([np.sin(angles) * radius, np.full(len(angles), height), np.cos(angles) * radius], 1))
    rings = np.array(outer)
    inner = rings * np.array([0.965, 1.0, 0.965])
    sheet = np.concatenate([inner, rings[::-1][:1], rings[::-1]])
    part = shapes.loft(sheet, material, is_closed=not is_open)
    return _hung(frame, part, top, is_open=is_open)


def _hung(frame: Frame, part: Part, top: float, *, is_open: bool) -> SkinnedPart:
    places, size = part.positions, frame.scale
    hips = float(frame.places["hips"][1])
    down = np.clip((hips + 0.05 * size - places[:, 1]) / (0.26 * size), 0, 1)
    down = down * down * (3 - 2 * down)
    width = np.clip((places[:, 0] / size + 0.09) / 0.18, 0, 1)
    width = width * width * (3 - 2 * width)
    if is_open:
        width = np.where(places[:, 2] > 0.02 * size, places[:, 0] > 0, width)
    ahead = np.clip((places[:, 2] / size + 0.10) / 0.20, 0, 1)
    ahead = ahead * ahead * (3 - 2 * ahead)
    panels = [
        ("front_l", ahead * width),
        ("front_r", ahead * (1 - width)),
        ("back_l", (1 - ahead) * width),
        ("back_r", (1 - ahead) * (1 - width)),
    ]
    # The sides lie on the thighs and go with them; front and back hang free of them.
    beside = np.abs(places[:, 0]) / np.maximum(np.hypot(places[:, 0], places[:, 2]), 1e-6)
    beside = 0.85 * beside**3 * down
    weights = np.stack(
        [
            1 - down,
            *(share * (down - beside) for _, share in panels),
            beside * (places[:, 0] > 0),
            beside * (places[:, 0] <= 0),
        ],
        1,
    )
    names = ("hips", *(f"skirt_{name}" for name, _ in panels), "upper_leg_l", "upper_leg_r")
    numbers = np.array([frame.joint(name) for name in names])
    order = np.argsort(-weights, axis=1, kind="stable")[:, :4]
    chosen = np.take_along_axis(weights, order, 1)
    chosen /= chosen.sum(1, keepdims=True)
    return SkinnedPart(part, numbers[order].astype(np.uint16), chosen.astype(np.float32))


def belt(frame: Frame, under: Solid, leather: Material, buckle: Material) -> list[SkinnedPart]:
    """A belt about the waist with a buckle."""
    size = frame.scale
    height = float(frame.places["hips"][1]) + 0.095 * size
    angles = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    rings = []
    for rise, lift in ((-0.024, 0.004), (-0.022, 0.014), (0.022, 0.014), (0.024, 0.004)):
        ring = shapes.wrap(under, np.full(64, height + rise * size), angles, lift * size)
        rings.append(ring)
    strap = on_solid(under, shapes.loft(np.array(rings), leather))
    x = shapes.front(under, np.array([0.0]), np.array([height]), 0.014 * size)[0]
    clasp = shapes.lathe([(0, -0.006), (0.026, -0.006), (0.030, 0.0), (0.026, 0.006), (0, 0.006)], buckle, segments=4)
    turn = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]])
    clasp = shapes.turned(clasp, turn * size, (0, 0, 0), (float(x[0]), float(x[1]), float(x[2])))
    return [strap, shapes.bound(clasp, frame.joint("spine"))]


def on_solid(solid: Solid, part: Part) -> SkinnedPart:
    """A part that lies on a solid and moves as it does."""
    joints, weights = influences(solid, part.positions)
    return SkinnedPart(part, joints.astype(np.uint16), weights.astype(np.float32))


def collar(frame: Frame, material: Material) -> SkinnedPart:
    """A turned-down collar, open in front."""
    size = frame.scale * frame.proportions.girth
    profile = np.array(
        [
            (0.070, -0.02),
            (0.072, 0.03),
            (0.076, 0.052),
            (0.086, 0.056),
            (0.100, 0.030),
            (0.116, -0.010),
            (0.112, -0.014),
            (0.094, 0.012),
        ]
    )
    angles = np.linspace(0.42, 2 * np.pi - 0.42, 40)
    rings = []
    for radius, rise in profile:
        y = rise - 0.055 * np.clip(np.cos(angles), 0, 1) ** 2
        rings.append(np.stack([np.sin(angles) * radius, y, np.cos(angles) * radius], 1) * size)
    place = frame.places["neck"] + np.array([0, 0.005, 0.004]) * frame.scale
    part = shapes.loft(np.array(rings)[::-1] + place, material, is_closed=False)
    return shapes.bound(part, frame.joint("chest"))


def lapels(frame: Frame, under: Solid, coat: Material, shirt: Material, tie: Material | None) -> list[SkinnedPart]:
    """A shirt front between two lapels, with or without a tie."""
    size = frame.scale
    waist, neck = float(frame.places["spine"][1]) + 0.03 * size, float(frame.places["neck"][1]) - 0.022 * size
    low = waist + 0.10 * size

    def line(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x * size, y) for x, y in points]

    middle = low + 0.62 * (neck - low)
    parts = [
        shapes.drape(under, line((-0.055, neck), (-0.002, low)), line((0.055, neck), (0.002, low)), 0.003 * size, shirt)
    ]
    for side in (1.0, -1.0):
        inner = line((side * 0.050, neck + 0.005 * size), (side * 0.036, middle), (side * 0.0, low - 0.01 * size))
        outer = line((side * 0.085, neck + 0.005 * size), (side * 0.105, middle), (side * 0.012, low - 0.015 * size))
        left, right = (inner, outer) if side > 0 else (outer, inner)
        parts.append(shapes.drape(under, left, right, 0.010 * size, coat))
    if tie is not None:
        stripe = line((-0.012, neck - 0.02 * size), (-0.024, low + 0.06 * size), (-0.006, low - 0.005 * size))
        parts.append(shapes.drape(under, stripe, [(-x, y) for x, y in stripe], 0.007 * size, tie))
    return [on_solid(under, part) for part in parts]


def cuffs(frame: Frame, outfit: Outfit, material: Material) -> list[SkinnedPart]:
    """A cuff at the end of each long sleeve."""
    size = frame.scale
    bulk = 1.06 - 14 * max(outfit.pad - 0.010, 0.0)
    reach = (0.034 * bulk * frame.proportions.girth + outfit.pad + 0.0035) * size
    shares = [0.88, 0.885, 0.93, 0.985, 0.99]
    radii = [0.9 * reach, reach * 1.03, reach * 1.02, reach, 0.9 * reach]
    parts = []
    for name, _ in body.SIDES:
        line = [body.between(frame, f"lower_arm_{name}", f"hand_{name}", share) for share in shares]
        parts.append(shapes.bound(shapes.tube(line, radii, material, 24), frame.joint(f"lower_arm_{name}")))
    return parts


def shirt_neck(frame: Frame, under: Solid, shirt: Material) -> SkinnedPart:
    """The shirt about the throat, above its front."""
    size = frame.scale
    cuts = (
        Cut(body.spot(frame, "neck", 0, 0.034), (0.0, 1.0, 0.0)),
        Cut(body.spot(frame, "neck", 0, -0.045), (0.0, -1.0, 0.0)),
        Cut(body.spot(frame, "neck", 0, 0, 0.0), (0.0, 0.0, -1.0)),
        *(Cut(body.spot(frame, "neck", side * 0.062), (side, 0.0, 0.0)) for _, side in body.SIDES),
    )
    solid = Solid(under.blobs, cuts, pad=under.pad + 0.003 * size, weight_blend=under.weight_blend)
    return skinned_surface(solid, 0.010 * size, shirt)


def buttons(frame: Frame, under: Solid, material: Material, heights: Array, offset: float) -> list[SkinnedPart]:
    """Two rows of buttons at heights, so far from the middle."""
    size = frame.scale
    parts = []
    for height in heights:
        for side in (1.0, -1.0):
            place = shapes.front(under, np.array([side * offset * size]), np.array([height]), 0.001)[0]
            at = (float(place[0]), float(place[1]), float(place[2]))
            parts.append(
                on_solid(under, shapes.ellipsoid(at, (0.010 * size, 0.010 * size, 0.006 * size), material, 12))
            )
    return parts


def apron(frame: Frame, under: Solid, material: Material, *, has_bib: bool = True) -> list[SkinnedPart]:
    """A bib with straps over the chest."""
    size = frame.scale
    low, high = float(frame.places["hips"][1]) - 0.05 * size, float(frame.places["chest"][1]) + 0.09 * size
    neck = float(frame.places["neck"][1])
    half = 0.10 * size
    parts = [
        shapes.drape(
            under, [(-half, high), (-half * 1.25, low)], [(half, high), (half * 1.25, low)], 0.007 * size, material
        )
    ]
    for side in (1.0, -1.0):
        inner, outer = side * 0.070 * size, side * 0.098 * size
        edges = sorted([inner, outer])
        parts.append(
            shapes.drape(
                under,
                [(edges[0], neck - 0.02 * size), (edges[0], high - 0.01)],
                [(edges[1], neck - 0.02 * size), (edges[1], high - 0.01)],
                0.006 * size,
                material,
            )
        )
    return [on_solid(under, part) for part in parts]


def cape(frame: Frame, material: Material) -> SkinnedPart:
    """A cape down the back from the shoulders to the calves."""
    size = frame.scale
    top = float(frame.places["neck"][1]) - 0.03 * size
    low = float(frame.places["foot_l"][1]) + 0.16 * size
    angles = np.linspace(np.pi * 0.56, np.pi * 1.44, 33)
    rings = []
    for share in np.linspace(0, 1, 18):
        rx, rz = (0.16 + 0.19 * share**0.7) * size, (0.13 + 0.23 * share**0.8) * size
        folds = 1 + 0.05 * share * np.cos(11 * angles)
        height = np.full(len(angles), top + (low - top) * share)
        rings.append(np.stack([np.sin(angles) * rx * folds, height, np.cos(angles) * rz * folds], 1))
    part = shapes.loft(np.array(rings)[::-1], material, is_closed=False)
    skinned = _hung(frame, part, top, is_open=False)
    above = part.positions[:, 1] > frame.places["spine"][1]
    joints, weights = skinned.joints.copy(), skinned.weights.copy()
    joints[above], weights[above] = frame.joint("chest"), np.array([1, 0, 0, 0], np.float32)
    return SkinnedPart(part, joints, weights)
