"""Faces and hair: eyes, brows, mouth, and hair in several cuts."""

from __future__ import annotations

import numpy as np

from diorama.values.mesh import Material, Part
from diorama.values.rig import SkinnedPart
from diorama_nodes.character import shapes, swatches
from diorama_nodes.character.body import SIDES, head_spot
from diorama_nodes.character.field import Blob, Cut, Point, Solid
from diorama_nodes.character.outfit import Hair
from diorama_nodes.character.skeleton import Frame
from diorama_nodes.character.surface import skinned_surface

STRAND = 0.010
"""Metres between the vertices of hair."""


def features(frame: Frame, solid: Solid, hair: Material, skin: str, *, has_glasses: bool) -> list[SkinnedPart]:
    """Eyes, brows and mouth on a head."""
    size = frame.scale * frame.proportions.head
    joint = frame.joint("head")
    white, iris = swatches.glossy("eye", "#efeae2", 0.25), swatches.glossy("iris", "#1c1512", 0.15)
    lip = swatches.matte("lips", swatches.shaded(skin, 0.62), 0.6)
    parts = []
    for _, side in SIDES:
        eye = _on_face(frame, solid, side * 0.033, 0.101)
        parts.append(
            shapes.ellipsoid(
                (eye[0], eye[1], eye[2] - 0.006 * size), (0.0145 * size, 0.0125 * size, 0.010 * size), white
            )
        )
        parts.append(
            shapes.ellipsoid(
                (eye[0] - side * 0.001 * size, eye[1], eye[2] - 0.0005 * size),
                (0.0078 * size, 0.0092 * size, 0.0065 * size),
                iris,
                14,
            )
        )
        brow = [_on_face(frame, solid, side * x, y) for x, y in ((0.016, 0.122), (0.033, 0.128), (0.050, 0.121))]
        parts.append(shapes.tube(brow, [0.0030 * size, 0.0048 * size, 0.0024 * size], hair, 8))
        if has_glasses:
            parts.append(_lens(frame, solid, side))
    mouth = [
        _on_face(frame, solid, x, y) for x, y in ((-0.024, 0.0465), (-0.01, 0.0435), (0.01, 0.0435), (0.024, 0.0465))
    ]
    parts.append(shapes.tube(mouth, [0.0016 * size, 0.0042 * size, 0.0042 * size, 0.0016 * size], lip, 8))
    return [shapes.bound(part, joint) for part in parts]


def _on_face(frame: Frame, solid: Solid, x: float, y: float) -> Point:
    place = head_spot(frame, x, y, 0)
    point = shapes.front(solid, np.array([place[0]]), np.array([place[1]]), 0.0, place[2])[0]
    return (float(point[0]), float(point[1]), float(point[2]))


def _lens(frame: Frame, solid: Solid, side: float) -> Part:
    size = frame.scale * frame.proportions.head
    x, y, z = _on_face(frame, solid, side * 0.034, 0.100)
    turns = np.linspace(0, 2 * np.pi, 17)
    ring = [(x + 0.024 * size * float(np.cos(a)), y + 0.021 * size * float(np.sin(a)), z + 0.014 * size) for a in turns]
    return shapes.tube(ring, [0.0022 * size] * 17, swatches.glossy("glasses", "#1a1a1c"), 6)


