"""Hats, helmets and crowns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from diorama.values.mesh import Material, Part
from diorama.values.rig import SkinnedPart
from diorama_nodes.character import shapes, swatches
from diorama_nodes.character.arrays import Array
from diorama_nodes.character.body import head_spot
from diorama_nodes.character.field import Blob, Point, Solid
from diorama_nodes.character.outfit import Hat
from diorama_nodes.character.skeleton import Frame
from diorama_nodes.character.surface import skinned_surface

OVAL = (0.93, 1.08)
"""A head is narrower than it is deep."""


def headwear(frame: Frame, hat: Hat, color: str, accent: str) -> list[SkinnedPart]:
    """The parts of a hat on a head; none for no hat."""
    makers: dict[str, Callable[[Frame, str, str], Sequence[Part | SkinnedPart]]] = {
        "fedora": _fedora,
        "wizard": _wizard,
        "straw": _straw,
        "helmet": _helmet,
        "cap": _cap,
        "crown": _crown,
        "toque": _toque,
        "hood": _hood,
        "beanie": _beanie,
        "bowler": _bowler,
        "halo": _halo,
        "peaked": _peaked,
    }
    if not hat:
        return []
    made = makers[hat](frame, color or "#4a3c2c", accent)
    joint = frame.joint("head")
    return [part if isinstance(part, SkinnedPart) else shapes.bound(part, joint) for part in made]


def _turned(
    frame: Frame,
    profile: list[tuple[float, float]],
    material: Material,
    y: float,
    tilt: float = 0.0,
    z: float = -0.006,
    oval: tuple[float, float] = OVAL,
) -> Part:
    size = frame.scale * frame.proportions.head
    at = head_spot(frame, 0, y, z)
    part = shapes.lathe([(r * size, h * size) for r, h in profile], material, at=at, squash=oval, segments=40)
    return _tilted(part, tilt, at)


def _tilted(part: Part, tilt: float, at: Point) -> Part:
    cosine, sine = np.cos(tilt), np.sin(tilt)
    return shapes.turned(part, np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]]), at)


def _brim(frame: Frame, radius: float, curl: float, dip: float, material: Material, y: float, tilt: float) -> Part:
    """A brim that curls up at the sides and dips in front."""
    size = frame.scale * frame.proportions.head
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    side, ahead = np.sin(angles) ** 2, np.cos(angles)
    rows: list[Array] = []
    levels = [(0.080, -0.004), (0.5, -0.005), (1.0, -0.005), (1.012, 0.0), (1.0, 0.004), (0.5, 0.004), (0.075, 0.004)]
    for share, lift in levels:
        r = share if share < 0.1 else 0.085 + (radius - 0.085) * share
        out = np.clip((r - 0.085) / (radius - 0.085), 0, 1.1)
        height = lift + out**1.6 * (curl * side - dip * np.clip(ahead, 0, 1) ** 2 + 0.3 * curl * np.clip(-ahead, 0, 1))
        rows.append(np.stack([np.sin(angles) * r * 0.96, height, np.cos(angles) * r * 1.06], 1) * size)
    at = head_spot(frame, 0, y, -0.006)
    return _tilted(shapes.turned(shapes.loft(np.array(rows), material), np.eye(3), (0, 0, 0), at), tilt, at)


def _fedora(frame: Frame, color: str, accent: str) -> list[Part]:
    felt, band = swatches.matte("felt", color), swatches.matte("band", swatches.shaded(color, 0.45))
    y, tilt = 0.150, 0.06
    size = frame.scale * frame.proportions.head
    crown = _turned(
        frame,
        [
            (0.100, 0),
            (0.100, 0.02),
            (0.0985, 0.06),
            (0.094, 0.088),
            (0.085, 0.104),
            (0.066, 0.112),
            (0.03, 0.108),
            (0.0, 0.106),
        ],
        felt,
        y,
        tilt,
    )
    # The pinch: the crown's front is pressed from both sides and its top is dented along the middle.
    places = crown.positions - np.array(head_spot(frame, 0, y, -0.006), np.float32)
    high = np.clip(places[:, 1] / (0.10 * size), 0, 1) ** 1.5
    front = np.clip(places[:, 2] / (0.09 * size), 0, 1)
    places[:, 0] *= 1 - 0.42 * high * front
    dent = np.exp(-((places[:, 0] / (0.026 * size)) ** 2)) * np.clip(high * 1.4 - 0.5, 0, 1)
    places[:, 1] -= 0.030 * size * dent
    positions = places + np.array(head_spot(frame, 0, y, -0.006), np.float32)
    crown = Part(positions, shapes.smooth_normals(positions, crown.triangles), crown.triangles, None, felt)
    ribbon = _turned(frame, [(0.0985, 0.002), (0.1035, 0.003), (0.1035, 0.026), (0.0985, 0.028)], band, y, tilt)
    return [crown, ribbon, _brim(frame, 0.170, 0.020, 0.026, felt, y, tilt)]


def _bowler(frame: Frame, color: str, accent: str) -> list[Part]:
    felt = swatches.matte("felt", color, 0.6)
    band = swatches.matte("band", swatches.shaded(color, 0.5))
    crown = _turned(frame, _dome(0.101, 0.095), felt, 0.145, 0.04)
    ribbon = _turned(frame, [(0.0995, 0.002), (0.1045, 0.003), (0.1045, 0.022), (0.0995, 0.024)], band, 0.145, 0.04)
    return [crown, ribbon, _brim(frame, 0.135, 0.018, 0.004, felt, 0.145, 0.04)]


def _straw(frame: Frame, color: str, accent: str) -> list[Part]:
    straw, band = swatches.matte("straw", color, 0.9), swatches.matte("band", accent)
    crown = _turned(
        frame,
        [(0.103, 0), (0.101, 0.03), (0.096, 0.07), (0.080, 0.088), (0.04, 0.095), (0, 0.096)],
        straw,
        0.150,
        -0.03,
    )
    ribbon = _turned(frame, [(0.102, 0.002), (0.107, 0.003), (0.106, 0.024), (0.100, 0.026)], band, 0.150, -0.03)
    return [crown, ribbon, _brim(frame, 0.215, 0.012, 0.020, straw, 0.150, -0.03)]


def _dome(radius: float, height: float) -> list[tuple[float, float]]:
    turns = np.linspace(0, np.pi / 2, 9)
    return [(radius * float(np.cos(turn)), height * float(np.sin(turn))) for turn in turns]


def _wizard(frame: Frame, color: str, accent: str) -> list[Part]:
    cloth, band = swatches.matte("hat", color), swatches.matte("band", accent, 0.5)
    cone = [(0.102 * (1 - share) ** 0.85, 0.36 * share) for share in np.linspace(0, 1, 14)]
    crown = _turned(frame, [(float(r), float(h)) for r, h in cone], cloth, 0.150)
    size = frame.scale * frame.proportions.head
    base = float(head_spot(frame, 0, 0.150, 0)[1])
    rise = np.clip((crown.positions[:, 1] - base) / (0.36 * size), 0, 1)
    positions = crown.positions.copy()
    positions[:, 2] -= 0.10 * size * rise**2.2
    positions[:, 1] -= 0.05 * size * rise**3
    positions[:, 0] += 0.012 * size * np.sin(rise * 7) * rise
    crown = Part(positions, shapes.smooth_normals(positions, crown.triangles), crown.triangles, None, cloth)
    ribbon = _turned(frame, [(0.099, 0.002), (0.105, 0.003), (0.100, 0.026), (0.095, 0.028)], band, 0.150)
    return [crown, ribbon, _brim(frame, 0.205, 0.012, 0.014, cloth, 0.150, 0.0)]


def _cap(frame: Frame, color: str, accent: str) -> list[Part]:
    cloth = swatches.matte("cap", color)
    crown = _turned(frame, [(0.1, -0.012), *_dome(0.102, 0.085)], cloth, 0.15)
    return [crown, _peak(frame, cloth, 0.150)]


def _peak(frame: Frame, material: Material, y: float) -> Part:
    size = frame.scale * frame.proportions.head
    angles = np.linspace(-1.25, 1.25, 25)
    rows = []
    for share, lift in ((0, -0.003), (0.5, -0.003), (1, -0.002), (1.02, 0.0), (1, 0.003), (0.5, 0.003), (0, 0.003)):
        reach = 0.098 + 0.062 * share * np.cos(angles * np.pi / 2.5) ** 0.7
        rows.append(
            np.stack(
                [
                    np.sin(angles) * reach * 0.95,
                    lift - 0.026 * share**1.5 * np.cos(angles),
                    np.cos(angles) * reach * 1.05,
                ],
                1,
            )
            * size
        )
    at = head_spot(frame, 0, y, -0.006)
    return shapes.turned(shapes.loft(np.array(rows), material, is_closed=False), np.eye(3), (0, 0, 0), at)


def _peaked(frame: Frame, color: str, accent: str) -> list[Part]:
    cloth, badge = swatches.matte("cap", color), swatches.metal("badge", accent)
    crown = _turned(
        frame,
        [(0.102, -0.01), (0.102, 0.03), (0.103, 0.034), (0.132, 0.062), (0.130, 0.070), (0.06, 0.082), (0, 0.085)],
        cloth,
        0.15,
        -0.10,
    )
    spot = head_spot(frame, 0, 0.178, 0.104)
    size = frame.scale * frame.proportions.head
    return [
        crown,
        _peak(frame, swatches.glossy("peak", "#14161c"), 0.148),
        shapes.ellipsoid(spot, (0.016 * size, 0.018 * size, 0.006 * size), badge),
    ]


def _beanie(frame: Frame, color: str, accent: str) -> list[Part]:
    wool = swatches.matte("wool", color, 0.95)
    crown = _turned(frame, _dome(0.101, 0.105), wool, 0.135)
    fold = _turned(
        frame, [(0.100, -0.012), (0.107, -0.010), (0.109, 0.012), (0.106, 0.030), (0.098, 0.032)], wool, 0.14
    )
    return [crown, fold]


def _toque(frame: Frame, color: str, accent: str) -> list[Part]:
    cloth = swatches.matte("toque", color)
    profile = [
        (0.100, -0.01),
        (0.102, 0.07),
        (0.104, 0.075),
        (0.135, 0.12),
        (0.142, 0.155),
        (0.125, 0.185),
        (0.07, 0.20),
        (0, 0.203),
    ]
    crown = _turned(frame, profile, cloth, 0.15)
    at = np.array(head_spot(frame, 0, 0.15, -0.006))
    places = crown.positions - at
    angle = np.arctan2(places[:, 0], places[:, 2])
    high = np.clip(places[:, 1] / (0.2 * frame.scale) - 0.38, 0, 1)
    places[:, [0, 2]] *= (1 + 0.10 * high * np.cos(10 * angle))[:, None]
    positions = (places + at).astype(np.float32)
    return [Part(positions, shapes.smooth_normals(positions, crown.triangles), crown.triangles, None, cloth)]


def _crown(frame: Frame, color: str, accent: str) -> list[Part]:
    gold, jewel = swatches.metal("gold", color, 0.25), swatches.glossy("jewel", "#a01f35", 0.1)
    size = frame.scale * frame.proportions.head
    angles = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    peaks = 0.030 * np.abs((angles * 8 / (2 * np.pi) + 0.5) % 1 - 0.5) * 2
    rows = []
    for radius, height, is_top in (
        (0.094, 0, 0),
        (0.098, 0, 0),
        (0.099, 0.016, 0),
        (0.106, 0.032, 1),
        (0.103, 0.032, 1),
        (0.094, 0, 0),
    ):
        y = height + (0.030 - peaks) * is_top
        rows.append(np.stack([np.sin(angles) * radius * OVAL[0], y, np.cos(angles) * radius * OVAL[1]], 1) * size)
    at = head_spot(frame, 0, 0.172, -0.006)
    parts = [shapes.turned(shapes.loft(np.array(rows), gold), np.eye(3), (0, 0, 0), at)]
    for number in range(8):
        turn = 2 * np.pi * number / 8
        spot = (
            at[0] + 0.102 * OVAL[0] * size * float(np.sin(turn)),
            at[1] + 0.012 * size,
            at[2] + 0.102 * OVAL[1] * size * float(np.cos(turn)),
        )
        parts.append(shapes.ellipsoid(spot, (0.007 * size,) * 3, jewel, 10))
    return parts


def _helmet(frame: Frame, color: str, accent: str) -> list[Part | SkinnedPart]:
    """A knight's closed helmet with a visor slit, breaths and a plume."""
    steel, dark = swatches.metal("steel", "#aab1b9"), swatches.matte("slit", "#07080a")
    size = frame.scale * frame.proportions.head
    bowl = _turned(
        frame,
        [
            (0.085, -0.185),
            (0.098, -0.17),
            (0.108, -0.10),
            (0.114, -0.02),
            (0.113, 0.02),
            (0.100, 0.065),
            (0.072, 0.094),
            (0.035, 0.107),
            (0, 0.110),
        ],
        steel,
        0.150,
        oval=(0.90, 1.12),
    )
    parts: list[Part | SkinnedPart] = [bowl]
    at = np.array(head_spot(frame, 0, 0.150, -0.006))

    def strip(low: float, high: float, reach: float, width: float, material: Material) -> Part:
        angles = np.linspace(-width, width, 25)
        rows = []
        for share, r in ((0.0, reach - 0.006), (0.0, reach), (1.0, reach), (1.0, reach - 0.006)):
            y = low + (high - low) * share
            nose = 0.012 * np.exp(-((angles / 0.22) ** 2))
            rows.append(
                np.stack([np.sin(angles) * r * 0.90, np.full(25, y), np.cos(angles) * r * 1.12 + nose], 1) * size
            )
        return shapes.turned(shapes.loft(np.array(rows), material, is_closed=False), np.eye(3), (0, 0, 0), tuple(at))

    parts.append(strip(-0.048, -0.036, 0.1195, 1.05, dark))
    parts.append(strip(-0.036, -0.014, 0.1215, 1.25, steel))
    parts.append(strip(-0.135, -0.048, 0.1165, 1.25, steel))
    for row in range(3):
        for column in range(4):
            angle = 0.25 + 0.14 * column
            spot = at + size * np.array(
                [np.sin(angle) * 0.116 * 0.9, -0.085 - 0.018 * row, np.cos(angle) * 0.1165 * 1.12]
            )
            parts.append(shapes.ellipsoid(tuple(spot), (0.0035 * size,) * 3, dark, 8))
    joint = frame.joint("head")
    line = [
        (0, 0.262, 0.02, 0.016),
        (0, 0.292, -0.03, 0.026),
        (0, 0.285, -0.09, 0.030),
        (0, 0.235, -0.145, 0.026),
        (0, 0.155, -0.170, 0.012),
    ]
    blobs = [
        Blob(joint, head_spot(frame, *a[:3]), head_spot(frame, *b[:3]), a[3] * size, b[3] * size, (0.7, 1, 1), 0.02)
        for a, b in pairwise(line)
    ]
    parts.append(skinned_surface(Solid(tuple(blobs)), 0.011 * size, swatches.matte("plume", accent)))
    return parts


