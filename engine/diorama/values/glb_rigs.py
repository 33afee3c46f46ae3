"""How a figure is written: its joints as nodes, its body bound to them by a skin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama.faults import BadInput
from diorama.values.glb_file import JsonObject
from diorama.values.glb_shapes import NO_BODY, write_shape
from diorama.values.glb_tables import Tables
from diorama.values.mesh import Floats
from diorama.values.rig import Rig, Skeleton

NO_TURN = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the root joint is, (3,) float32, and how each joint is turned, (joints, 4) float32."""

    root: Floats
    rotations: Floats


def bind_pose(skeleton: Skeleton) -> Pose:
    """The pose in which the body is bound: no joint turned."""
    return Pose(skeleton.offsets[0], np.tile(np.array(NO_TURN, np.float32), (len(skeleton.names), 1)))


def write_figure(tables: Tables, name: str, rig: Rig, pose: Pose, extras: JsonObject) -> tuple[list[int], list[int]]:
    """Numbers of the nodes that stand in the scene, and of the joints' nodes, which start in the pose.

    The first node holds the joints and the facts in `extras`; the second is the body, which by glTF's rules stands
    at the root and is moved by its skin alone.
    """
    _check(rig)
    skeleton = rig.skeleton
    rotations = pose.rotations.tolist()
    places = skeleton.offsets.tolist()
    places[0] = pose.root.tolist()
    joints = [
        tables.add("nodes", {"name": joint, "translation": places[number], "rotation": rotations[number]})
        for number, joint in enumerate(skeleton.names)
    ]
    children: dict[int, list[int]] = {}
    for number, parent in enumerate(skeleton.parents):
        children.setdefault(parent, []).append(joints[number])
    for parent, below in children.items():
        if parent >= 0:
            tables.change("nodes", joints[parent], {"children": below})
    body = tables.add("nodes", _body(tables, rig, joints))
    holder = tables.add("nodes", {"name": name, "children": children[-1], "extras": extras | {"body": body}})
    return [holder, body], joints


def _body(tables: Tables, rig: Rig, joints: list[int]) -> JsonObject:
    binds = np.zeros((len(joints), 4, 4), np.float32)
    binds[:] = np.eye(4, dtype=np.float32)
    # Column by column, as glTF has matrices: the last four numbers are the translation.
    binds[:, 3, :3] = -rig.skeleton.bind_positions()
    matrices = tables.accessor("bind pose", binds.reshape(-1, 16))
    skin = tables.add("skins", {"name": rig.name, "joints": joints, "inverseBindMatrices": matrices})
    return {"name": rig.name, "mesh": write_shape(tables, rig.name, rig.parts, NO_BODY), "skin": skin}


def _check(rig: Rig) -> None:
    count, parents = len(rig.skeleton.names), rig.skeleton.parents
    offsets = rig.skeleton.offsets
    if not count or parents[0] != -1 or offsets.shape != (count, 3) or len(parents) != count:
        raise BadInput(f"the figure {rig.name!r} has no skeleton that starts with a root joint")
    if any(not -1 <= parent < joint for joint, parent in enumerate(parents)):
        raise BadInput(f"the figure {rig.name!r} has a joint that stands before its parent")
    if not np.isfinite(offsets).all():
        raise BadInput(f"the figure {rig.name!r} has a joint whose place is not finite")
    for part in rig.parts:
        if part.joints.size and int(part.joints.max()) >= count:
            raise BadInput(f"the figure {rig.name!r} names joint {int(part.joints.max())} of {count}")