def hair(frame: Frame, cut: Hair, material: Material, *, has_hat: bool) -> list[SkinnedPart]:
    """Hair in a cut; under a hat only what shows below it."""
    if not cut:
        return []
    joint, size = frame.joint("head"), frame.scale * frame.proportions.head

    def ball(x: float, y: float, z: float, radius: float, squash: Point = (1, 1, 1), blend: float = 0.03) -> Blob:
        place = head_spot(frame, x, y, z)
        return Blob(joint, place, place, radius * size, 0.0, squash, blend * size)

    blobs = [ball(0, 0.132, -0.012, 0.102, (0.90, 1.0, 1.05))]
    face = [ball(0, 0.068, 0.115, 0.078, (0.92, 1.05, 1.0), 0.012), ball(0, 0.02, 0.05, 0.07, (1.2, 1.0, 1.0), 0.012)]
    low = 0.045
    if cut == "short" and not has_hat:
        blobs += [
            ball(0.02, 0.205, 0.045, 0.040, (1.5, 0.7, 1.2), 0.03),
            ball(-0.03, 0.195, 0.06, 0.030, (1.3, 0.8, 1.1)),
        ]
    if cut == "curly" and not has_hat:
        blobs += _curls(frame)
    if cut in ("bob", "long"):
        low = -0.01 if cut == "bob" else -0.09
        for side in (1.0, -1.0):
            blobs.append(_lock(frame, joint, (side * 0.070, 0.10, -0.02), (side * 0.074, low, -0.028), 0.034, 0.028))
        blobs.append(_lock(frame, joint, (0, 0.08, -0.055), (0, low - 0.02, -0.072), 0.058, 0.048))
    if cut == "bun":
        blobs.append(ball(0, 0.215, -0.065, 0.046, blend=0.012))
    if cut == "ponytail":
        blobs.append(_lock(frame, joint, (0, 0.17, -0.10), (0, 0.16, -0.125), 0.022, 0.026))
        blobs.append(_lock(frame, joint, (0, 0.16, -0.125), (0, 0.0, -0.145), 0.034, 0.012))
        low = -0.03
    if cut not in ("bob", "long", "ponytail"):
        face.append(ball(0, -0.03, 0.0, 0.085, (1.2, 1.0, 1.4), 0.01))
    cuts: tuple[Cut, ...] = (Cut(head_spot(frame, 0, low - 0.03, 0), (0.0, -1.0, 0.0)),)
    if has_hat:
        cuts = (*cuts, Cut(head_spot(frame, 0, 0.160, 0), (0.0, 1.0, 0.0)))
    solid = Solid(tuple(blobs), cuts, tuple(face), 0.006 * size)
    return [skinned_surface(solid, STRAND * size, material)]


def _curls(frame: Frame) -> list[Blob]:
    """Round curls over the crown and the back of the head."""
    joint, size = frame.joint("head"), frame.scale * frame.proportions.head
    blobs = []
    for spread, height, count in ((0.7, 0.17, 5), (0.95, 0.12, 8), (0.45, 0.22, 3)):
        for angle in 0.55 * np.pi - 0.15 + 1.44 * np.pi * np.linspace(0, 1, count):
            x, z = 0.088 * spread * float(np.sin(angle)), 0.1 * spread * float(np.cos(angle)) - 0.01
            place = head_spot(frame, x, height, z)
            blobs.append(Blob(joint, place, place, 0.04 * size, 0.0, blend=0.015 * size))
    return blobs


def beard(frame: Frame, material: Material, length: float) -> SkinnedPart:
    """A beard that hangs so many metres below the chin."""
    joint, size = frame.joint("head"), frame.scale * frame.proportions.head

    def ball(x: float, y: float, z: float, radius: float, squash: Point, blend: float = 0.02) -> Blob:
        place = head_spot(frame, x, y, z)
        return Blob(joint, place, place, radius * size, 0.0, squash, blend * size)

    blobs = (
        ball(0, 0.030, 0.052, 0.056, (1.12, 0.9, 0.85)),
        ball(0.055, 0.055, 0.02, 0.026, (0.6, 1.2, 1.0)),
        ball(-0.055, 0.055, 0.02, 0.026, (0.6, 1.2, 1.0)),
        _lock(frame, joint, (0, 0.01, 0.07), (0, 0.01 - length, 0.085), 0.045, 0.014),
        ball(0, 0.060, 0.106, 0.012, (2.6, 0.7, 0.8), 0.008),
    )
    mouth = (ball(0, 0.0435, 0.118, 0.012, (1.9, 0.45, 1.2), 0.004),)
    return skinned_surface(Solid(blobs, (), mouth), STRAND * size, material)


def _lock(frame: Frame, joint: int, start: Point, end: Point, wide: float, narrow: float) -> Blob:
    size = frame.scale * frame.proportions.head
    return Blob(joint, head_spot(frame, *start), head_spot(frame, *end), wide * size, narrow * size, blend=0.03 * size)
