"""One small value of each artefact type."""

from __future__ import annotations

import numpy as np

from diorama.values import (
    Actor,
    Audio,
    Camera,
    Image,
    Light,
    Material,
    Mesh,
    Motion,
    Part,
    Placement,
    Rig,
    Scene,
    Skeleton,
    SkinnedPart,
    Splat,
)


def a_picture(width: int = 300, height: int = 200) -> Image:
    """A picture whose every pixel is another."""
    down, across = np.mgrid[0:height, 0:width]
    return Image(np.stack([across % 256, down % 256, (across + down) % 256], axis=2).astype(np.uint8))


def a_part() -> Part:
    """A pyramid, a metre high."""
    corners = np.array([[-1, 0, -1], [1, 0, -1], [1, 0, 1], [-1, 0, 1], [0, 1, 0]], np.float32)
    faces = np.array([[0, 4, 1], [1, 4, 2], [2, 4, 3], [3, 4, 0]], np.uint32)
    return Part(corners, corners, faces, None, Material("clay", (0.8, 0.3, 0.1, 1.0)))


def a_mesh() -> Mesh:
    """The pyramid alone."""
    return Mesh((a_part(),))


def a_splat(count: int = 40) -> Splat:
    """Gaussians of several sizes, colours and turns, spread over a cube of two metres."""
    random = np.random.default_rng(7)
    return Splat.of(
        random.uniform(-1, 1, (count, 3)).astype(np.float32),
        random.uniform(0.02, 0.2, (count, 3)).astype(np.float32),
        random.normal(size=(count, 4)).astype(np.float32),
        random.uniform(0.2, 1, count).astype(np.float32),
        random.uniform(0, 1, (count, 3)).astype(np.float32),
    )


def a_skeleton() -> Skeleton:
    """A root and two joints above it."""
    return Skeleton(
        ("root", "spine", "head"), (-1, 0, 1), np.array([[0, 0.5, 0], [0, 0.5, 0], [0, 0.4, 0]], np.float32)
    )


def a_rig() -> Rig:
    """The pyramid, which follows the spine."""
    joints = np.tile(np.array([1, 0, 0, 0], np.uint16), (5, 1))
    weights = np.tile(np.array([1, 0, 0, 0], np.float32), (5, 1))
    return Rig("figure", a_skeleton(), (SkinnedPart(a_part(), joints, weights),))


def a_motion() -> Motion:
    """A second of leaning over."""
    frames = 30
    rotations = np.zeros((frames, 3, 4), np.float32)
    rotations[:, :, 3] = 1.0
    rotations[:, 1, 2] = np.linspace(0, 0.4, frames)
    root = np.zeros((frames, 3), np.float32)
    root[:, 1] = 0.5
    return Motion(a_skeleton(), 30.0, root, rotations, np.ones((frames, 2), np.bool_))


def a_sound(seconds: float = 1.0) -> Audio:
    """A tone that swells."""
    times = np.arange(int(8000 * seconds)) / 8000
    return Audio((np.sin(times * 2000) * times / seconds * 0.8).astype(np.float32)[:, None], 8000)


def a_scene() -> Scene:
    """The pyramid on its place under one light, with a figure that leans over."""
    camera = Camera(np.zeros(1, np.float32), np.array([[3, 2, 4]], np.float32), np.array([[0, 0.5, 0]], np.float32))
    light = Light("sun", "directional", (1.0, 1.0, 1.0), 3.0, direction=(0.3, -1.0, -0.2))
    actor = Actor("figure", a_rig(), a_motion())
    return Scene("pyramid", 1.0, (a_mesh(),), (Placement("pyramid", 0),), (light,), camera, actors=(actor,))