def _hood(frame: Frame, color: str, accent: str) -> list[SkinnedPart]:
    """A cloth about the head that leaves the eyes free."""
    joint, size = frame.joint("head"), frame.scale * frame.proportions.head

    def ball(x: float, y: float, z: float, radius: float, squash: Point, blend: float = 0.0) -> Blob:
        place = head_spot(frame, x, y, z)
        return Blob(joint, place, place, radius * size, 0.0, squash, blend)

    blobs = (
        ball(0, 0.130, -0.004, 0.106, (0.88, 1.0, 1.05)),
        ball(0, 0.055, 0.022, 0.072, (1.0, 1.1, 1.2), 0.06),
        ball(0, -0.01, -0.015, 0.064, (1.0, 1.2, 1.0), 0.03),
    )
    slit = (ball(0, 0.104, 0.115, 0.060, (1.2, 0.38, 1.0), 0.006),)
    cloth = skinned_surface(Solid(blobs, (), slit), 0.009 * size, swatches.matte("hood", color))
    band = _turned(
        frame,
        [(0.1065, 0), (0.110, 0.002), (0.110, 0.022), (0.1065, 0.024)],
        swatches.matte("band", accent),
        0.138,
        oval=(0.92, 1.08),
    )
    return [cloth, shapes.bound(band, joint)]


def _halo(frame: Frame, color: str, accent: str) -> list[Part]:
    """An astronaut's round helmet with a gold visor."""
    shell, visor = swatches.glossy("shell", "#eceff1", 0.3), swatches.metal("visor", "#d9a441", 0.12)
    size = frame.scale * frame.proportions.head
    at = head_spot(frame, 0, 0.10, 0.0)
    ring = _turned(frame, [(0.10, -0.14), (0.125, -0.14), (0.13, -0.115), (0.10, -0.11)], shell, 0.10, oval=(1, 1))
    glass = (at[0], at[1] + 0.008 * size, at[2] + 0.045 * size)
    return [
        shapes.ellipsoid(at, (0.145 * size, 0.150 * size, 0.150 * size), shell, 28),
        ring,
        shapes.ellipsoid(glass, (0.118 * size, 0.102 * size, 0.118 * size), visor, 28),
    ]
