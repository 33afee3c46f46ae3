"""Poses: where a skeleton's joints are at a moment, and the skin that they carry."""

from __future__ import annotations

import numpy as np

from diorama.faults import BadInput
from diorama.values.mesh import Floats
from diorama.values.motion import Motion
from diorama.values.rig import Rig, Skeleton


def rotation_matrices(quaternions: Floats) -> Floats:
    """The matrices (..., 3, 3) of unit quaternions (..., 4) in the order x y z w."""
    x, y, z, w = np.moveaxis(quaternions, -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, -1) for row in rows], -2)


def global_transforms(skeleton: Skeleton, root: Floats, rotations: Floats) -> Floats:
    """The joints' places in the world as matrices (..., joints, 4, 4).

    root: (..., 3), where the root joint is; rotations: (..., joints, 4), local unit quaternions. The leading
    axes may be frames or nothing at all.
    """
    local = rotation_matrices(rotations)
    transforms = np.zeros((*rotations.shape[:-1], 4, 4), rotations.dtype)
    transforms[..., 3, 3] = 1
    for joint, parent in enumerate(skeleton.parents):
        if parent < 0:
            transforms[..., joint, :3, :3] = local[..., joint, :, :]
            transforms[..., joint, :3, 3] = root
            continue
        above = transforms[..., parent, :3, :3]
        transforms[..., joint, :3, :3] = above @ local[..., joint, :, :]
        transforms[..., joint, :3, 3] = transforms[..., parent, :3, 3] + above @ skeleton.offsets[joint]
    return transforms


def pose_at(motion: Motion, seconds: float) -> tuple[Floats, Floats]:
    """The root's place (3,) and the local rotations (joints, 4) at a moment, between two frames where need be.

    Before the first frame and after the last one the pose is theirs.
    """
    last = len(motion.root) - 1
    place = min(max(seconds * motion.fps, 0.0), float(last))
    before = min(int(place), last)
    after = min(before + 1, last)
    share = np.float32(place - before)
    root = motion.root[before] * (1 - share) + motion.root[after] * share
    start, end = motion.rotations[before], motion.rotations[after]
    near = np.where((start * end).sum(-1, keepdims=True) < 0, -end, end)
    mixed = start * (1 - share) + near * share
    return root, mixed / np.linalg.norm(mixed, axis=-1, keepdims=True)


def skin_matrices(skeleton: Skeleton, root: Floats, rotations: Floats) -> Floats:
    """What each joint does to the bind pose, (..., joints, 3, 4): its transform after its inverse bind matrix."""
    transforms = global_transforms(skeleton, root, rotations)[..., :3, :]
    moved = np.array(transforms)
    moved[..., 3] -= (transforms[..., :3] @ skeleton.bind_positions()[..., None])[..., 0]
    return moved


def skin_pose(rig: Rig, root: Floats, rotations: Floats) -> list[tuple[Floats, Floats]]:
    """Positions and normals (n, 3) float32 of each of the rig's parts in a pose, by linear blend skinning."""
    matrices = skin_matrices(rig.skeleton, root, rotations).reshape(-1, 12)
    skinned: list[tuple[Floats, Floats]] = []
    for part in rig.parts:
        flat = np.zeros((len(part.joints), 12), np.float32)
        for column in range(part.joints.shape[1]):
            flat += part.weights[:, column, None] * matrices[part.joints[:, column]]
        blended = flat.reshape(-1, 3, 4)
        positions = np.einsum("nij,nj->ni", blended[..., :3], part.part.positions) + blended[..., 3]
        normals = np.einsum("nij,nj->ni", blended[..., :3], part.part.normals)
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
        skinned.append((positions.astype(np.float32), normals.astype(np.float32)))
    return skinned


def skin(rig: Rig, motion: Motion, seconds: float) -> list[tuple[Floats, Floats]]:
    """Positions and normals (n, 3) float32 of each of the rig's parts at a moment of a motion.

    Raises `BadInput` where the motion was made for another skeleton.
    """
    if motion.skeleton.names != rig.skeleton.names:
        raise BadInput(f"the motion moves other joints than those of {rig.name!r}; animate this rig")
    root, rotations = pose_at(motion, seconds)
    return skin_pose(rig, root, rotations)
