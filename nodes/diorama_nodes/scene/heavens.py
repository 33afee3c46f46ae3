"""Things in the sky: far off, high up, and as large as they look best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from diorama_nodes.scene.items import Item, Stood
from diorama_nodes.scene.place import Place
from diorama_nodes.scene.proposals import Asked
from diorama_nodes.scene.solids import box

FAR = {"moon": 110.0, "sun": 120.0, "planet": 120.0, "cloud": 60.0, "star": 110.0, "comet": 110.0}
WIDE = {"moon": 0.16, "sun": 0.12, "planet": 0.35, "cloud": 0.4, "star": 0.02, "comet": 0.1}
"""Width as a share of the distance."""


def in_sky(item: Item, wants: Sequence[Asked], place: Place, rng: np.random.Generator) -> Stood:
    """The thing before the sky: behind what it was asked to be behind, or beside the middle of the view."""
    kind = item.kind.rpartition("_")[2]
    eye = np.array(place.eye)
    far = FAR.get(kind, 22.0)
    anchor = next((want.anchor for want in wants if want.kind == "behind" and want.anchor is not None), None)
    if anchor is not None:
        top = np.array([anchor.box.x[0], anchor.box.high[0] * 0.96, anchor.box.z[0]])
        way = top - eye
        # Not far behind it, so that it stays there when the eye moves.
        far = float(np.linalg.norm(way)) + 25.0
        way /= np.linalg.norm(way)
    else:
        turn, rise = rng.uniform(0.12, 0.42) * rng.choice([-1.0, 1.0]), rng.uniform(0.2, 0.34)
        way = np.array([np.sin(turn) * np.cos(rise), np.sin(rise), -np.cos(turn) * np.cos(rise)])
    at = eye + way * far
    scale = WIDE[kind] * far / max(item.size) if kind in WIDE else 1.0
    size = (item.size[0] * scale, item.size[1] * scale, item.size[2] * scale)
    shape = box(float(at[0]), float(at[2]), 0.0, size, float(at[1]) - size[1] / 2)
    return Stood(item, shape, scale=scale)
