from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from diorama.values import Actor, Camera, Clip, Light, Motion, Rig, Scene
from diorama.values.glb_document import Document
from diorama.values.glb_file import JsonObject, open_glb
from diorama.values.glb_look import look_rotations, look_times, shine_rotation
from diorama.values.glb_motion import kept_keys
from diorama.values.glb_nodes import Matrix, rotation_matrix, scene_nodes

KEYS = [
    ("a still joint keeps its ends", [1, 1, 1, 1, 1], [0, 4]),
    ("a joint that always moves keeps all", [1, 2, 3, 4], [0, 1, 2, 3]),
    ("a rest in the middle keeps where it starts and ends", [1, 2, 2, 2, 3], [0, 1, 3, 4]),
    ("a jump keeps both sides", [1, 1, 1, 2, 2, 2], [0, 2, 3, 5]),
    ("minus nought is another number", [0.0, -0.0, 0.0], [0, 1, 2]),
    ("one frame", [5], [0]),
]


@pytest.mark.parametrize(("name", "values", "kept"), KEYS, ids=[key[0] for key in KEYS])
def test_keys_that_say_nothing_are_left_out(name: str, values: list[float], kept: list[int]) -> None:
    assert kept_keys(np.array(values, np.float32)[:, None]).tolist() == kept


def _tables(scene: Scene) -> tuple[list[JsonObject], JsonObject]:
    document, _ = open_glb(scene.encode())
    return cast("list[JsonObject]", document["nodes"]), cast("list[JsonObject]", document["animations"])[0]


def test_joints_that_keep_their_first_pose_have_no_channel(full_scene: Scene, figure: Rig) -> None:
    rotations = np.tile(np.array([0, 0, 0, 1], np.float32), (30, 6, 1))
    rotations[:, 4] = [0, 0.6, 0, 0.8]
    rotations[9, 2] = [1, 0, 0, 0]
    motion = Motion(figure.skeleton, 30.0, np.zeros((30, 3), np.float32), rotations, np.ones((30, 2), np.bool_))
    nodes, animation = _tables(replace(full_scene, actors=(Actor("one", figure, motion),)))
    targets = [cast("JsonObject", channel["target"]) for channel in cast("list[JsonObject]", animation["channels"])]
    moved = {(nodes[cast("int", target["node"])]["name"], target["path"]) for target in targets}
    assert moved == {
        ("joint 2", "rotation"),
        ("camera", "translation"),
        ("camera target", "translation"),
        ("camera", "rotation"),
    }
    still = next(node for node in nodes if node["name"] == "joint 4")
    np.testing.assert_allclose(cast("list[float]", still["rotation"]), [0, 0.6, 0, 0.8], atol=1e-7)


def test_without_playing_a_figure_stands_where_its_motion_starts(full_scene: Scene) -> None:
    nodes, _ = _tables(full_scene)
    root = next(node for node in nodes if node["name"] == "joint 0")
    assert root["translation"] == full_scene.actors[0].motion.root[0].tolist()


def _joints(content: bytes) -> dict[str, Matrix]:
    """Where each joint of the first figure is, by name, as a viewer finds it: its node's place in the world."""
    document = Document(content)
    worlds = {node.place: node.world for node in scene_nodes(document)}
    skin = document.entry("skins", 0)
    return {document.entry("nodes", place).text("name"): worlds[place] for place in skin.wholes("joints")}


def test_in_the_bind_pose_the_skin_moves_nothing(figure: Rig) -> None:
    document = Document(figure.encode())
    binds = document.array(document.entry("skins", 0).whole("inverseBindMatrices"), "MAT4")
    for world, bind in zip(_joints(figure.encode()).values(), binds, strict=True):
        assert np.abs(world @ np.asarray(bind, np.float64).reshape(4, 4).T - np.eye(4)).max() < 1e-5


