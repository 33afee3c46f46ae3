"""Small pictures of meshes, figures and scenes, for lists of artefacts."""

from __future__ import annotations

import numpy as np

from diorama.context import Context
from diorama.values.image import Image
from diorama.values.mesh import Floats, Mesh
from diorama.values.motion import Motion
from diorama.values.rig import Rig
from diorama.values.scene import Scene
from diorama_nodes.render.nodes import DEFAULT_MOMENT, render_mesh
from diorama_nodes.render.picture import picture_of

POSES = 5
"""Moments of a motion that are drawn side by side."""
BONE = (170, 141, 222)
PAPER = (31, 35, 43)


def paint_mesh(mesh: Mesh, width: int, height: int) -> Image:
    """A mesh in the studio."""
    return render_mesh(Context(), mesh, width, height, quality="draft").image


def paint_rig(rig: Rig, width: int, height: int) -> Image:
    """A figure as it stands when it is bound to its skeleton."""
    return paint_mesh(Mesh(tuple(skinned.part for skinned in rig.parts)), width, height)


def paint_scene(scene: Scene, width: int, height: int) -> Image:
    """A scene as its camera sees it when things have begun."""
    return picture_of(Context(), scene, scene.seconds * DEFAULT_MOMENT, width, height, "draft", 0)


def paint_motion(motion: Motion, width: int, height: int) -> Image:
    """The bones at a few moments of a motion, from the left to the right."""
    from PIL import Image as pil
    from PIL import ImageDraw

    picture = pil.new("RGB", (width, height), PAPER)
    if not len(motion.root):
        return Image(np.array(picture))
    pen = ImageDraw.Draw(picture)
    frames = np.linspace(0, len(motion.root) - 1, POSES).astype(int)
    poses = [joint_places(motion, int(frame)) for frame in frames]
    tall = max(float(pose[:, 1].max()) for pose in poses) or 1.0
    scale = 0.84 * height / tall
    for place, pose in enumerate(poses):
        middle = width * (place + 0.5) / POSES
        across = middle + (pose[:, 0] - pose[0, 0]) * scale
        down = 0.92 * height - pose[:, 1] * scale
        for joint, parent in enumerate(motion.skeleton.parents):
            if parent >= 0:
                ends = [(float(across[one]), float(down[one])) for one in (parent, joint)]
                pen.line(ends, fill=BONE, width=max(1, height // 70))
    return Image(np.array(picture))


def joint_places(motion: Motion, frame: int) -> Floats:
    """Where each joint is at a frame, (joints, 3) in metres."""
    from scipy.spatial.transform import Rotation

    places = np.zeros((len(motion.skeleton.names), 3), np.float32)
    turned: list[Rotation] = []
    for joint, parent in enumerate(motion.skeleton.parents):
        own = Rotation.from_quat(motion.rotations[frame, joint])
        if parent < 0:
            places[joint] = motion.root[frame]
            turned.append(own)
        else:
            places[joint] = places[parent] + turned[parent].apply(motion.skeleton.offsets[joint])
            turned.append(turned[parent] * own)
    return places
