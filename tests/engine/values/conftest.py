from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from diorama.values import (
    Actor,
    Camera,
    Clip,
    Environment,
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
)


@pytest.fixture(scope="session")
def same() -> Callable[[object, object], None]:
    """Asserts that two values are the same to the bit, naming the first place where they are not."""
    return assert_same


def assert_same(given: object, wanted: object, at: str = "value") -> None:
    if isinstance(wanted, np.ndarray):
        assert isinstance(given, np.ndarray), at
        assert (given.dtype, given.shape) == (wanted.dtype, wanted.shape), at
        assert np.ascontiguousarray(given).tobytes() == np.ascontiguousarray(wanted).tobytes(), at
    elif isinstance(wanted, tuple):
        assert isinstance(given, tuple), at
        assert len(given) == len(wanted), at
        for number, (one, other) in enumerate(zip(given, wanted, strict=True)):
            assert_same(one, other, f"{at}[{number}]")
    elif dataclasses.is_dataclass(wanted):
        assert type(given) is type(wanted), at
        for field in dataclasses.fields(wanted):
            if field.name != "png":
                assert_same(getattr(given, field.name), getattr(wanted, field.name), f"{at}.{field.name}")
    else:
        assert given == wanted, at


def unit(rows: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    lengths = np.sqrt((rows * rows).sum(axis=-1, keepdims=True))
    return np.asarray(rows / lengths, np.float32)


def a_part(seed: int, vertices: int = 12, triangles: int = 8, material: Material | None = None) -> Part:
    random = np.random.default_rng(seed)
    return Part(
        positions=random.normal(size=(vertices, 3)).astype(np.float32),
        normals=unit(random.normal(size=(vertices, 3))),
        triangles=np.stack([random.permutation(vertices)[:3] for _ in range(triangles)]).astype(np.uint32),
        uvs=random.random((vertices, 2)).astype(np.float32),
        material=material or Material(f"m{seed}", base_color=(0.1, 0.5, 0.9, 1.0), metallic=0.3, roughness=0.4),
    )


def a_picture(seed: int, channels: int = 3) -> Image:
    return Image(np.random.default_rng(seed).integers(0, 256, (8, 8, channels)).astype(np.uint8))


def a_rig(seed: int = 3, joints: int = 6) -> Rig:
    random = np.random.default_rng(seed)
    names = tuple(f"joint {number}" for number in range(joints))
    parents = (-1, *((number - 1) // 2 for number in range(1, joints)))
    skeleton = Skeleton(names, parents, random.normal(size=(joints, 3)).astype(np.float32))
    influences = np.stack([random.permutation(joints)[:4] for _ in range(12)]).astype(np.uint16)
    weights = random.random((12, 4)).astype(np.float32) + np.float32(0.1)
    weights /= weights.sum(axis=1, keepdims=True)
    return Rig("figure", skeleton, (SkinnedPart(a_part(seed), influences, weights),))


def a_motion(rig: Rig, frames: int = 40, seed: int = 4) -> Motion:
    random = np.random.default_rng(seed)
    joints = len(rig.skeleton.names)
    rotations = unit(random.normal(size=(frames, joints, 4)))
    rotations[:, 1] = rotations[:1, 1]
    rotations[frames // 2 :, 2] = rotations[frames // 2 : frames // 2 + 1, 2]
    root = random.normal(size=(frames, 3)).astype(np.float32)
    contacts = random.random((frames, 2)) > 0.5
    return Motion(rig.skeleton, 30.0, root, rotations, contacts, (Clip("walk", 0.0, 1.0), Clip("wave", 0.5, 0.9)))


def a_scene() -> Scene:
    """A scene with everything that a scene can hold."""
    picture = a_picture(1)
    glowing = Material("neon", emissive=(1.0, 0.1, 0.6), emissive_strength=6.0, emissive_image=picture)
    glass = Material("glass", base_color=(0.9, 0.9, 1.0, 0.3), alpha_mode="BLEND", double_sided=True)
    leaf = Material("leaf", base_color_image=a_picture(2, 4), alpha_mode="MASK")
    plain = Mesh((a_part(1), a_part(2, material=Material("wall", base_color_image=picture))))
    rig = a_rig()
    return Scene(
        title="Straße 夜",
        seconds=4.0,
        meshes=(plain, Mesh((a_part(3, material=glowing), a_part(4, material=glass), a_part(5, material=leaf))), plain),
        placements=(
            Placement("ground", 0, kind="ground"),
            Placement("sign", 1, (1.0, 2.5, -3.0), (0.0, 0.6, 0.0, 0.8), (2.0, 1.0, 0.5), "neon_sign"),
            Placement("sign 2", 1, (0.1, 0.2, 0.3)),
            Placement("copy", 2),
        ),
        lights=(
            Light("moon", "directional", (0.6, 0.7, 1.0), 0.4, direction=(0.3, -1.0, 0.2)),
            Light("tube", "point", (2.0, 0.2, 1.1), 40.0, (1.0, 2.0, -3.0), reach=9.0),
            Light("lamp", "spot", (1.0, 0.8, 0.5), 200.0, (0.0, 4.0, 0.0), inner_cone=0.2, outer_cone=0.6),
        ),
        camera=Camera(
            np.array([0.0, 1.5, 4.0], np.float32),
            np.array([[0, 1.6, 6], [1, 1.7, 5], [0, 2, 3]], np.float32),
            np.array([[0, 1, 0], [0, 1.2, 0], [0.5, 1, -1]], np.float32),
            0.7,
        ),
        environment=Environment("outdoor", fog_density=0.03, wetness=0.8, rain=0.6, stars=0.1),
        actors=(Actor("detective", rig, a_motion(rig)), Actor("passer-by", a_rig(5, 4), a_motion(a_rig(5, 4), 1))),
    )


@pytest.fixture
def full_scene() -> Scene:
    return a_scene()


@pytest.fixture
def figure() -> Rig:
    return a_rig()


@pytest.fixture
def textured_mesh() -> Mesh:
    return a_scene().meshes[0]
