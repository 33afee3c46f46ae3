"""Plates: a knight's armour, and the shell of a robot."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diorama.values.mesh import Material, Part
from diorama.values.rig import SkinnedPart
from diorama_nodes.character import body, shapes, swatches
from diorama_nodes.character.field import Blob, Cut, Point, Solid
from diorama_nodes.character.outfit import Outfit
from diorama_nodes.character.skeleton import Frame
from diorama_nodes.character.surface import skinned_surface

STEP = 0.012


def armour(frame: Frame, look: Outfit, under: Solid) -> list[SkinnedPart]:
    """Breastplate, shoulders, arms and legs in steel over the clothes."""
    steel, size = swatches.metal("steel", look.armour), frame.scale
    waist = Cut(body.spot(frame, "spine", 0, 0.03), (0.0, -1.0, 0.0))
    throat = Cut(body.spot(frame, "neck", 0, -0.02), (0.0, 1.0, 0.0))
    sides = tuple(
        Cut(body.spot(frame, f"upper_arm_{name}", -side * 0.035), (side, 0.0, 0.0)) for name, side in body.SIDES
    )
    ridge = Blob(
        frame.joint("chest"),
        body.spot(frame, "chest", 0, -0.02, 0.085),
        body.spot(frame, "chest", 0, 0.12, 0.085),
        0.03 * size,
        0.02 * size,
        blend=0.05 * size,
    )
    breast = Solid((*under.blobs, ridge), (waist, throat, *sides), pad=under.pad + 0.010 * size)
    parts = [skinned_surface(breast, STEP * size, steel)]
    for name, side in body.SIDES:
        parts += [shapes.bound(part, frame.joint(f"upper_arm_{name}")) for part in _pauldron(frame, name, side, steel)]
        parts.append(_sleeve(frame, f"upper_arm_{name}", f"lower_arm_{name}", 0.30, 0.86, 0.074, 0.066, steel))
        parts.append(_sleeve(frame, f"lower_arm_{name}", f"hand_{name}", 0.14, 1.02, 0.066, 0.058, steel))
        parts.append(_knob(frame, f"lower_arm_{name}", 0.062, steel))
        parts.append(_sleeve(frame, f"upper_leg_{name}", f"lower_leg_{name}", 0.30, 0.90, 0.092, 0.076, steel))
        parts.append(_sleeve(frame, f"lower_leg_{name}", f"foot_{name}", 0.10, 0.98, 0.074, 0.060, steel))
        parts.append(_knob(frame, f"lower_leg_{name}", 0.070, steel, 0.016))
    return parts


def _pauldron(frame: Frame, name: str, side: float, steel: Material) -> list[Part]:
    size = frame.scale
    place = frame.places[f"upper_arm_{name}"]
    way = frame.places[f"lower_arm_{name}"] - place
    way = way / np.linalg.norm(way)
    plates = []
    for number, reach in enumerate((0.082, 0.074, 0.068)):
        turns = np.linspace(0.0, np.pi / 2, 8)
        profile = [(reach * size * float(np.cos(t)), reach * size * float(np.sin(t)) * 0.9) for t in turns]
        profile = [(profile[0][0] * 1.03, -0.012 * size), *profile]
        dome = shapes.lathe(profile, steel, segments=24)
        up = -way
        right = np.cross(up, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        turn = np.stack([right, up, np.cross(right, up)], 1)
        at = place + way * (0.030 + 0.034 * number) * size + np.array([side * 0.008, 0.0, 0.0]) * size
        plates.append(shapes.turned(dome, turn, (0, 0, 0), (float(at[0]), float(at[1]), float(at[2]))))
    return plates


def _sleeve(
    frame: Frame, start: str, end: str, low: float, high: float, wide: float, narrow: float, metal: Material
) -> SkinnedPart:
    shares = [low, low + 0.01, 0.7 * low + 0.3 * high, 0.4 * low + 0.6 * high, high - 0.01, high]
    radii = np.interp(shares, [low, high], [wide, narrow]) * frame.scale
    radii[[0, -1]] *= 0.93
    points = [body.between(frame, start, end, share) for share in shares]
    return shapes.bound(shapes.tube(points, [float(r) for r in radii], metal, 20), frame.joint(start))


def _knob(frame: Frame, joint: str, radius: float, metal: Material, ahead: float = 0.0) -> SkinnedPart:
    radius *= frame.scale
    return shapes.bound(
        shapes.ellipsoid(body.spot(frame, joint, 0, 0, ahead), (radius,) * 3, metal), frame.joint(joint)
    )


def robot(frame: Frame, look: Outfit, progress: Callable[[float, str], None]) -> list[SkinnedPart]:
    """A robot: a shell in pieces with dark joints between them, a visor and a light that shine."""
    shell, dark = (
        swatches.metal("shell", look.top, 0.38),
        swatches.metal("joints", swatches.shaded(look.bottom, 0.5), 0.5),
    )
    glow = swatches.glowing("lights", look.accent, 4.0)
    size = frame.scale
    progress(0.2, "shell")
    parts = _robot_trunk(frame, shell, dark, glow)
    parts += _robot_head(frame, shell, dark, glow)
    for name, _ in body.SIDES:
        for start, end, wide, narrow in (
            ("upper_arm", "lower_arm", 0.055, 0.046),
            ("lower_arm", "hand", 0.046, 0.056),
            ("upper_leg", "lower_leg", 0.088, 0.066),
            ("lower_leg", "foot", 0.062, 0.074),
        ):
            parts.append(_sleeve(frame, f"{start}_{name}", f"{end}_{name}", 0.12, 0.90, wide, narrow, shell))
            parts.append(_sleeve(frame, f"{start}_{name}", f"{end}_{name}", -0.02, 1.02, 0.034, 0.034, dark))
        for joint, radius in (
            ("upper_arm", 0.070),
            ("lower_arm", 0.048),
            ("hand", 0.036),
            ("upper_leg", 0.082),
            ("lower_leg", 0.064),
            ("foot", 0.050),
        ):
            parts.append(_knob(frame, f"{joint}_{name}", radius, dark if joint != "upper_arm" else shell))
        parts.append(skinned_surface(body.hand(frame, name), 0.0065 * size, dark))
    progress(0.7, "feet")
    parts.append(skinned_surface(body.shoes(frame, bulk=1.18), 0.010 * size, shell))
    return parts


def _robot_trunk(frame: Frame, shell: Material, dark: Material, glow: Material) -> list[SkinnedPart]:
    size = frame.scale

    def blob(joint: str, x: float, y: float, z: float, x2: float, y2: float, z2: float, one: float, two: float) -> Blob:
        return Blob(
            frame.joint(joint),
            body.spot(frame, joint, x, y, z),
            body.spot(frame, joint, x2, y2, z2),
            one * size,
            two * size,
            blend=0.05 * size,
        )

    chest = Solid(
        (
            blob("chest", -0.085, 0.10, 0, 0.085, 0.10, 0, 0.125, 0.125),
            blob("chest", -0.05, 0.0, 0, 0.05, 0.0, 0, 0.10, 0.10),
        )
    )
    waist = Solid((blob("spine", 0, -0.06, 0, 0, 0.12, 0, 0.078, 0.078),))
    pelvis = Solid(
        (blob("hips", -0.07, -0.01, 0, 0.07, -0.01, 0, 0.095, 0.095),),
        (Cut(body.spot(frame, "hips", 0, 0.05), (0, 1, 0)),),
    )
    parts = [
        skinned_surface(chest, STEP * size, shell),
        skinned_surface(waist, STEP * size, dark),
        skinned_surface(pelvis, STEP * size, shell),
    ]
    lamp = shapes.front(chest, np.array([0.0]), np.array([body.spot(frame, "chest", 0, 0.10)[1]]), 0.0)[0]
    at = (float(lamp[0]), float(lamp[1]), float(lamp[2]))
    parts.append(
        shapes.bound(shapes.ellipsoid(at, (0.034 * size, 0.034 * size, 0.010 * size), glow), frame.joint("chest"))
    )
    ring = [
        (at[0] + 0.042 * size * float(np.cos(t)), at[1] + 0.042 * size * float(np.sin(t)), at[2] - 0.001)
        for t in np.linspace(0, 2 * np.pi, 25)
    ]
    parts.append(shapes.bound(shapes.tube(ring, [0.008 * size] * 25, dark, 8), frame.joint("chest")))
    return parts


def _robot_head(frame: Frame, shell: Material, dark: Material, glow: Material) -> list[SkinnedPart]:
    size, joint = frame.scale * frame.proportions.head, frame.joint("head")

    def at(x: float, y: float, z: float) -> Point:
        return body.head_spot(frame, x, y, z)

    skull = Solid(
        (
            Blob(joint, at(-0.028, 0.125, 0), at(0.028, 0.125, 0), 0.092 * size, 0.092 * size),
            Blob(joint, at(-0.02, 0.055, 0.012), at(0.02, 0.055, 0.012), 0.068 * size, 0.068 * size, blend=0.03 * size),
        )
    )
    parts = [skinned_surface(skull, 0.010 * size, shell)]
    neck = [body.spot(frame, "neck", 0, -0.06), body.spot(frame, "neck", 0, 0.03), at(0, 0.03, 0)]
    parts.append(
        shapes.bound(shapes.tube(neck, [0.05 * size, 0.042 * size, 0.042 * size], dark, 20), frame.joint("neck"))
    )
    x = np.linspace(-0.072, 0.072, 15) * size
    low, high = (shapes.front(skull, x, np.full(15, at(0, y, 0)[1]), 0.006 * size) for y in (0.103, 0.140))
    inner = [row - np.array([0, 0, 0.02 * size]) for row in (low, high)]
    visor = shapes.loft(np.array([inner[0], low, low, high, high, inner[1]]), dark, is_closed=False)
    parts.append(shapes.bound(visor, joint))
    for _, side in body.SIDES:
        eye = shapes.front(skull, np.array([side * 0.034 * size]), np.array([at(0, 0.1215, 0)[1]]), 0.007 * size)[0]
        spot = (float(eye[0]), float(eye[1]), float(eye[2]))
        parts.append(shapes.bound(shapes.ellipsoid(spot, (0.017 * size, 0.010 * size, 0.004 * size), glow), joint))
        disc = shapes.ellipsoid(at(side * 0.118, 0.115, 0), (0.014 * size, 0.034 * size, 0.034 * size), dark)
        parts.append(shapes.bound(disc, joint))
    mast = [at(0.06, 0.20, -0.02), at(0.064, 0.25, -0.024), at(0.067, 0.29, -0.028)]
    parts.append(shapes.bound(shapes.tube(mast, [0.005 * size] * 3, dark, 8), joint))
    parts.append(shapes.bound(shapes.ellipsoid(at(0.067, 0.296, -0.028), (0.010 * size,) * 3, glow), joint))
    return parts
