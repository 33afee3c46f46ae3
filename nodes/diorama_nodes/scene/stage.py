"""A studio: a floor that rises into a backdrop, three lights, and a camera that keeps its subject in view."""

from __future__ import annotations

import numpy as np

from diorama.values import Camera, Environment, Light, Mesh, Motion, Placement, Scene
from diorama_nodes.objects.surfaces import merged
from diorama_nodes.scene.facade import paint
from diorama_nodes.scene.forms import sheet
from diorama_nodes.scene.solids import Array
from diorama_nodes.scene.textures import linear

FOV = 0.62
KEYS = 33


def staged(title: str, motion: Motion, seed: int) -> Scene:
    """A studio around a motion; the camera follows the figure softly."""
    root = motion.root.astype(np.float64)
    seconds = max(motion.seconds, 1.0 / motion.fps)
    low, high = root.min(axis=0), root.max(axis=0)
    tall = max(float(motion.skeleton.bind_positions()[:, 1].max()), 0.5) * 1.12
    times = np.linspace(0.0, seconds, KEYS)
    frames = np.arange(len(root)) / motion.fps
    track = np.stack([np.interp(times, frames, _soft(root[:, axis], motion.fps)) for axis in range(3)], axis=1)
    targets = np.stack([track[:, 0], np.full(KEYS, tall * 0.5), track[:, 2]], axis=1)
    middle = (low + high) / 2
    spread = float(np.hypot(*(high - low)[[0, 2]]))
    # The whole figure with a margin, and some more for how far it strays from the middle of its way.
    away = 0.74 * tall / np.tan(FOV / 2) + 0.06 * spread
    eyes = 0.9 * targets + 0.1 * np.array([middle[0], tall * 0.5, middle[2]])
    eyes = eyes + np.array([0.42, 0.12, 0.9]) * away
    reach = spread / 2 + away + 4.0
    return _studio(title, seconds, Camera(_f(times), _f(eyes), _f(targets), FOV), middle, tall, reach, seed)


def shown(mesh: Mesh, seconds: float, seed: int) -> Scene:
    """A studio around a mesh that stands on the floor; the camera goes around it once."""
    low, high = mesh.bounds().astype(np.float64)
    size = np.maximum(high - low, 1e-3)
    radius = float(np.linalg.norm(size)) / 2
    center = np.array([0.0, size[1] / 2, 0.0])
    times = np.linspace(0.0, seconds, KEYS)
    turn = np.linspace(0.0, 2 * np.pi, KEYS) + 0.5
    away = 1.25 * radius / np.sin(FOV / 2)
    ways = np.stack([np.sin(turn), np.full(KEYS, 0.36), np.cos(turn)], axis=1)
    eyes = center + ways * away
    camera = Camera(_f(times), _f(eyes), _f(np.repeat(center[None], KEYS, axis=0)), FOV)
    scene = _studio("mesh", seconds, camera, np.zeros(3), float(max(size[1], radius)), away + 3 * radius, seed)
    offset = (-float(low[0] + high[0]) / 2, -float(low[1]), -float(low[2] + high[2]) / 2)
    return Scene(
        scene.title,
        seconds,
        (mesh, *scene.meshes),
        (Placement("subject", 0, offset), *(Placement(p.name, p.mesh + 1, kind=p.kind) for p in scene.placements)),
        scene.lights,
        camera,
        scene.environment,
    )


def _f(values: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return values.astype(np.float32)


def _soft(line: Array, fps: float) -> Array:
    """A track without the sway of single steps: its mean over about a second."""
    half = max(int(fps * 0.5), 1)
    padded = np.pad(line, half, mode="edge")
    sums = np.cumsum(np.concatenate([[0.0], padded]))
    return np.asarray((sums[2 * half + 1 :] - sums[: -2 * half - 1]) / (2 * half + 1))


def _studio(title: str, seconds: float, camera: Camera, middle: Array, tall: float, reach: float, seed: int) -> Scene:
    return Scene(
        title,
        seconds,
        (_floor(middle, reach, tall, seed),),
        (Placement("floor", 0, kind="ground"),),
        _lights(middle, tall + 0.35 * max(reach - 9.0 * tall, 0.0)),
        camera,
        Environment(
            setting="indoor",
            sky_zenith=(0.10, 0.115, 0.14),
            sky_horizon=(0.16, 0.18, 0.21),
            ambient=(0.20, 0.21, 0.24),
            fog_color=(0.16, 0.18, 0.21),
        ),
    )


def _floor(middle: Array, reach: float, tall: float, seed: int) -> Mesh:
    """A round floor whose rim rises softly, so that no horizon cuts the picture."""
    colors = ("#7d8590", "#86807a", "#76827c")
    cloth = paint("studio", colors[seed % len(colors)], 0.75)
    radius = np.concatenate(
        [np.array([1.6, 1.55, 1.45, 1.32, 1.2, 1.08, 1.0]) * reach, reach * np.array([0.66, 0.33, 0.0])]
    )
    height = np.concatenate(
        [np.array([1.5, 0.95, 0.5, 0.22, 0.08, 0.015, 0.0]) * max(tall * 1.6, reach * 0.5), np.zeros(3)]
    )
    turn = np.linspace(0, 2 * np.pi, 49)
    x, z = radius[:, None] * np.sin(turn), radius[:, None] * np.cos(turn)
    points = np.stack([x + middle[0], np.repeat(height[:, None], 49, axis=1), z + middle[2]], axis=-1)
    return Mesh(merged([sheet(points, points[..., [0, 2]] / 4.0, cloth)]))


def _lights(middle: Array, tall: float) -> tuple[Light, ...]:
    """Key from the right, fill from the left, rim from behind; candela grow with the square of the distances."""
    power = tall**2
    spots = [
        ("key", "#fff1dc", 34.0, (1.5, 2.1, 1.8)),
        ("fill", "#cfe0ff", 11.0, (-2.0, 1.3, 1.5)),
        ("rim", "#dfeaff", 30.0, (-0.9, 2.0, -1.9)),
    ]
    lights = []
    for name, color, candela, (x, y, z) in spots:
        at = (float(middle[0] + x * tall), float(y * tall), float(middle[2] + z * tall))
        lights.append(Light(name, "point", linear(color), candela * power / 3.2, at))
    return tuple(lights)
