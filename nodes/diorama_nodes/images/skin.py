"""The texture of an inflated picture: one atlas for front and back, its colours bled over the outline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from diorama.values import Image
from diorama_nodes.images.colour import Floats
from diorama_nodes.images.outline import Outline

Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Back = Literal["mirror", "plain"]

TRUSTED_DEPTH = 1.8
"""Pixels inside the outline from which on a pixel's colour holds no background."""
BLEED = 0.04
"""Share of the longer side that the colours are carried on beyond the crop."""
RIM_SHARE = 0.06
"""How far in, of the greatest depth, a colour counts as the outline's."""
FLOW = 0.03
"""How far the outline's colours mix on a plain back, as a share of the longer side."""


@dataclass(frozen=True, slots=True)
class Skin:
    """The atlas and where the picture lies in it: left half for the front, right half for a back of its own."""

    picture: Image
    edge: int
    """Pixels of bleed around each half."""
    scale: float
    """Atlas pixels to a pixel of the picture."""
    halves: int

    def uvs(self, x: Floats, y: Floats, *, is_back: bool) -> Floats:
        """Texture coordinates (n, 2) of places in pixels of the crop, (0, 0) at the atlas's top left."""
        wide = self.picture.width / self.halves
        shift = wide if is_back and self.halves == 2 else 0.0
        u = (np.clip(x * self.scale + self.edge, 0.5, wide - 0.5) + shift) / self.picture.width
        v = np.clip(y * self.scale + self.edge, 0.5, self.picture.height - 0.5) / self.picture.height
        return np.stack([u, v], axis=1).astype(np.float32)


def make_skin(image: Image, outline: Outline, size: int, back: Back) -> Skin:
    """The atlas for the part of `image` within the outline's crop, its longer side at most `size` pixels."""
    from PIL import Image as pil

    left, top, right, bottom = outline.crop
    part = np.ascontiguousarray(image.pixels[top:bottom, left:right])
    scale = min(1.0, size / max(part.shape[:2]))
    if scale < 1.0:
        new = (max(round(part.shape[1] * scale), 1), max(round(part.shape[0] * scale), 1))
        part = np.asarray(pil.fromarray(part).resize(new, pil.Resampling.BOX))
    edge = max(4, round(BLEED * max(part.shape[:2])))
    part = np.pad(part, ((edge, edge), (edge, edge), (0, 0)))
    front = _bled(part)
    atlas = front if back == "mirror" else np.concatenate([front, _filled_from_rim(front, part[:, :, 3])], axis=1)
    return Skin(Image(np.ascontiguousarray(atlas)), edge, scale, 1 if back == "mirror" else 2)


def _bled(part: Pixels) -> Pixels:
    """The colours of the trusted inside, carried outward so that no background shows at the rim."""
    from scipy import ndimage

    opaque = part[:, :, 3] > 127
    depth = ndimage.distance_transform_edt(opaque)
    trusted = (depth >= TRUSTED_DEPTH) & (part[:, :, 3] > 250)
    # Parts too thin to have such an inside are trusted along their middle line.
    trusted |= opaque & (depth >= ndimage.maximum_filter(depth, 3)) & (depth < TRUSTED_DEPTH + 1)
    nearest = ndimage.distance_transform_edt(~trusted, return_distances=False, return_indices=True)
    carried = part[:, :, :3][tuple(nearest)].astype(np.float32)
    soft = ndimage.gaussian_filter(carried, (1.5, 1.5, 0))
    return np.where(trusted[:, :, None], part[:, :, :3], soft).round().clip(0, 255).astype(np.uint8)


def _filled_from_rim(front: Pixels, alpha: Pixels) -> Pixels:
    """A back without the picture on it: the colours of the outline, carried inward and flowing together."""
    from scipy import ndimage

    opaque = alpha > 127
    depth = ndimage.distance_transform_edt(opaque)
    ring = opaque & (depth > 1) & (depth <= max(3.0, RIM_SHARE * float(depth.max())))
    if not ring.any():
        return front
    nearest = ndimage.distance_transform_edt(~ring, return_distances=False, return_indices=True)
    carried = front[tuple(nearest)].astype(np.float32)
    reach = FLOW * max(front.shape[:2])
    soft = ndimage.gaussian_filter(carried, (reach, reach, 0), truncate=2.5)
    share = np.clip(depth / (2 * reach), 0, 1).astype(np.float32)[:, :, None]
    filled: Floats = carried + (soft - carried) * share
    return filled.round().clip(0, 255).astype(np.uint8)
