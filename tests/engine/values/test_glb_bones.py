from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from tests.support.sample_values import a_motion

from diorama.faults import BadInput
from diorama.values import Motion
from diorama.values.glb_bones import MOST_FRAMES, thinned, write_bones
from diorama.values.glb_document import Document
from diorama.values.glb_file import JsonObject, open_glb


def test_the_bones_stand_and_move_as_the_motion_does() -> None:
    motion = a_motion()
    content = write_bones(motion)
    document, _ = open_glb(content)
    nodes = cast("list[JsonObject]", document["nodes"])
    (animation,) = cast("list[JsonObject]", document["animations"])
    channels = cast("list[JsonObject]", animation["channels"])
    (moved,) = [cast("JsonObject", channel["target"]) for channel in channels]
    assert (nodes[cast("int", moved["node"])]["name"], moved["path"]) == (motion.skeleton.names[1], "rotation")
    (sampler,) = cast("list[JsonObject]", animation["samplers"])
    turns = Document(content).array(cast("int", sampler["output"]), "VEC4")
    np.testing.assert_array_equal(turns, motion.rotations[:, 1])
    (scene,) = cast("list[JsonObject]", document["scenes"])
    assert scene["extras"] == {"diorama": "motion", "seconds": pytest.approx(motion.seconds)}


def test_each_bone_reaches_from_its_joint_to_the_next_and_follows_it() -> None:
    motion = a_motion()
    document = Document(write_bones(motion))
    (primitive,) = document.entry("meshes", 0).items("primitives")
    attributes = primitive.required("attributes")
    positions = document.array(attributes.whole("POSITION"), "VEC3")
    joints = document.array(attributes.whole("JOINTS_0"), "VEC4")[:, 0]
    places = motion.skeleton.bind_positions()
    for joint, parent in enumerate(motion.skeleton.parents):
        if parent < 0:
            continue
        bone = positions[joints == parent]
        for end in (places[parent], places[joint]):
            assert np.linalg.norm(bone - end, axis=1).min() < 1e-5
    assert (document.array(attributes.whole("WEIGHTS_0"), "VEC4")[:, 0] == 1).all()


def long(frames: int) -> Motion:
    """The sample, its poses repeated."""
    motion = a_motion()
    at = np.arange(frames) % len(motion.root)
    return replace(motion, root=motion.root[at], rotations=motion.rotations[at], contacts=motion.contacts[at])


@pytest.mark.parametrize(("frames", "step"), [(MOST_FRAMES, 1), (MOST_FRAMES + 1, 2), (3 * MOST_FRAMES, 3)])
def test_of_a_long_motion_every_few_poses_are_written_and_it_lasts_as_long(frames: int, step: int) -> None:
    motion = long(frames)
    shown = thinned(motion)
    assert len(shown.root) == -(-frames // step)
    assert shown.fps == motion.fps / step
    assert shown.seconds == pytest.approx(motion.seconds, abs=step / motion.fps)
    np.testing.assert_array_equal(shown.rotations, motion.rotations[::step])


def test_a_motion_without_poses_or_with_none_that_is_a_place_is_refused() -> None:
    with pytest.raises(BadInput, match="no frame"):
        write_bones(long(0))
    lost = a_motion()
    root = lost.root.copy()
    root[3, 1] = np.inf
    with pytest.raises(BadInput, match="not finite"):
        write_bones(replace(lost, root=root))
