"""A picture with an outline, inflated to a mesh that stands on the ground."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from diorama.values import Image, Material, Mesh, Part
from diorama_nodes.images.balloon import Balloon, inflate_field
from diorama_nodes.images.colour import Floats
from diorama_nodes.images.outline import MARGIN, trace
from diorama_nodes.images.sheet import Ints
from diorama_nodes.images.skin import Back, make_skin

FULLNESS = {"round": 8.0, "cushion": 0.07}
"""Share of the longer side over which the surface rises before it levels off."""
Profile = Literal["round", "cushion"]


def inflated(
    image: Image,
    *,
    depth: float,
    height: float,
    cells: int,
    profile: Profile,
    back: Back,
    texture: int,
    progress: Callable[[float, str], None],
) -> Mesh:
    """The mesh of `image`: closed, textured, `height` metres tall, its front to +Z."""
    progress(0.0, "tracing the outline")
    outline = trace(image, cells)
    progress(0.3, "inflating")
    balloon = inflate_field(outline.field, depth, FULLNESS[profile] * cells)
    progress(0.6, "painting the skin")
    skin = make_skin(image, outline, texture, back)
    x, y = ((balloon.points[:, axis] - MARGIN) * outline.cell for axis in (0, 1))
    chosen, back_triangles = _split(balloon) if skin.halves == 2 else (np.arange(len(x)), balloon.back)
    fronts = (len(balloon.points) + balloon.rim) // 2
    halves = (chosen[:fronts], False), (chosen[fronts:], True)
    part = Part(
        positions=_grounded(balloon.points, height)[chosen],
        normals=(balloon.normals * np.array([1, -1, 1], np.float32))[chosen],
        triangles=np.concatenate([balloon.front, back_triangles]).astype(np.uint32),
        uvs=np.concatenate([skin.uvs(x[taken], y[taken], is_back=is_back) for taken, is_back in halves]),
        material=Material(name="picture", roughness=0.75, base_color_image=skin.picture),
    )
    progress(1.0, "done")
    return Mesh((part,))


def _split(balloon: Balloon) -> tuple[Ints, Ints]:
    """The points with those of the rim once for each side, and the back's triangles over them."""
    count, rim = len(balloon.points), balloon.rim
    fronts = (count + rim) // 2
    place = np.concatenate([fronts + np.arange(rim), np.arange(rim, fronts), np.arange(fronts, count) + rim])
    return np.concatenate([np.arange(fronts), np.arange(rim), np.arange(fronts, count)]), place[balloon.back]


def _grounded(points: Floats, height: float) -> Floats:
    """The points in metres, Y up, the lowest on the ground, the middle over the origin."""
    low, high = points.min(axis=0), points.max(axis=0)
    scale = height / float(high[1] - low[1])
    x = (points[:, 0] - (low[0] + high[0]) / 2) * scale
    return np.stack([x, (high[1] - points[:, 1]) * scale, points[:, 2] * scale], axis=1).astype(np.float32)