def test_joints_hang_on_their_parents_as_the_motion_turns_them(full_scene: Scene) -> None:
    motion = full_scene.actors[0].motion
    places = _joints(full_scene.encode())
    turns = [rotation_matrix(quaternion.astype(np.float64)) for quaternion in motion.rotations[0]]
    wanted = [(motion.root[0].astype(np.float64), turns[0])]
    for joint, parent in enumerate(motion.skeleton.parents[1:], 1):
        place, turn = wanted[parent]
        wanted.append((place + turn @ motion.skeleton.offsets[joint], turn @ turns[joint]))
    for name, (place, turn) in zip(motion.skeleton.names, wanted, strict=True):
        assert np.abs(places[name][:3, 3] - place).max() < 1e-5
        assert np.abs(places[name][:3, :3] - turn).max() < 1e-5


def test_clips_and_contacts_come_back(full_scene: Scene) -> None:
    motion = Scene.decode(full_scene.encode()).actors[0].motion
    assert motion.clips == (Clip("walk", 0.0, 1.0), Clip("wave", 0.5, 0.9))
    assert motion.contacts.tolist() == full_scene.actors[0].motion.contacts.tolist()


def _forward(quaternion: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> list[float]:
    return list(np.round(rotation_matrix(quaternion.astype(np.float64)) @ [0, 0, -1], 5) + 0.0)


def test_the_camera_looks_at_its_target_all_the_time(full_scene: Scene) -> None:
    camera = full_scene.camera
    times = look_times(camera)
    rotations = look_rotations(camera, times)
    assert times[0] == 0
    assert times[-1] == 4
    assert np.diff(times).max() < 0.04
    assert (np.einsum("ij,ij->i", rotations[1:], rotations[:-1]) > 0.99).all()
    for time, rotation in zip(times.tolist(), rotations, strict=True):
        position, target = camera.at(time)
        wanted = (target - position) / np.linalg.norm(target - position)
        np.testing.assert_allclose(_forward(rotation), wanted, atol=2e-5)


VIEWS = [
    ("ahead", (0, 0, 5), (0, 0, 0), [0, 0, -1], [0, 1, 0]),
    ("behind", (0, 0, -5), (0, 0, 0), [0, 0, 1], [0, 1, 0]),
    ("to the right", (0, 0, 0), (3, 0, 0), [1, 0, 0], [0, 1, 0]),
    ("straight down", (0, 5, 0), (0, 0, 0), [0, -1, 0], [0, 0, -1]),
    ("straight up", (0, 0, 0), (0, 5, 0), [0, 1, 0], [0, 0, -1]),
    ("at itself", (1, 1, 1), (1, 1, 1), [0, 0, -1], [0, 1, 0]),
]


@pytest.mark.parametrize(("name", "position", "target", "forward", "up"), VIEWS, ids=[view[0] for view in VIEWS])
def test_a_camera_stays_upright(
    name: str, position: tuple[float, ...], target: tuple[float, ...], forward: list[float], up: list[float]
) -> None:
    camera = Camera(np.zeros(1, np.float32), np.array([position], np.float32), np.array([target], np.float32))
    rotation = look_rotations(camera, look_times(camera))[0]
    assert _forward(rotation) == forward
    assert list(np.round(rotation_matrix(rotation.astype(np.float64)) @ [0, 1, 0], 5) + 0.0) == up


@pytest.mark.parametrize("direction", [(0, -1, 0), (0, 0, -1), (0, 0, 1), (1, 2, -3), (1e-9, 0, 1), (-4, 0, 0)])
def test_a_light_shines_in_its_direction(direction: tuple[float, float, float]) -> None:
    turned = rotation_matrix(np.array(shine_rotation(direction))) @ [0, 0, -1]
    np.testing.assert_allclose(turned, np.array(direction) / np.linalg.norm(direction), atol=1e-6)


def test_a_light_brighter_than_its_colour_keeps_its_strength(full_scene: Scene) -> None:
    document, _ = open_glb(full_scene.encode())
    lights = document["extensions"]["KHR_lights_punctual"]["lights"]  # type: ignore[index]
    tube: Light = full_scene.lights[1]
    np.testing.assert_allclose(np.array(lights[1]["color"]) * lights[1]["intensity"], np.array(tube.color) * 40)
    assert max(lights[1]["color"]) <= 1
    assert lights[1]["range"] == tube.reach
