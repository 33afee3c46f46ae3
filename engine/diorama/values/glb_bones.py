"""A motion as GLB: no body, but a plain figure of bones that moves as the motion says."""

from __future__ import annotations

import math

import numpy as np

from diorama.faults import BadInput
from diorama.values.glb_motion import Animation, motion_facts, write_motion
from diorama.values.glb_rigs import Pose, write_figure
from diorama.values.glb_tables import Tables
from diorama.values.mesh import Floats, Material, Part
from diorama.values.motion import Motion
from diorama.values.rig import Rig, Skeleton, SkinnedPart

MOST_FRAMES = 3600
"""Poses that are written at most: of longer motions every second, third, ... one."""
BONE = Material("bone", (0.40, 0.29, 0.73, 1.0), roughness=0.7)
WAIST = 0.2
"""Where along a bone it is thickest."""
HEAD = 0.062
"""Radius of a head, as a share of the figure's height."""
_CORNERS = np.array([[1, 0, 0], [0, 0, 1], [-1, 0, 0], [0, 0, -1], [0, 1, 0], [0, -1, 0]], np.float64)
_FACES = np.array([[4, 1, 0], [4, 2, 1], [4, 3, 2], [4, 0, 3], [5, 0, 1], [5, 1, 2], [5, 2, 3], [5, 3, 0]])
"""An octahedron, its corners 4 and 5 above and below."""


def write_bones(motion: Motion) -> bytes:
    """The motion's skeleton as GLB, animated; raises `BadInput` where it has no pose."""
    if not len(motion.root):
        raise BadInput("the motion has no frame, so that there is nothing to see of it")
    shown = thinned(motion)
    rig = Rig("bones", shown.skeleton, (_bones(shown.skeleton),))
    tables = Tables()
    pose = Pose(shown.root[0], shown.rotations[0])
    if not np.isfinite(shown.root).all() or not np.isfinite(shown.rotations).all():
        raise BadInput("the motion holds a number that is not finite")
    nodes, joints = write_figure(tables, "bones", rig, pose, {"diorama": "actor", **motion_facts(shown)})
    animation = Animation(tables)
    write_motion(animation, joints, shown)
    animation.add_to(tables, "motion")
    return tables.glb({"name": "motion", "nodes": nodes, "extras": {"diorama": "motion", "seconds": shown.seconds}})


def thinned(motion: Motion) -> Motion:
    """The motion with few enough poses to be looked at: every n-th of them."""
    step = math.ceil(len(motion.root) / MOST_FRAMES)
    if step <= 1:
        return motion
    root, rotations, contacts = motion.root[::step], motion.rotations[::step], motion.contacts[::step]
    return Motion(motion.skeleton, motion.fps / step, root, rotations, contacts, motion.clips)


def _bones(skeleton: Skeleton) -> SkinnedPart:
    """A spindle from each joint to each of its children, and a ball for a head; each follows one joint."""
    places = skeleton.bind_positions().astype(np.float64)
    tall = float(np.ptp(places[:, 1])) or 1.0
    pieces: list[tuple[Floats, Floats, int]] = []
    for joint, parent in enumerate(skeleton.parents):
        if parent >= 0 and np.linalg.norm(places[joint] - places[parent]) > 1e-4:
            pieces.append((*_spindle(places[parent], places[joint]), parent))
        if skeleton.names[joint] == "head":
            middle = places[joint] + (0.0, HEAD * tall * 0.8, 0.0)
            pieces.append((*_ball(middle, HEAD * tall), joint))
    if not pieces:
        pieces.append((*_ball(places[0], 0.1), 0))
    positions = np.concatenate([piece[0] for piece in pieces])
    normals = np.concatenate([piece[1] for piece in pieces])
    joints = np.zeros((len(positions), 4), np.uint16)
    joints[:, 0] = np.concatenate([np.full(len(piece[0]), piece[2]) for piece in pieces])
    weights = np.zeros((len(positions), 4), np.float32)
    weights[:, 0] = 1.0
    triangles = np.arange(len(positions), dtype=np.uint32).reshape(-1, 3)
    part = Part(positions.astype(np.float32), normals.astype(np.float32), triangles, material=BONE)
    return SkinnedPart(part, joints, weights)


def _spindle(start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Corners and normals, (24, 3) each, of a bone that is thickest near its start."""
    along = end - start
    length = float(np.linalg.norm(along))
    up = along / length
    side = np.cross(up, (0.0, 0.0, 1.0) if abs(up[2]) < 0.9 else (1.0, 0.0, 0.0))
    side /= np.linalg.norm(side)
    thick = min(0.12 * length, 0.045)
    corners = start + WAIST * along + thick * (_CORNERS[:, :1] * side + _CORNERS[:, 2:] * np.cross(side, up))
    corners[4], corners[5] = end, start
    return _flat(corners[_FACES])


def _ball(middle: Floats, radius: float) -> tuple[Floats, Floats]:
    """Corners and normals of a ball: an octahedron whose faces were divided twice."""
    faces = _CORNERS[_FACES]
    for _ in range(2):
        a, b, c = faces[:, 0], faces[:, 1], faces[:, 2]
        ab, bc, ca = a + b, b + c, c + a
        faces = np.stack([a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca], axis=1).reshape(-1, 3, 3)
        faces = faces / np.linalg.norm(faces, axis=2, keepdims=True)
    normals = faces.reshape(-1, 3)
    return middle + radius * normals, normals


def _flat(faces: Floats) -> tuple[Floats, Floats]:
    """Corners of faces, each with the normal of its face."""
    normals = np.cross(faces[:, 1] - faces[:, 0], faces[:, 2] - faces[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return faces.reshape(-1, 3), np.repeat(normals, 3, axis=0)
