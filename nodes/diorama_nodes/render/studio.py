"""A photographer's studio for a single mesh: soft lights, a backdrop without a seam, a view that fits."""

from __future__ import annotations

import math

import numpy as np

from diorama.faults import BadInput
from diorama.values.mesh import Material, Mesh, Part
from diorama.values.scene import Camera, Environment, Light, Placement, Scene
from diorama_nodes.render.arrays import Floats

STAGE_SIZE = 1.6
"""Metres that the largest side of a mesh is scaled to, so that lights and shadows suit a ring and a house alike."""
CAMERA_PITCH = math.radians(17.0)
FIELD = 0.5
"""Radians, vertical: a portrait lens, which bends shapes little."""
MARGIN = 1.16
BACKDROP = (0.5, 0.51, 0.53)


def studio_scene(mesh: Mesh, turn: float, aspect: float) -> Scene:
    """The mesh on a stage, turned by degrees about its upright axis, for pictures `aspect` times as wide as high."""
    low, high = mesh.bounds()
    largest = float((high - low).max())
    if not mesh.face_count or not math.isfinite(largest) or largest <= 0:
        raise BadInput(f"the mesh has {mesh.face_count} faces and is {largest:g} m large: there is nothing to see")
    scale = STAGE_SIZE / largest
    yaw = math.radians(turn)
    middle = (low + high) / 2
    cosine, sine = math.cos(yaw), math.sin(yaw)
    x, z = -float(middle[0]) * scale, -float(middle[2]) * scale
    translation = (x * cosine + z * sine, -float(low[1]) * scale, z * cosine - x * sine)
    rotation = (0.0, math.sin(yaw / 2), 0.0, math.cos(yaw / 2))
    placements = (
        Placement("floor", 0, kind="ground"),
        Placement("mesh", 1, translation, rotation, (scale, scale, scale)),
    )
    return Scene(
        title="studio",
        seconds=1.0,
        meshes=(Mesh((_floor(),)), mesh),
        placements=placements,
        lights=_lights(),
        camera=_camera(mesh, middle, scale, yaw, aspect),
        environment=Environment(
            setting="indoor",
            sky_zenith=BACKDROP,
            sky_horizon=BACKDROP,
            ambient=(0.24, 0.25, 0.27),
            fog_color=BACKDROP,
            # The floor fades into the backdrop a few metres behind the mesh.
            fog_density=0.012,
            exposure=1.0,
        ),
    )


def _lights() -> tuple[Light, ...]:
    """A warm key from the left, a cool rim from behind, and a weak fill from the right."""
    return (
        Light("key", "spot", (1.0, 0.95, 0.88), 52.0, (-2.6, 4.2, 3.6), (0.42, -0.62, -0.62), None, 0.3, 0.75),
        Light("rim", "spot", (0.75, 0.87, 1.0), 36.0, (2.4, 3.2, -3.6), (-0.42, -0.45, 0.7), None, 0.3, 0.7),
        Light("fill", "point", (0.9, 0.95, 1.0), 6.0, (3.6, 1.6, 3.4)),
    )


def _floor() -> Part:
    """A wide round floor, its edge far behind what the camera makes out."""
    turns = np.linspace(0.0, 2.0 * np.pi, 65)[:-1]
    rim = np.stack([120 * np.cos(turns), np.zeros(64), 120 * np.sin(turns)], axis=1)
    positions = np.concatenate([np.zeros((1, 3)), rim]).astype(np.float32)
    normals = np.zeros_like(positions)
    normals[:, 1] = 1.0
    here = np.arange(64)
    triangles = np.stack([np.zeros(64, np.int64), 1 + (here + 1) % 64, 1 + here], axis=1).astype(np.uint32)
    return Part(positions, normals, triangles, None, Material("floor", (0.55, 0.56, 0.58, 1.0), 0.0, 0.6))


def _camera(mesh: Mesh, middle: Floats, scale: float, yaw: float, aspect: float) -> Camera:
    """A camera as near as it can be with every vertex in its picture."""
    corners = np.concatenate([part.positions for part in mesh.parts if len(part.positions)])
    offsets = (corners - middle).astype(np.float64) * scale
    x = offsets[:, 0] * math.cos(yaw) + offsets[:, 2] * math.sin(yaw)
    z = offsets[:, 2] * math.cos(yaw) - offsets[:, 0] * math.sin(yaw)
    y = offsets[:, 1]
    nearness = z * math.cos(CAMERA_PITCH) + y * math.sin(CAMERA_PITCH)
    upwards = y * math.cos(CAMERA_PITCH) - z * math.sin(CAMERA_PITCH)
    tangent = math.tan(FIELD / 2)
    fits = nearness + MARGIN * np.maximum(np.abs(upwards) / tangent, np.abs(x) / (tangent * aspect))
    distance = max(float(fits.max()), 0.2)
    # The stage stands on y = 0, and the middle of the mesh half its height above.
    target = np.array([[0.0, float(-y.min()), 0.0]], np.float32)
    eye = target + np.array([[0.0, math.sin(CAMERA_PITCH), math.cos(CAMERA_PITCH)]], np.float32) * np.float32(distance)
    return Camera(np.zeros(1, np.float32), eye, target, FIELD)
