"""The studio keeps what it shows in view; figures join a scene under names of their own."""

from __future__ import annotations

import numpy as np
import pytest

from diorama.context import Context
from diorama.faults import BadInput
from diorama.values import Mesh, Motion, Part, Rig, Skeleton, SkinnedPart
from diorama_nodes.scene.look import sees
from diorama_nodes.scene.nodes import add_actors, stage, stage_mesh

CONTEXT = Context()


def skeleton(*names: str) -> Skeleton:
    """A column of joints, 1.7 m tall."""
    offsets = np.array([(0.0, 0.9, 0.0)] + [(0.0, 0.8, 0.0)] * (len(names) - 1), np.float32)
    return Skeleton(names, tuple(range(-1, len(names) - 1)), offsets)


def figure(name: str = "someone", *joints: str) -> Rig:
    """A figure of one triangle."""
    bones = skeleton(*(joints or ("hips", "head")))
    corners = np.array([(0, 0, 0), (0.3, 0, 0), (0, 1.7, 0)], np.float32)
    normals = np.tile(np.array([(0, 0, 1)], np.float32), (3, 1))
    part = Part(corners, normals, np.array([(0, 1, 2)], np.uint32))
    weights = np.tile(np.array([(1, 0, 0, 0)], np.float32), (3, 1))
    return Rig(name, bones, (SkinnedPart(part, np.zeros((3, 4), np.uint16), weights),))


def motion(points: list[tuple[float, float]], seconds: float = 6.0, *joints: str) -> Motion:
    """A motion evenly along points (x, z)."""
    frames = int(seconds * 30) + 1
    share = np.linspace(0, len(points) - 1, frames)
    x, z = (np.interp(share, np.arange(len(points)), [point[axis] for point in points]) for axis in (0, 1))
    bones = skeleton(*(joints or ("hips", "head")))
    root = np.stack([x, np.full(frames, 0.9), z], axis=1).astype(np.float32)
    rotations = np.tile(np.array([0, 0, 0, 1], np.float32), (frames, len(bones.names), 1))
    return Motion(bones, 30.0, root, rotations, np.ones((frames, 2), bool))


WAYS = [
    ("staying", [(0.0, 0.0)]),
    ("walking towards the viewer", [(0.0, -6.0), (0.0, 6.0)]),
    ("walking across", [(-9.0, 0.0), (9.0, 0.0)]),
    ("running around", [(0.0, 0.0), (6.0, 3.0), (0.0, 9.0), (-6.0, 3.0), (0.0, 0.0)]),
]


@pytest.mark.parametrize(("name", "points"), WAYS, ids=[name for name, _ in WAYS])
def test_the_studio_keeps_the_whole_figure_in_view(name: str, points: list[tuple[float, float]]) -> None:
    move = motion(points)
    scene = stage(CONTEXT, figure(), move).scene
    assert [actor.name for actor in scene.actors] == ["someone"]
    assert scene.seconds == pytest.approx(move.seconds)
    for frame in range(0, len(move.root), 6):
        x, _, z = move.root[frame].astype(float)
        for height in (0.05, 1.8):
            assert sees(scene.camera, frame / move.fps, np.array([x, height, z]))


def test_the_studio_floor_reaches_under_the_whole_way() -> None:
    move = motion([(-12.0, 4.0), (12.0, -4.0)])
    floor = stage(CONTEXT, figure(), move).scene.meshes[0]
    level = np.concatenate([part.positions for part in floor.parts])
    level = level[level[:, 1] < 1e-3]
    assert level[:, 0].min() < -12.0 < 12.0 < level[:, 0].max()


def test_a_mesh_in_the_studio_stands_in_the_middle_and_is_seen_from_all_sides() -> None:
    corners = np.array([(2, 1, 0), (3, 1, 0), (2, 3, 1), (3, 3, 1)], np.float32)
    part = Part(corners, np.tile(np.array([0, 0, 1], np.float32), (4, 1)), np.array([(0, 1, 2), (1, 3, 2)], np.uint32))
    scene = stage_mesh(CONTEXT, Mesh((part,)), 4.0).scene
    subject = next(placement for placement in scene.placements if placement.name == "subject")
    placed = corners + np.array(subject.translation)
    assert placed[:, 1].min() == pytest.approx(0.0, abs=1e-6)
    assert placed.mean(axis=0)[[0, 2]] == pytest.approx([0.0, 0.0], abs=1e-6)
    for seconds in np.linspace(0, 4, 9):
        assert all(sees(scene.camera, float(seconds), corner.astype(float)) for corner in placed)
    sides = np.arctan2(scene.camera.positions[:, 0], scene.camera.positions[:, 2])
    assert np.ptp(np.unwrap(sides)) == pytest.approx(2 * np.pi, abs=1e-3)


def test_an_empty_mesh_is_refused() -> None:
    with pytest.raises(BadInput, match="without vertices"):
        stage_mesh(CONTEXT, Mesh(()), 4.0)


def test_figures_of_one_name_are_numbered() -> None:
    scene = stage(CONTEXT, figure("child"), motion([(0.0, 0.0)])).scene
    more = add_actors(CONTEXT, scene, [figure("child"), figure("dog")], [motion([(1.0, 0.0)])] * 2).scene
    assert [actor.name for actor in more.actors] == ["child", "child_2", "dog"]
    assert len(scene.actors) == 1


def test_figures_without_motions_are_refused() -> None:
    scene = stage(CONTEXT, figure(), motion([(0.0, 0.0)])).scene
    with pytest.raises(BadInput, match="2 figures and 1 motions"):
        add_actors(CONTEXT, scene, [figure(), figure()], [motion([(0.0, 0.0)])])


def test_a_motion_for_another_skeleton_is_refused() -> None:
    scene = stage(CONTEXT, figure(), motion([(0.0, 0.0)])).scene
    with pytest.raises(BadInput, match="another skeleton"):
        add_actors(CONTEXT, scene, [figure("cat", "hips", "tail")], [motion([(0.0, 0.0)])])
