"""The leading colours of a picture."""

from __future__ import annotations

import numpy as np

from diorama.faults import BadInput
from diorama.values import Image
from diorama_nodes.images.colour import hex_of, lab

SAMPLES = 128
"""Side of the picture that is looked at: colours that cover less than its pixels lead nothing."""
ROUNDS = 12


def leading_colours(image: Image, count: int) -> list[str]:
    """Up to `count` colours as `#rrggbb`, most covering first: k-means in CIELAB, seeded farthest first."""
    from PIL import Image as pil

    small = pil.fromarray(image.pixels)
    small.thumbnail((SAMPLES, SAMPLES), pil.Resampling.BOX)
    pixels = np.asarray(small)
    seen = pixels[pixels[:, :, 3] > 127][:, :3] if image.has_alpha else pixels.reshape(-1, 3)
    if not len(seen):
        raise BadInput(
            "the picture is transparent everywhere, so it has no colours; one that shows something is wanted"
        )
    points = lab(np.ascontiguousarray(seen))
    centres = [points[np.argmin(((points - np.median(points, axis=0)) ** 2).sum(axis=1))]]
    near = ((points - centres[0]) ** 2).sum(axis=1)
    while len(centres) < count and near.max() > 4:
        centres.append(points[int(near.argmax())])
        near = np.minimum(near, ((points - centres[-1]) ** 2).sum(axis=1))
    middle = np.stack(centres)
    nearest = np.zeros(len(points), np.int64)
    for _ in range(ROUNDS):
        nearest = ((points[:, None] - middle[None]) ** 2).sum(axis=2).argmin(axis=1)
        middle = np.stack(
            [points[nearest == i].mean(axis=0) if (nearest == i).any() else m for i, m in enumerate(middle)]
        )
    sizes = np.bincount(nearest, minlength=len(middle))
    order = [int(i) for i in np.argsort(-sizes, kind="stable") if sizes[i]]
    return list(dict.fromkeys(hex_of(seen[nearest == i].mean(axis=0)) for i in order))
